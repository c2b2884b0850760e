"""Times of procedures in words."""

from decimal import Decimal

from nep.apps.organization.rules import ROLE_NAMES, split_key
from nep.kernel.vietnamese import number_text

UNIT_NAMES: dict[str, str] = {
    "working_hour": "giờ làm việc",
    "working_day": "ngày làm việc",
    "calendar_day": "ngày lịch",
}
SHORT_UNITS: dict[str, str] = {
    "working_hour": "giờ",
    "working_day": "ngày",
    "calendar_day": "ngày lịch",
}
HOURS_PER_DAY = 8
OUTSIDE = "ngoai/"


def amount_text(amount: Decimal) -> str:
    """Return "25" or "0,5"."""
    return number_text(amount)


def limit_text(amount: Decimal | None, unit: str) -> str:
    """Return "25 ngày làm việc"; without a unit "25 ngày (chưa rõ loại ngày)"; "" when unknown."""
    if amount is None:
        return ""
    return f"{amount_text(amount)} {UNIT_NAMES.get(unit, 'ngày (chưa rõ loại ngày)')}"


def hours_per_day(unit: str) -> int:
    """Return how many hours a day of this unit counts: 24 for calendar days, else 8."""
    return 24 if unit == "calendar_day" else HOURS_PER_DAY


def hours_text(hours: Decimal, *, unit: str = "") -> str:
    """Return hours as people say them: "4 giờ", "2 ngày", "2 ngày 4 giờ", "3 ngày lịch"."""
    days, rest = divmod(hours, hours_per_day(unit))
    parts = []
    if days:
        parts.append(f"{amount_text(days)} {'ngày lịch' if unit == 'calendar_day' else 'ngày'}")
    if rest or not days:
        parts.append(f"{amount_text(rest)} giờ")
    return " ".join(parts)


def role_words(key: str, units: dict[str, str]) -> str:
    """Return a responsibility key in words; `units` gives the name of a unit code.

    "PKH/specialist" gives "Chuyên viên, Phòng Kế hoạch"; an outside step its agency's name.
    """
    if key.startswith(OUTSIDE):
        return key.removeprefix(OUTSIDE)
    unit_code, role = split_key(key)
    name = ROLE_NAMES.get(role, role)
    if not unit_code:
        return name
    unit = units.get(unit_code, unit_code)
    return unit if role == "reception" else f"{name}, {unit}"


def copies_text(originals: int, copies: int) -> str:
    """Return how many of a paper are handed in: "01 bản chính, 02 bản sao"; nothing for none."""
    counted = ((originals, "bản chính"), (copies, "bản sao"))
    return ", ".join(f"{n:02d} {what}" for n, what in counted if n)


def is_longer(amount: Decimal, unit: str, than: Decimal, than_unit: str) -> bool | None:
    """Say whether one limit is longer than another, None where nothing tells.

    Working hours and working days are told in each other, 8 to a day; calendar days in nothing
    else: how many of them are days of work depends on the day of receipt.
    """
    if unit == than_unit:
        return amount > than
    if {unit, than_unit} == {"working_hour", "working_day"}:
        return hours_in(amount, unit) > hours_in(than, than_unit)
    return None


def hours_in(amount: Decimal, unit: str) -> Decimal:
    """Return a limit in working hours, 8 to a day."""
    return amount if unit == "working_hour" else amount * HOURS_PER_DAY
