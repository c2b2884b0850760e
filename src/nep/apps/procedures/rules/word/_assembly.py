"""From the raw rows of a case to a procedure with times, sums and totals."""

from dataclasses import dataclass, replace
from decimal import Decimal

from nep.apps.procedures.rules.word._headings import limit_value
from nep.apps.procedures.rules.word._model import ImportedProcedure, ImportedStep
from nep.apps.procedures.rules.word._parts import Part
from nep.apps.procedures.rules.word._raw import RawCase, RawTotal
from nep.apps.procedures.rules.word._sums import leave_out_sums, unit_of_numbers
from nep.apps.procedures.rules.word._times import (
    DAY,
    NO_TIME,
    WORKING_DAY,
    ParsedTime,
    is_bare,
    parse_time,
    parse_total,
)


@dataclass(frozen=True, slots=True)
class Declared:
    """The total a document declares; `many` tells that it gives one for each branch.

    `closing` are those parts that stand right below the steps they sum up.
    """

    text: str | None = None
    time: ParsedTime = NO_TIME
    parts: tuple[RawTotal, ...] = ()
    many: bool = False
    closing: tuple[RawTotal, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembled:
    """A procedure with what its cautions are made of."""

    procedure: ImportedProcedure
    times: tuple[ParsedTime, ...]
    declared: Declared
    limit: ParsedTime
    head_unit: str | None
    unused_times: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    inferred: str = ""


def assemble(part: Part) -> Assembled:
    """Return one procedure out of its raw rows."""
    case, columns, variant = part.case, part.columns, part.variant
    limit_line = part.limits.line
    limit = parse_total(limit_value(limit_line, variant)) if limit_line else ParsedTime()
    unit, inferred = part.unit, ""
    leave_out_sums(case, unit or DAY)
    if unit is None:
        unit, inferred = unit_of_numbers(case, limit)
    times = [_parsed(step.time, unit, inferred) for step in case.steps]
    steps = tuple(_step(order, case, times[order - 1]) for order in range(1, len(case.steps) + 1))
    declared = _declared(case, columns.time_head, unit) or _from_limit(limit_line, variant, limit)
    known = [step.time_hours for step in steps if step.time_hours is not None]
    total = sum(known, Decimal(0)) if known else None
    units = (unit, declared.time.unit, limit.unit)
    heading = part.heading
    procedure = ImportedProcedure(
        tthc_code=heading.code,
        tthc_code_text=heading.code_text,
        name=heading.name,
        variant=variant,
        steps=steps,
        declared_total_text=declared.text,
        declared_total_hours=declared.time.hours,
        declared_total_unit=declared.time.unit,
        limit_text=limit_line,
        sections=tuple(dict.fromkeys(step.section for step in steps if step.section)),
        part_totals=tuple(part.text for part in declared.parts),
        sum_hours=total,
        sum_matches_declared=_matches(steps, total, declared),
        day_meaning=WORKING_DAY if WORKING_DAY in units else "",
    )
    return Assembled(
        procedure, tuple(times), declared, limit, unit, columns.other_times, tuple(case.skipped),
        part.limits.told, inferred,
    )  # fmt: skip


def declares(part: Part) -> bool:
    """Tell whether the table itself gives the total."""
    declared = _declared(part.case, part.columns.time_head, part.unit)
    return declared is not None and declared.text is not None


def _parsed(text: str, unit: str | None, inferred: str) -> ParsedTime:
    time = parse_time(text, head_unit=unit)
    if inferred == "neighbour" and is_bare(text) and time.hours is not None:
        return replace(time, uncertain=True, reason="chỉ ghi số, hiểu theo đơn vị của các ô khác")
    return time


def _step(order: int, case: RawCase, time: ParsedTime) -> ImportedStep:
    raw = case.steps[order - 1]
    shared = "time" in raw.merged
    return ImportedStep(
        order=order,
        label=raw.label,
        section=raw.section,
        content=raw.content,
        responsible=raw.responsible,
        time_text=raw.time,
        time_hours=None if shared else time.hours,
        time_unit=None if shared else time.unit,
        forms=raw.forms,
        merged=raw.merged,
        uncertain=time.uncertain,
        told=raw.told,
        listed=raw.listed,
    )


def _declared(case: RawCase, time_head: str, unit: str | None) -> Declared | None:
    totals = [total for total in case.totals if total.text]
    if not totals:
        in_head = parse_total(time_head)
        text = _in_parentheses(time_head)
        return Declared(text, in_head) if in_head.hours is not None else None
    times = [parse_total(total.text, head_unit=unit) for total in totals]
    at = _grand(totals, times, len(case.steps))
    if at is None:
        return Declared(" | ".join(total.text for total in totals), many=True)
    parts = tuple(total for place, total in enumerate(totals) if place != at)
    many = _names_many(times[at], totals[at].text)
    ends = [part.after for part in parts]
    apart = ends == sorted(set(ends)) and parts == tuple(totals[:at])
    return Declared(totals[at].text, times[at], parts, many, parts if apart else ())


def _grand(totals: list[RawTotal], times: list[ParsedTime], steps: int) -> int | None:
    """Return which total is that of the whole, or None where each is that of a branch."""
    if len(totals) == 1:
        return 0
    hours = [time.hours for time in times]
    if all(value is not None for value in hours):
        whole = sum((value for value in hours if value is not None), Decimal(0))
        for at in range(len(hours) - 1, -1, -1):
            if hours[at] is not None and hours[at] == whole - hours[at]:  # type: ignore[operator]
                return at
    if all(total.after < steps for total in totals[:-1]):
        return len(totals) - 1
    return None


def _names_many(time: ParsedTime, text: str) -> bool:
    return time.hours is None and sum(text.count(word) for word in ("ngày", "giờ")) > 1


def _from_limit(line: str | None, variant: str, limit: ParsedTime) -> Declared:
    if line is None or limit.hours is None:
        return Declared()
    return Declared(limit_value(line, variant), limit)


def _in_parentheses(head: str) -> str:
    inside = head.rpartition("(")[2].partition(")")[0].strip()
    return inside or head


def _matches(
    steps: tuple[ImportedStep, ...], total: Decimal | None, declared: Declared
) -> bool | None:
    wanted = declared.time.hours
    if wanted is None or total is None:
        return None
    if total == wanted:
        return True
    unread = any(step.uncertain and step.time_hours is None for step in steps)
    return None if unread and total < wanted else False
