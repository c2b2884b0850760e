"""What may be concluded at an open step, and where each way leads; why a date is as it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nep.apps.cases.models import Case, CaseOpinion, CasePause, StepRun
from nep.apps.cases.queries._case_rows import CaseRows, case_rows
from nep.apps.cases.queries._forms import limit_words
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.queries._promises import extension_of
from nep.apps.cases.queries._steps import Names
from nep.apps.cases.queries._waiting import opinion_receivers
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.plan import Plan, PlanStep, Way
from nep.apps.cases.rules.timing import step_due, working_minutes
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local
from nep.worktime import (
    Calendar,
    LedgerRow,
    OutsideCalendar,
    Pause,
    due_words,
    explain,
    hours_words,
    moment_words,
    remaining,
)

ASKING_WORDS: dict[str, str] = {"back": "trả lại", "supplement": "yêu cầu bổ sung"}


@dataclass(frozen=True, slots=True)
class Option:
    """One conclusion: its words and its consequence. `kind` is on, back, supplement or end."""

    value: str
    label: str
    consequence: str
    kind: str
    button: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody the next step may be given to."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class NextAction:
    """The block "việc tiếp theo" of an open step.

    `question` is what one who gives an opinion is asked, None for another step; `asks` names the
    step that asks several next, whom is chosen among `asked_choices`.
    """

    title: str
    options: tuple[Option, ...]
    receivers: tuple[Receiver, ...]
    receiver_step: str
    button: str
    question: str | None = None
    asks: str = ""
    asked_choices: tuple[tuple[str, str], ...] = ()

    @property
    def is_opinion(self) -> bool:
        """Say whether the step is one of several opinions."""
        return self.question is not None

    @property
    def note_asked(self) -> str:
        """Say when words have to stand beside the conclusion."""
        if self.is_opinion:
            return "bắt buộc"
        kinds = {one.kind for one in self.options}
        asked = [words for kind, words in ASKING_WORDS.items() if kind in kinds]
        return f"bắt buộc khi {' hoặc '.join(asked)}" if asked else "không bắt buộc"


@dataclass(frozen=True, slots=True)
class Account:
    """Why a clock stands where it does."""

    title: str
    rows: tuple[LedgerRow, ...]
    sum_label: str
    sum_text: str
    hint: str


def next_action(
    *, actor: Actor, case_id: int, run_id: int, now: datetime, calendar: Calendar
) -> NextAction:
    """Return what may be concluded at an open step. Raises NotFound."""
    rows = case_rows(actor=actor, case_id=case_id)
    return action_of_rows(rows, actor=actor, run_id=run_id, now=now, calendar=calendar)


def action_of_rows(
    rows: CaseRows, *, actor: Actor, run_id: int, now: datetime, calendar: Calendar
) -> NextAction:
    """Return what may be concluded at a step of a case, from its rows. Raises NotFound."""
    run = next((one for one in rows.runs if one.pk == run_id), None)
    if run is None:
        raise NotFound()
    plan = plan_for(rows.case.content_hash)
    step = plan.steps[run.node]
    directory = organization.directory(agency_id=actor.agency_id, today=local(now).date())
    units = {unit.code: unit.name for unit in directory.units.values()}
    names = Names({}, {}, units, directory, actor.person_id)
    ways = step.ways
    if len(ways) > 1:
        options = tuple(
            _option(
                way.flow,
                way.name,
                way.targets,
                way,
                plan,
                names,
                now,
                calendar,
                plan.stops(run.node, way.flow),
                _times_taken(rows, run, way),
            )
            for way in sorted(ways, key=lambda way: (not way.is_default, way.is_back))
        )
    else:
        stops = plan.stops(run.node, None)
        options = (_option("", "", step.following, None, plan, names, now, calendar, stops),)
    forward = next((plan.steps[t] for t in _forward(step) if t in plan.steps), None)
    receivers: tuple[Receiver, ...] = ()
    if forward is not None and not forward.outside:
        holders = directory.people(forward.key)
        if len(holders) > 1:
            receivers = tuple(
                Receiver(one.id, f"{one.name}{f', {one.position}' if one.position else ''}")
                for one in holders
            )
    facts: dict[str, Any] = {
        "title": step.name, "options": options, "receivers": receivers,
        "receiver_step": forward.label.lower() if forward else "", "button": options[0].button,
    }  # fmt: skip
    if plan.beyond.opinions:
        facts |= _asking(rows.case, run, plan, now)
    return NextAction(**facts)


_ANSWER = Option(
    "", "Gửi ý kiến", "Hồ sơ đi tiếp khi các nơi đã trả lời đủ", "on", "Gửi ý kiến"
)  # fmt: skip


def _asking(case: Case, run: StepRun, plan: Plan, now: datetime) -> dict[str, Any]:
    """Return what an opinion is about, and whom the next step may ask."""
    found: dict[str, Any] = {}
    if run.node in plan.beyond.opinions:
        row = CaseOpinion.objects.filter(run_id=run.pk).first()
        found["question"] = row.question if row is not None else ""
        if len(plan.steps[run.node].ways) < 2:
            found |= {"options": (_ANSWER,), "receivers": (), "button": _ANSWER.button}
    targets = {target for way in plan.steps[run.node].ways for target in way.targets}
    targets |= set(plan.steps[run.node].following)
    asking = [node for node in plan.beyond.lists if node in targets and node != run.node]
    if asking:
        today = local(now).date()
        found["asks"] = plan.steps[asking[0]].name
        found["asked_choices"] = tuple(opinion_receivers(case.agency_id, today))
    return found


def _forward(step: PlanStep) -> tuple[str, ...]:
    for way in step.ways:
        if way.is_default and not way.is_back:
            return way.targets
    return step.following if len(step.ways) < 2 else ()


def _option(
    flow: str,
    name: str,
    targets: tuple[str, ...],
    way,
    plan: Plan,
    names: Names,
    now,
    calendar,
    stops: tuple[str, ...] = (),
    taken: int = 0,
) -> Option:
    steps = [plan.steps[target] for target in targets]
    if way is not None and way.is_supplement:
        where = f", rồi về bước {steps[0].number}" if steps else ""
        return Option(
            flow, name or "Cần bổ sung",
            f"Dừng đồng hồ, lập phiếu yêu cầu bổ sung gửi người nộp{where}", "supplement",
            "Yêu cầu bổ sung",
        )  # fmt: skip
    if stops and not (way is not None and way.is_back):
        then = f", sau đó đến bước {steps[0].number}" if steps else ""
        words = ", ".join(f"“{one}”" for one in stops)
        return Option(
            flow, f"{name}, chuyển sang chờ" if name else "Chuyển sang chờ",
            f"Hồ sơ chờ {words}{then}", "on", "Hoàn thành, chuyển sang chờ",
        )  # fmt: skip
    if not steps:
        return Option(flow, name or "Hoàn thành", "Hồ sơ kết thúc ở đây", "end", "Hoàn thành hồ sơ")
    first = steps[0]
    numbers = " và ".join(str(step.number) for step in steps)
    if way is not None and way.is_back:
        return Option(
            flow, name or f"Trả lại bước {numbers}",
            f"Trả lại bước {numbers} “{first.name}” kèm lý do{_taken_words(way, taken)}", "back",
            f"Trả lại bước {numbers}",
        )  # fmt: skip
    label = f"{name}, chuyển bước {numbers}" if name else f"Chuyển bước {numbers}"
    return Option(flow, label, _consequence(steps, plan, names, now, calendar), "on",
                  f"Chuyển sang bước {numbers}")  # fmt: skip


def _times_taken(rows: CaseRows, run: StepRun, way: Way) -> int:
    """Return how often the case went back along a way whose procedure says how often at most."""
    if way.bound is None or way.is_supplement or run.round < 2:
        return 0
    return sum(
        one.kind == "returned" and one.node == run.node and one.data.get("outcome") == way.flow
        for one in rows.events
    )


def _taken_words(way: Way, taken: int) -> str:
    """Return what stands beside a way back taken before: nobody is refused, but nobody is misled."""
    if way.bound is None or not taken:
        return ""
    if taken < way.bound:
        return f"; đã trả lại {taken} lần, quy trình tính nhiều nhất {way.bound} lần"
    return (
        f"; đã trả lại {taken} lần, hết số lần quy trình tính: trả lại nữa thì thời hạn có thể "
        "không đủ"
    )


def _consequence(
    steps: list[PlanStep], plan: Plan, names: Names, now: datetime, calendar: Calendar
) -> str:
    parts = []
    for step in steps:
        try:
            due = step_due(
                calendar=calendar, opened_at=now, amount=step.amount, unit=step.unit, left=None
            )
        except OutsideCalendar:
            due = None
        when = f", hạn {due_words(due, today=local(now).date())}" if due else ""
        if step.node in plan.beyond.opinions:
            parts.append(f"Từng nơi được hỏi nhận ngay{when.replace('hạn', 'hạn thường')}")
            continue
        verb = "do bạn gửi và theo dõi" if step.outside else "nhận ngay"
        parts.append(f"{names.expected(step)} {verb}{when}")
    return "; ".join(parts)


def step_account(
    *, actor: Actor, case_id: int, item_id: int, now: datetime, calendar: Calendar
) -> Account:
    """Explain the due date of the step behind a work item. Raises NotFound."""
    run = StepRun.objects.select_related("case").filter(case_id=case_id, item_id=item_id).first()
    if run is None or not acting.may_see_case(actor, agency_id=run.case.agency_id):
        raise NotFound()
    step = plan_for(run.case.content_hash).steps[run.node]
    rows = []
    if run.limit_minutes:
        rows.append(LedgerRow("Định mức của bước", _planned(step)))
    rows.append(LedgerRow("Bắt đầu", moment_words(run.opened_at)))
    if run.carried_minutes:
        rows.append(LedgerRow("Đã dùng ở lần trước", hours_words(run.carried_minutes)))
    used = run.used_minutes
    if run.running_since is not None:
        used += working_minutes(calendar, run.running_since, now)
        if run.running_since != run.opened_at:
            rows.append(LedgerRow("Chạy lại từ", moment_words(run.running_since)))
    rows.append(LedgerRow("Đã dùng", hours_words(used)))
    if run.due_at is not None and run.running_since is not None:
        rows.append(LedgerRow("Hạn", moment_words(run.due_at)))
    title = f"Cách tính hạn bước {run.number}"
    hint = "Tính theo giờ làm việc của cơ quan, trừ ngày nghỉ; thời gian tạm dừng không tính."
    if run.running_since is None:
        return Account(title, tuple(rows), "Tạm dừng", "đồng hồ không chạy", hint)
    if run.due_at is None:
        return Account(title, tuple(rows), "Hạn", "không đặt hạn", hint)
    left = remaining(calendar=calendar, now=now, due_at=run.due_at)
    label = "Quá hạn" if left < 0 else "Còn lại"
    return Account(title, tuple(rows), label, hours_words(left), hint)


def _planned(step: PlanStep) -> str:
    hours = hours_words(step.minutes or 0)
    if step.unit == "working_hour" and (step.minutes or 0) % 480 == 0:
        return f"{hours} ({(step.minutes or 0) // 480} ngày)"
    return hours


def _waited_later(pauses: list[Pause], first_due: datetime | None) -> list[LedgerRow]:
    """Return the waiting that began past the first limit: it moves the new promise alone."""
    return [
        LedgerRow("Chờ sau ngày hẹn đầu", moment_words(one.start),
                  f"đến {moment_words(one.end)}" if one.end else "đang chờ")
        for one in pauses
        if first_due is not None and one.start > first_due and one.policy != "none"
    ]  # fmt: skip


def result_account(*, actor: Actor, case_id: int, calendar: Calendar) -> Account:
    """Explain the date promised to the applicant. Raises NotFound."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None or not acting.may_see_case(actor, agency_id=case.agency_id):
        raise NotFound()
    title = "Cách tính hạn trả kết quả"
    amount = case.promised_amount
    if case.accepted_at is None or amount is None:
        return Account(title, (), "Hạn", "không đặt hạn", "")
    rows_ = CasePause.objects.filter(case=case, at_reception=False).order_by("started_at")
    pauses = [Pause(p.kind, p.policy, p.started_at, p.ended_at, p.charged) for p in rows_]  # type: ignore[arg-type]
    facts = {"received_at": case.accepted_at, "amount": amount, "unit": case.limit_unit}
    try:
        account = explain(calendar=calendar, **facts, pauses=pauses)  # type: ignore[arg-type]
    except OutsideCalendar as outside:
        due = case.result_due_at
        return Account(title, (), "Hạn", moment_words(due) if due else "", outside.message)
    extension = extension_of(case.pk)
    rows = [row for row in account.ledger if row.label != "Hạn"]
    if extension is not None:
        moved = f"thêm {extension.working_days} ngày làm việc"
        rows.append(
            LedgerRow("Hẹn lại, kèm thư xin lỗi", moment_words(extension.new_due_at), moved)
        )
        rows += _waited_later(pauses, account.due_at)
    if case.indicator_due_at and case.indicator_due_at != case.result_due_at:
        rows.append(
            LedgerRow("Hạn theo bộ chỉ số 766", moment_words(case.indicator_due_at), "trừ giờ chờ")
        )
    hint = f"Thời hạn {limit_words(case)}. Mỗi lần dời hạn đều ghi vào lịch sử hồ sơ."
    if account.due_at is None or case.result_due_at is None:
        return Account(title, tuple(rows), "Hạn", "chưa có vì đang tạm dừng", hint)
    is_new = case.result_due_original not in (None, case.result_due_at)
    return Account(
        title, tuple(rows), "Hạn mới" if is_new else "Hạn", moment_words(case.result_due_at), hint
    )
