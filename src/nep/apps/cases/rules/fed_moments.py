"""Moments as Vietnamese offices and other systems write them. Pure."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from nep.kernel.text import clean
from nep.kernel.vietnamese import VN, parse_date

_DATE_FIRST = re.compile(
    r"^(\d{1,4}[/\-.]\d{1,2}[/\-.]\d{1,4})(?:[T ,]+(\d{1,2})[:hH](\d{1,2})(?::(\d{1,2}))?.*)?$"
)
_TIME_FIRST = re.compile(
    r"^(\d{1,2})[:hH](\d{1,2})(?::(\d{1,2}))?[, ]+(?:ngày )?(\d{1,2}[/\-.]\d{1,2}[/\-.]\d{4})$"
)
_PACKED = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$")


def read_moment(value: Any, *, ends_day: bool = False) -> datetime | None:
    """Read a cell as a moment; without offset it is Vietnam's. A bare day is its beginning, or
    its last minute with `ends_day`. None when it is no moment."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=VN)
    if isinstance(value, date):
        return _whole_day(value, ends_day)
    text = clean(str(value if value is not None else ""))
    if not text:
        return None
    return _iso(text, ends_day) or _written(text, ends_day) or _packed(text, ends_day)


def _whole_day(day: date, ends_day: bool) -> datetime:
    start = datetime(day.year, day.month, day.day, tzinfo=VN)
    return start + timedelta(hours=17) if ends_day else start


def _iso(text: str, ends_day: bool) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= 10:
        return _whole_day(found.date(), ends_day)
    return found if found.tzinfo else found.replace(tzinfo=VN)


def _written(text: str, ends_day: bool) -> datetime | None:
    if found := _TIME_FIRST.match(text):
        hour, minute, second, day_text = found.groups()
    elif found := _DATE_FIRST.match(text):
        day_text, hour, minute, second = found.groups()
    else:
        return None
    day = parse_date(day_text)
    if day is None:
        return None
    if hour is None:
        return _whole_day(day, ends_day)
    return _moment(day, int(hour), int(minute), int(second or 0))


def _packed(text: str, ends_day: bool) -> datetime | None:
    found = _PACKED.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups())
    try:
        on = date(year, month, day)
    except ValueError:
        return None
    return _moment(on, hour, minute, second) if found.group(4) else _whole_day(on, ends_day)


def _moment(day: date, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=VN)
    except ValueError:
        return None
