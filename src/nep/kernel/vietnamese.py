"""Dates and numbers as Vietnamese offices write and read them.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I: days below 10 and months 1 and 2 take a leading zero.
"""

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

VN = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DATE = re.compile(r"^\s*(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})\s*$")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
_PLAIN = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")
_ISO = re.compile(r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$")


def local(moment: datetime) -> datetime:
    """Return the moment on Vietnam's clock; a naive one is taken as already there."""
    return moment.replace(tzinfo=VN) if moment.tzinfo is None else moment.astimezone(VN)


def weekday_name(day: date) -> str:
    """Return "thứ Hai" … "Chủ nhật"."""
    return WEEKDAYS[day.weekday()]


def date_text(day: date) -> str:
    """Return "05/01/2026"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def date_long(day: date) -> str:
    """Return "ngày 05 tháng 02 năm 2026" with the leading zeros of administrative texts."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def time_text(moment: datetime) -> str:
    """Return "17:30" on Vietnam's clock."""
    return f"{local(moment):%H:%M}"


def datetime_text(moment: datetime) -> str:
    """Return "17:30 ngày 05/01/2026" on Vietnam's clock."""
    there = local(moment)
    return f"{there:%H:%M} ngày {date_text(there.date())}"


def time_long(moment: datetime) -> str:
    """Return "09 giờ 05 phút, ngày 05 tháng 02 năm 2026", as forms on paper ask for it."""
    there = local(moment)
    return f"{there.hour:02d} giờ {there.minute:02d} phút, {date_long(there.date())}"


def parse_date(text: str) -> date | None:
    """Read "05/01/2026" (5 January), "5-1-2026" or "2026-01-05"; None when it is no date."""
    if found := _DATE.match(text):
        day, month, year = map(int, found.groups())
    elif found := _ISO.match(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_number(text: str) -> Decimal | None:
    """Read "1.234,5" as one thousand two hundred thirty-four and a half; None when unreadable.

    A lone point that parts no thousands is a decimal one ("0.5"); "1,234.5" and "1e5" are unreadable.
    """
    bare = text.strip().replace("\u00a0", "").replace(" ", "")
    if _THOUSANDS.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    return Decimal(bare.replace(",", ".")) if _PLAIN.fullmatch(bare) else None


def number_text(number: Decimal | int | float, *, places: int | None = None) -> str:
    """Return "1.234,5": points between thousands, a comma before decimals."""
    text = (
        f"{number:,.{places}f}" if places is not None else f"{Decimal(str(number)).normalize():,f}"
    )
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")
