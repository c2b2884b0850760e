"""The objectives of a year as a table, one of them, the year's list as approved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from nep.apps.actions import queries as actions
from nep.apps.actions.queries import ActionLine
from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor, may
from nep.apps.planning.models import (
    Objective,
    ObjectiveList,
    ObjectiveMove,
    ObjectiveValue,
)
from nep.apps.planning.queries._measures import measure_of
from nep.apps.planning.rules import measuring
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.rules.series import Series, series
from nep.kernel.errors import NotFound
from nep.kernel.references import Reference

KIND = "objective"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One period of an objective with what it came to."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    has_begun: bool
    has_ended: bool
    value: Decimal | None
    text: str
    met: bool | None
    of: int | None
    url: str
    evidence: str
    file_id: int | None
    by: str
    at: datetime | None
    cause: str
    is_explained: bool

    @property
    def told(self) -> rules.Told:
        """Return the period as rules see it."""
        return rules.Told(
            self.name, self.has_ended, self.value is not None, self.met, self.is_explained
        )

    @property
    def needs_cause(self) -> bool:
        """Say whether it ended below the target and nobody has told why."""
        return self.has_ended and self.met is False and not self.is_explained


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """An objective as a row of the usual table; `met` None is not known yet."""

    id: int
    year: int
    number: int
    title: str
    measure: str
    measure_label: str
    target: Decimal
    target_text: str
    better: str
    unit_word: str
    method: str
    frequency: str
    frequency_name: str
    whole: str
    unit_id: int | None
    unit: str
    owner_id: int
    owner: str
    state: str
    state_name: str
    value: Decimal | None
    value_text: str
    met: bool | None
    verdict: str
    chip: str
    to_confirm: bool
    is_automatic: bool
    periods: tuple[PeriodLine, ...]
    actions: tuple[ActionLine, ...]
    judge_note: str

    @property
    def url(self) -> str:
        """Return its address."""
        return f"/muc-tieu/{self.id}/"

    @property
    def results(self) -> str:
        """Return what its periods came to, in words."""
        return "; ".join(f"{one.name}: {one.text}" for one in self.periods if one.text)

    @property
    def causes(self) -> str:
        """Return why periods missed the target and what is done, in words."""
        causes = [f"{one.name}: {one.cause.rstrip('. ')}" for one in self.periods if one.cause]
        doing = [f"{one.title} ({one.owner})" for one in self.actions if one.state != CANCELLED]
        parts = ["; ".join(causes), f"Biện pháp: {'; '.join(doing)}" if doing else ""]
        return ". ".join(part for part in parts if part)

    @property
    def reference(self) -> Reference:
        """Return the link to it."""
        return Reference(KIND, self.id, self.title, self.url)


@dataclass(frozen=True, slots=True)
class ListLine:
    """One edition of a year's list."""

    id: int
    year: int
    edition: int
    state: str
    gathered_by_id: int | None
    gathered_by: str
    gathered_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    return_note: str
    rows: tuple[Mapping[str, Any], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class YearPage:
    """The objectives of a year: in force and waiting first, left out last."""

    year: int
    years: tuple[int, ...]
    lines: tuple[ObjectiveLine, ...]
    dropped: tuple[ObjectiveLine, ...]
    lists: tuple[ListLine, ...]

    def _count(self, met: bool | None) -> int:
        return sum(one.met is met and one.state in rules.IN_FORCE for one in self.lines)

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        return rules.headline(
            year=self.year, count=len(self.lines), met=self._count(True),
            missed=self._count(False),
            waiting=sum(one.state not in rules.IN_FORCE for one in self.lines),
        )  # fmt: skip

    @property
    def proposed(self) -> tuple[ObjectiveLine, ...]:
        """Return what waits to be put together."""
        return tuple(one for one in self.lines if one.state == rules.PROPOSED)

    @property
    def to_confirm(self) -> int:
        """Return how many copies of last year nobody has looked at."""
        return sum(one.to_confirm for one in self.proposed)

    @property
    def sent(self) -> ListLine | None:
        """Return the list that waits for the head, if any."""
        return next((one for one in self.lists if one.state == rules.SET_SENT), None)

    @property
    def approved(self) -> ListLine | None:
        """Return the newest approved list, if any."""
        return next((one for one in self.lists if one.state == rules.SET_APPROVED), None)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of an objective's life in words."""

    name: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ObjectivePage:
    """Everything the page of an objective shows, and what the reader may do now."""

    line: ObjectiveLine
    series: Series | None
    proposed_by: str
    proposed_at: datetime
    list: ListLine | None
    judged_by: str
    judged_at: datetime | None
    end_note: str
    lacking: str
    steps: tuple[StepLine, ...]
    may: frozenset[str]
    open_periods: tuple[PeriodLine, ...]
    unexplained: tuple[PeriodLine, ...]
    version: int


def facts_of(row: Objective) -> rules.Facts:
    """Return an objective as rules see it."""
    return rules.Facts(
        row.state, row.year, row.owner_id, row.unit_id, row.proposed_by_id, bool(row.measure),
        row.to_confirm,
    )  # fmt: skip


def objectives_page(*, agency_id: int, year: int, today: date) -> YearPage:
    """Return the objectives of a year; six queries and names, however many there are."""
    rows = list(Objective.objects.filter(agency_id=agency_id, year=year).order_by("number"))
    lines = objective_lines(rows, agency_id=agency_id, today=today)
    known = Objective.objects.filter(agency_id=agency_id).values_list("year", flat=True).distinct()
    years = sorted({*known, year, today.year, today.year + 1}, reverse=True)
    lists = ObjectiveList.objects.filter(agency_id=agency_id, year=year).order_by("-edition")
    return YearPage(
        year, tuple(years), tuple(one for one in lines if one.state != rules.DROPPED),
        tuple(one for one in lines if one.state == rules.DROPPED), _list_lines(lists),
    )  # fmt: skip


def objectives_of(*, agency_id: int, year: int, today: date) -> tuple[ObjectiveLine, ...]:
    """Return the objectives of a year that were approved, with results, causes and actions."""
    rows = Objective.objects.filter(agency_id=agency_id, year=year, state__in=rules.IN_FORCE)
    return objective_lines(list(rows.order_by("number")), agency_id=agency_id, today=today)


def objectives_list(*, actor: Actor, list_id: int) -> ListLine:
    """Return one edition of a year's list of the agency. Raises NotFound."""
    row = ObjectiveList.objects.filter(pk=list_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return _list_lines([row])[0]


def _list_lines(rows: Iterable[ObjectiveList]) -> tuple[ListLine, ...]:
    rows = list(rows)
    names = person_names([id_ for row in rows for id_ in (row.gathered_by_id, row.approved_by_id)])
    return tuple(
        ListLine(
            row.id, row.year, row.edition, row.state, row.gathered_by_id,
            names.get(row.gathered_by_id or 0, ""), row.gathered_at,
            names.get(row.approved_by_id or 0, ""), row.approved_at, row.return_note,
            tuple(row.frozen), row.sha256,
        )
        for row in rows
    )  # fmt: skip


def objective_lines(
    rows: Sequence[Objective], *, agency_id: int, today: date
) -> tuple[ObjectiveLine, ...]:
    """Return objectives as the table shows them."""
    ids = [row.id for row in rows]
    values: dict[int, dict[date, ObjectiveValue]] = {}
    for one in ObjectiveValue.objects.filter(objective_id__in=ids):
        values.setdefault(one.objective_id, {})[one.starts_on] = one
    doing = actions.of_origins(agency_id=agency_id, kind=KIND, ids=ids, today=today) if ids else {}
    units = {unit.id: unit.name for unit in units_of(agency_id)}
    names = person_names(
        [
            *(row.owner_id for row in rows),
            *(v.by_id for kept in values.values() for v in kept.values()),
        ]
    )
    return tuple(
        _line(row, values.get(row.id, {}), doing.get(row.id, ()), units, names, today)
        for row in rows
    )


def _line(
    row: Objective, values: Mapping[date, ObjectiveValue], doing: tuple[ActionLine, ...],
    units: Mapping[int, str], names: Mapping[int, str], today: date,
) -> ObjectiveLine:  # fmt: skip
    acts = any(one.state != CANCELLED for one in doing)
    is_running = row.state in rules.IN_FORCE
    periods = tuple(
        _period(window, values.get(window.starts_on), row, acts, names, today)
        for window in measuring.windows(row.year, row.frequency)
    )
    measure = measure_of(row.measure)
    verdict, chip = _verdict(row)
    return ObjectiveLine(
        id=row.id, year=row.year, number=row.number, title=row.title, measure=row.measure,
        measure_label=measure.label if measure else "", target=row.target,
        target_text=measuring.target_text(row.target, better=row.better, unit=row.unit_word),
        better=row.better, unit_word=row.unit_word, method=row.method, frequency=row.frequency,
        frequency_name=measuring.FREQUENCY_NAMES[row.frequency], whole=row.whole,
        unit_id=row.unit_id, unit=units.get(row.unit_id or 0, "Toàn cơ quan"),
        owner_id=row.owner_id, owner=names.get(row.owner_id, ""), state=row.state,
        state_name=rules.STATE_NAMES[row.state], value=row.value,
        value_text=measuring.value_text(row.value, row.unit_word), met=row.met, verdict=verdict,
        chip=chip, to_confirm=row.to_confirm, is_automatic=bool(row.measure),
        periods=periods if is_running else (), actions=doing, judge_note=row.judge_note,
    )  # fmt: skip


def _period(
    window: measuring.Window, kept: ObjectiveValue | None, row: Objective, acts: bool,
    names: Mapping[int, str], today: date,
) -> PeriodLine:  # fmt: skip
    begun, ended = window.has_begun(today), window.has_ended(today)
    if kept is None:
        return PeriodLine(0, window.name, window.starts_on, window.ends_on, begun, ended, None, "",
                          None, None, "", "", None, "", None, "", False)  # fmt: skip
    return PeriodLine(
        kept.id, window.name, window.starts_on, window.ends_on, begun, ended, kept.value,
        measuring.value_text(kept.value, row.unit_word), kept.met, kept.of, kept.url,
        kept.evidence, kept.file_id, names.get(kept.by_id or 0, ""), kept.at, kept.cause,
        bool(kept.cause) and acts,
    )  # fmt: skip


def _verdict(row: Objective) -> tuple[str, str]:
    """Return (words, chip) of how an objective stands."""
    if row.state == rules.JUDGED:
        return rules.verdict_name(row.met), {True: "ok", False: "tre", None: "tam"}[row.met]
    if row.state != rules.APPROVED:
        return rules.STATE_NAMES[row.state], "tam" if row.state == rules.DROPPED else "cho"
    if row.met is None:
        return "Chưa có kết quả", "trong"
    return ("Đang đạt", "ok") if row.met else ("Chưa đạt", "sap")


def objective_page(*, actor: Actor, objective_id: int, today: date) -> ObjectivePage:
    """Return one objective of the agency. Raises NotFound."""
    rows = Objective.objects.filter(pk=objective_id, agency_id=actor.agency_id)
    row = rows.select_related("of_list").first()
    if row is None:
        raise NotFound()
    (line,) = objective_lines([row], agency_id=row.agency_id, today=today)
    moves = list(ObjectiveMove.objects.filter(objective=row).order_by("at", "id"))
    names = person_names([row.proposed_by_id, row.judged_by_id, *(one.by_id for one in moves)])
    facts = facts_of(row)
    begun = [one for one in line.periods if one.has_begun]
    lacking = rules.missing(
        [one.told for one in begun], year=row.year, periods=len(line.periods), today=today,
        is_automatic=line.is_automatic,
    )  # fmt: skip
    lists = _list_lines([row.of_list] if row.of_list else [])
    return ObjectivePage(
        line=line, series=_series(line), proposed_by=names.get(row.proposed_by_id, ""),
        proposed_at=row.proposed_at, list=lists[0] if lists else None,
        judged_by=names.get(row.judged_by_id or 0, ""), judged_at=row.judged_at,
        end_note=row.end_note, lacking="" if lacking is None else lacking.message,
        steps=tuple(StepLine(rules.MOVE_NAMES[one.move], one.text,
                             names.get(one.by_id or 0, "Nếp"), one.at) for one in moves),
        may=_allowed(actor, facts, lacking),
        open_periods=tuple(begun) if not line.is_automatic else (),
        unexplained=tuple(one for one in begun if one.met is False), version=row.version,
    )  # fmt: skip


def _allowed(actor: Actor, facts: rules.Facts, lacking: rules.Refused | None) -> frozenset[str]:
    """Return the moves whose forms the reader is shown."""
    found = set()
    for move in (rules.CHANGE, rules.CONFIRM, rules.DROP):
        if rules.decide_change(actor, facts, move):
            found.add(move)
    if not facts.to_confirm:
        found.discard(rules.CONFIRM)
    is_near = facts.owner_id == actor.person_id or bool(may(actor, "objective.manage"))
    if facts.state == rules.APPROVED and is_near:
        found |= {rules.EXPLAIN} if facts.is_automatic else {rules.EXPLAIN, rules.RECORD}
    if rules.decide_judge(actor, facts, lacking):
        found.add(rules.JUDGE)
    return frozenset(found)


def _series(line: ObjectiveLine) -> Series | None:
    return series(
        [one.name for one in line.periods], [one.value for one in line.periods],
        [one.met for one in line.periods], target=line.target, target_said=line.target_text,
        better=line.better, unit=line.unit_word,
    )  # fmt: skip


def value_file(*, actor: Actor, value_id: int) -> int:
    """Return the stored file of a value of the agency. Raises NotFound."""
    rows = ObjectiveValue.objects.filter(pk=value_id, objective__agency_id=actor.agency_id)
    found = rows.values_list("file_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found
