"""Joint handling as both agencies see it: the work, its clock, the papers, the time it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case as Either
from django.db.models import Count, F, Q, QuerySet, Sum, Value, When

from nep.apps.cases.models import CasePaper, JointStep
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.queries._promises import pauses_of, pauses_of_all
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.joint import may_see_joint
from nep.apps.cases.rules.timing import as_subtracted, result_deadline, working_minutes
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import AgencyFacts
from nep.apps.organization.rules import Actor, may
from nep.apps.work import queries as work
from nep.apps.workcal import queries as workcal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound
from nep.worktime import (
    Calendar,
    OutsideCalendar,
    Pause,
    duration_words,
    hours_words,
    remaining,
    urgency,
)

_MOST = 200


@dataclass(frozen=True, slots=True)
class JointLine:
    """One joint step in a list; `state` is a chip, `other` the agency on the other side."""

    id: int
    code: str
    case_id: int
    step: str
    tthc_name: str
    other: str
    opened_at: datetime
    due_at: datetime | None
    holder: str
    state: str
    text: str
    is_open: bool
    is_recalled: bool
    used: str


@dataclass(frozen=True, slots=True)
class JointSums:
    """How the joint steps between an agency and another one went; minutes are working time."""

    other: str
    open: int
    answered: int
    late: int
    used_words: str


@dataclass(frozen=True, slots=True)
class JointLists:
    """What other agencies ask of this one, and what this one asks of others.

    `most` is how many lines a side has at most where older ones are left out, else 0.
    """

    incoming: tuple[JointLine, ...]
    outgoing: tuple[JointLine, ...]
    most: int
    incoming_sums: tuple[JointSums, ...]
    outgoing_sums: tuple[JointSums, ...]

    @property
    def waiting(self) -> int:
        """Return how many wait for this agency's answer."""
        return sum(one.open for one in self.incoming_sums)


@dataclass(frozen=True, slots=True)
class JointPaper:
    """A paper of the case that the other agency may read; `file_id` where the reader opens it."""

    id: int
    name: str
    file_id: int | None
    has_file: bool


@dataclass(frozen=True, slots=True)
class JointPage:
    """A joint step as the agency that does it sees it: the step and the papers, no more."""

    line: JointLine
    asked: str
    answer: str
    answered_at: datetime | None
    applicant: str
    home: str
    limit: str
    papers: tuple[JointPaper, ...]
    item_id: int | None
    is_mine: bool
    may_answer: bool
    may_claim: bool
    may_assign: bool
    papers_kept: bool


def joint_agency(home_id: int, name: str, *, today: date) -> AgencyFacts | None:
    """Return the other agency of the province that an outside step names, or None."""
    home = organization.agency(home_id)
    found = organization.agency_called(name=name, province_id=home.province_id)
    if found is None or found.id == home_id:
        return None
    lives = found.valid_from <= today and (found.valid_to is None or today <= found.valid_to)
    return found if lives else None


def joint_due(
    agency_id: int,
    *,
    opened_at: datetime,
    amount: Decimal | None,
    unit: str,
    pauses: Sequence[Pause],
) -> datetime | None:
    """Return when a joint step is due on the calendar of the agency that does it.

    Every waiting of the case is taken off; None without a limit or while the case waits.
    """
    if amount is None:
        return None
    try:
        return result_deadline(
            calendar=workcal.calendar_for(agency_id), accepted_at=opened_at, amount=amount,
            unit=unit, pauses=as_subtracted(pauses),
        ).due_at  # fmt: skip
    except OutsideCalendar:
        return None


def joint_date(
    row: JointStep, amount: Decimal | None, unit: str, *, now: datetime | None = None
) -> datetime | None:
    """Return when a joint step is due, waiting taken off; with `now` as if waiting ended then."""
    return _date(row, amount, unit, pauses_of(row.case_id, now=now))


