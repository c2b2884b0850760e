"""Figures of finished cases and of their steps, and the very rows that make each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from nep.apps.cases.models import (
    AgencyMonth,
    CaseFact,
    CaseMove,
    FactPending,
    FiguresState,
    StepRun,
)
from nep.apps.cases.queries import _rollups as rollups
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.figures import (
    BUCKETS,
    COUNTED_OUTCOMES,
    WORD_NAMES,
    Span,
    percentile,
    total_of,
)
from nep.apps.organization import queries as organization
from nep.kernel.errors import NotFound

PAGE = 50
HISTOGRAM = tuple(f"b{n:02d}" for n in range(BUCKETS))
_BY = {
    "month": (rollups.AGENCY, ("month",)),
    "agency": (rollups.AGENCY, ("agency_id",)),
    "agency_month": (rollups.AGENCY, ("agency_id", "month")),
    "procedure": (rollups.PROCEDURE, ("tthc_id",)),
    "procedure_month": (rollups.PROCEDURE, ("tthc_id", "month")),
    "unit": (rollups.UNIT, ("unit_id",)),
    "field": (rollups.FIELD, ("value",)),
    "channel": (rollups.CHANNEL, ("value",)),
    "": (rollups.AGENCY, ()),
}
_STEPS_BY = {
    "person": (rollups.PERSON, ("person_id",)),
    "person_month": (rollups.PERSON, ("person_id", "month")),
    "step": (rollups.STEP, ("tthc_id", "content_hash", "node")),
    "": (rollups.PERSON, ()),
}
MARKS: dict[str, str] = {
    "bo-sung": "supplemented",
    "lam-lai": "reworked",
    "tre-766": "late_by_indicator",
}
Key = tuple[Any, ...]


class Counts(tuple[int, ...]):
    """The sums of a roll-up by the names of its measures; one that was not asked for is 0."""

    __slots__ = ()
    places: ClassVar[Mapping[str, int]]

    def __getitem__(self, name: str) -> int:  # type: ignore[override]
        place = self.places[name]
        return tuple.__getitem__(self, place) if place < len(self) else 0


class Ended(Counts):
    """Counts of finished cases; minutes are working minutes of those with a result.

    ended = before + on_time + undated + late + stopped.
    """

    __slots__ = ()
    places = {name: place for place, name in enumerate(rollups.CASE_MEASURES)}

    @property
    def resolved(self) -> int:
        """Return how many have a result."""
        return self["ended"] - self["stopped"]

    @property
    def in_time(self) -> int:
        """Return how many of those are not late."""
        return self.resolved - self["late"]

    @property
    def mean(self) -> float | None:
        """Return the mean of the minutes used."""
        return self["used_minutes"] / self.resolved if self.resolved else None

    def percentile(self, percent: int) -> Span | None:
        """Return between which minutes a percentile lies."""
        return percentile([self[name] for name in HISTOGRAM], percent)


class Done(Counts):
    """Counts of closed steps of finished cases: steps = in_time + late + untimed."""

    __slots__ = ()
    places = {name: place for place, name in enumerate(rollups.STEP_MEASURES)}

    @property
    def timed(self) -> int:
        """Return how many have a limit."""
        return self["in_time"] + self["late"]

    @property
    def load(self) -> float | None:
        """Return the time used as a share of the limits, 1 when both are equal."""
        return self["timed_minutes"] / self["limit_minutes"] if self["limit_minutes"] else None

    def percentile(self, percent: int) -> Span | None:
        """Return between which minutes a percentile of one step's time lies."""
        return percentile([self[name] for name in HISTOGRAM], percent)


@dataclass(frozen=True, slots=True)
class EndedFilter:
    """Which finished cases; None, 0 and "" mean any. `word` is a key of `WORD_NAMES`, "xong"
    (with a result) or "kip" (with a result, not late); `mark` one of `MARKS`."""

    months: tuple[int, int]
    tthc_id: int = 0
    unit_id: int | None = None
    field: str | None = None
    channel: str = ""
    word: str = ""
    mark: str = ""
    with_internal: bool = False


@dataclass(frozen=True, slots=True)
class StepFilter:
    """Which closed steps of finished cases; `kind` is in_time, late, untimed, returns, reworks."""

    months: tuple[int, int]
    tthc_id: int = 0
    content_hash: str = ""
    node: str = ""
    person_id: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class EndedLine:
    """One finished case; the applicant is not among what figures show."""

    id: int
    code: str
    tthc_code: str
    tthc_name: str
    unit: str
    finished_at: datetime
    result_due_at: datetime | None
    word: str
    used_minutes: int
    waited_applicant: int
    waited_agency: int
    supplements: int
    reworks: int
    charged_step: str
    charged_person: str


