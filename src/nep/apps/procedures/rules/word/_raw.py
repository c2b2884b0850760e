"""The rows of a step table as printed, before their times are read."""

import re
from dataclasses import dataclass, field

from nep.apps.procedures.rules.word._columns import Columns

_NUMBERS = re.compile(r"\d{1,2}(?:[.\-]\d{1,2})*[a-zđ]?(?=\W*$)")


@dataclass(slots=True)
class RawStep:
    """One step as printed; `merged` names the cells shared with the step above.

    `told` and `listed` are content and forms with the line breaks of their cells.
    """

    label: str
    content: str
    responsible: str
    time: str
    forms: str
    section: str = ""
    merged: tuple[str, ...] = ()
    told: str = ""
    listed: str = ""


@dataclass(slots=True)
class RawTotal:
    """One total row; `after` is how many steps stand before it."""

    name: str
    text: str
    after: int


@dataclass(slots=True)
class RawCase:
    """The steps of one case of a table.

    `title` is the row that names another procedure inside the table; `unnamed` tells that steps
    begin anew after a total without a heading between; `skipped` are rows that are no steps.
    """

    heading: str = ""
    title: str = ""
    unnamed: bool = False
    steps: list[RawStep] = field(default_factory=list)
    totals: list[RawTotal] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@dataclass(slots=True)
class StepTable:
    """A step table: the lines above its head, its columns and its cases."""

    lines: list[str]
    columns: Columns
    cases: list[RawCase]


def is_below(parent: str, label: str) -> bool:
    """Tell "2.1" or "Bước 2b" below "2" or "Bước 2"."""
    above, own = _NUMBERS.search(parent), _NUMBERS.search(label)
    if not above or not own or label == parent:
        return False
    one, other = above[0].lstrip("0"), own[0].lstrip("0")
    return other.startswith(one) and bool(re.match(r"[.\-]\d|[a-zđ]$", other[len(one) :]))


def settled(cases: list[RawCase]) -> list[RawCase]:
    """Return the cases of one procedure, or one where they turn out to be its parts."""
    title = cases[0].title if cases else ""
    filled = [case for case in cases if case.steps]
    with_total = [bool(case.totals) for case in filled]
    is_one = len(filled) > 1 and (
        not filled[0].heading or (with_total[-1] and not any(with_total[:-1]))
    )
    filled = [_joined(filled)] if is_one else filled
    if filled:
        filled[0].title = title
        filled[0].unnamed = cases[0].unnamed
    return filled


def _joined(cases: list[RawCase]) -> RawCase:
    whole = RawCase()
    for case in cases:
        if case.heading:
            whole.sections.append(case.heading)
            for step in case.steps:
                step.section = step.section or case.heading
        whole.totals.extend(
            RawTotal(total.name, total.text, total.after + len(whole.steps))
            for total in case.totals
        )
        whole.sections.extend(case.sections)
        whole.skipped.extend(case.skipped)
        whole.steps.extend(case.steps)
    return whole
