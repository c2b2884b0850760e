"""Pages of the worklist."""

from nep.apps.work.views import _frame  # noqa: F401  # the menu and the bell
from nep.apps.work.views._assigning import assign, assignment, assignment_undo
from nep.apps.work.views._choices import choices, feed, feed_change
from nep.apps.work.views._holding import claim, hand_over
from nep.apps.work.views._list import explanation, mine, more
from nep.apps.work.views._mail import mail
from nep.apps.work.views._notices import notices, notices_read
from nep.apps.work.views._team import calendar, filter_remove, filter_save, items

__all__ = [
    "assign",
    "assignment",
    "assignment_undo",
    "calendar",
    "choices",
    "claim",
    "explanation",
    "feed",
    "feed_change",
    "filter_remove",
    "filter_save",
    "hand_over",
    "items",
    "mail",
    "mine",
    "more",
    "notices",
    "notices_read",
]