@dataclass(frozen=True, slots=True)
class DoneLine:
    """One closed step of a finished case; minutes are working minutes of this run."""

    case_id: int
    code: str
    tthc_name: str
    number: int
    step: str
    person: str
    closed_at: datetime
    used_minutes: int
    limit_minutes: int | None
    late: bool
    round: int
    outcome: str


def ended_figures(
    *,
    agency_ids: Iterable[int],
    months: tuple[int, int],
    by: str = "",
    tthc_ids: Sequence[int] = (),
    light: bool = False,
) -> dict[Key, Ended]:
    """Return the counts of finished cases of these agencies by month, agency, agency_month,
    procedure, procedure_month, unit, field or channel; one statement.

    `months` are the first and the last (202611); `tthc_ids` narrows by procedure alone; `light`
    leaves the minutes and the percentiles out. Work that is no TTHC stands in `procedure` alone.
    """
    kind, keys = _BY[by]
    if tthc_ids:
        kind = rollups.PROCEDURE
    _, found = rollups.counts(
        kind, by=keys, agencies=agency_ids, months=months, measures=_LIGHT if light else (),
        only={"tthc_id": tthc_ids} if tthc_ids else None,
    )  # fmt: skip
    return dict(zip(found, map(Ended, found.values()), strict=True))


_LIGHT = tuple(rollups.CASE_MEASURES)[:6]  # up to "stopped"


def sum_of(rows: Iterable[Ended]) -> Ended:
    """Return the sums of counts that name the same."""
    return Ended(total_of(rows))


def sum_of_steps(rows: Iterable[Done]) -> Done:
    """Return the sums of counts of steps that name the same."""
    return Done(total_of(rows))


def done_figures(
    *,
    agency_ids: Iterable[int],
    months: tuple[int, int],
    by: str = "",
    only: Mapping[str, Any] | None = None,
) -> dict[Key, Done]:
    """Return the counts of closed steps of finished cases by person, person_month or step
    (TTHC, content hash of the version, node); one statement."""
    kind, keys = _STEPS_BY[by]
    _, found = rollups.counts(kind, by=keys, agencies=agency_ids, months=months, only=only)
    return dict(zip(found, map(Done, found.values()), strict=True))


def step_label(content_hash: str, node: str) -> tuple[int, str]:
    """Return number and name of a step in a version; the node itself where it is not known."""
    try:
        step = plan_for(content_hash).steps.get(node)
    except NotFound:
        step = None
    return (step.number, step.name) if step else (0, node)


def counting_left() -> bool:
    """Say whether the worker is still counting cases that are older than the figures."""
    return FiguresState.objects.filter(counted_to__isnull=False).exists()


def figure_span(*, agency_ids: Iterable[int]) -> tuple[int, int] | None:
    """Return the first and the last month in which cases finished, None before the first."""
    wanted = list(agency_ids)
    pending = CaseFact.objects.filter(case_id__in=FactPending.objects.values("case_id"))
    edges: list[int] = []
    for rows in (AgencyMonth.objects.filter(agency_id__in=wanted, ended__gt=0),
                 pending.filter(agency_id__in=wanted)):  # fmt: skip
        found = rows.aggregate(first=Min("month"), last=Max("month"))
        edges += [month for month in found.values() if month]
    return (min(edges), max(edges)) if edges else None


def ended_rows(agency_id: int, wanted: EndedFilter) -> QuerySet[CaseFact]:
    """Return the facts that a figure counts, unordered."""
    rows = CaseFact.objects.filter(agency_id=agency_id, month__range=wanted.months)
    if not (wanted.tthc_id or wanted.with_internal):
        rows = rows.filter(is_internal=False)
    if wanted.tthc_id:
        rows = rows.filter(tthc_id=wanted.tthc_id)
    if wanted.unit_id is not None:
        rows = rows.filter(unit_id=wanted.unit_id or None)
    if wanted.field is not None:
        rows = rows.filter(field=wanted.field)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.word in WORD_NAMES:
        rows = rows.filter(word=wanted.word)
    elif wanted.word:
        rows = rows.exclude(word="rut")
        rows = rows.exclude(word="tre") if wanted.word == "kip" else rows
    marks = {
        "bo-sung": Q(supplements__gt=0),
        "lam-lai": Q(reworks__gt=0) | Q(returns__gt=0),
        "tre-766": Q(late_by_indicator=True),
    }
    return rows.filter(marks[wanted.mark]) if wanted.mark in marks else rows


