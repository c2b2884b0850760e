"""Periods, values and whether a target is met. Pure.

Source: TCVN ISO 9001:2015 điều 6.2.1 (mục tiêu đo lường được, được theo dõi), điều 9.1.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nep.kernel.vietnamese import number_text

MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half", "year"
FREQUENCY_NAMES: dict[str, str] = {
    MONTH: "Hằng tháng",
    QUARTER: "Hằng quý",
    HALF: "6 tháng một lần",
    YEAR: "Một năm một lần",
}
_MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}
UP, DOWN = "up", "down"
BETTER_NAMES: dict[str, str] = {UP: "Từ … trở lên", DOWN: "Không quá …"}
MEAN, LAST, SUM = "mean", "last", "sum"
WHOLE_NAMES: dict[str, str] = {
    MEAN: "Trung bình các kỳ",
    LAST: "Lấy kỳ cuối",
    SUM: "Cộng các kỳ",
}
JUDGED_FROM_MONTH = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure reads of a period: its value, of how many, and the address of what makes it.

    `said` tells how exact the value is where it is not counted to the last one.
    """

    value: Decimal
    of: int | None = None
    url: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A period of a year, both days included."""

    starts_on: date
    ends_on: date
    name: str

    def has_ended(self, today: date) -> bool:
        """Say whether its last day is over."""
        return self.ends_on < today

    def has_begun(self, today: date) -> bool:
        """Say whether its first day has come."""
        return self.starts_on <= today


def middle(low: int, high: int | None) -> tuple[Decimal, str]:
    """Return the hours written for a median known to lie over `low` and at most `high` minutes (None:
    open above), never too good, and the words that say so."""
    tenth = Decimal("0.1")
    below, above = (
        number_text((Decimal(one) / 60).quantize(tenth)) if one else "" for one in (low, high)
    )
    if high is None:
        return (Decimal(low) / 60).quantize(tenth) + tenth, f"Trung vị trên {below} giờ làm việc."
    hours = (Decimal(high) / 60).quantize(tenth)
    if not low:
        return hours, f"Trung vị không quá {above} giờ làm việc; ghi mức {above} giờ."
    said = f"Trung vị trong khoảng trên {below} đến {above} giờ làm việc; ghi mức {above} giờ."
    return hours, said


def windows(year: int, frequency: str) -> tuple[Window, ...]:
    """Return the periods of a year in order."""
    step = _MONTHS[frequency]
    found = []
    for place in range(12 // step):
        first, last = place * step + 1, place * step + step
        after = date(year + last // 12, last % 12 + 1, 1)
        ends_on = date.fromordinal(after.toordinal() - 1)
        found.append(Window(date(year, first, 1), ends_on, _name(frequency, place, year)))
    return tuple(found)


def _name(frequency: str, place: int, year: int) -> str:
    if frequency == MONTH:
        return f"Tháng {place + 1}"
    if frequency == QUARTER:
        return f"Quý {place + 1}"
    if frequency == HALF:
        return "6 tháng đầu năm" if place == 0 else "6 tháng cuối năm"
    return f"Cả năm {year}"


def is_met(value: Decimal, *, target: Decimal, better: str) -> bool:
    """Say whether a value reaches the target."""
    return value >= target if better == UP else value <= target


def whole(values: Sequence[Decimal], way: str) -> Decimal | None:
    """Return the value of a year from those of its periods; None of none."""
    if not values:
        return None
    if way == LAST:
        return values[-1]
    total = sum(values, Decimal(0))
    return total if way == SUM else (total / len(values)).quantize(Decimal("0.01"))


def value_text(value: Decimal | None, unit: str) -> str:
    """Return "98,5 %"; empty for none."""
    if value is None:
        return ""
    text = number_text(Decimal(value).quantize(Decimal("0.01")))
    return f"{text}{unit}" if unit == "%" else f"{text} {unit}".strip()


def target_text(target: Decimal, *, better: str, unit: str) -> str:
    """Return "từ 95% trở lên" or "không quá 5 giờ"."""
    text = value_text(target, unit)
    return f"từ {text} trở lên" if better == UP else f"không quá {text}"
