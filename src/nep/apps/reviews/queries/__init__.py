"""Reads of management review: frozen values."""

from nep.apps.reviews.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.reviews.queries._demands import all_demands, demands_of
from nep.apps.reviews.queries._evidence import evidence
from nep.apps.reviews.queries._inputs import inputs_now
from nep.apps.reviews.queries._page import (
    DecisionLine,
    MoveLine,
    ParticipantLine,
    ReviewPage,
    review_page,
)
from nep.apps.reviews.queries._register import (
    ReviewLine,
    ReviewRegister,
    code_of,
    kept_sources,
    left_before,
    newest_review,
    register,
    reviews_of,
)
from nep.apps.reviews.queries._signs import signs_of
from nep.apps.reviews.queries._starting import StartValues, start_values

__all__ = [
    "DecisionLine",
    "MoveLine",
    "ParticipantLine",
    "ReviewLine",
    "ReviewPage",
    "ReviewRegister",
    "StartValues",
    "all_demands",
    "code_of",
    "demands_of",
    "evidence",
    "inputs_now",
    "kept_sources",
    "left_before",
    "newest_review",
    "register",
    "review_page",
    "reviews_of",
    "signs_of",
    "start_values",
]
