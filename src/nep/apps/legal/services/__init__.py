"""Writes of the register of external documents."""

from nep.apps.legal.services._citations import cite, uncite
from nep.apps.legal.services._importing import ImportedRow, ImportReport, register_import
from nep.apps.legal.services._register import (
    ExternalValues,
    external_add,
    external_amended,
    external_change,
    external_checked,
    external_replace,
    external_withdraw,
)
from nep.apps.legal.services._reviews import review_open, review_record, reviews_open_due

__all__ = [
    "ExternalValues",
    "ImportReport",
    "ImportedRow",
    "cite",
    "external_add",
    "external_amended",
    "external_change",
    "external_checked",
    "external_replace",
    "external_withdraw",
    "register_import",
    "review_open",
    "review_record",
    "reviews_open_due",
    "uncite",
]
