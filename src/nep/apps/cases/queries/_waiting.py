"""What a case waits for, whom it asks and what it calls, in words, for its page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.cases.models import Case, CaseCall, CaseOpinion, CaseWait, StepRun
from nep.apps.cases.queries._case_rows import CaseRows
from nep.apps.cases.queries._plans import Followed, followed
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.plan import Plan
from nep.apps.cases.rules.recall import RECALLED, TAKEN_BACK
from nep.apps.cases.rules.replay import opened_by
from nep.apps.cases.rules.statuses import FINISHED, MOVING, STATUS_NAMES
from nep.apps.cases.rules.waiting import wait_words
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.bpmn import Node
from nep.kernel.errors import NotFound
from nep.worktime import Calendar, remaining, urgency

_UNIT_ROLES = ("unit_head", "leader", "specialist", "reception")
_PEOPLE = frozenset({"unit_head", "leader", "specialist"})
_GONE = frozenset({RECALLED, TAKEN_BACK, "moved"})


@dataclass(frozen=True, slots=True)
class WaitLine:
    """One thing waited for: its name in the procedure, when or what for, and what hinders it."""

    id: int
    title: str
    beside: str
    words: str
    since: datetime
    trouble: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class CallLine:
    """One sub-procedure: its name, its case, how that stands; `errors` are those it may report."""

    id: int
    title: str
    child_id: int | None
    code: str
    status: str
    since: datetime
    closed_at: datetime | None
    how: str
    reason: str
    trouble: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """One who is asked; `run_id` is None while it is not yet their turn."""

    run_id: int | None
    step: str
    who: str
    unit: str
    question: str
    due_at: datetime | None
    state: str
    word: str
    answered_at: datetime | None
    answer: str
    file_id: int | None
    file_name: str
    reason: str
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything a case waits for besides its own steps, and the errors its holder may report."""

    headline: str
    waits: tuple[WaitLine, ...]
    calls: tuple[CallLine, ...]
    opinions: tuple[OpinionLine, ...]
    errors: tuple[tuple[str, str], ...]

    @property
    def answered(self) -> int:
        """Return how many have answered."""
        return sum(one.answered_at is not None for one in self.opinions)

    @property
    def question(self) -> str:
        """Return what all are asked alike, or nothing."""
        asked = {one.question for one in self.opinions}
        return asked.pop() if len(asked) == 1 else ""


def opinion_receivers(agency_id: int, today: date) -> list[tuple[str, str]]:
    """Return ("person:unit:role", words) of every unit and every person who may be asked.

    A unit is asked through who leads it; "person" is then empty.
    """
    directory = organization.directory(agency_id=agency_id, today=today)
    units: dict[str, list[str]] = {}
    people: list[tuple[str, str]] = []
    for (code, role), holders in directory.holders.items():
        unit = directory.units.get(code)
        if holders and unit is not None:
            units.setdefault(code, []).append(role)
        for one in holders if role in _PEOPLE else ():
            where = unit.name if unit else one.position or "lãnh đạo"
            people.append((f"{one.id}:{unit.id if unit else ''}:{role}", f"{one.name}, {where}"))
    found = []
    for code, roles in units.items():
        led_by = next((one for one in _UNIT_ROLES if one in roles), None)
        asked = directory.units[code]
        if led_by is not None:
            found.append((f":{asked.id}:{led_by}", asked.name))
    return [*sorted(found, key=lambda one: one[1]), *sorted(people, key=lambda one: one[1])]


def waiting_of_rows(
    rows: CaseRows, *, actor: Actor, run_id: int | None, now: datetime, calendar: Calendar
) -> Waiting | None:
    """Return what a case waits for, from its rows; None, without a query, for a plain procedure."""
    case = rows.case
    plan = plan_for(case.content_hash)
    if case.origin != "run" or not any(one.beyond for one in rows.followed.plans):
        return None
    runs = {run.pk: run for run in rows.runs}
    manages = (
        bool(acting.may_manage_case(actor, unit_id=rows.unit_id)) and case.status not in FINISHED
    )
    waits = _waits(case, plan, manages)
    calls = _calls(case, rows.followed, manages)
    opinions = _opinions(rows, plan, runs, actor, manages, now, calendar)
    run = runs.get(run_id or 0)
    return Waiting(
        headline=_headline(case, rows.open_runs, waits, calls),
        waits=waits,
        calls=calls,
        opinions=opinions,
        errors=tuple(
            (code, name)
            for _event, code, name in plan.beyond.errors.get(run.node if run else "", ())
        ) if case.status in MOVING else (),
    )  # fmt: skip


