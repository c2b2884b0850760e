"""What conformity writes."""

from nep.apps.conformity.services._declaration import (
    declaration_apply,
    declaration_change,
    declaration_confirm,
    declaration_declare,
    declaration_drop,
    declaration_post,
    declaration_return,
    declaration_start,
)
from nep.apps.conformity.services._declaration_papers import declaration_deposit, declaration_paper
from nep.apps.conformity.services._declaration_watch import declarations_watch
from nep.apps.conformity.services._matrix import ask_set, clause_left_out, clause_taken_back
from nep.apps.conformity.services._matrix_paper import matrix_paper

__all__ = [
    "ask_set",
    "clause_left_out",
    "clause_taken_back",
    "declaration_apply",
    "declaration_change",
    "declaration_confirm",
    "declaration_declare",
    "declaration_deposit",
    "declaration_drop",
    "declaration_paper",
    "declaration_post",
    "declaration_return",
    "declaration_start",
    "declarations_watch",
    "matrix_paper",
]
