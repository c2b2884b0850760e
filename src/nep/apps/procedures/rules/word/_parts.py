"""Step tables that are one procedure: cut by a page, or one table for each level or stage."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from nep.apps.procedures.rules.word._columns import Columns
from nep.apps.procedures.rules.word._headings import Heading, Limits, limit_value
from nep.apps.procedures.rules.word._raw import RawCase
from nep.apps.procedures.rules.word._times import parse_time, parse_total, with_unit

_NUMBER_OF = re.compile(r"^\D{0,8}(\d{1,3}(?:\.\d{1,2}){0,2})\D{0,2}$")


@dataclass(slots=True)
class Part:
    """One case of a step table with all that is known of it before its times are read.

    `unit` is that of bare numbers. `section` is the line above a table that has no heading of its
    own; `shared` tells that its table holds several cases, `borrowed` that its heading is that of
    the table before. `rests` are the first rows of tables behind it that look like its rest but
    could not be joined.
    """

    heading: Heading
    variant: str
    columns: Columns
    case: RawCase
    limits: Limits
    unit: str | None = None
    section: str = ""
    shared: bool = False
    borrowed: bool = False
    rests: list[str] = field(default_factory=list)


def counts_on(last: str, first: str) -> bool:
    """Tell whether the numbers of two labels follow each other: 3 and 4, 2.1 and 2.2, 2.3 and 3."""
    one, other = _number(last), _number(first)
    if not one or not other:
        return False
    follows = [(*one[:at], one[at] + 1) for at in range(len(one))]
    return other in follows or other == (*one, 1)


def _number(label: str) -> tuple[int, ...]:
    found = _NUMBER_OF.match(label)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def add_steps(case: RawCase, more: RawCase) -> None:
    """Put the steps and totals of the second case behind those of the first."""
    before = len(case.steps)
    case.steps.extend(more.steps)
    case.sections.extend(more.sections)
    case.skipped.extend(more.skipped)
    for total in more.totals:
        total.after += before
        case.totals.append(total)


def joined_parts(parts: list[Part]) -> list[Part]:
    """Return the procedures, those told in several tables put together.

    Tables under one heading are one procedure when their numbers go on, or when together they
    take the time that the heading gives to the whole.
    """
    joined: list[Part] = []
    for group in _groups(parts):
        if len(group) > 1 and (_numbers_go_on(group) or _take_the_limit(group)):
            joined.append(_whole(group))
        else:
            joined.extend(group)
    return joined


def _groups(parts: list[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    for part in parts:
        if group and not part.borrowed:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _numbers_go_on(group: list[Part]) -> bool:
    pairs = itertools.pairwise(group)
    return not group[0].variant and all(
        counts_on(one.case.steps[-1].label, other.case.steps[0].label) for one, other in pairs
    )


def _take_the_limit(group: list[Part]) -> bool:
    first = group[0]
    if first.variant or first.limits.line is None:
        return False
    limit = parse_total(limit_value(first.limits.line, ""))
    whole = [_hours(part, part.unit or limit.unit) for part in group]
    return limit.hours not in (None, *whole) and sum(whole, Decimal(0)) == limit.hours


def _hours(part: Part, unit: str | None) -> Decimal:
    hours = (
        parse_time(step.time, head_unit=unit).hours
        for step in part.case.steps
        if "time" not in step.merged and (step.content or step.responsible)
    )
    return sum((value for value in hours if value is not None), Decimal(0))


def _whole(group: list[Part]) -> Part:
    first = group[0]
    units = {part.unit for part in group}
    for part in group:
        for step in part.case.steps:
            step.section = step.section or part.section
            if len(units) > 1 and part.unit:
                step.time = with_unit(step.time, part.unit)
    for part in group[1:]:
        add_steps(first.case, part.case)
        first.rests.extend(part.rests)
    return first
