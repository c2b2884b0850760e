"""Figures entered by hand and the formulas of a province, each by the edition that holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from nep.apps.cases.queries import citizens
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.oversight.models import FormulaEdition, InputEdition
from nep.apps.oversight.rules import period_text
from nep.apps.oversight.rules.indicators import Indicator, read_indicators
from nep.apps.oversight.rules.inputs import (
    COUNTED,
    PROPOSED,
    may_enter,
    proposal_source,
    resolve,
)
from nep.apps.oversight.rules.periods import Period
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class InputChange:
    """One edition of a figure: what was entered, from where, by whom, when."""

    value: int | None
    source: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is measured here of a figure, and where from; `rows` asks for the ratings it counts."""

    value: int
    source: str
    rows: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InputLine:
    """One figure of a period: as entered for it, or summed from its parts; None is not known.

    `proposal` stands beside and is used by nothing until somebody enters it.
    """

    name: str
    label: str
    value: int | None
    is_summed: bool
    changes: tuple[InputChange, ...]
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class InputPage:
    """The figures of a period that nobody counts here."""

    period: Period
    lines: tuple[InputLine, ...]
    may_enter: bool


@dataclass(frozen=True, slots=True)
class FormulaChange:
    """One edition of a province's formulas."""

    edition: int
    from_month: int
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class FormulaPage:
    """The newest formulas of a province, and how they came to be."""

    content: Mapping[str, Any]
    edition: int
    changes: tuple[FormulaChange, ...]


def formulas_for(
    *, province_id: int, period: Period
) -> tuple[dict[str, str], tuple[Indicator, ...], int]:
    """Return the inputs by name, the indicators and the edition (0: as shipped) that hold in a
    period: the newest of those whose first month is not after its last."""
    row = (
        FormulaEdition.objects.filter(province_id=province_id, from_month__lte=period.months[1])
        .order_by("-edition")
        .first()
    )
    labels, known = read_indicators(row.content if row else settings.INDICATORS_766)
    return labels, known, row.edition if row else 0


def formula_page(*, actor: Actor) -> FormulaPage:
    """Return the newest formulas of the actor's province."""
    province_id = organization.agency(actor.agency_id).province_id
    rows = list(FormulaEdition.objects.filter(province_id=province_id).order_by("-edition"))
    names = organization.person_names([row.by_id for row in rows])
    changes = tuple(
        FormulaChange(row.edition, row.from_month, row.at, names.get(row.by_id, ""), row.reason)
        for row in rows
    )
    content = rows[0].content if rows else settings.INDICATORS_766
    return FormulaPage(content, rows[0].edition if rows else 0, changes)


def _month(now: datetime) -> int:
    here = local(now)
    return here.year * 100 + here.month


def _inside(period: Period) -> list[int]:
    return [period.value, *(value for part in period.parts for value in _inside(part))]


def _held(agency_id: int, period: Period, names: Iterable[str]) -> dict[str, dict[int, int]]:
    """Return by name what holds for the period and for each of its parts."""
    rows = InputEdition.objects.filter(
        agency_id=agency_id, name__in=[*names], period__in=_inside(period)
    ).order_by("edition")
    newest: dict[tuple[str, int], int | None] = {
        (row[0], row[1]): row[2] for row in rows.values_list("name", "period", "value")
    }
    held: dict[str, dict[int, int]] = {}
    for (name, value_of), value in newest.items():
        if value is not None:
            held.setdefault(name, {})[value_of] = value
    return held


def input_page(*, actor: Actor, period: Period, now: datetime) -> InputPage:
    """Return the figures of the actor's agency and a period that are entered by hand."""
    province_id = organization.agency(actor.agency_id).province_id
    labels, _, _ = formulas_for(province_id=province_id, period=period)
    names = [name for name in labels if name not in COUNTED]
    held = _held(actor.agency_id, period, names)
    rows = list(
        InputEdition.objects.filter(
            agency_id=actor.agency_id, period=period.value, name__in=names
        ).order_by("-edition")
    )
    by = organization.person_names([row.by_id for row in rows])
    lines = []
    for name in names:
        changes = tuple(
            InputChange(row.value, row.source, by.get(row.by_id, ""), row.at)
            for row in rows
            if row.name == name
        )
        values = held.get(name, {})
        value = resolve(period, values, upto=_month(now))
        is_summed = value is not None and period.value not in values
        proposal = _proposal(actor.agency_id, period) if name in PROPOSED else None
        lines.append(InputLine(name, labels[name], value, is_summed, changes, proposal))
    return InputPage(period, tuple(lines), bool(may_enter(actor)))


def _proposal(agency_id: int, period: Period) -> Proposal | None:
    """Return what citizens' ratings say of the displeased, None while nobody rated."""
    told = citizens.ratings_told(agency_id=agency_id, period=period.value)
    if not told.total:
        return None
    return Proposal(
        told.displeased,
        proposal_source(told.displeased, told.total, period_text(period.value).lower()),
        citizens.RatingFilter(period.value, only_displeased=True).values(),
    )
