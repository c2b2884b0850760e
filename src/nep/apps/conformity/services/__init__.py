"""What conformity writes."""

from nep.apps.conformity.services._burden import burden_fold
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
from nep.apps.conformity.services._handover import (
    handover_make,
    handover_paper,
    handover_receive,
)
from nep.apps.conformity.services._matrix import ask_set, clause_left_out, clause_taken_back
from nep.apps.conformity.services._matrix_paper import matrix_paper
from nep.apps.conformity.services._pack import PACK_JOB, pack_make, pack_run, pack_start
from nep.apps.conformity.services._start_sets import start_take
from nep.apps.conformity.services._year import (
    year_item_confirm,
    year_item_exclude,
    year_item_keep,
    year_item_tick,
    year_open,
    year_remind,
)
from nep.apps.conformity.services._year_papers import year_paper

__all__ = [
    "PACK_JOB",
    "ask_set",
    "burden_fold",
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
    "handover_make",
    "handover_paper",
    "handover_receive",
    "matrix_paper",
    "pack_make",
    "pack_run",
    "pack_start",
    "start_take",
    "year_item_confirm",
    "year_item_exclude",
    "year_item_keep",
    "year_item_tick",
    "year_open",
    "year_paper",
    "year_remind",
]
