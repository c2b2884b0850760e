"""The list of cases, its counts and the figures: one filter, so that they add up."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from nep.apps.cases.models import Case
from nep.apps.cases.queries._places import place_of
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.acting import may_see_case
from nep.apps.cases.rules.figures import month_bounds
from nep.apps.cases.rules.statuses import (
    FINISHED,
    GROUP_NAMES,
    ON_PAUSE,
    ON_TIME_NAMES,
    STATUS_NAMES,
    WAITING_FIRST,
)
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.text import fold, whole_number

PAGE = 50
MOST_URGENT = 200
MOST_EXPORTED = 20_000


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What to list. `group` is a key of `GROUP_NAMES`, "mo" (not finished), "xong" (finished) or
    "qua" (running past its date); `month` is 202611 or a year 2026; 0 and "" mean any. Work of the
    agency itself (`internal`) is listed and counted apart."""

    group: str = ""
    tthc_id: int = 0
    month: int = 0
    query: str = ""
    origin: str = ""
    person_id: int = 0
    internal: bool = False

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "CaseFilter":
        """Return the filter of a query string: nhom, tt, thang, q, nguon, nguoi, loai."""
        group = values.get("nhom", "")
        known = {*GROUP_NAMES, "mo", "xong", "qua"}
        return cls(
            group=group if group in known else "",
            tthc_id=whole_number(values.get("tt", "")),
            month=month_asked(values.get("thang", "")),
            query=values.get("q", "")[:120].strip(),
            origin=values.get("nguon", "") if values.get("nguon") in {"run", "fed"} else "",
            person_id=whole_number(values.get("nguoi", "")),
            internal=values.get("loai") == "noi-bo",
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        found = {
            "nhom": self.group,
            "tt": str(self.tthc_id or ""),
            "thang": str(self.month or ""),
            "q": self.query,
            "nguon": self.origin,
            "nguoi": str(self.person_id or ""),
            "loai": "noi-bo" if self.internal else "",
        }
        return {name: value for name, value in found.items() if value}


def month_asked(text: str) -> int:
    """Return the month (202611) or the year (2026) a text names, 0 when it names none.

    "2026-11" is read as well; a year has four digits and none before 1000 is one.
    """
    asked = whole_number(text.replace("-", ""))
    year, month = divmod(asked, 100) if asked > 9999 else (asked, 1)
    return asked if 1000 <= year <= 9999 and 1 <= month <= 12 else 0


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of the list; the applicant is masked. `state` is a chip: trong, sap, qua, tam, cho,
    truoc, dung or tre."""

    id: int
    code: str
    applicant: str
    tthc_code: str
    tthc_name: str
    status: str
    step: str
    holder: str
    received_at: datetime
    result_due_at: datetime | None
    finished_at: datetime | None
    on_time: str
    is_late: bool
    is_paused: bool
    is_finished: bool
    is_waiting: bool
    accepted_at: datetime | None
    origin: str
    is_estimated: bool
    urgent: bool


@dataclass(frozen=True, slots=True)
class CaseLines:
    """One page of the list; `after` continues it, empty at the end."""

    lines: tuple[CaseLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one set of cases by their month of receipt.

    received = waiting + running + paused + before + on_time + late + withdrawn; `overdue` are
    those of `running` whose date has passed; `undated` those finished without a promised date,
    counted in `on_time`.
    """

    received: int = 0
    waiting: int = 0
    running: int = 0
    overdue: int = 0
    paused: int = 0
    before: int = 0
    on_time: int = 0
    late: int = 0
    withdrawn: int = 0

    @property
    def finished(self) -> int:
        """Return how many have their result."""
        return self.before + self.on_time + self.late

    @property
    def on_time_percent(self) -> float | None:
        """Return the share finished in time, 0 to 100; None when none is finished."""
        done = self.finished
        return 100 * (done - self.late) / done if done else None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The figures of one month of receipt, as 202611."""

    month: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class ProcedureFigures:
    """The figures of one TTHC."""

    tthc_id: int
    tthc_code: str
    tthc_name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The figures of an agency in a year or a month: as a whole, by month, by TTHC."""

    total: Figures
    months: tuple[MonthFigures, ...]
    procedures: tuple[ProcedureFigures, ...]


def group_condition(group: str, now: datetime) -> Q:
    """Return the condition of a group; list, count and figures all use it.

    Every case stands in exactly one of the groups of `GROUP_NAMES`: a case that was stopped or
    withdrawn stands there alone, whatever word about its time it carries.
    """
    open_, done = Q(finished_at=None), Q(finished_at__isnull=False) & ~_STOPPED
    running = open_ & Q(paused_since=None) & ~Q(status=WAITING_FIRST)
    conditions = {
        "cho-nhan": open_ & Q(status=WAITING_FIRST),
        "dang": running,
        "dung-lai": open_ & Q(paused_since__isnull=False) & ~Q(status=WAITING_FIRST),
        "truoc": done & Q(on_time="truoc"),
        "dung": done & Q(on_time__in=["dung", ""]),
        "tre": done & Q(on_time="tre"),
        "rut": _STOPPED,
        "mo": open_,
        "xong": Q(finished_at__isnull=False),
        "qua": running & Q(result_due_at__lt=now),
    }
    return conditions.get(group, Q())


_STOPPED = Q(status__in=[7, 8])


def month_condition(month: int) -> Q:
    """Return the condition of a month (202611) or of a year (2026) of receipt, for counting."""
    if not month:
        return Q()
    first, last = _months_of(month)
    return Q(received_month=month) if first == last else Q(
        received_month__gte=first, received_month__lte=last
    )  # fmt: skip


def _moment_condition(month: int) -> Q:
    """Return the same condition by moments, for what is read in the order of receipt.

    The index of the newest gives the rows of a page as they come; those of a month would be
    fetched whole and sorted.
    """
    if not month:
        return Q()
    begin, end = month_bounds(_months_of(month))
    return Q(received_at__gte=begin, received_at__lt=end)


def _months_of(month: int) -> tuple[int, int]:
    return (month * 100 + 1, month * 100 + 12) if month < 10_000 else (month, month)


def filtered(
    *, actor: Actor, filter: CaseFilter, now: datetime, in_order: bool = False
) -> QuerySet[Case]:
    """Return the rows of a filter that the actor may see, unordered; `in_order` if they are to be
    read newest first."""
    if not may_see_case(actor, agency_id=actor.agency_id):
        return Case.objects.none()
    rows = Case.objects.filter(
        group_condition(filter.group, now),
        _moment_condition(filter.month) if in_order else month_condition(filter.month),
        agency_id=actor.agency_id,
        internal=filter.internal,
    )
    if filter.tthc_id:
        rows = rows.filter(tthc_id=filter.tthc_id)
    if filter.origin:
        rows = rows.filter(origin=filter.origin)
    if filter.person_id:
        rows = rows.filter(holder_person_id=filter.person_id)
    if filter.query:
        rows = rows.filter(_search(filter.query))
    return rows


def _search(text: str) -> Q:
    """Find by the start or a part of the code, or by words of the applicant's name."""
    found = Q(code__icontains=text)
    names = Q()
    for word in fold(text).split():
        names &= Q(applicant__folded__contains=word)
    return found | names if names else found


def cases_count(*, actor: Actor, filter: CaseFilter, now: datetime) -> int:
    """Return how many cases the filter finds."""
    return filtered(actor=actor, filter=filter, now=now).count()


def cases_list(
    *, actor: Actor, filter: CaseFilter, now: datetime, after: str = "", limit: int = PAGE
) -> CaseLines:
    """Return a page of the cases a filter finds, continued by keyset.

    The first page begins with those that are urgent and not finished; then the newest come first.
    """
    every = filtered(actor=actor, filter=filter, now=now, in_order=True)
    urgent = _urgent(actor.agency_id, every)
    first = [] if after else urgent
    rows = every.exclude(id__in=[row.pk for row in urgent]) if urgent else every
    if (place := place_of(after)) is not None:
        at, number = place
        rows = rows.filter(Q(received_at__lt=at) | Q(received_at=at, id__lt=number))
    found = list(rows.only(*_SHOWN).order_by("-received_at", "-id")[: limit + 1])
    names = organization.person_names([row.holder_person_id for row in (*first, *found)])
    lines = tuple(_line(row, names, now) for row in (*first, *found[:limit]))
    if len(found) <= limit:
        return CaseLines(lines, "")
    last = found[limit - 1]
    return CaseLines(lines, f"{_micros(last.received_at)}_{last.pk}")


def _urgent(agency_id: int, every: QuerySet[Case]) -> list[Case]:
    """Return the rows of a filter that are urgent and not finished; an index holds just these.

    Of more than `MOST_URGENT` the older stand among the others, by their receipt.
    """
    known = Case.objects.filter(agency_id=agency_id, urgent=True, finished_at=None)
    newest = known.order_by("-received_at", "-id").values_list("id", flat=True)[:MOST_URGENT]
    keys = list(newest)
    if not keys:
        return []
    return list(every.filter(id__in=keys).only(*_SHOWN).order_by("-received_at", "-id"))


def _micros(moment: datetime) -> int:
    gone = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


_SHOWN = (
    "code", "applicant_mask", "tthc_code", "tthc_name", "status", "step_node", "step_number",
    "content_hash", "holder_person_id", "received_at", "accepted_at", "result_due_at",
    "finished_at", "paused_since", "on_time", "origin", "is_estimated", "urgent",
)  # fmt: skip


def _line(row: Case, names: Mapping[int, str], now: datetime) -> CaseLine:
    is_finished = row.status in FINISHED
    is_late = (
        not is_finished
        and row.paused_since is None
        and row.result_due_at is not None
        and row.result_due_at < now
    )
    step = ""
    if row.step_node:
        known = plan_for(row.content_hash).steps.get(row.step_node)
        step = known.name if known else ""
    return CaseLine(
        id=row.pk,
        code=row.code,
        applicant=row.applicant_mask,
        tthc_code=row.tthc_code,
        tthc_name=row.tthc_name,
        status=STATUS_NAMES[row.status],
        step=f"Bước {row.step_number}: {step}" if step else "",
        holder=names.get(row.holder_person_id or 0, ""),
        received_at=row.received_at,
        result_due_at=row.result_due_at,
        finished_at=row.finished_at,
        on_time=row.on_time,
        is_late=is_late,
        is_paused=row.status in ON_PAUSE,
        is_finished=is_finished,
        is_waiting=row.status == WAITING_FIRST,
        accepted_at=row.accepted_at,
        origin=row.origin,
        is_estimated=row.is_estimated,
        urgent=row.urgent and not is_finished,
    )


_FIGURE_GROUPS = {
    "waiting": "cho-nhan", "running": "dang", "overdue": "qua", "paused": "dung-lai",
    "before": "truoc", "on_time": "dung", "late": "tre", "withdrawn": "rut",
}  # fmt: skip
FIGURE_GROUPS: Mapping[str, str] = {"received": "", **_FIGURE_GROUPS}


def figures(*, actor: Actor, month: int, now: datetime) -> FigureTable:
    """Return the figures of the actor's agency for a month (202611) or a year (2026) of receipt.

    One query. `FIGURE_GROUPS` names for each figure the group of the list that shows its rows.
    """
    rows = filtered(actor=actor, filter=CaseFilter(month=month), now=now)
    counts = {
        f"n_{name}": Count("id", filter=group_condition(group, now))
        for name, group in _FIGURE_GROUPS.items()
    }
    found = rows.values("received_month", "tthc_id", "tthc_code", "tthc_name").annotate(
        n_received=Count("id"), **counts
    )
    total: dict[str, int] = {}
    by_month: dict[int, dict[str, int]] = {}
    by_tthc: dict[int, dict[str, int]] = {}
    names: dict[int, tuple[str, str]] = {}
    for row in found:
        for into in (
            total,
            by_month.setdefault(row["received_month"], {}),
            by_tthc.setdefault(row["tthc_id"], {}),
        ):
            _add(into, row)
        names[row["tthc_id"]] = (row["tthc_code"], row["tthc_name"])
    procedures = [
        ProcedureFigures(key, *names[key], Figures(**counts_)) for key, counts_ in by_tthc.items()
    ]
    return FigureTable(
        Figures(**total),
        tuple(MonthFigures(key, Figures(**by_month[key])) for key in sorted(by_month)),
        tuple(sorted(procedures, key=lambda one: (-one.figures.received, one.tthc_name))),
    )


def _add(into: dict[str, int], row: Mapping[str, Any]) -> None:
    for name in FIGURE_GROUPS:
        into[name] = into.get(name, 0) + row[f"n_{name}"]


def figure_years(*, actor: Actor) -> tuple[int, ...]:
    """Return the years in which cases were received, newest first."""
    rows = Case.objects.filter(agency_id=actor.agency_id).order_by()
    edges = [
        rows.order_by(order).values_list("received_month", flat=True).first()
        for order in ("received_month", "-received_month")
    ]
    if edges[0] is None or edges[1] is None:
        return ()
    return tuple(range(edges[1] // 100, edges[0] // 100 - 1, -1))


def late_cases(*, actor: Actor, now: datetime, limit: int | None = None) -> tuple[CaseLine, ...]:
    """Return the running cases past their date, the latest first, with who holds them.

    All of them, or the first `limit`.
    """
    rows = filtered(actor=actor, filter=CaseFilter(group="qua"), now=now)
    found = list(rows.only(*_SHOWN).order_by("result_due_at", "id")[:limit])
    names = organization.person_names([row.holder_person_id for row in found])
    return tuple(_line(row, names, now) for row in found)


def case_lines(*, actor: Actor, case_ids: Collection[int], now: datetime) -> dict[int, CaseLine]:
    """Return the lines of some cases of the actor's agency that the actor may see, by id."""
    if not may_see_case(actor, agency_id=actor.agency_id):
        return {}
    asked = Case.objects.filter(agency_id=actor.agency_id, pk__in=list(case_ids))
    found = list(asked.only(*_SHOWN))
    names = organization.person_names([row.holder_person_id for row in found])
    return {row.pk: _line(row, names, now) for row in found}


def with_group(filter: CaseFilter, group: str) -> CaseFilter:
    """Return the filter with another group."""
    return replace(filter, group=group)


__all__ = [
    "FIGURE_GROUPS", "MOST_EXPORTED", "ON_TIME_NAMES", "CaseFilter", "CaseLine", "CaseLines",
    "FigureTable", "Figures", "MonthFigures", "ProcedureFigures", "case_lines", "cases_count", "cases_list",
    "figure_years", "figures", "filtered", "late_cases", "month_asked", "with_group",
]  # fmt: skip