def _headline(
    case: Case, open_runs: Sequence[StepRun], waits: Sequence[WaitLine], calls: Sequence[CallLine]
) -> str:
    """Return what the case waits for while no step of it is open."""
    if open_runs or case.status in FINISHED:
        return ""
    open_calls = [one for one in calls if one.closed_at is None]
    if waits:
        return waits[0].words
    return f"Chờ thủ tục con “{open_calls[0].title}”" if open_calls else ""


def _waits(case: Case, plan: Plan, manages: bool) -> tuple[WaitLine, ...]:
    found = []
    nodes = {node.id: node for node in plan.compiled.process.nodes}
    for row in CaseWait.objects.filter(case=case, closed_at=None).order_by("due_at", "id"):
        node = plan.beyond.waits.get(row.node)
        if node is None or node.trigger is None:
            continue
        found.append(
            WaitLine(
                row.pk, node.name, _beside(node, nodes), wait_words(node.trigger, row.due_at),
                row.opened_at, row.trouble, manages,
            )
        )  # fmt: skip
    return tuple(found)


def _beside(node: Node, nodes: dict[str, Node]) -> str:
    host = nodes.get(node.attached_to)
    return (host.name or host.id) if host is not None else ""


_CALL_ENDS = {
    "returned": "đã trả kết quả", "failed": "kết thúc không có kết quả",
    "by_hand": "được cho đi tiếp", "dropped": "thôi chờ",
}  # fmt: skip


def _calls(case: Case, versions: Followed, manages: bool) -> tuple[CallLine, ...]:
    rows = CaseCall.objects.filter(case=case).select_related("child").order_by("id")
    found = []
    for row in rows:
        node = versions.then(row.closed_at).beyond.calls.get(row.node)
        child = row.child
        found.append(
            CallLine(
                row.pk, node.name if node else row.node, row.child_id, child.code if child else "",
                STATUS_NAMES[child.status] if child else "Đang mở hồ sơ con", row.opened_at,
                row.closed_at, _CALL_ENDS.get(row.outcome, ""), row.reason, row.trouble,
                manages and row.closed_at is None,
            )
        )  # fmt: skip
    return tuple(found)


def _opinions(
    rows: CaseRows,
    plan: Plan,
    runs: dict[int, StepRun],
    actor: Actor,
    manages: bool,
    now: datetime,
    calendar: Calendar,
) -> tuple[OpinionLine, ...]:
    if not any(one.beyond.opinions for one in rows.followed.plans):
        return ()
    case = rows.case
    kept = CaseOpinion.objects.filter(case=case).select_related("file").order_by("id")
    asked = [(row, runs[row.run_id]) for row in kept if row.run_id in runs]
    asked = [(row, run) for row, run in asked if run.outcome not in _GONE]
    people = organization.person_names([run.person_id for _row, run in asked])
    units = {unit.id: unit.name for unit in organization.units_of(case.agency_id)}
    found = []
    for row, run in asked:
        state, word = _state(run, now, calendar)
        is_open = run.closed_at is None
        asks = manages or opened_by(rows.events, run.pk) == actor.person_id
        may = is_open and case.status in MOVING and asks
        step = rows.followed.at(run.pk).steps[run.node]
        found.append(
            OpinionLine(
                run.pk, step.name, people.get(run.person_id or 0, ""),
                units.get(run.unit_id or 0, ""), row.question, run.due_at, state, word,
                run.closed_at if run.outcome == "done" else None, row.answer, row.file_id,
                row.file.name if row.file else "", row.reason, may,
            )
        )  # fmt: skip
    return (*found, *_in_turn(case, plan, asked, units))


def _state(run: StepRun, now: datetime, calendar: Calendar) -> tuple[str, str]:
    if run.closed_at is None:
        if run.running_since is None:
            return "tam", ""
        if run.due_at is None:
            return "trong", "Đang hỏi"
        late = remaining(calendar=calendar, now=now, due_at=run.due_at) < 0
        if late:
            return "qua", ""
        minutes = calendar.measure(run.opened_at, run.due_at)
        state = urgency(calendar=calendar, now=now, due_at=run.due_at, amount_minutes=minutes)
        return state, ""
    if run.outcome == "unasked":
        return "tam", "Thôi hỏi"
    if run.outcome != "done":
        return "tam", "Không còn chờ"
    return ("tre", "Trả lời trễ") if run.late else ("ok", "Đã trả lời")


