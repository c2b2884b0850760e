"""What must hold of every case at any moment; `nep doctor` asks."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min

from nep.apps.cases.models import Case, CaseEvent, CasePaper, StepRun
from nep.apps.cases.queries._plans import Followed, followed
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.queries._promises import extensions_of
from nep.apps.cases.queries._whole import WholeCase, case_invariant, told
from nep.apps.cases.rules import statuses
from nep.apps.cases.rules.moving import MOVED, progress_moved
from nep.apps.cases.rules.plan import Plan, progress_done, progress_start
from nep.apps.cases.rules.promises import Extension, promise
from nep.apps.cases.rules.recall import RECALLED
from nep.apps.cases.rules.slip import TOLD_ANEW
from nep.apps.cases.rules.timing import on_time_word, step_due
from nep.apps.organization import queries as organization
from nep.apps.procedures import queries as procedures
from nep.apps.workcal import queries as workcal
from nep.bpmn import StateError, decode_state
from nep.foundation.db.doctor import Finding, invariant
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local
from nep.worktime import OutsideCalendar, Pause

_SETTING = frozenset({"accepted", "resumed", "extended", "reprojected"})
_ENDED = frozenset({statuses.WITHDRAWN, statuses.STOPPED, statuses.RETURNED})


def _plan(whole: WholeCase) -> Plan | None:
    try:
        return plan_for(whole.case.content_hash)
    except NotFound:
        return None


@case_invariant("case_version", "Mỗi hồ sơ theo đúng lần ban hành đã ghim")
def versions(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find cases whose pinned version is unknown or says something else than its hash."""
    known = procedures.contents_of_revisions()
    for whole in cases:
        case = whole.case
        pinned = (case.content_hash, case.limit_amount, case.limit_unit, case.pause_policy)
        said = known.get(case.revision_id, ("", None, "", ""))
        parts = 1 if case.moved else 4  # a moved case keeps the promise of the version before
        if said[:parts] != pinned[:parts]:
            yield whole.finding("case_version", "nội dung đã ghim không khớp lần ban hành")
        received = local(case.received_at)
        if case.received_month != received.year * 100 + received.month:
            yield whole.finding("case_month", "tháng tiếp nhận không khớp giờ tiếp nhận")


