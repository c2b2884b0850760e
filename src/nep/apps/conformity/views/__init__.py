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
]
