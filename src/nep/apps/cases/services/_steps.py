"""Finishing a step, the most frequent action: one read, a pure advance, one statement."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.models import Case
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.rules.plan import (
    Move,
    Plan,
    PlanStep,
    Way,
    move,
    moved,
    progress_done,
    was_open,
)
from nep.apps.cases.rules.timing import on_time_word, working_minutes
from nep.apps.cases.services._asking import Asked, asked_kept, open_opinion
from nep.apps.cases.services._beyond import beyond_into
from nep.apps.cases.services._completed import Completed
from nep.apps.cases.services._endings import STOPPED
from nep.apps.cases.services._finding import fed_case, handed_over, require_doer
from nep.apps.cases.services._giving import supplement_asked
from nep.apps.cases.services._opening import (
    CASE_TABLE,
    RUN_TABLE,
    Ground,
    ground,
    open_step,
)
from nep.apps.cases.services._pausing import (
    pause_into,
    require_supplement_left,
    stop_clocks,
    supplement_number,
)
from nep.apps.cases.services._standing import Standing, leave, left, lost, standing
from nep.apps.cases.services._step_data import Upload, files_kept, step_entered
from nep.apps.organization.rules import Actor
from nep.bpmn import (
    Effect,
    EngineError,
    Incident,
    ProcessEnded,
    TaskClosed,
    TaskFailed,
    TaskOpened,
    advance,
    decode_state,
)
from nep.foundation.db import Batch, Lookup
from nep.kernel.compact_json import encoder
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.text import clean_lines

_TRIES = 4
_JSON = encoder()
_OPEN_RUNS = Lookup(
    'SELECT r."id", r."token", r."person_id", r."unit_id", r."node", {r."due_at"} '
    'FROM "cases_steprun" r WHERE r."case_id" = %s AND r."closed_at" IS NULL ORDER BY r."id"',
    times=(5,),
)


@dataclass(frozen=True, slots=True)
class StepDone:
    """What the completion of a step led to. `opened` holds (run, node, person) of the next steps."""

    case_id: int
    version: int
    status: int
    late: bool
    opened: tuple[tuple[int, str, int | None], ...]


def step_complete(
    *,
    actor: Actor,
    now: datetime,
    run_id: int,
    outcome: str | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    receiver_id: int | None = None,
    expected_version: int | None = None,
    papers: tuple[Mapping[str, Any], ...] = (),
    typed: Mapping[str, str] | None = None,
    uploads: Mapping[str, Upload] | None = None,
    asked: Sequence[Asked] = (),
    error: str | None = None,
) -> StepDone:
    """Finish a step and give the case on.

    `outcome` is the flow picked among the step's ways out; `data` are fields of the case that its
    conditions read; `typed` is what was typed into the data fields of the step, by their names,
    `uploads` the files given for them, as (name, bytes); `receiver_id` names who gets the next
    step, `asked` whom it asks for an opinion. A way marked as return for supplement also pauses the
    case (`papers` says what is missing). `error` ends the step by reporting an error that the
    procedure catches, which needs a note; "" is the one caught whatever its code. Being late never
    refuses.
    Raises NotFound; Forbidden; Conflict("step_closed", "case_changed"); Refusal("reason_missing",
    "receiver_unfit", "outcome_missing", "case_paused", "case_finished", "no_way_out", "step_data",
    "asked_…", "error_unknown", "timer_value").
    """
    text = clean_lines(note) if note else ""

    def attempt(at: Standing) -> StepDone | None:
        if at.closed_at is not None:
            raise lost(at)
        if expected_version is not None and expected_version != at.version:
            raise Conflict("case_changed", "Hồ sơ vừa có thay đổi khác. Hãy tải lại trang.")
        return _Completion(
            actor, now, at, outcome, text, dict(data or {}), receiver_id, papers, typed or {},
            uploads or {}, asked, error,
        ).write()  # fmt: skip

    known = None if uploads else left(actor=actor, run_id=run_id)
    if known is not None:
        with suppress(Refusal):  # told from what may be old: the database is asked
            if (answer := attempt(known)) is not None:
                return answer
    for _ in range(_TRIES):
        if (answer := attempt(standing(actor=actor, run_id=run_id))) is not None:
            return answer
    raise Conflict("case_changed", "Hồ sơ đang được nhiều người cùng sửa. Hãy thử lại.")


def step_return(*, actor: Actor, now: datetime, run_id: int, outcome: str, reason: str) -> StepDone:
    """Give the case back along a drawn flow to an earlier step, for a reason its holder reads.

    Raises as `step_complete`; Refusal("not_a_way_back").
    """
    at = standing(actor=actor, run_id=run_id)
    way = plan_for(at.content_hash).way(at.node, outcome)
    if way is None or not way.is_back:
        raise Refusal(
            "not_a_way_back", "Quy trình không vẽ đường trả lại này. Hãy chọn hướng khác."
        )
    require(acting.decide_reason(reason), kind=Refusal)
    return step_complete(actor=actor, now=now, run_id=run_id, outcome=outcome, note=reason)


class _Completion(Completed):
    """One attempt to finish one step; `write` answers None when the case moved meanwhile."""

    __slots__ = ()

    def __init__(
        self,
        actor: Actor,
        now: datetime,
        at: Standing,
        outcome: str | None,
        note: str,
        data: dict[str, Any],
        receiver_id: int | None,
        papers: tuple[Mapping[str, Any], ...],
        typed: Mapping[str, str],
        uploads: Mapping[str, Upload],
        asked: Sequence[Asked] = (),
        error: str | None = None,
    ) -> None:
        self.actor, self.now, self.at, self.note = actor, now, at, note
        self.error, self.stopped = error, ""
        self.beyond: dict[str, Any] = {}
        self.outcome, self.papers = outcome, papers
        self.plan: Plan = plan_for(at.content_hash)
        self.step: PlanStep = self.plan.steps[at.node]
        if not at.state:  # a case that another system tells of has no marking
            raise fed_case()
        self.signed = require_doer(actor, at)
        if at.status != statuses.DONE:  # the hand-over, and what a timer opened meanwhile, goes on
            require(acting.decide_moving(at.status), kind=Refusal)
        self.way = self._way()
        self.data = {**json.loads(at.data), **data} if data or at.data != "{}" else {}
        self.entered, self.joins, self.uploads = step_entered(
            content_hash=at.content_hash, node=at.node, typed=typed, known=self.data,
            is_whole=not self._goes_back(), uploads=uploads,
        )  # fmt: skip
        self.data |= self.joins
        self.chosen = self._chosen(asked) if self.plan.beyond else {}
        self.on = self._ground(receiver_id)
        self._measure()

    def _chosen(self, asked: Sequence[Asked]) -> dict[str, Any]:
        """Return whom the next step asks, by the field that lists them; check what is reported.

        An opinion is always given in words. Only a way back asks the same places again unsaid.
        """
        beyond, node = self.plan.beyond, self.at.node
        fails = self.error is not None
        if fails:
            known = {code for _event, code, _name in beyond.errors.get(node, ())}
            if self.error not in known:
                raise Refusal("error_unknown", "Quy trình không vẽ lỗi này.", field="error")
        if fails or node in beyond.opinions:
            require(acting.decide_reason(self.note, field="note"), kind=Refusal)
        chosen: dict[str, Any] = {}
        for step in () if fails else self.plan.asked_after(node, self.outcome):
            name = beyond.lists[step]
            same = self._goes_back() or step == node
            if asked or not same or not isinstance(self.data.get(name), list):
                agency_id = self.at.agency_id
                chosen[name] = asked_kept(agency_id=agency_id, now=self.now, asked=asked)
        self.joins = {**self.joins, **chosen}
        self.data |= chosen
        return chosen

    def _way(self) -> Way | None:
        if self.error is not None:
            return None
        if self.outcome is None:
            if len(self.step.ways) > 1 and not self._decides_itself():
                raise Refusal("outcome_missing", "Hãy chọn kết luận của bước này.", field="outcome")
            return None
        way = self.plan.way(self.step.node, self.outcome)
        if way is None:
            raise Refusal(
                "outcome_unknown", "Hướng đi được chọn không có sau bước này.", field="outcome"
            )
        if way.is_back or way.is_supplement:
            require(acting.decide_reason(self.note, field="note"), kind=Refusal)
        return way

    def _decides_itself(self) -> bool:
        """Say whether the way out follows from the case's fields: some way has a condition."""
        steps = self.plan.compiled.steps
        ways = steps[self.step.node].by_hand.values()
        return any(way.condition is not None for way in ways)

    def _ground(self, receiver_id: int | None) -> Ground:
        at = self.at
        is_first = self.step.number == 1 and self.step.role == "reception"
        supplement = self.way is not None and self.way.is_supplement and at.pause_policy != "none"
        return ground(
            actor=self.actor,
            now=self.now,
            case_id=at.case_id,
            code=at.code,
            detail=f"{at.applicant_mask} · {at.tthc_name}",
            plan=self.plan,
            progress=at.progress,
            handlers=json.loads(at.handlers),
            sender=(self.actor.person_id, at.unit_id, at.role),
            start=at.transfer_at if is_first else None,
            receiver_id=receiver_id,
            note=self.note if self.way is not None and self.way.is_back else "",
            paused=supplement,
        )

    def _measure(self) -> None:
        """Freeze the clock of the step: minutes used, late or not."""
        at = self.at
        self.used = at.used_minutes + working_minutes(self.on.calendar, at.running_since, self.now)
        self.on.closing, self.on.ends_id = (at.node, self.used, at.round), at.item_id
        self.late = at.due_at is not None and self.now > at.due_at
        total = at.carried_minutes + self.used
        self.progress = progress_done(at.progress, self.step, used=total, late=self.late)
        self.on.progress = self.progress
        handlers, key = self.on.handlers, self.step.key
        self.handlers = at.handlers
        if key and handlers.get(key) != self.actor.person_id:
            handlers[key] = self.actor.person_id
            self.handlers = _JSON(handlers)

    def write(self) -> StepDone | None:
        """Advance the process and write everything in one statement."""
        is_supplement = self.way is not None and self.way.is_supplement
        if not is_supplement and not self.uploads:
            return self._write(0)
        with transaction.atomic():
            self.entered |= files_kept(
                self.uploads, agency_id=self.at.agency_id, actor_id=self.actor.person_id,
                at=self.now,
            )  # fmt: skip
            if not is_supplement:
                answer = self._write(0)
                if answer is None:
                    transaction.set_rollback(True)
                return answer
            require_supplement_left(self.at.agency_id, self.at.case_id, self._received_at())
            answer = self._write(supplement_number(self.at.agency_id, self.now))
            if answer is None:
                transaction.set_rollback(True)
            else:
                supplement_asked(case_id=self.at.case_id, now=self.now)
            return answer

    def _received_at(self) -> datetime:
        return Case.objects.values_list("received_at", flat=True).get(pk=self.at.case_id)

    def _write(self, supplement: int) -> StepDone | None:
        batch = Batch()
        made = self._advance(batch)
        self.new_state = made.state
        guarded = self._case_columns(made)
        self._close(batch)
        if supplement:
            if self.on.paused:
                stop_clocks(batch, on=self.on, besides=self.at.run_id)
            guarded |= pause_into(
                batch, on=self.on, policy=self.at.pause_policy, kind="supplement",
                reason=self.note, papers=self.papers, number=supplement,
            )  # fmt: skip
        if guarded.get("finished_at") is not None:
            self._fact(batch, guarded)
        self._announce(batch, guarded)
        at = self.at
        same = {"id": at.case_id, "version": at.version, f"{RUN_TABLE}.id": at.run_id}
        batch.guard(CASE_TABLE, where=same, set=guarded)
        if not batch.flush():
            return None
        if _is_committed():
            self._leave(guarded)
        return StepDone(
            self.at.case_id,
            self.at.version + 1,
            guarded.get("status", self.at.status),
            self.late,
            tuple((one.run_id, one.step.node, one.person_id) for one in self.on.opened),
        )

    def _leave(self, columns: Mapping[str, Any]) -> None:
        """Keep where the case stands now, for whoever does one of the opened steps next."""
        at, since = self.at, None if self.on.paused else self.on.start
        whole = (
            at.case_id, at.version + 1, at.agency_id, at.code, columns.get("status", at.status),
            columns["state"], columns.get("data", at.data), self.progress, self.handlers,
            at.content_hash, at.applicant_mask, at.tthc_name, at.transfer_at, at.result_due_at,
            columns.get("finished_at", at.finished_at), at.pause_policy,
        )  # fmt: skip
        opened = [
            Standing(
                *whole, one.run_id, one.token, one.step.node, one.round, one.person_id, one.unit_id,
                one.role, bool(one.step.outside), None, since, one.step.minutes, one.carried, 0,
                one.due_at, None, one.item_id,
            )
            for one in self.on.opened
        ]  # fmt: skip
        leave(at.case_id, opened)

    def _advance(self, batch: Batch) -> Move:
        try:
            made = self._moved(self.error) if self.error is not None else move(
                self.plan, self.at.state, self.at.token, self.data, self.outcome
            )  # fmt: skip
        except EngineError as error:
            raise Refusal(error.code, error.message) from error
        self.others = []
        more: list[Effect] = []
        for effect in made.effects:
            if isinstance(effect, TaskOpened):
                if effect.instance:
                    open_opinion(batch, self.on, effect, self.data)
                else:
                    open_step(batch, self.on, effect.node, effect.token)
            elif isinstance(effect, TaskClosed):
                if effect.token != self.at.token:
                    self.others.append(effect.token)
            elif isinstance(effect, Incident):
                raise Refusal("no_way_out", f"{effect.message} Hãy báo thư ký ISO xem quy trình.")
            elif isinstance(effect, ProcessEnded):
                self.stopped = effect.error
            else:
                more.append(effect)
        if more:
            by = self.actor.person_id
            self.beyond = beyond_into(
                batch, on=self.on, effects=more, data=self.data, by_id=by
            ).told()
        return made

    def _moved(self, code: str) -> Move:
        """Return where the case goes on from an error that a person reports."""
        event = TaskFailed(self.at.token, code, self.data)
        state, effects = advance(self.plan.compiled, decode_state(self.at.state), event)
        return moved(self.plan, state, effects)

    def _case_columns(self, made: Move) -> dict[str, Any]:
        at, opened = self.at, self.on.opened
        columns: dict[str, Any] = {
            "version": at.version + 1,
            "state": made.text,
            "progress": self.progress,
            "handlers": self.handlers,
        }
        if self.joins:
            columns["data"] = json.dumps({**json.loads(at.data), **self.joins}, ensure_ascii=False)
        status = statuses.RUNNING if at.status in statuses.MOVING else at.status
        if status != at.status:  # each of the column's checks is asked only when it is written
            columns["status"] = status
        if opened:
            first = opened[0]
            columns |= _holder(first.person_id, first.unit_id, first.step, first.due_at)
        elif any(not token.flow for token in self.new_state.tokens):
            columns |= self._other_holder()
        else:
            columns |= _holder(None, None, None, None)
        if self.stopped and at.finished_at is None:
            columns |= {**STOPPED, "finished_at": self.now}
        elif self.new_state.status == "ended":
            columns |= self._finish() | self._returned()
        elif made.only_returns:
            columns |= self._finish()
        return columns

    def _other_holder(self) -> dict[str, Any]:
        """Return the holder among the side-by-side steps that stay open after this one."""
        for run_id, token, person_id, unit_id, node, due_at in _OPEN_RUNS.all(self.at.case_id):
            if run_id != self.at.run_id and token not in self.others:
                return _holder(person_id, unit_id, self.plan.steps[node], due_at)
        return _holder(None, None, None, None)

    def _finish(self) -> dict[str, Any]:
        """Return what changes when the case is dealt with; nothing when it was before."""
        at = self.at
        if at.finished_at is not None:
            return {}
        word = on_time_word(finished_at=self.now, due_at=at.result_due_at)
        return {
            "status": statuses.DONE, "finished_at": self.now, "outcome": "granted",
            "on_time": word,
        }  # fmt: skip

    def _returned(self) -> dict[str, Any]:
        """Return what changes when nothing is left: whether and when the result was handed over.

        A side-by-side step may end after the hand-over, which then was at its own moment.
        """
        if self.step.is_return:
            return {"status": statuses.RETURNED, "returned_at": self.now}
        given = None
        if any(one.is_return and was_open(self.at.progress, one) for one in self.plan.order):
            given = handed_over(self.at.case_id, self.plan)
        return {"status": statuses.RETURNED, "returned_at": given} if given is not None else {}


def _is_committed() -> bool:
    return not transaction.get_connection().in_atomic_block


def _holder(
    person_id: int | None, unit_id: int | None, step: PlanStep | None, due_at: datetime | None
) -> dict[str, Any]:
    return {
        "holder_person_id": person_id,
        "holder_unit_id": unit_id,
        "step_number": step.number if step else None,
        "step_node": step.node if step else "",
        "step_due_at": due_at,
    }
