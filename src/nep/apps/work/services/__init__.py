"""Writes of the worklist."""

from nep.apps.work.services._assigning import (
    ASSIGN_JOB,
    assignment_go_on,
    assignment_start,
)
from nep.apps.work.services._chances import (
    ChanceTold,
    chances_drop,
    chances_put,
    forecast_put,
)
from nep.apps.work.services._counts import FOLD_AT_ONCE, counts_fold
from nep.apps.work.services._holding import item_claim, item_hand_over, item_take_over
from nep.apps.work.services._items import (
    item_close,
    item_due_change,
    item_open,
    item_pause,
    item_resume,
    item_withdraw,
    items_describe,
    items_withdraw_of,
    source_urgent_set,
    words_replace,
)
from nep.apps.work.services._letters import handed_wait, letter_message, letters_write
from nep.apps.work.services._notices import notice_add, notices_read, reminders_send
from nep.apps.work.services._saved import filter_remove, filter_save
from nep.apps.work.services._unassigning import (
    UNDO_JOB,
    assignment_undo,
    assignment_undo_go_on,
)

__all__ = [
    "ASSIGN_JOB",
    "FOLD_AT_ONCE",
    "UNDO_JOB",
    "ChanceTold",
    "assignment_go_on",
    "assignment_start",
    "assignment_undo",
    "assignment_undo_go_on",
    "chances_drop",
    "chances_put",
    "counts_fold",
    "filter_remove",
    "filter_save",
    "forecast_put",
    "handed_wait",
    "item_claim",
    "item_close",
    "item_due_change",
    "item_hand_over",
    "item_open",
    "item_pause",
    "item_resume",
    "item_take_over",
    "item_withdraw",
    "items_describe",
    "items_withdraw_of",
    "letter_message",
    "letters_write",
    "notice_add",
    "notices_read",
    "reminders_send",
    "source_urgent_set",
    "words_replace",
]
