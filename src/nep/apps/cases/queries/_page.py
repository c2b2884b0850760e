"""One case as its page shows it: who holds it, how long is left, what comes next."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nep.apps.cases.models import Case, CasePaper, CasePause, StepRun
from nep.apps.cases.queries._case_rows import Beside, CaseRows, case_rows
from nep.apps.cases.queries._forms import ApplicantFacts, limit_words, masked
from nep.apps.cases.queries._history import HistoryLine, history_lines
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.queries._steps import Names, StepLine, step_lines
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.plan import Plan, fold_states
from nep.apps.cases.rules.statuses import (
    CHANNEL_NAMES,
    DONE,
    FINISHED,
    ON_PAUSE,
    OUTCOME_NAMES,
    STATUS_NAMES,
    WAITING_FIRST,
)
from nep.apps.cases.rules.timing import working_minutes
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.db import Mark, Prepared
from nep.foundation.files.models import StoredFile
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import date_text, local, weekday_name
from nep.worktime import (
    PAUSE_NAMES,
    Calendar,
    OutsideCalendar,
    due_words,
    duration_words,
    hours_words,
    remaining,
    urgency,
)

SOURCES = {"applicant": "Người nộp", "supplement": "Người nộp bổ sung", "officer": "Cơ quan"}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One of the two clocks: a heading, a big line and a chip with its words."""

    label: str
    big: str
    state: str
    word: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper; `file_id` opens it where a file was given."""

    id: int
    name: str
    quantity: str
    state: str
    source: str
    at: datetime
    file_id: int | None
    file_name: str


@dataclass(frozen=True, slots=True)
class PauseLine:
    """The pause that is open now."""

    kind: str
    name: str
    reason: str
    number: int
    since: datetime
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class May:
    """What the person may do now; the page shows nothing else."""

    step: bool
    claim: bool
    manage: bool
    pause: bool
    resume: bool
    refuse: bool
    withdraw: bool
    give_result: bool
    accept_supplement: bool
    add_paper: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything on a case's page, in plain values."""

    id: int
    code: str
    version: int
    tthc_code: str
    tthc_name: str
    procedure_text: str
    revision_id: int
    origin: str
    channel: str
    applicant: ApplicantFacts
    received_at: datetime
    accepted_at: datetime | None
    status: int
    status_text: str
    outcome: str
    is_finished: bool
    is_waiting: bool
    pause: PauseLine | None
    step_clock: ClockLine | None
    result_clock: ClockLine | None
    holder: str
    holder_unit: str
    holds: bool
    held_since: datetime | None
    following: str
    steps: tuple[StepLine, ...]
    folds: tuple[tuple[int, int, str], ...]
    folds_label: str
    planned: str
    limit: str
    run_id: int | None
    run_node: str
    item_id: int | None
    handed_at: datetime | None
    is_outside: bool
    papers: tuple[PaperLine, ...]
    missing_papers: tuple[PaperLine, ...]
    supplements: tuple[int, ...]
    history: tuple[HistoryLine, ...]
    may: May
    returned_at: datetime | None
    result_due_at: datetime | None
    is_internal: bool
    is_at_once: bool
    asked_by: str
    beside: Beside


def case_page(*, actor: Actor, case_id: int, now: datetime, calendar: Calendar) -> CasePage:
    """Return a case of the actor's agency, ready to be drawn, in a fixed number of queries.

    Raises NotFound.
    """
    rows = case_rows(actor=actor, case_id=case_id)
    return page_of_rows(rows, actor=actor, now=now, calendar=calendar)


def page_of_rows(rows: CaseRows, *, actor: Actor, now: datetime, calendar: Calendar) -> CasePage:
    """Return a case, ready to be drawn, from its rows."""
    case, runs, pauses, events = rows.case, rows.runs, rows.pauses, rows.events
    plan = plan_for(case.content_hash)
    directory = organization.directory(agency_id=case.agency_id, today=local(now).date())
    people = {run.person_id for run in runs} | {event.actor_id for event in events}
    people |= {event.data.get("person") for event in events}
    people |= {event.data.get("as", {}).get("person") for event in events}
    names = Names(
        organization.person_names(people),
        {unit.id: unit.name for unit in directory.units.values()},
        {unit.code: unit.name for unit in directory.units.values()},
        directory,
        actor.person_id,
    )
    run = _current(runs, actor)
    papers = _papers(case)
    open_pause = next((pause for pause in pauses if pause.ended_at is None), None)
    folds = tuple(fold_states(plan, case.progress, run.node if run and run.running_since else ""))
    return CasePage(
        **_facts(case),
        **_held(run, names, actor),
        applicant=masked(ApplicantFacts(*rows.applicant)),
        pause=_pause(open_pause),
        step_clock=_step_clock(run, plan, calendar, now, case),
        result_clock=_result_clock(case, calendar, now),
        following=_following(run, plan, names),
        steps=step_lines(
            case=case,
            followed=rows.followed,
            runs=runs,
            pauses=pauses,
            names=names,
            calendar=calendar,
            now=now,
        ),
        folds=_current_fold(folds, run, calendar, now),
        folds_label=_folds_label(plan, run, case),
        planned=hours_words(plan.total_minutes) if plan.total_minutes else "",
        papers=papers,
        missing_papers=tuple(paper for paper in papers if paper.state == "thieu"),
        supplements=tuple(pause.number for pause in pauses if pause.number),
        history=history_lines(events, rows.followed, names, case),
        may=_may(case, run, actor, rows.unit_id),
        beside=rows.beside,
    )


