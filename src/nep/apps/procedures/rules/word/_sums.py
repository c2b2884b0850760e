"""What adding up tells: which rows are totals or headings of others, and what unit numbers have."""

from decimal import Decimal

from nep.apps.procedures.rules.word._raw import RawCase, RawStep, RawTotal, is_below
from nep.apps.procedures.rules.word._times import (
    DAY,
    HOUR,
    ParsedTime,
    is_bare,
    parse_time,
    parse_total,
)

MOST_PARTS = 30


def leave_out_sums(case: RawCase, unit: str) -> None:
    """Take the rows out of the steps that only sum up others; change `case` in place.

    "2 Thẩm định, 5 ngày" above "2.1 … 2 ngày" and "2.2 … 3 ngày" heads those two, and a last row
    with nothing but the time of all steps is the total. `unit` is that of bare numbers; any will
    do where all times are bare.
    """
    hours = [_hours(step, unit) for step in case.steps]
    last = case.steps[-1]
    whole = sum((value or Decimal(0) for value in hours[:-1]), Decimal(0))
    nameless = len(hours) > 2 and not (last.content or last.responsible)
    if nameless and hours[-1] and hours[-1] == whole:
        case.totals.append(RawTotal("Tổng", last.time, len(case.steps) - 1))
        del case.steps[-1], hours[-1]
    at = 0
    while at < len(case.steps):
        end = _end_of_parts(case.steps, hours, at)
        if end > at + 1:
            parent = case.steps[at]
            heading = " ".join(filter(None, (parent.label, parent.content)))
            for step in case.steps[at + 1 : end]:
                step.section = step.section or heading
            del case.steps[at], hours[at]
            for total in case.totals:
                total.after -= total.after > at
        else:
            at += 1


def _hours(step: RawStep, unit: str) -> Decimal | None:
    return None if "time" in step.merged else parse_time(step.time, head_unit=unit).hours


def _end_of_parts(steps: list[RawStep], hours: list[Decimal | None], at: int) -> int:
    """Return where the rows end that row `at` sums up, or the row below it where it sums up none.

    They are numbered below it, or nobody is named in it and the next rows take its time.
    """
    parent, own, end = steps[at], hours[at], at + 1
    while end < len(steps) and is_below(parent.label, steps[end].label):
        end += 1
    if end > at + 1:
        below = [value for value in hours[at + 1 : end] if value is not None]
        sums_up = own is not None and bool(below) and sum(below) == own
        return end if sums_up or not (parent.time or parent.responsible) else at + 1
    if not own or parent.responsible or "responsible" in parent.merged:
        return at + 1
    left = own
    while end < min(len(steps), at + MOST_PARTS) and left > 0:
        left -= hours[end] or Decimal(0)
        end += 1
    return end if left == 0 and end > at + 2 else at + 1


def unit_of_numbers(case: RawCase, limit: ParsedTime) -> tuple[str | None, str]:
    """Return (unit of bare numbers, why) where no head tells it: ("", "") is nothing known.

    The total tells it where the numbers add up to it in one unit only ("total"); else the only
    unit that other cells of the column name ("neighbour").
    """
    texts = [step.time for step in case.steps if step.time and "time" not in step.merged]
    if not any(is_bare(text) for text in texts):
        return None, ""
    totals = [parse_total(total.text) for total in case.totals]
    for told in (*totals, limit):
        if told.hours is None or told.unit is None:
            continue
        fitting = []
        for unit in (HOUR, told.unit if told.unit != HOUR else DAY):
            hours = [parse_time(text, head_unit=unit).hours or Decimal(0) for text in texts]
            if sum(hours, Decimal(0)) == told.hours:
                fitting.append(unit)
        if len(fitting) == 1:
            return fitting[0], "total"
    units = {time.unit for text in texts if (time := parse_time(text)).hours}
    return (units.pop(), "neighbour") if len(units) == 1 else (None, "")