def _date(
    row: JointStep, amount: Decimal | None, unit: str, pauses: Sequence[Pause]
) -> datetime | None:
    kept = [
        one for one in pauses
        if one.policy != "none" and (one.end is None or one.end > row.opened_at)
    ]  # fmt: skip
    return joint_due(row.agency_id, opened_at=row.opened_at, amount=amount, unit=unit, pauses=kept)


def joint_clock(
    row: JointStep, amount: Decimal | None, unit: str, now: datetime
) -> tuple[datetime | None, int]:
    """Return (due, working minutes used until now) of a joint step, waiting taken off."""
    whole = pauses_of(row.case_id)
    pauses = [p for p in whole if p.policy != "none"]
    calendar = workcal.calendar_for(row.agency_id)
    used = working_minutes(calendar, row.opened_at, now)
    for pause in pauses:
        start, end = max(pause.start, row.opened_at), min(pause.end or now, now)
        if start < end:
            used -= working_minutes(calendar, start, end)
    return _date(row, amount, unit, whole), max(0, used)


def joint_lists(*, actor: Actor, now: datetime) -> JointLists:
    """Return the joint steps of the actor's agency, both ways, two hundred each at most: those that
    wait, the soonest due first, then the newest."""
    rows = JointStep.objects.select_related("case", "run").order_by(
        Either(When(state="open", then=Value(0)), default=Value(1)),
        Either(When(state="open", then=F("due_at"))).asc(nulls_last=True),
        "-opened_at",
    )
    incoming = list(rows.filter(agency_id=actor.agency_id)[: _MOST + 1])
    outgoing = list(rows.filter(case__agency_id=actor.agency_id)[: _MOST + 1])
    return JointLists(
        _lines(incoming[:_MOST], now, is_mine=True),
        _lines(outgoing[:_MOST], now, is_mine=False),
        _MOST if max(len(incoming), len(outgoing)) > _MOST else 0,
        _sums(Q(agency_id=actor.agency_id), "case__agency_id"),
        _sums(Q(case__agency_id=actor.agency_id), "agency_id"),
    )


def _sums(condition: Q, other: str) -> tuple[JointSums, ...]:
    counted = (
        JointStep.objects.filter(condition)
        .values(other)
        .annotate(
            n_open=Count("id", filter=Q(state="open")),
            n_answered=Count("id", filter=Q(state="answered")),
            n_late=Count("id", filter=Q(state="answered", late=True)),
            minutes=Sum("used_minutes", filter=Q(state="answered")),
        )
        .order_by(other)
    )
    return tuple(
        JointSums(
            organization.agency(row[other]).name, row["n_open"], row["n_answered"],
            row["n_late"], hours_words(row["minutes"] or 0),
        )
        for row in counted
    )  # fmt: skip


def _lines(rows: Sequence[JointStep], now: datetime, *, is_mine: bool) -> tuple[JointLine, ...]:
    """Return joint steps as lines, whatever their number by the same few queries."""
    pauses = pauses_of_all({row.case_id for row in rows if row.state == "open"})
    names = organization.person_names([row.person_id for row in rows])
    return tuple(
        _line(row, now, pauses.get(row.case_id, ()), names, is_mine=is_mine) for row in rows
    )


def _line(
    row: JointStep,
    now: datetime,
    pauses: Sequence[Pause],
    names: Mapping[int, str],
    *,
    is_mine: bool,
) -> JointLine:
    step = followed(row.case).at(row.run_id).steps[row.run.node]
    calendar = workcal.calendar_for(row.agency_id)
    other = row.case.agency_id if is_mine else row.agency_id
    due = _date(row, step.amount, step.unit, pauses) if row.state == "open" else row.due_at
    state, text = _state(row, due, calendar, now)
    return JointLine(
        row.pk, row.case.code, row.case_id, step.name, row.case.tthc_name,
        organization.agency(other).name, row.opened_at, due,
        names.get(row.person_id or 0, ""), state, text,
        row.state == "open", row.state == "recalled",
        hours_words(row.used_minutes) if row.state == "answered" else "",
    )  # fmt: skip


