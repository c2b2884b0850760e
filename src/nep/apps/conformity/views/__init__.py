"""The pages of conformity."""

from nep.apps.conformity.views._declaration import (
    declaration,
    declaration_apply,
    declaration_change,
    declaration_confirm,
    declaration_declare,
    declaration_deposit,
    declaration_drop,
    declaration_new,
    declaration_paper,
    declaration_post,
    declaration_return,
    declarations,
)
from nep.apps.conformity.views._matrix import (
    matrix,
    matrix_ask_set,
    matrix_export,
    matrix_leave_out,
    matrix_paper,
    matrix_rules,
    matrix_take_back,
)

__all__ = [
    "declaration",
    "declaration_apply",
    "declaration_change",
    "declaration_confirm",
    "declaration_declare",
    "declaration_deposit",
    "declaration_drop",
    "declaration_new",
    "declaration_paper",
    "declaration_post",
    "declaration_return",
    "declarations",
    "matrix",
    "matrix_ask_set",
    "matrix_export",
    "matrix_leave_out",
    "matrix_paper",
    "matrix_rules",
    "matrix_take_back",
]