@case_invariant(
    "case_steps",
    "Mỗi thẻ của quy trình có đúng một bước mở; hồ sơ đã xong không còn bước mở",
    "runs",
    "pauses",
)
def steps(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find cases whose open steps are not those of their process."""
    for whole in cases:
        for message in _steps(whole):
            yield whole.finding("case_steps", message)


def _steps(whole: WholeCase) -> Iterator[str]:
    case, open_runs, plan = whole.case, whole.open_runs, _plan(whole)
    if case.status in _ENDED and open_runs:
        yield f"đã kết thúc mà còn {len(open_runs)} bước mở"
    if plan is None:
        return
    versions = followed(case)
    for run in whole.runs:
        step = versions.at(run.pk).steps.get(run.node)
        if step is None or (step.number, step.minutes) != (run.number, run.limit_minutes):
            yield f"bước {run.number} ({run.node}) không khớp bảng bước của quy trình"
    if not whole.is_own:
        return
    if case.status == statuses.DONE and any(
        run.node in plan.steps
        and not plan.steps[run.node].is_return
        and not (case.finished_at and run.opened_at > case.finished_at)  # by a timer, later
        for run in open_runs
    ):
        yield "đã xử lý xong mà còn bước mở khác bước trả kết quả"
    try:
        state = decode_state(case.state) if case.state else None
    except StateError:
        yield "trạng thái của quy trình không đọc được"
        return
    kinds = plan.compiled.steps
    resting = [t for t in state.tokens if not t.flow and t.node in kinds] if state else []
    tokens = sorted((t.id, t.node) for t in resting if kinds[t.node].kind == "task")
    is_dealt_with = case.accepted_at and case.status in statuses.MOVING | statuses.ON_PAUSE
    if is_dealt_with and not resting and not open_runs:
        yield "đang giải quyết mà không có bước mở"
    if tokens != sorted((run.token, run.node) for run in open_runs):
        yield "các bước mở không khớp trạng thái của quy trình"
    yield from _clocks(whole)


def _clocks(whole: WholeCase) -> Iterator[str]:
    """Say which open step runs while the case is paused, or rests while it is not."""
    open_pause = next((pause for pause in whole.pauses if pause.ended_at is None), None)
    stopped = open_pause is not None and open_pause.policy != "none"
    for run in whole.open_runs:
        if (run.running_since is None) != stopped:
            yield f"đồng hồ của bước {run.number} không khớp việc tạm dừng của hồ sơ"


@case_invariant(
    "case_items", "Mỗi bước mở có đúng một việc mở; bước đã đóng không còn việc mở", "runs", "items"
)
def items(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find steps and work items that do not go together."""
    for whole in cases:
        if whole.is_own:
            for message in _items(whole):
                yield whole.finding("case_items", message)
        elif whole.items:
            yield whole.finding("case_items", "hồ sơ do hệ thống khác giải quyết mà có việc ở đây")


def _items(whole: WholeCase) -> Iterator[str]:
    known = {item.id: item for item in whole.items}
    for run in whole.runs:
        item = known.pop(run.item_id or 0, None)
        if item is None:
            yield f"bước {run.number} không có việc"
            continue
        if item.is_open != (run.closed_at is None):
            yield f"bước {run.number} và việc của nó không cùng mở, cùng đóng"
        elif item.is_open and (item.person_id, item.unit_id, item.role, item.due_at) != (
            run.person_id, run.unit_id, run.role, run.due_at
        ):  # fmt: skip
            yield f"việc của bước {run.number} khác người giữ hoặc khác hạn của bước"
        elif item.is_open and item.paused != (run.running_since is None):
            yield f"việc của bước {run.number} và đồng hồ của bước không cùng chạy, cùng dừng"
        if item.source_code != whole.case.code:
            yield f"việc của bước {run.number} ghi mã hồ sơ khác"
    yield from (f"việc {pk} không thuộc bước nào" for pk in known)


@case_invariant("case_holder", "Người giữ, bước và hạn ghi ở hồ sơ là của một bước đang mở", "runs")
def holders(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find cases that name a holder, a step or a due date of no open step."""
    for whole in cases:
        case = whole.case
        if not whole.is_own:
            continue
        named = (case.step_node, case.step_number, case.holder_person_id, case.holder_unit_id)
        open_ = [(r.node, r.number, r.person_id, r.unit_id) for r in whole.open_runs]
        if (named not in open_) if open_ else (named != ("", None, None, None)):
            yield whole.finding("case_holder", "bước hoặc người giữ không khớp bước đang mở")
        elif case.step_due_at not in ([r.due_at for r in whole.open_runs] or [None]):
            yield whole.finding("case_holder", "hạn của bước không khớp bước đang mở")


@case_invariant("case_pauses", "Hồ sơ tạm dừng có đúng một lần dừng đang mở", "pauses")
def pauses(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find cases whose pause and status do not go together."""
    for whole in cases:
        case = whole.case
        open_ = [pause for pause in whole.pauses if pause.ended_at is None]
        if case.status in statuses.ON_PAUSE:
            fits = [p for p in open_ if statuses.PAUSE_STATUS[p.kind] == case.status]
            if len(open_) != 1 or not fits or fits[0].started_at != case.paused_since:
                yield whole.finding("case_pauses", "đang tạm dừng mà không có lần dừng khớp")
        elif len(open_) != (whole.is_own and case.status == statuses.WAITING_FIRST):
            yield whole.finding("case_pauses", "lần dừng đang mở không khớp trạng thái")


@case_invariant(
    "case_history", "Lịch sử của hồ sơ liền, không thiếu và không lặp", "runs", "events", "pauses"
)
def history(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find cases whose events do not tell every opening, closing, pause and end exactly once."""
    for whole in cases:
        for message in _history(whole) if whole.is_own else _fed_history(whole):
            yield whole.finding("case_history", message)


def _history(whole: WholeCase) -> Iterator[str]:
    case, events = whole.case, whole.events
    accepted = [event.at for event in events if event.kind == "accepted"]
    if accepted != ([case.accepted_at] if case.accepted_at else []):
        yield "việc tiếp nhận không được ghi đúng một lần, đúng giờ"
    yield from _told_runs(whole)
    paused = sorted(event.at for event in events if event.kind == "paused")
    if paused != sorted(pause.started_at for pause in whole.pauses):
        yield "các lần tạm dừng không khớp lịch sử"
    moments = {event.at for event in events if event.kind != "paused"}
    if case.finished_at is None and (case.outcome or case.on_time or _only_return_left(whole)):
        yield "đã xử lý xong mà không ghi kết thúc"
    if any(pause.ended_at and pause.ended_at not in moments for pause in whole.pauses):
        yield "một lần tạm dừng kết thúc mà lịch sử không ghi"
    for moment, what in ((case.finished_at, "kết thúc"), (case.returned_at, "trả kết quả")):
        if moment is not None and moment not in moments:
            yield f"giờ {what} không có trong lịch sử"


def _only_return_left(whole: WholeCase) -> bool:
    """Say whether finished steps left nothing open but the hand-over of the result."""
    plan, runs = _plan(whole), whole.open_runs
    if plan is None or not runs or all(run.closed_at is None for run in whole.runs):
        return False
    return all(run.node in plan.steps and plan.steps[run.node].is_return for run in runs)


def _told_runs(whole: WholeCase) -> Iterator[str]:
    opened, closed = told(whole.events)
    runs = {run.pk: run for run in whole.runs}
    if gone := (set(opened) | set(closed)) - set(runs):
        yield f"lịch sử nói tới {len(gone)} lần mở bước không còn"
    for pk, run in runs.items():
        if len(opened[pk]) != 1:
            yield f"lần mở bước {run.number} có {len(opened[pk])} dòng trong lịch sử"
        else:
            event, fact = opened[pk][0]
            since = datetime.fromisoformat(fact["from"]) if "from" in fact else event.at
            if (since, fact["node"]) != (run.opened_at, run.node):
                yield f"lần mở bước {run.number} khác lịch sử"
        yield from _told_closing(whole, run, closed[pk])
        yield from _told_handing(whole, run, opened[pk])


def _told_closing(whole: WholeCase, run: StepRun, closed: list) -> Iterator[str]:
    if closed:
        event, fact = closed[0]
        as_told = (event.at, fact["used"], event.actor_id)
        if len(closed) > 1 or as_told != (run.closed_at, run.used_minutes, run.closed_by_id):
            yield f"việc hoàn thành bước {run.number} khác lịch sử"
        late = run.due_at is not None and run.closed_at is not None and run.closed_at > run.due_at
        if run.late != late:
            yield f"bước {run.number} ghi sai đúng hạn hay trễ hạn"
    elif run.outcome in {"done", "returned"} and not any(
        event.kind == "result_returned" and event.at == run.closed_at for event in whole.events
    ):
        yield f"bước {run.number} đã xong mà lịch sử không ghi"
    elif run.closed_at is not None and run.closed_at not in {e.at for e in whole.events}:
        yield f"giờ đóng của bước {run.number} không có trong lịch sử"


def _told_handing(whole: WholeCase, run: StepRun, opened: list) -> Iterator[str]:
    """Compare the holder of an open step, and its hand-over to another agency, with the events."""
    persons = [fact["person"] for _, fact in opened]
    kept = [fact["handed"] for _, fact in opened if "handed" in fact]  # handed before it went on
    handed = datetime.fromisoformat(kept[-1]) if kept else None
    for event in whole.events:
        if event.kind in {"claimed", "handed_over", "outside_handed"}:
            data = json.loads(event.data)
            if data["run"] == run.pk and event.kind == "outside_handed":
                handed = event.at
            elif data["run"] == run.pk:
                persons.append(data["person"])
    if run.closed_at is None and persons[-1:] != [run.person_id]:
        yield f"người giữ bước {run.number} khác lịch sử"
    if handed != run.handed_at:
        yield f"việc giao bước {run.number} cho cơ quan khác không khớp lịch sử"


def _fed_history(whole: WholeCase) -> Iterator[str]:
    places = [place for place, event in enumerate(whole.events) if event.kind in TOLD_ANEW]
    events = whole.events[places[-1] + 1 :] if places else whole.events
    if sum(event.kind == "accepted" for event in events) != 1:
        yield "việc tiếp nhận không được ghi đúng một lần"
    opened, closed = told(events)
    if (set(opened) | set(closed)) - {run.pk for run in whole.runs}:
        yield "lịch sử nói tới lần mở bước không còn"
    for run in whole.runs:
        if run.closed_at is not None and len(closed[run.pk]) != 1:
            yield f"bước {run.number} có {len(closed[run.pk])} dòng hoàn thành trong lịch sử"


@case_invariant("case_progress", "Dải bước của hồ sơ khớp các bước đã làm", "runs", "events")
def progress(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find cases whose folds tell other times than their finished steps."""
    for whole in cases:
        if not whole.is_own or _plan(whole) is None:
            continue
        versions = followed(whole.case)
        if any(run.node not in versions.at(run.pk).steps for run in whole.runs):
            continue
        _, closed = told(whole.events)
        found = progress_start(versions.at(0))
        moves = [event for event in whole.events if event.kind == MOVED]
        gone = {json.loads(e.data)[RECALLED] for e in whole.events if e.kind == RECALLED}
        done = [run for run in whole.runs if closed[run.pk] and run.pk not in gone]
        for run in sorted(done, key=lambda run: closed[run.pk][0][0].pk):
            while moves and moves[0].pk < closed[run.pk][0][0].pk:
                found = _moved(found, moves.pop(0), versions)
            used = run.carried_minutes + run.used_minutes
            step = versions.at(run.pk).steps[run.node]
            found = progress_done(found, step, used=used, late=bool(run.late))
        for event in moves:
            found = _moved(found, event, versions)
        if found != whole.case.progress:
            yield whole.finding("case_progress", "dải bước khác các bước đã làm")


def _moved(progress: str, event: CaseEvent, versions: Followed) -> str:
    total = len(versions.at(event.pk).order)
    return progress_moved(progress, numbers=json.loads(event.data)["steps"], total=total)


@case_invariant(
    "case_deadlines",
    "Hạn của hồ sơ và của bước bằng kết quả tính lại theo lịch làm việc",
    "runs",
    "events",
    "pauses",
)
def deadlines(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find due dates that are not what calendar, limit and pauses give.

    A date that was promised before the calendar last changed stays promised: it is held against
    the history alone.
    """
    edition = workcal.edition_number()
    extensions = extensions_of([whole.case.pk for whole in cases])
    for whole in cases:
        case = whole.case
        if case.finished_at and case.outcome in {"granted", "refused"}:
            word = on_time_word(finished_at=case.finished_at, due_at=case.result_due_at)
            if word != case.on_time:
                yield whole.finding(
                    "case_on_time", "kết luận đúng hạn, trễ hạn không khớp ngày hẹn"
                )
        if whole.is_own and case.accepted_at is not None:
            for message in _promised(whole, edition, extensions.get(case.pk)):
                yield whole.finding("case_deadlines", message)
            if case.finished_at is None:
                for message in _step_dues(whole, edition):
                    yield whole.finding("case_deadlines", message)


def _promised(whole: WholeCase, edition: int, extension: Extension | None) -> Iterator[str]:
    case = whole.case
    setting = [event for event in whole.events if event.kind in _SETTING]
    if not setting:
        return  # the history is what is broken, and is found there
    first, last = (json.loads(event.data)["due"] for event in (setting[0], setting[-1]))
    if (_iso(case.result_due_original), _iso(case.result_due_at)) != (_utc(first), _utc(last)):
        yield "ngày hẹn trả khác ngày đã ghi trong lịch sử"
        return
    pauses = tuple(
        Pause(p.kind, p.policy, p.started_at, p.ended_at, p.charged)  # type: ignore[arg-type]
        for p in whole.pauses
        if not p.at_reception and p.ended_at and p.ended_at <= setting[-1].at
    )
    if not pauses and extension is None and case.indicator_due_at != case.result_due_at:
        yield "ngày hẹn trả và ngày của chỉ số khác nhau mà chưa tạm dừng lần nào"
    if setting[-1].pk < edition:
        return
    facts: dict[str, Any] = {
        "calendar": workcal.calendar_for(case.agency_id), "accepted_at": case.accepted_at,
        "amount": case.promised_amount, "unit": case.limit_unit,
    }  # fmt: skip
    try:
        found = promise(**facts, pauses=pauses, extension=extension)
    except (OutsideCalendar, ValueError):
        yield "không tính lại được ngày hẹn trả"
        return
    if (found.due_at, found.indicator_at) != (case.result_due_at, case.indicator_due_at):
        yield "ngày hẹn trả khác kết quả tính lại"


def _step_dues(whole: WholeCase, edition: int) -> Iterator[str]:
    plan, calendar = _plan(whole), workcal.calendar_for(whole.case.agency_id)
    for run in whole.open_runs:
        step = plan.steps.get(run.node) if plan else None
        if step is None or run.running_since is None or run.pk < edition:
            continue
        if plan is not None and run.node in plan.beyond.opinions:
            continue  # whoever asked chose until when
        gone = run.carried_minutes + run.used_minutes
        left = step.minutes - gone if gone and step.minutes is not None else None
        due_at = step_due(
            calendar=calendar, opened_at=run.running_since, amount=step.amount, unit=step.unit,
            left=left,
        )  # fmt: skip
        if due_at != run.due_at:
            yield f"hạn của bước {run.number} khác kết quả tính lại"


def _iso(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _utc(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None


@case_invariant(
    "case_people", "Mọi người được nhắc trong hồ sơ đều có trong danh bạ", "runs", "events"
)
def people(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find cases that name a person who does not exist."""
    known: dict[int, bool] = {}
    for whole in cases:
        ids = {whole.case.holder_person_id, whole.case.accepted_by_id}
        ids |= {run.person_id for run in whole.runs} | {run.closed_by_id for run in whole.runs}
        ids |= {event.actor_id for event in whole.events}
        fresh = {pk for pk in ids if pk is not None and pk not in known}
        if fresh:
            names = organization.person_names(fresh)
            known |= {pk: pk in names for pk in fresh}
        if any(pk is not None and not known[pk] for pk in ids):
            yield whole.finding("case_people", "nhắc tới người không có trong danh bạ")


@invariant("case_papers", "Giấy tờ của hồ sơ được đánh số liền từ 1")
def papers() -> Iterator[Finding]:
    """Find cases whose list of papers has a hole."""
    counted = CasePaper.objects.order_by().values("case_id").annotate(
        count=Count("position"), first=Min("position"), last=Max("position")
    )  # fmt: skip
    holes = counted.exclude(first=1, last=F("count")).values("case_id")
    for code in Case.objects.filter(pk__in=holes).values_list("code", flat=True):
        yield Finding("case_papers", f"hồ sơ {code}", "danh sách giấy tờ thiếu một dòng")
