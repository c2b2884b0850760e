"""Pages of the worklist."""

from nep.apps.work.views import _frame  # noqa: F401  # the menu and the bell
from nep.apps.work.views._holding import claim, hand_over
from nep.apps.work.views._list import explanation, mine, more
from nep.apps.work.views._notices import notices, notices_read

__all__ = [
    "claim",
    "explanation",
    "hand_over",
    "mine",
    "more",
    "notices",
    "notices_read",
]
