"""Needs, the year's plan, its sessions, who lacks what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from nep.apps.competence.models import (
    Attendance,
    Need,
    NeedPerson,
    Qualification,
    Requirement,
    Session,
    SessionMove,
    TrainingPlan,
)
from nep.apps.competence.queries._qualifications import holding
from nep.apps.competence.rules import training as rules
from nep.apps.organization.queries import Member, members, person_names
from nep.apps.organization.rules import ROLE_NAMES, Actor
from nep.foundation.db.counting import counted
from nep.kernel.errors import NotFound
from nep.kernel.text import fold, sort_key
from nep.kernel.vietnamese import local

TRAINING_PLAN = "training_plan"


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need with whom it is about."""

    id: int
    title: str
    origin_name: str
    origin_title: str
    origin_url: str
    state: str
    state_name: str
    people: tuple[tuple[int, str], ...]
    proposed_by: str
    proposed_at: datetime
    end_note: str

    @property
    def names(self) -> str:
        """Return whom it is about, in words."""
        return ", ".join(name for _, name in self.people)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in the list."""

    id: int
    number: int
    title: str
    form_name: str
    trainer: str
    place: str
    starts_at: datetime
    hours: Decimal
    organiser_id: int
    organiser: str
    state: str
    state_name: str
    chip: str
    invited: int
    present: int
    effect_on: date | None
    effect_note: str
    effect_by: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """The year's plan: as it stands, and as it was sent."""

    id: int
    year: int
    edition: int
    state: str
    state_name: str
    sent_by: str
    sent_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    return_note: str
    rows: tuple[Mapping[str, Any], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class YearOfTraining:
    """Needs, plan and sessions of a year."""

    year: int
    plan: PlanLine | None
    needs: tuple[NeedLine, ...]
    sessions: tuple[SessionLine, ...]

    @property
    def drafts(self) -> int:
        """Return how many sessions wait for their approval."""
        return sum(one.state == rules.DRAFT for one in self.sessions)

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        counted = [one for one in self.sessions if one.state != rules.CANCELLED]
        return rules.headline(
            year=self.year, needs=len(self.needs), sessions=len(counted),
            held=sum(one.state in rules.TAUGHT for one in counted),
            to_judge=sum(one.state == rules.HELD for one in counted),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """A person at a session."""

    person_id: int
    name: str
    post: str
    state: str
    state_name: str
    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionStep:
    """One step of a session's life in words."""

    name: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Everything the page of a session shows, and what the reader may do now."""

    line: SessionLine
    key: str
    form: str
    requirement: str
    requirement_id: int | None
    trainer_person_id: int | None
    people: tuple[AttendanceLine, ...]
    steps: tuple[SessionStep, ...]
    end_note: str
    effect_at: datetime | None
    is_invited: bool
    is_present: bool
    may_attend: bool
    may: frozenset[str]
    version: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A required competence and who of those holding the role lacks it."""

    id: int
    title: str
    role: str
    role_name: str
    months: int | None
    holders: int
    lacking: tuple[tuple[int, str], ...]
    has_need: bool


@dataclass(frozen=True, slots=True)
class TrainingTally:
    """What was taught in a year: for the review."""

    year: int
    needs_open: int
    planned: int
    held: int
    cancelled: int
    people: int
    presences: int
    effective: int
    failed: int
    to_judge: int
    approved_on: date | None


def training_page(*, agency_id: int, year: int, today: date) -> YearOfTraining:
    """Return a year of training; five queries and names."""
    plan = TrainingPlan.objects.filter(agency_id=agency_id, year=year).first()
    rows = (
        Session.objects.filter(agency_id=agency_id, plan=plan) if plan else Session.objects.none()
    )
    needs = Need.objects.filter(agency_id=agency_id, state=rules.NEED_OPEN)
    return YearOfTraining(
        year, _plan_line(plan) if plan else None,
        need_lines(needs.order_by("-proposed_at", "-id")),
        session_lines(rows.order_by("starts_at", "id"), today),
    )  # fmt: skip


def plan_page(*, actor: Actor, plan_id: int) -> PlanLine:
    """Return the plan of a year of the agency as it was sent. Raises NotFound."""
    row = TrainingPlan.objects.filter(pk=plan_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return _plan_line(row)


def _plan_line(row: TrainingPlan) -> PlanLine:
    names = person_names([row.sent_by_id, row.approved_by_id])
    return PlanLine(
        row.id, row.year, row.edition, row.state, rules.PLAN_NAMES[row.state],
        names.get(row.sent_by_id or 0, ""), row.sent_at, names.get(row.approved_by_id or 0, ""),
        row.approved_at, row.return_note, tuple(row.frozen), row.sha256,
    )  # fmt: skip


def by_given_name(name: str) -> str:
    """Return what puts people in order as lists of offices do: by the last word of the name."""
    return sort_key(f"{name.rpartition(' ')[2]} {name}")


def need_lines(rows: Iterable[Need]) -> tuple[NeedLine, ...]:
    """Return needs with their people."""
    rows = list(rows)
    about: dict[int, list[int]] = {}
    pairs = NeedPerson.objects.filter(need__in=[row.id for row in rows])
    for need_id, person_id in pairs.values_list("need_id", "person_id"):
        about.setdefault(need_id, []).append(person_id)
    names = person_names(
        [*(row.proposed_by_id for row in rows), *(p for ids in about.values() for p in ids)]
    )
    return tuple(
        NeedLine(
            row.id, row.title, rules.ORIGIN_NAMES.get(row.origin_kind, "Nguồn khác"),
            row.origin_title, row.origin_url, row.state, rules.NEED_NAMES[row.state],
            tuple(sorted(((p, names.get(p, "")) for p in about.get(row.id, ())),
                         key=lambda one: by_given_name(one[1]))),
            names.get(row.proposed_by_id or 0, "Nếp"), row.proposed_at, row.end_note,
        )
        for row in rows
    )  # fmt: skip


def session_lines(rows: Iterable[Session], today: date) -> tuple[SessionLine, ...]:
    """Return sessions with how many were asked and there."""
    rows = list(rows)
    counts = {
        one["session_id"]: (one["n"], one["there"])
        for one in Attendance.objects.filter(session__in=[row.id for row in rows])
        .values("session_id")
        .annotate(n=Count("id"), there=Count("id", filter=Q(state=rules.PRESENT)))
    }
    names = person_names(
        [id_ for row in rows for id_ in (row.organiser_id, row.trainer_person_id, row.effect_by_id)]
    )
    return tuple(_session_line(row, counts.get(row.id, (0, 0)), names, today) for row in rows)


def _session_line(
    row: Session, counts: tuple[int, int], names: Mapping[int, str], today: date
) -> SessionLine:
    return SessionLine(
        row.id, row.number, row.title, rules.FORM_NAMES[row.form],
        row.trainer or names.get(row.trainer_person_id or 0, ""), row.place, row.starts_at,
        row.hours, row.organiser_id, names.get(row.organiser_id, ""), row.state,
        rules.STATE_NAMES[row.state], _chip(row, today), *counts, row.effect_on, row.effect_note,
        names.get(row.effect_by_id or 0, ""),
    )  # fmt: skip


def _chip(row: Session, today: date) -> str:
    if row.state == rules.PLANNED and local(row.starts_at).date() < today:
        return "qua"
    if row.state == rules.HELD and row.effect_on and row.effect_on <= today:
        return "sap"
    known = {rules.EFFECTIVE: "ok", rules.INEFFECTIVE: "tre", rules.CANCELLED: "tam",
             rules.DRAFT: "cho"}  # fmt: skip
    return known.get(row.state, "trong")


def facts_of(row: Session) -> rules.Facts:
    """Return a session as rules see it."""
    present = Attendance.objects.filter(session=row, state=rules.PRESENT)
    return rules.Facts(
        row.state, local(row.starts_at).date(), row.organiser_id, row.trainer_person_id,
        row.effect_on, frozenset(present.values_list("person_id", flat=True)),
    )  # fmt: skip


def session_page(*, actor: Actor, session_id: int, today: date) -> SessionPage:
    """Return one session of the agency. Raises NotFound."""
    rows = Session.objects.filter(pk=session_id, agency_id=actor.agency_id)
    row = rows.select_related("requirement", "plan").first()
    if row is None:
        raise NotFound()
    asked = list(Attendance.objects.filter(session=row).order_by("id"))
    moves = list(SessionMove.objects.filter(session=row).order_by("at", "id"))
    posts = {one.id: one.position for one in members(agency_id=row.agency_id, today=today)}
    names = person_names([*(one.person_id for one in asked), *(one.by_id for one in moves)])
    people = tuple(
        sorted(
            (AttendanceLine(one.person_id, names.get(one.person_id, ""),
                            posts.get(one.person_id, ""), one.state,
                            rules.ATTENDANCE_NAMES[one.state], rules.HOW_NAMES[one.how], one.at)
             for one in asked),
            key=lambda one: by_given_name(one.name),
        )
    )  # fmt: skip
    facts = facts_of(row)
    mine = next((one for one in people if one.person_id == actor.person_id), None)
    (line,) = session_lines([row], today)
    attends = rules.decide_attend(
        state=row.state, on=facts.on, today=today, is_invited=mine is not None
    )
    return SessionPage(
        line=line, key=row.key, form=row.form,
        requirement=row.requirement.title if row.requirement else "",
        requirement_id=row.requirement_id, trainer_person_id=row.trainer_person_id, people=people,
        steps=tuple(SessionStep(rules.MOVE_NAMES[one.move], one.text, names.get(one.by_id, ""),
                                one.at) for one in moves),
        end_note=row.end_note, effect_at=row.effect_at, is_invited=mine is not None,
        is_present=mine is not None and mine.state == rules.PRESENT, may_attend=bool(attends),
        may=_allowed(actor, facts, row.plan.state, today), version=row.version,
    )  # fmt: skip


def _allowed(actor: Actor, facts: rules.Facts, plan_state: str, today: date) -> frozenset[str]:
    """Return the moves whose forms the reader is shown."""
    found = {
        move for move in (rules.CHANGE, rules.CANCEL, rules.HOLD)
        if isinstance(rules.next_state(facts.state, move), str)
        and rules.may_organise(actor, facts)
    }  # fmt: skip
    if not rules.decide_touch(plan_state=plan_state, move=rules.CHANGE):
        found -= {rules.CHANGE, rules.CANCEL}
    if facts.on > today:
        found.discard(rules.HOLD)
    judged = rules.decide_judge(actor, facts, worked=True, note="đã xem kết quả", today=today)
    return frozenset(found | ({rules.WORKED} if judged else set()))


def session_of_key(*, actor: Actor, session_key: str) -> int:
    """Return the session of the agency that a QR code names. Raises NotFound."""
    rows = Session.objects.filter(key=session_key, agency_id=actor.agency_id)
    found = rows.values_list("id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


def gaps(*, agency_id: int, today: date) -> tuple[Gap, ...]:
    """Return every required competence with who lacks it; four queries and the people.

    A person has it by a session of it that was not found without effect, or by a certificate whose
    course has its name and which holds on the day.
    """
    wanted = list(Requirement.objects.filter(agency_id=agency_id, ended_at=None).order_by("title"))
    people = members(agency_id=agency_id, today=today)
    taught = Attendance.objects.filter(
        session__requirement__in=wanted,
        state=rules.PRESENT,
        session__state__in=["held", "effective"],
    ).values_list("session__requirement_id", "person_id", "session__held_at")
    met: dict[tuple[int, int], date] = {}
    for wanted_id, person_id, at in taught:
        if wanted_id is None or at is None:
            continue
        key, on = (wanted_id, person_id), local(at).date()
        met[key] = max(on, met.get(key, on))
    by_title = {row.title.casefold(): row.id for row in wanted}
    given = Qualification.objects.filter(holding(today), agency_id=agency_id)
    for person_id, course, on in given.values_list("person_id", "course", "given_on"):
        named = by_title.get(course.casefold())
        if named is not None:
            key = (named, person_id)
            met[key] = max(on, met.get(key, on))
    open_ = set(
        Need.objects.filter(
            agency_id=agency_id, origin_kind="position", state__in=["open", "planned"]
        ).values_list("requirement_id", flat=True)
    )
    found = []
    for row in wanted:
        holders = [one for one in people if _holds(one, row)]
        lacking = tuple(
            (one.id, one.name) for one in holders
            if rules.lacks(met_on=met.get((row.id, one.id)), months=row.months, today=today)
        )  # fmt: skip
        found.append(
            Gap(row.id, row.title, row.role, _place_name(row.role, row.post), row.months,
                len(holders), lacking, row.id in open_)
        )  # fmt: skip
    return tuple(found)


def _holds(one: Member, row: Requirement) -> bool:
    """Say whether a person holds the role or the post that a competence is required of."""
    return fold(one.position) == fold(row.post) if row.post else row.role in one.roles


def _place_name(role: str, post: str) -> str:
    return post or ROLE_NAMES.get(role, role)


def requirement_choices(agency_id: int) -> list[tuple[int, str]]:
    """Return (id, words) of the required competences."""
    rows = Requirement.objects.filter(agency_id=agency_id, ended_at=None).order_by("title", "role")
    return [
        (id_, f"{title} ({_place_name(role, post)})")
        for id_, title, role, post in rows.values_list("id", "title", "role", "post")
    ]


def attendance_rows(*, agency_id: int, year: int) -> tuple[tuple[str, datetime, str, str], ...]:
    """Return (session, when, person, presence) of every person at the sessions of a year."""
    rows = Attendance.objects.filter(session__agency_id=agency_id, session__plan__year=year)
    found = list(
        rows.order_by("session__starts_at", "session_id", "id").values_list(
            "session__title", "session__starts_at", "person_id", "state"
        )
    )
    names = person_names([row[2] for row in found])
    return tuple(
        (title, at, names.get(person_id, ""), rules.ATTENDANCE_NAMES[state])
        for title, at, person_id, state in found
    )


def year_counts(*, agency_id: int, year: int) -> tuple[QuerySet, ...]:
    """Return the plan of training of a year, counted, with the day it was approved on."""
    rows = TrainingPlan.objects.filter(agency_id=agency_id, year=year)
    return (counted(rows, TRAINING_PLAN, moment="approved_at"),)


def training_of(*, agency_id: int, year: int) -> TrainingTally:
    """Return what was taught in a year; four queries."""
    plan = TrainingPlan.objects.filter(agency_id=agency_id, year=year).first()
    sessions = Session.objects.filter(agency_id=agency_id, plan__year=year)
    counts = sessions.aggregate(
        planned=Count("id", filter=~Q(state__in=[rules.CANCELLED, rules.DRAFT])),
        held=Count("id", filter=Q(state__in=rules.TAUGHT)),
        cancelled=Count("id", filter=Q(state=rules.CANCELLED)),
        effective=Count("id", filter=Q(state=rules.EFFECTIVE)),
        failed=Count("id", filter=Q(state=rules.INEFFECTIVE)),
        to_judge=Count("id", filter=Q(state=rules.HELD)),
    )
    there = Attendance.objects.filter(
        session__agency_id=agency_id, session__plan__year=year, state=rules.PRESENT
    ).aggregate(people=Count("person_id", distinct=True), presences=Count("id"))
    needs = Need.objects.filter(agency_id=agency_id, state=rules.NEED_OPEN).count()
    approved = local(plan.approved_at).date() if plan and plan.approved_at else None
    return TrainingTally(year=year, needs_open=needs, approved_on=approved, **counts, **there)