def _facts(case: Case) -> dict[str, Any]:
    """Return what the case's own row says."""
    return {
        "id": case.pk,
        "code": case.code,
        "version": case.version,
        "tthc_code": case.tthc_code,
        "tthc_name": case.tthc_name,
        "procedure_text": case.procedure_text,
        "revision_id": case.revision_id,
        "origin": case.origin,
        "channel": CHANNEL_NAMES.get(case.channel, ""),
        "received_at": case.received_at,
        "accepted_at": case.accepted_at,
        "status": case.status,
        "status_text": STATUS_NAMES[case.status],
        "outcome": OUTCOME_NAMES.get(case.outcome, ""),
        "is_finished": case.status in FINISHED,
        "is_waiting": case.status == WAITING_FIRST,
        "limit": limit_words(case),
        "returned_at": case.returned_at,
        "result_due_at": case.result_due_at,
        "is_internal": case.internal,
        "is_at_once": case.at_once,
        "asked_by": case.applicant_mask if case.internal else "",
    }


def _held(run: StepRun | None, names: Names, actor: Actor) -> dict[str, Any]:
    """Return who holds the open step the page is about, and since when."""
    return {
        "holder": names.person(run.person_id) if run else "",
        "holder_unit": names.units.get(run.unit_id or 0, "") if run else "",
        "holds": bool(run and run.person_id == actor.person_id),
        "held_since": run.opened_at if run else None,
        "run_id": run.pk if run else None,
        "run_node": run.node if run else "",
        "item_id": run.item_id if run else None,
        "handed_at": run.handed_at if run else None,
        "is_outside": bool(run and run.outside),
    }


def _current(runs: list[StepRun], actor: Actor) -> StepRun | None:
    """Return the open step the page is about: the actor's own, one of the actor's role, the first."""
    open_runs = [run for run in runs if run.closed_at is None]
    own = [run for run in open_runs if run.person_id == actor.person_id]
    fitting = [
        run
        for run in open_runs
        if acting.may_do_step(actor, person_id=run.person_id, unit_id=run.unit_id, role=run.role)
    ]
    return next(iter([*own, *fitting, *open_runs]), None)


_PAPERS = Prepared(lambda: CasePaper.objects.filter(case_id=Mark("case")).order_by("position"))


def _papers(case: Case) -> tuple[PaperLine, ...]:
    rows = _PAPERS.objects(case=case.pk)
    wanted = [row.file_id for row in rows if row.file_id]
    files: dict[int, str] = {}
    if wanted:
        files = dict(StoredFile.objects.filter(pk__in=wanted).values_list("id", "name"))
    return tuple(
        PaperLine(
            row.pk,
            row.name,
            _quantity(row),
            row.state,
            SOURCES[row.source],
            row.at,
            row.file_id,
            files.get(row.file_id or 0, ""),
        )
        for row in rows
    )


def _quantity(row: CasePaper) -> str:
    parts = []
    if row.originals:
        parts.append(f"{row.originals:02d} bản chính")
    if row.copies:
        parts.append(f"{row.copies:02d} bản sao")
    return ", ".join(parts)


def _pause(row: CasePause | None) -> PauseLine | None:
    if row is None:
        return None
    papers = tuple(paper["name"] for paper in json.loads(row.papers))
    return PauseLine(
        row.kind, PAUSE_NAMES[row.kind], row.reason, row.number, row.started_at, papers
    )


def _step_clock(
    run: StepRun | None, plan: Plan, calendar: Calendar, now: datetime, case: Case
) -> ClockLine | None:
    """Return the clock of the open step."""
    if run is None:
        return None
    label = f"Hạn của bước {run.number}"
    if run.running_since is None:
        return ClockLine(label, "Đang tạm dừng", "tam", "", "đồng hồ không chạy")
    if run.due_at is None:
        return ClockLine(label, "Không tính thời gian", "trong", "Không đặt hạn", "")
    left = remaining(calendar=calendar, now=now, due_at=run.due_at)
    state = urgency(
        calendar=calendar, now=now, due_at=run.due_at, amount_minutes=run.limit_minutes or 0
    )
    text = due_words(run.due_at, today=local(now).date())
    words = duration_words(abs(left), full=abs(left) < 960)
    if state == "qua":
        return ClockLine(label, f"Quá {words}", state, "", f"hạn {text}", "t-late")
    tone = "t-due" if state == "sap" else ""
    return ClockLine(label, f"Còn {words}", state, "", text, tone)