def _state(
    row: JointStep, due: datetime | None, calendar: Calendar, now: datetime
) -> tuple[str, str]:
    """Return (chip, words of the time left) of a joint step due then."""
    if row.state == "recalled":
        return "tam", ""
    if row.state == "answered":
        return "tre" if row.late else "dung", ""
    if due is None:
        paused = row.limit_minutes is not None
        return ("tam" if paused else "trong"), ""
    left = remaining(calendar=calendar, now=now, due_at=due)
    state = urgency(calendar=calendar, now=now, due_at=due, amount_minutes=row.limit_minutes or 0)
    return state, duration_words(-left) if left < 0 else f"còn {duration_words(left)}"


def joint_page(*, actor: Actor, joint_id: int, now: datetime) -> JointPage:
    """Return a joint step for the agency that does it, or whose case it is. Raises NotFound."""
    row = _row(actor, joint_id)
    is_mine = row.agency_id == actor.agency_id
    items = work.open_items_of(source_type="joint", source_id=row.pk) if is_mine else ()
    item = items[0] if items else None
    does = item is not None and bool(
        acting.may_do_step(actor, person_id=item.person_id, unit_id=item.unit_id, role=item.role)
    )
    leads = item is not None and bool(acting.may_manage_case(actor, unit_id=item.unit_id))
    open_ = is_mine and row.state == "open" and row.run.closed_at is None
    return JointPage(
        line=_lines([row], now, is_mine=is_mine)[0],
        asked=row.asked, answer=row.answer, answered_at=row.closed_at,
        applicant=row.case.applicant_mask, home=organization.agency(row.case.agency_id).name,
        limit=hours_words(row.limit_minutes) if row.limit_minutes else "",
        papers=_papers(row, actor),
        item_id=item.id if item else None, is_mine=is_mine, may_answer=open_ and does,
        may_claim=open_ and does and item is not None and item.person_id is None,
        may_assign=open_ and (does or leads), papers_kept=is_mine and row.state == "recalled",
    )  # fmt: skip


def _row(actor: Actor, joint_id: int) -> JointStep:
    row = JointStep.objects.select_related("case", "run").filter(pk=joint_id).first()
    if row is None or not may_see_joint(
        actor, agency_id=row.agency_id, case_agency_id=row.case.agency_id
    ):
        raise NotFound("not_found", "Không tìm thấy việc liên thông này trong cơ quan của bạn.")
    return row


def _given(row: JointStep, actor: Actor) -> QuerySet[CasePaper]:
    """Return the papers of the case that somebody sees here.

    The agency that did the step sees what it was given until it answered, and nothing of a step
    that was taken back.
    """
    rows = CasePaper.objects.filter(case=row.case, state="du").order_by("position")
    if actor.agency_id == row.case.agency_id or row.state == "open":
        return rows
    return rows.none() if row.state == "recalled" else rows.filter(at__lte=row.closed_at)


def _papers(row: JointStep, actor: Actor) -> tuple[JointPaper, ...]:
    opens = bool(may(actor, "case.applicant"))
    return tuple(
        JointPaper(one.pk, one.name, one.file_id if opens else None, one.file_id is not None)
        for one in _given(row, actor)
    )


def joint_paper(*, actor: Actor, joint_id: int, paper_id: int) -> int:
    """Return the stored file of a paper of a joint step. Raises NotFound; Forbidden."""
    row = _row(actor, joint_id)
    require(may(actor, "case.applicant"))
    paper = _given(row, actor).filter(pk=paper_id).first()
    if paper is None or paper.file_id is None:
        raise NotFound("no_file", "Không tìm thấy tệp này trong việc liên thông.")
    return paper.file_id


def joints_of(case_id: int, *, now: datetime) -> tuple[JointLine, ...]:
    """Return the joint steps of a case, oldest first."""
    rows = JointStep.objects.select_related("case", "run").filter(case_id=case_id)
    return _lines(list(rows.order_by("id")), now, is_mine=False)