def _in_turn(
    case: Case,
    plan: Plan,
    asked: Sequence[tuple[CaseOpinion, StepRun]],
    units: dict[int, str],
) -> list[OpinionLine]:
    """Return those whose turn is still to come, while the step that asks in turn is open."""
    data = json.loads(case.data)
    found = []
    for node, instances in plan.beyond.opinions.items():
        listed = data.get(instances.over) if instances.sequential and instances.over else None
        is_open = any(run.node == node and run.closed_at is None for _row, run in asked)
        if not is_open or not isinstance(listed, list):
            continue
        done = max((row.place for row, run in asked if run.node == node), default=0)
        coming = [one for one in listed[done:] if isinstance(one, dict) and "who" in one]
        ids = [int(one["who"].split(":")[0]) for one in coming if one["who"].split(":")[0]]
        names = organization.person_names(ids)
        for one in coming:
            person, unit, _role = one["who"].split(":")
            found.append(
                OpinionLine(
                    None, plan.steps[node].name, names.get(int(person or 0), ""),
                    units.get(int(unit or 0), ""), one.get("ask", ""), None, "tam", "Chưa đến lượt",
                    None, "", None, "", "", False,
                )
            )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class CallChoice:
    """A sub-procedure as the page that ends it by hand needs it."""

    title: str
    errors: tuple[tuple[str, str], ...]


def call_choice(*, actor: Actor, case_id: int, call_id: int) -> CallChoice:
    """Return a sub-procedure of a case the actor may see. Raises NotFound."""
    row = CaseCall.objects.select_related("case").filter(pk=call_id, case_id=case_id).first()
    if row is None or not acting.may_see_case(actor, agency_id=row.case.agency_id):
        raise NotFound("not_found", "Không tìm thấy thủ tục con này ở hồ sơ.")
    plan = plan_for(row.case.content_hash)
    node = plan.beyond.calls.get(row.node)
    errors = tuple((code, name) for _event, code, name in plan.beyond.errors.get(row.node, ()))
    return CallChoice(node.name if node else row.node, errors)


def step_errors(*, actor: Actor, case_id: int, run_id: int) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of the errors that may be reported at an open step. Raises NotFound."""
    run = StepRun.objects.select_related("case").filter(pk=run_id, case_id=case_id).first()
    if run is None or not acting.may_see_case(actor, agency_id=run.case.agency_id):
        raise NotFound("not_found", "Không tìm thấy bước này trong cơ quan của bạn.")
    errors = plan_for(run.case.content_hash).beyond.errors.get(run.node, ())
    if not errors:
        raise NotFound("no_errors", "Quy trình không vẽ lỗi nào ở bước này.")
    return tuple((code, name) for _event, code, name in errors)


def wait_known(*, actor: Actor, case_id: int, wait_id: int) -> str:
    """Return the name of a wait of a case the actor may see. Raises NotFound."""
    row = CaseWait.objects.select_related("case").filter(pk=wait_id, case_id=case_id).first()
    if row is None or not acting.may_see_case(actor, agency_id=row.case.agency_id):
        raise NotFound("not_found", "Không tìm thấy chỗ chờ này ở hồ sơ.")
    node = plan_for(row.case.content_hash).beyond.waits.get(row.node)
    return node.name if node is not None else row.node


def opinion_known(*, actor: Actor, case_id: int, run_id: int) -> str:
    """Return the name of a step that asks, of a case the actor may see. Raises NotFound."""
    row = CaseOpinion.objects.select_related("case").filter(run_id=run_id, case_id=case_id).first()
    if row is None or not acting.may_see_case(actor, agency_id=row.case.agency_id):
        raise NotFound("not_found", "Không tìm thấy yêu cầu cho ý kiến này ở hồ sơ.")
    return followed(row.case).at(run_id).steps[row.node].name


def opinion_file(*, actor: Actor, case_id: int, run_id: int) -> int:
    """Return the stored file of an opinion the actor may see. Raises NotFound."""
    row = CaseOpinion.objects.select_related("case").filter(run_id=run_id, case_id=case_id).first()
    if (
        row is None
        or row.file_id is None
        or not acting.may_see_case(actor, agency_id=row.case.agency_id)
    ):
        raise NotFound("no_file", "Không tìm thấy tệp này trong hồ sơ.")
    return row.file_id