def ended_count(*, agency_id: int, wanted: EndedFilter) -> int:
    """Return how many finished cases a figure counts, row by row."""
    return ended_rows(agency_id, wanted).count()


def ended_cases(
    *, agency_id: int, wanted: EndedFilter, after: int = 0, limit: int | None = PAGE
) -> tuple[tuple[EndedLine, ...], int]:
    """Return the finished cases a figure counts by key, and the key that continues them (0: end).

    All of them when `limit` is None.
    """
    rows = ended_rows(agency_id, wanted).filter(pk__gt=after).select_related("case").order_by("pk")
    found = list(rows if limit is None else rows[: limit + 1])
    shown = found if limit is None else found[:limit]
    names = organization.person_names([row.charged_person_id for row in shown])
    units = {unit.id: unit.name for unit in organization.units_of(agency_id)}
    lines = tuple(_ended_line(row, names, units) for row in shown)
    return lines, shown[-1].pk if len(found) > len(shown) else 0


def _ended_line(row: CaseFact, names: Mapping[int, str], units: Mapping[int, str]) -> EndedLine:
    case, charged = row.case, ""
    if row.charged_node:
        number, name = step_label(case.content_hash, row.charged_node)
        charged = f"Bước {number}: {name}" if number else name
    assert case.finished_at is not None
    return EndedLine(
        case.pk, case.code, case.tthc_code, case.tthc_name, units.get(row.unit_id or 0, ""),
        case.finished_at, case.result_due_at, row.word, row.used_minutes, row.waited_applicant,
        row.waited_agency, row.supplements, row.reworks + row.returns, charged,
        names.get(row.charged_person_id or 0, ""),
    )  # fmt: skip


def done_rows(agency_id: int, wanted: StepFilter) -> QuerySet[StepRun]:
    """Return the runs that a figure counts, unordered."""
    rows = StepRun.objects.filter(
        case__fact__agency_id=agency_id,
        case__fact__month__range=wanted.months,
        outcome__in=COUNTED_OUTCOMES,
        closed_at__lte=F("case__finished_at"),
    )
    if wanted.tthc_id:
        rows = rows.filter(case__fact__tthc_id=wanted.tthc_id)
    if wanted.content_hash:
        later = CaseMove.objects.filter(case_id=OuterRef("case_id"), pk__gt=OuterRef("pk"))
        left = Subquery(later.order_by("pk").values("from_hash")[:1])
        rows = rows.annotate(followed=Coalesce(left, "case__content_hash")).filter(
            Q(case__moved=False, case__content_hash=wanted.content_hash)
            | Q(case__moved=True, followed=wanted.content_hash)
        )
    if wanted.node:
        rows = rows.filter(node=wanted.node)
    if wanted.person_id is not None:
        person = wanted.person_id
        done_by = Q(closed_by_id=person) | Q(closed_by_id=None, person_id=person)
        nobody = Q(outside=True) | Q(closed_by_id=None, person_id=None)
        rows = rows.filter(done_by, outside=False) if person else rows.filter(done_by | nobody)
    kinds = {
        "in_time": Q(limit_minutes__isnull=False) & (Q(late=False) | Q(late=None)),
        "late": Q(limit_minutes__isnull=False, late=True),
        "untimed": Q(limit_minutes=None),
        "returns": Q(outcome="returned"),
        "reworks": Q(round__gt=1),
    }
    return rows.filter(kinds[wanted.kind]) if wanted.kind in kinds else rows


def done_count(*, agency_id: int, wanted: StepFilter) -> int:
    """Return how many closed steps a figure counts, row by row."""
    return done_rows(agency_id, wanted).count()


def done_steps(
    *, agency_id: int, wanted: StepFilter, after: int = 0, limit: int | None = PAGE
) -> tuple[tuple[DoneLine, ...], int]:
    """Return the closed steps a figure counts by key, and the key that continues them (0: end)."""
    rows = done_rows(agency_id, wanted).filter(pk__gt=after).select_related("case").order_by("pk")
    found = list(rows if limit is None else rows[: limit + 1])
    shown = found if limit is None else found[:limit]
    names = organization.person_names([run.closed_by_id or run.person_id for run in shown])
    lines = []
    for run in shown:
        number, name = step_label(followed(run.case).hash_at(run.pk), run.node)
        assert run.closed_at is not None
        lines.append(
            DoneLine(
                run.case_id, run.case.code, run.case.tthc_name, number or run.number, name,
                names.get(run.closed_by_id or run.person_id or 0, ""), run.closed_at,
                run.used_minutes, run.limit_minutes, bool(run.late), run.round, run.outcome,
            )
        )  # fmt: skip
    return tuple(lines), shown[-1].pk if len(found) > len(shown) else 0
