"""Writes of records."""

from nep.apps.records.services._deposits import (
    record_collect,
    record_deposit,
    record_leave,
    record_move,
)
from nep.apps.records.services._editions import EditionOutcome, record_edition, record_redone
from nep.apps.records.services._files import (
    file_change,
    file_close,
    file_hand_over,
    file_hold,
    file_open,
    file_reopen,
    hold_lift,
)
from nep.apps.records.services._leavers import leaver_hand_over
from nep.apps.records.services._movements import (
    disposal_approve,
    disposal_execute,
    disposal_propose,
    disposal_reject,
    transfer_cancel,
    transfer_make,
)
from nep.apps.records.services._papers import (
    Ending,
    disposal_paper,
    leaver_paper,
    plan_paper,
    transfer_paper,
)
from nep.apps.records.services._plans import (
    deposit_rule_set,
    plan_approve,
    plan_open,
    plan_reopen,
    series_drop,
    series_keep,
)

__all__ = [
    "EditionOutcome",
    "Ending",
    "deposit_rule_set",
    "disposal_approve",
    "disposal_execute",
    "disposal_paper",
    "disposal_propose",
    "disposal_reject",
    "file_change",
    "file_close",
    "file_hand_over",
    "file_hold",
    "file_open",
    "file_reopen",
    "hold_lift",
    "leaver_hand_over",
    "leaver_paper",
    "plan_approve",
    "plan_open",
    "plan_paper",
    "plan_reopen",
    "record_collect",
    "record_deposit",
    "record_edition",
    "record_leave",
    "record_move",
    "record_redone",
    "series_drop",
    "series_keep",
    "transfer_cancel",
    "transfer_make",
    "transfer_paper",
]
