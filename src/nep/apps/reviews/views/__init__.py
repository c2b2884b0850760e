"""Pages of management review."""

from nep.apps.reviews.views._meeting import approve, deposit, drop, give_back, write
from nep.apps.reviews.views._register import new, register
from nep.apps.reviews.views._review import (
    freeze,
    inputs_paper,
    minutes_paper,
    opinion,
    plan,
    remark,
    review,
)

__all__ = [
    "approve",
    "deposit",
    "drop",
    "freeze",
    "give_back",
    "inputs_paper",
    "minutes_paper",
    "new",
    "opinion",
    "plan",
    "register",
    "remark",
    "review",
    "write",
]
