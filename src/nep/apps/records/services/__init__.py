"""Writes of records."""

from nep.apps.records.services._deposits import record_collect, record_deposit, record_move
from nep.apps.records.services._plans import (
    deposit_rule_set,
    plan_approve,
    plan_open,
    series_drop,
    series_keep,
)

__all__ = [
    "deposit_rule_set",
    "plan_approve",
    "plan_open",
    "record_collect",
    "record_deposit",
    "record_move",
    "series_drop",
    "series_keep",
]
