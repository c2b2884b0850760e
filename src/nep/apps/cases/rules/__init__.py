"""The law and arithmetic of cases. Pure: no Django, no clock, no I/O."""

from nep.apps.cases.rules.masks import mask_name, mask_phone
from nep.apps.cases.rules.statuses import (
    CHANNEL_NAMES,
    FINISHED,
    GROUP_NAMES,
    ON_TIME_NAMES,
    OUTCOME_NAMES,
    PORTAL_CODES,
    STATUS_NAMES,
)

__all__ = [
    "CHANNEL_NAMES",
    "FINISHED",
    "GROUP_NAMES",
    "ON_TIME_NAMES",
    "OUTCOME_NAMES",
    "PORTAL_CODES",
    "STATUS_NAMES",
    "mask_name",
    "mask_phone",
]
