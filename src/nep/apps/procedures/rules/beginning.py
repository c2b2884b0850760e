"""How a case begins: opened by somebody, or by a message of another system. Words, and read back."""

import re

from nep.apps.procedures.rules.table import Table

BY_HAND = "khi có người mở hồ sơ"
_LINE = re.compile(r"→ Bắt đầu khi nhận thông điệp “(?P<name>[^“”]{1,120})” của hệ thống khác")


def begins_said(table: Table) -> str:
    """Return how cases begin: "khi nhận thông điệp “Mở” của hệ thống khác"."""
    if not table.begins:
        return BY_HAND
    return f"khi nhận thông điệp “{table.begins}” của hệ thống khác"


def begins_read(line: str) -> str:
    """Return the message that a printed line says cases begin with, or nothing."""
    found = _LINE.fullmatch(line)
    return found["name"] if found is not None else ""
