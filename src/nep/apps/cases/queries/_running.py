"""What stands beside the steps on a case's page: re-appointment, urgency, ties, corrections."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from nep.apps.cases.models import Case, CaseCorrection, CaseExtension, CaseLink, CasePause, StepRun
from nep.apps.cases.queries._case_rows import CaseRows, case_rows
from nep.apps.cases.queries._joint import JointLine, joint_agency, joints_of
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.queries._time_rules import time_rules
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.promises import close_due, closing_after
from nep.apps.cases.rules.recall import last_finish
from nep.apps.cases.rules.slip import LoggedEvent
from nep.apps.cases.rules.statuses import DONE, FINISHED, MOVING, RETURNED, STATUS_NAMES
from nep.apps.cases.rules.ties import LINK_NAMES
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import AwayPerson
from nep.apps.organization.rules import Actor, may
from nep.apps.work import queries as work
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local
from nep.worktime import Calendar, OutsideCalendar, duration_words, remaining, urgency


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """The re-appointment of a case."""

    number: int
    old_due_at: datetime
    new_due_at: datetime
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A tie as this case sees it: "Tiếp theo hồ sơ H99.18-…"."""

    id: int
    other_id: int
    code: str
    how: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class ResultCorrection:
    """One putting right of the result; `state` is a chip."""

    id: int
    reason: str
    opened_at: datetime
    due_at: datetime
    holder: str
    state: str
    text: str
    closed_at: datetime | None
    answer: str
    may_close: bool


@dataclass(frozen=True, slots=True)
class Running:
    """What may be done beside the steps, and what was."""

    urgent: bool
    urgent_reason: str
    extension: ExtensionLine | None
    links: tuple[LinkLine, ...]
    corrections: tuple[ResultCorrection, ...]
    recall_run_id: int | None
    recall_step: str
    recall_from: str
    closes_on: date | None
    answer_due: datetime | None
    answer_late: bool
    is_late: bool
    may_extend: bool
    extend_until: date | None
    may_urgent: bool
    may_stop: bool
    may_link: bool
    may_correct: bool
    may_ask_supplement: bool
    ask_until: date | None
    joints: tuple[JointLine, ...]
    joint_agency: str
    away: AwayPerson | None

    @property
    def has_side(self) -> bool:
        """Say whether anything stands, or may be done, beside the steps."""
        return any(
            (
                self.may_extend, self.may_urgent, self.may_stop, self.may_link, self.may_correct,
                self.links, self.corrections, self.extension, self.recall_run_id, self.joints,
            )
        )  # fmt: skip


def running(*, actor: Actor, case_id: int, now: datetime, calendar: Calendar) -> Running:
    """Return what stands beside the steps of a case of the actor's agency. Raises NotFound."""
    return running_of_rows(
        case_rows(actor=actor, case_id=case_id), actor=actor, now=now, calendar=calendar
    )


def running_of_rows(rows: CaseRows, *, actor: Actor, now: datetime, calendar: Calendar) -> Running:
    """Return what stands beside the steps of a case, from its rows."""
    case, events, runs, found = rows.case, rows.events, rows.open_runs, rows.beside
    pauses = [pause for pause in rows.pauses if pause.kind == "supplement"]
    rules = time_rules(agency_id=case.agency_id, at=case.received_at, has_own=found.has_own_rules)
    extension = _extension(case) if found.is_extended else None
    own = case.origin == "run"
    leads = own and bool(acting.may_manage_case(actor, unit_id=rows.unit_id))
    does = own and any(_does(actor, run) for run in runs)
    until = _extend_until(case, rules.extension_before_days)
    recall = _recall(case, events, actor) if own else (None, "", "")
    answer = next((e.data for e in events if "answer_due" in e.data), {})
    asked = sum(not pause.at_reception for pause in pauses)
    return Running(
        urgent=case.urgent,
        urgent_reason=_urgent_reason(case, events),
        extension=extension,
        links=_links(case) if found.is_tied else (),
        corrections=_corrections(case, actor, now, calendar),
        recall_run_id=recall[0], recall_step=recall[1], recall_from=recall[2],
        closes_on=_closes_on(case, pauses, calendar, rules.close_days),
        answer_due=_moment(answer.get("answer_due")),
        answer_late=bool(answer.get("answer_late")),
        is_late=bool(case.result_due_at and case.result_due_at < now),
        may_extend=(does or leads) and case.status in MOVING and extension is None
        and until is not None and local(now).date() <= until,
        extend_until=until if extension is None else None,
        may_urgent=leads and case.status not in FINISHED,
        may_stop=leads and case.status not in FINISHED,
        may_link=bool(may(actor, "case.step")),
        may_correct=own and case.status in {DONE, RETURNED} and _may_correct(actor),
        may_ask_supplement=asked < rules.supplement_times,
        ask_until=_ask_until(case, calendar, rules.supplement_ask_days),
        joints=joints_of(case.pk, now=now) if found.is_joint else (),
        joint_agency=_joint_agency(case, runs, now),
        away=organization.away_today(agency_id=case.agency_id, today=local(now).date()).get(
            case.holder_person_id or 0
        ),
    )  # fmt: skip


def _joint_agency(case: Case, runs: list[StepRun], now: datetime) -> str:
    """Return the agency of this installation that the open outside step names, if it is one."""
    steps = plan_for(case.content_hash).steps
    for run in runs:
        if run.outside and run.handed_at is None and run.node in steps:
            found = joint_agency(case.agency_id, steps[run.node].outside, today=local(now).date())
            return found.name if found else ""
    return ""


