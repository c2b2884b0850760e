"""Pages of improvement."""

from nep.apps.improvement.views import _slots  # noqa: F401  # fills places of other pages
from nep.apps.improvement.views._register import case_rules, export, new, register, rule_set
from nep.apps.improvement.views._sheet import (
    act,
    analyse,
    assign,
    change_ask,
    check,
    close,
    correct,
    effect,
    give_back,
    no_change,
    paper,
    reject,
    sheet,
)

__all__ = [
    "act",
    "analyse",
    "assign",
    "case_rules",
    "change_ask",
    "check",
    "close",
    "correct",
    "effect",
    "export",
    "give_back",
    "new",
    "no_change",
    "paper",
    "register",
    "reject",
    "rule_set",
    "sheet",
]
