"""The law of records; pure: no Django, no clock, no I/O."""

from nep.apps.records.rules._disposal import (
    DISPOSAL_STATES,
    decide_approval,
    decide_execution,
    decide_proposal,
)
from nep.apps.records.rules._files import (
    CLOSED,
    DESTROYED,
    FILE_STATES,
    MEDIUM_NAMES,
    OPEN,
    SOURCE_NAMES,
    TRANSFERRED,
    decide_close,
    decide_deposit,
    decide_reopen,
    decide_transfer,
    keeps_file,
)
from nep.apps.records.rules._retention import (
    MARK_NAMES,
    decide_plan_approval,
    decide_plan_change,
    decide_reason,
    decide_series,
    retain_until,
    retention_text,
    series_key,
)

__all__ = [
    "CLOSED",
    "DESTROYED",
    "DISPOSAL_STATES",
    "FILE_STATES",
    "MARK_NAMES",
    "MEDIUM_NAMES",
    "OPEN",
    "SOURCE_NAMES",
    "TRANSFERRED",
    "decide_approval",
    "decide_close",
    "decide_deposit",
    "decide_execution",
    "decide_plan_approval",
    "decide_plan_change",
    "decide_proposal",
    "decide_reason",
    "decide_reopen",
    "decide_series",
    "decide_transfer",
    "keeps_file",
    "retain_until",
    "retention_text",
    "series_key",
]
