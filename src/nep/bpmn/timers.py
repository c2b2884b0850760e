"""What a timer may say: an ISO 8601 date, duration or cycle, or the field of the case that does."""

import re
from datetime import datetime
from decimal import Decimal

from nep.bpmn.model import TIMER_FORMS, Limit, Trigger

TIMER_UNITS = frozenset({"", "working_day", "working_hour"})
_FIELD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*").fullmatch
_ISO = re.compile(r"\d|P[\dT]|R\d*/").match
_DURATION = re.compile(
    r"P(?=\d|T\d)(?P<months>(?:\d+Y)?(?:\d+M)?)(?:\d+W)?(?P<days>(?:\d+D)?)(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?"
).fullmatch
_NUMBERS = re.compile(r"\d+").findall
_PARTS = re.compile(
    r"P(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?"
).fullmatch
_DAYS = {"Y": 366, "M": 31, "W": 7, "D": 1}
_HOURS = {"h": Decimal(1), "m": Decimal(1) / 60, "s": Decimal(1) / 3600}


def timer_problem(trigger: Trigger) -> tuple[str, str] | None:
    """Return (code, sentence) of what is wrong with a timer, None when nothing is.

    Codes: `timer_form`, `timer_value`, `timer_unit`. Source: ISO 8601-1:2019.
    """
    if trigger.form not in TIMER_FORMS:
        return "timer_form", "chưa ghi chờ đến ngày nào, bao lâu hoặc theo chu kỳ nào"
    if trigger.unit not in TIMER_UNITS:
        return "timer_unit", f"đếm theo đơn vị lạ “{trigger.unit}”"
    value = trigger.value
    if not value:
        return "timer_value", "chưa ghi thời điểm hoặc khoảng thời gian"
    if not _ISO(value):
        if _FIELD(value):
            return None
        return "timer_value", f"ghi “{value}”, không phải thời gian theo ISO 8601 hay tên trường"
    if trigger.form == "date":
        return _date_problem(value, trigger.unit)
    if trigger.form == "duration":
        return _duration_problem(value, trigger.unit)
    return _cycle_problem(value, trigger.unit)


def _date_problem(value: str, unit: str) -> tuple[str, str] | None:
    if not _is_moment(value):
        return "timer_value", f"ghi “{value}”, không phải ngày giờ theo ISO 8601"
    return None


def _duration_problem(value: str, unit: str) -> tuple[str, str] | None:
    found = _DURATION(value)
    if found is None or not any(int(number) for number in _NUMBERS(value)):
        return "timer_value", f"ghi “{value}”, không phải khoảng thời gian như P5D hoặc PT4H"
    if unit and found["months"]:
        return "timer_unit", "đếm tháng hoặc năm bằng ngày, giờ làm việc; hãy ghi số ngày"
    return None


def _cycle_problem(value: str, unit: str) -> tuple[str, str] | None:
    repeats, *rest = value.split("/")
    if not re.fullmatch(r"R\d*", repeats) or len(rest) not in (1, 2):
        return "timer_value", f"ghi “{value}”, không phải chu kỳ như R3/P1D"
    if repeats[1:] and not int(repeats[1:]):
        return "timer_value", f"ghi “{value}”, chu kỳ không có lần nào"
    if len(rest) == 2 and not _is_moment(rest[0]):
        return "timer_value", f"ghi “{value}”, ngày giờ bắt đầu chu kỳ không đọc được"
    return _duration_problem(rest[-1], unit)


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def longest_wait(trigger: Trigger) -> tuple[Limit, ...] | None:
    """Return how long a timer waits at most, as limits to be added; None where it cannot be said.

    A date, and a value that stands in a field of the case, cannot. By the clock a wait is told in
    calendar days (a month has 31, a year 366 at most), by the agency's calendar in its working days
    and hours. Of a cycle one round is told.
    """
    text = trigger.value.split("/")[-1] if trigger.form == "cycle" else trigger.value
    found = _PARTS(text) if trigger.form in ("duration", "cycle") else None
    if found is None:
        return None
    days = sum(_DAYS[key] * int(found[key]) for key in _DAYS if found[key])
    hours = sum((_HOURS[key] * int(found[key]) for key in _HOURS if found[key]), Decimal(0))
    if not trigger.unit:
        return (Limit(days + hours / 24, "calendar_day"),)
    parts = (Limit(Decimal(days), "working_day"), Limit(hours, "working_hour"))
    return tuple(part for part in parts if part.amount)
