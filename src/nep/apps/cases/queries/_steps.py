"""The steps of a case as a list: done, paused between, present, and those to come."""

from dataclasses import dataclass, replace
from datetime import datetime

from nep.apps.cases.models import Case, CasePause, StepRun
from nep.apps.cases.queries._plans import Followed
from nep.apps.cases.rules.moving import MOVED
from nep.apps.cases.rules.plan import Plan, PlanStep
from nep.apps.cases.rules.recall import RECALLED, TAKEN_BACK
from nep.apps.cases.rules.timing import step_due, working_minutes
from nep.apps.organization.queries import Directory
from nep.apps.procedures.rules.wording import role_words
from nep.kernel.vietnamese import local
from nep.worktime import (
    PAUSE_NAMES,
    Calendar,
    OutsideCalendar,
    duration_words,
    hours_words,
    urgency,
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of people and units for one page; `reader_id` is who reads it."""

    people: dict[int, str]
    units: dict[int, str]
    unit_codes: dict[str, str]
    directory: Directory
    reader_id: int

    def person(self, person_id: int | None) -> str:
        """Return a person's name, or nothing."""
        return self.people.get(person_id or 0, "")

    def expected(self, step: PlanStep) -> str:
        """Return who is to do a step: its only holder, or its role in words."""
        if step.outside:
            return step.outside
        holders = self.directory.people(step.key)
        if len(holders) == 1:
            return holders[0].name
        return role_words(step.key, self.unit_codes)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of the progress. `kind` is done, late, now, next or pause."""

    kind: str
    number: int
    title: str
    who: str
    use: str
    period: str
    chip: str
    chip_text: str
    note: str


def step_lines(
    *,
    case: Case,
    followed: Followed,
    runs: list[StepRun],
    pauses: list[CasePause],
    names: Names,
    calendar: Calendar,
    now: datetime,
) -> tuple[StepLine, ...]:
    """Return the lines in the order in which things happened, then what is to come.

    A run stands under the name it had in the version the case then followed.
    """
    timed: list[tuple[datetime, int, StepLine]] = []
    for run in runs:
        plan = followed.at(run.pk)
        line = _run_line(run, plan, names, calendar, now)
        if group := plan.beyond.groups.get(run.node):
            line = replace(line, who=f"{line.who} · trong “{group}”")
        timed.append((run.opened_at, run.pk, line))
    for pause in pauses:
        timed.append((pause.started_at, pause.pk, _pause_line(pause, calendar, now)))
    lines = [line for *_, line in sorted(timed, key=lambda one: one[:2])]
    if case.finished_at is None and not any(run.closed_at is None and run.outcome for run in runs):
        plan = followed.at(max((run.pk for run in runs), default=0))
        lines += _coming(case, plan, runs, names, calendar, now)
    return tuple(lines)


def _run_line(
    run: StepRun, plan: Plan, names: Names, calendar: Calendar, now: datetime
) -> StepLine:
    step = plan.steps.get(run.node)
    title = step.name if step else "Bước ngoài quy trình"
    used = run.carried_minutes + run.used_minutes
    if run.running_since is not None:
        used += working_minutes(calendar, run.running_since, now)
    who = names.person(run.person_id) or (names.expected(step) if step else "")
    if step and step.outside:
        who = f"{step.outside}; {who} theo dõi" if who else step.outside
    unit = names.units.get(run.unit_id or 0, "")
    who = f"{who}, {unit}" if who and unit and unit not in who else who or unit
    planned = f" / {hours_words(run.limit_minutes)}" if run.limit_minutes else ""
    if run.closed_at is not None:
        if run.outcome in _GONE_ON:
            return StepLine(
                "done", run.number, title, who, "", _period(run.opened_at, run.closed_at), "tam",
                _GONE_ON[run.outcome], _round(run),
            )  # fmt: skip
        kind = "late" if run.late else "done"
        chip = "tre" if run.late else ("truoc" if _is_early(run) else "dung")
        word = "" if run.limit_minutes else "Đã xong"
        period = _period(run.opened_at, run.closed_at)
        return StepLine(
            kind, run.number, title, who, f"{hours_words(used)}{planned}", period,
            chip if run.limit_minutes else "ok", word, _round(run),
        )  # fmt: skip
    state = "tam" if run.running_since is None else "trong"
    if run.running_since is not None and run.due_at is not None:
        state = urgency(
            calendar=calendar, now=now, due_at=run.due_at, amount_minutes=run.limit_minutes or 0
        )
    kind = "late" if state == "qua" else "now"
    return StepLine(
        kind, run.number, title, who if run.person_id else f"Chờ người nhận: {who}",
        f"{hours_words(used)}{planned}", f"từ {_moment(run.opened_at)}", state,
        "" if run.due_at or state == "tam" else "Không đặt hạn", _round(run),
    )  # fmt: skip


_GONE_ON = {RECALLED: "Đã thu hồi", TAKEN_BACK: "Đã thu hồi", MOVED: "Chuyển bản"}


def _is_early(run: StepRun) -> bool:
    total = run.carried_minutes + run.used_minutes
    return run.limit_minutes is not None and total < run.limit_minutes


def _round(run: StepRun) -> str:
    parts = []
    if run.round > 1:
        parts.append(f"lần {run.round}")
    if run.outcome == "returned":
        parts.append("đã trả lại")
    elif run.outcome == "refused":
        parts.append("từ chối giải quyết")
    elif run.outcome == "unasked":
        parts.append("đã thôi hỏi")
    elif run.outcome in {"withdrawn", "stopped", "ended"}:
        parts.append("kết thúc cùng hồ sơ")
    elif run.outcome == TAKEN_BACK:
        parts.append("người làm đã thu hồi")
    elif run.outcome == RECALLED:
        parts.append("bước trước được thu hồi")
    elif run.outcome == MOVED:
        parts.append("đi tiếp theo lần ban hành khác")
    return ", ".join(parts)


def _pause_line(pause: CasePause, calendar: Calendar, now: datetime) -> StepLine:
    name = PAUSE_NAMES[pause.kind]
    days = working_minutes(calendar, pause.started_at, pause.ended_at or now)
    period = (
        _period(pause.started_at, pause.ended_at)
        if pause.ended_at
        else (f"từ {_moment(pause.started_at)}")
    )
    counted = (
        "vẫn tính giờ" if pause.policy == "none" and not pause.at_reception else ("không tính giờ")
    )
    return StepLine(
        "pause", 0, f"Dừng: {name}", pause.reason, duration_words(days), f"{period}, {counted}",
        "cho" if pause.kind == "supplement" else "tam", "", "",
    )  # fmt: skip


def _coming(
    case: Case,
    plan: Plan,
    runs: list[StepRun],
    names: Names,
    calendar: Calendar,
    now: datetime,
) -> list[StepLine]:
    """Return the steps after the present one, with when each would end if all go on in time.

    Another system may tell of a case that no step is open at the moment: then those after the step
    that was closed last.
    """
    open_runs = [run for run in runs if run.closed_at is None]
    closed = max(runs, key=lambda run: (run.closed_at or now, run.pk), default=None)
    last = max((run.number for run in open_runs), default=closed.number if closed else 0)
    at = max((run.due_at for run in open_runs if run.due_at), default=now)
    at = max(at, now)
    is_stopped = case.paused_since is not None or not open_runs
    lines = []
    for step in plan.order:
        if step.number <= last:
            continue
        period = ""
        if not is_stopped and step.amount is not None:
            try:
                due = step_due(
                    calendar=calendar, opened_at=at, amount=step.amount, unit=step.unit, left=None
                )
            except OutsideCalendar:
                due = None
            if due is not None:
                at = due
                period = f"dự kiến đến {_day(due)}"
        planned = hours_words(step.minutes) if step.minutes else "không tính giờ"
        is_asked = step.node in plan.beyond.opinions
        who = "Các nơi được hỏi" if is_asked else names.expected(step)
        lines.append(StepLine("next", step.number, step.name, who, planned, period, "", "", ""))
    return lines


def _moment(moment: datetime) -> str:
    there = local(moment)
    return f"{there:%d/%m %H:%M}"


def _day(moment: datetime) -> str:
    return f"{local(moment):%d/%m}"


def _period(start: datetime, end: datetime) -> str:
    first, last = local(start), local(end)
    if first.date() == last.date():
        return f"{first:%d/%m}, {first:%H:%M}–{last:%H:%M}"
    return f"{first:%d/%m %H:%M} – {last:%d/%m %H:%M}"