def _result_clock(case: Case, calendar: Calendar, now: datetime) -> ClockLine | None:
    """Return the clock of the promise to the applicant."""
    if case.result_due_at is None:
        return None
    day = local(case.result_due_at).date()
    big = f"{weekday_name(day)[0].upper()}{weekday_name(day)[1:]}, {date_text(day)}"
    label = "Hạn trả kết quả cho người nộp"
    if case.is_estimated:
        label += " (dự kiến)"
    if case.status in FINISHED:
        return ClockLine(label, big, case.on_time or "ok", "" if case.on_time else "Đã xong", "")
    if case.status in ON_PAUSE:
        state = "cho" if case.status == 5 else "tam"
        return ClockLine(label, big, state, "", "tính lại khi chạy tiếp")
    amount = working_minutes(calendar, case.accepted_at or now, case.result_due_at)
    facts = {"calendar": calendar, "now": now, "due_at": case.result_due_at}
    try:
        left, state = remaining(**facts), urgency(**facts, amount_minutes=amount)  # type: ignore[arg-type]
    except OutsideCalendar:
        return ClockLine(label, big, "qua" if case.result_due_at < now else "", "", "", "")
    words = duration_words(abs(left))
    if state == "qua":
        return ClockLine(label, big, state, "", words, "t-late")
    return ClockLine(label, big, state, "", f"còn {words}", "t-due" if state == "sap" else "")


def _following(run: StepRun | None, plan: Plan, names: Names) -> str:
    if run is None:
        return ""
    step = plan.steps[run.node]
    targets = [plan.steps[node] for node in step.following]
    forward = [target for target in targets if target.number > step.number]
    if not forward:
        return "Bước cuối"
    target = forward[0]
    who = "các nơi được hỏi" if target.node in plan.beyond.opinions else names.expected(target)
    return f"Tiếp theo: {who}, bước {target.number}"


def _current_fold(
    folds: tuple[tuple[int, int, str], ...], run: StepRun | None, calendar: Calendar, now: datetime
) -> tuple[tuple[int, int, str], ...]:
    """Fill the open step's fold with what is used by now."""
    if run is None or not 0 < run.number <= len(folds):
        return folds
    used = run.carried_minutes + run.used_minutes
    if run.running_since is not None:
        used += working_minutes(calendar, run.running_since, now)
    minutes = folds[run.number - 1][0]
    percent = min(100, round(100 * used / run.limit_minutes)) if run.limit_minutes else 50
    is_late = run.due_at is not None and run.running_since is not None and now > run.due_at
    state = "late" if is_late else "now" if run.running_since else "pause"
    fold = (minutes, 100 if is_late else percent, state)
    return (*folds[: run.number - 1], fold, *folds[run.number :])


def _folds_label(plan: Plan, run: StepRun | None, case: Case) -> str:
    count = len(plan.order)
    done = sum(sign != "-" for sign in case.progress)
    late = case.progress.count("L")
    text = f"Dải {count} bước: đã xong {done} bước"
    if late:
        text += f", {late} bước trễ"
    return f"{text}, đang ở bước {run.number}" if run else text


def _may(case: Case, run: StepRun | None, actor: Actor, unit_id: int | None) -> May:
    is_open = run is not None and case.origin == "run"
    does = bool(
        is_open
        and run is not None
        and acting.may_do_step(actor, person_id=run.person_id, unit_id=run.unit_id, role=run.role)
    )
    moving = bool(acting.decide_moving(case.status))
    leads = bool(acting.may_manage_case(actor, unit_id=run.unit_id if run else unit_id))
    waits = run is None and leads and case.origin == "run"
    accepts = bool(may(actor, "case.accept")) and case.origin == "run"
    paused = case.status in ON_PAUSE
    returning = case.status == DONE and is_open
    return May(
        step=does and (moving or returning),
        claim=does and run is not None and run.person_id is None and moving,
        manage=is_open and moving and (leads or bool(run and run.person_id == actor.person_id)),
        pause=(does or waits) and moving,
        resume=paused and case.origin == "run" and (accepts or does or leads),
        refuse=(does or waits) and moving,
        withdraw=accepts and case.status not in FINISHED,
        give_result=accepts and case.status == DONE and run is None,
        accept_supplement=accepts and case.status == WAITING_FIRST,
        add_paper=bool(may(actor, "case.step")) and case.status not in FINISHED,
    )


def paper_file(*, actor: Actor, case_id: int, paper_id: int) -> int:
    """Return the stored file of a paper the actor may see. Raises NotFound."""
    row = CasePaper.objects.filter(
        pk=paper_id, case_id=case_id, case__agency_id=actor.agency_id
    ).first()
    if row is None or row.file_id is None or not may(actor, "case.see"):
        raise NotFound("no_file", "Không tìm thấy tệp này trong hồ sơ.")
    return row.file_id


__all__ = ["CasePage", "case_page", "paper_file"]
