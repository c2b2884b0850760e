"""Step tables that are one procedure: cut by a page, or one table for each level or stage."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nep.apps.procedures.rules.word._columns import Columns
from nep.apps.procedures.rules.word._headings import Heading, Limits, limit_value
from nep.apps.procedures.rules.word._rows import RawCase
from nep.apps.procedures.rules.word._times import parse_time, parse_total, with_unit

_FIRST_LABEL = re.compile(r"^\D{0,8}(\d{1,3})\D{0,2}$")


@dataclass(slots=True)
class Part:
    """One case of a step table with all that is known of it before its times are read.

    `unit` is that of bare numbers. `section` is the line above a table that has no heading of its
    own; `shared` tells that its table holds several cases, `borrowed` that its heading is that of
    the table before.
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


def counts_on(last: str, first: str) -> bool:
    """Tell whether the numbers of two labels follow each other."""
    one, other = _FIRST_LABEL.match(last), _FIRST_LABEL.match(first)
    return bool(one and other and int(other[1]) == int(one[1]) + 1)


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
    limit = parse_total(limit_value(first.limits.line, "")).hours
    whole = [_hours(part) for part in group]
    return limit is not None and limit not in whole and sum(whole, Decimal(0)) == limit


def _hours(part: Part) -> Decimal:
    hours = (
        parse_time(step.time, head_unit=part.unit).hours
        for step in part.case.steps
        if "time" not in step.merged
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
    return first
