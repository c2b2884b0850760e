"""Writes of management review."""

from nep.apps.reviews.services._deciding import (
    review_approve,
    review_drop,
    review_return,
)
from nep.apps.reviews.services._deposits import review_deposit
from nep.apps.reviews.services._meeting import review_write
from nep.apps.reviews.services._papers import Kind, review_paper
from nep.apps.reviews.services._preparing import (
    ReviewPlan,
    review_freeze,
    review_opine,
    review_plan,
    review_prepare,
    review_remark,
)

__all__ = [
    "Kind",
    "ReviewPlan",
    "review_approve",
    "review_deposit",
    "review_drop",
    "review_freeze",
    "review_opine",
    "review_paper",
    "review_plan",
    "review_prepare",
    "review_remark",
    "review_return",
    "review_write",
]