def _does(actor: Actor, run: StepRun) -> bool:
    return bool(
        acting.may_do_step(actor, person_id=run.person_id, unit_id=run.unit_id, role=run.role)
    )


def _may_correct(actor: Actor) -> bool:
    return bool(may(actor, "case.manage")) or bool(may(actor, "case.accept"))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _extend_until(case: Case, before_days: int) -> date | None:
    if case.result_due_at is None:
        return None
    return local(case.result_due_at).date() - timedelta(days=before_days)


def _ask_until(case: Case, calendar: Calendar, days: int) -> date | None:
    """Return until when a supplement may be asked for; none for a case older than the calendar."""
    if case.accepted_at is None:
        return None
    try:
        return local(closing_after(calendar, case.accepted_at, days)).date()
    except OutsideCalendar:
        return None


def _recall(
    case: Case, events: tuple[LoggedEvent, ...], actor: Actor
) -> tuple[int | None, str, str]:
    """Return (run, step, who holds the next one) of the step the actor may take back."""
    last = last_finish(events, actor_id=actor.person_id) if case.status in MOVING else None
    if last is None:
        return None, "", ""
    step = plan_for(case.content_hash).steps.get(last.node)
    holders = [one.get("person") for one in last.data.get("opened", ())]
    names = organization.person_names(holders)
    to = ", ".join(names[pk] for pk in holders if pk in names)
    return last.data["closed"]["run"], f"bước {step.number} “{step.name}”" if step else "", to


def _urgent_reason(case: Case, events: tuple[LoggedEvent, ...]) -> str:
    if not case.urgent:
        return ""
    return next((e.data.get("reason", "") for e in reversed(events) if e.kind == "urgent"), "")


def _extension(case: Case) -> ExtensionLine | None:
    row = CaseExtension.objects.filter(pk=case.pk).first()
    if row is None:
        return None
    by = organization.person_names([row.by_id]).get(row.by_id or 0, "")
    return ExtensionLine(row.number, row.old_due_at, row.new_due_at, row.reason, row.at, by)


def _links(case: Case) -> tuple[LinkLine, ...]:
    rows = CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related("case", "other")
    lines = []
    for row in rows.order_by("id"):
        is_mine = row.case_id == case.pk
        other = row.other if is_mine else row.case
        how = LINK_NAMES[row.kind][0 if is_mine else 1]
        lines.append(
            LinkLine(row.pk, other.pk, other.code, how, STATUS_NAMES[other.status], row.note)
        )
    return tuple(lines)


def _corrections(
    case: Case, actor: Actor, now: datetime, calendar: Calendar
) -> tuple[ResultCorrection, ...]:
    if case.status not in {DONE, RETURNED}:
        return ()
    rows = list(CaseCorrection.objects.filter(case=case).order_by("id"))
    lines = []
    for row in rows:
        if row.closed_at is not None:
            by = organization.person_names([row.closed_by_id]).get(row.closed_by_id or 0, "")
            state = "tre" if row.late else "dung"
            lines.append(_correction_line(row, by, state, "", may_close=False))
            continue
        item = next(iter(work.open_items_of(source_type="case_correction", source_id=row.pk)), None)
        holder = item.person_id if item else None
        name = organization.person_names([holder]).get(holder or 0, "")
        left = remaining(calendar=calendar, now=now, due_at=row.due_at)
        amount = calendar.measure(row.opened_at, row.due_at)
        state = urgency(calendar=calendar, now=now, due_at=row.due_at, amount_minutes=amount)
        text = duration_words(abs(left)) if left < 0 else f"còn {duration_words(left)}"
        does = item is not None and bool(
            acting.may_do_step(
                actor, person_id=item.person_id, unit_id=item.unit_id, role=item.role
            )
        )
        lines.append(_correction_line(row, name, state, text, may_close=does))
    return tuple(lines)


def _correction_line(
    row: CaseCorrection, who: str, state: str, text: str, *, may_close: bool
) -> ResultCorrection:
    return ResultCorrection(
        row.pk, row.reason, row.opened_at, row.due_at, who, state, text, row.closed_at,
        row.answer, may_close,
    )  # fmt: skip


def _closes_on(case: Case, pauses: list[CasePause], calendar: Calendar, days: int) -> date | None:
    """Return the last day on which the applicant may complete a case that waits for it."""
    waiting = next((pause for pause in pauses if pause.ended_at is None), None)
    if waiting is None or case.origin != "run":
        return None
    try:
        due = close_due(calendar=calendar, asked_at=waiting.started_at, days=days)
    except OutsideCalendar:
        return None
    return local(due).date() if due else None


def case_tie(*, actor: Actor, case_id: int, link_id: int) -> int:
    """Return the id of a tie of a case the actor may see. Raises NotFound."""
    found = CaseLink.objects.filter(
        Q(case_id=case_id) | Q(other_id=case_id), pk=link_id, case__agency_id=actor.agency_id
    ).values_list("pk", flat=True)
    return _known(actor, found.first(), "Không tìm thấy liên kết này ở hồ sơ.")


def case_correction(*, actor: Actor, correction_id: int) -> int:
    """Return the case of a correction the actor may see. Raises NotFound."""
    found = CaseCorrection.objects.filter(
        pk=correction_id, case__agency_id=actor.agency_id
    ).values_list("case_id", flat=True)
    return _known(actor, found.first(), "Không tìm thấy lần đính chính này.")


def _known(actor: Actor, pk: int | None, message: str) -> int:
    if pk is None or not may(actor, "case.see"):
        raise NotFound("not_found", message)
    return pk
