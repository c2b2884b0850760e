"""What each edition asks of a review, as shipped."""

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from nep.apps.reviews.rules.inputs import Demands, read_demands


@lru_cache(maxsize=1)
def all_demands() -> Mapping[str, Demands]:
    """Return what every known edition asks for, by edition."""
    return read_demands(settings.REVIEW_INPUTS)


def demands_of(edition: str) -> Demands:
    """Return what an edition asks for."""
    return all_demands()[edition]
