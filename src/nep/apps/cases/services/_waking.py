"""A case that moves without anybody finishing a step: by the clock, a message, a called case."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nep.apps.cases.events import CaseFinished, CaseWoken
from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import statuses
from nep.apps.cases.rules.plan import only_returns
from nep.apps.cases.rules.timing import on_time_word, working_minutes
from nep.apps.cases.services._asking import open_opinion
from nep.apps.cases.services._beyond import Place, beyond_into, messages_leave_into
from nep.apps.cases.services._endings import STOPPED
from nep.apps.cases.services._facts import fact_into
from nep.apps.cases.services._finding import changed, handed_over
from nep.apps.cases.services._opening import (
    CASE_TABLE,
    RUN_TABLE,
    Ground,
    ground,
    log,
    open_step,
    opened_facts,
)
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.bpmn import (
    Effect,
    EngineError,
    Event,
    Incident,
    ProcessEnded,
    State,
    TaskClosed,
    TaskOpened,
    advance,
    decode_state,
    encode_state,
)
from nep.foundation.db import Batch
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.errors import Refusal

WAKING = statuses.MOVING | {statuses.DONE}
ENDED = "ended"


def system_actor(agency_id: int) -> Actor:
    """Return who acts when nobody does: no person, no hat, no right; only ever given to writers."""
    return Actor(person_id=None, user_id=None, name="", agency_id=agency_id)  # type: ignore[arg-type]


def case_wake(
    *,
    case: Case,
    event: Event,
    now: datetime,
    kind: str,
    by_id: int | None = None,
    told: Mapping[str, Any] | None = None,
    joins: Mapping[str, Any] | None = None,
    ends: Mapping[Place, str] | None = None,
    run_ends: str = ENDED,
    reason: str = "",
    signed: Mapping[str, Any] | None = None,
) -> None:
    """Move a case by an event of the engine and write everything in one statement.

    The case's row is locked by the caller. `kind` is the log's, `told` what it keeps of the event,
    `joins` what joins the data of the case, `ends` how the waits it ends were ended; `run_ends` is
    the outcome of steps that close with it.
    Raises Refusal with the engine's code, or "no_way_out"; Conflict.
    """
    data = {**json.loads(case.data), **(joins or {})}
    _Waking(case, now, by_id, data).write(
        event, kind=kind, told=told or {}, joins=joins or {}, ends=ends or {}, run_ends=run_ends,
        reason=reason, signed=signed or {},
    )  # fmt: skip


class _Waking:
    """One move of a case: what it opens and closes, and what is written."""

    def __init__(self, case: Case, now: datetime, by_id: int | None, data: dict[str, Any]) -> None:
        self.case, self.now, self.by_id, self.data = case, now, by_id, data
        self.plan = plan_for(case.content_hash)
        self.open_runs = list(
            StepRun.objects.filter(case_id=case.pk, closed_at=None).order_by("id")
        )
        self.on = self._ground()

    def _ground(self) -> Ground:
        """Return the ground; an outside step opened now stays with who did the last step."""
        case = self.case
        last = StepRun.objects.filter(case_id=case.pk).order_by("-id").first()
        sender = (last.person_id, last.unit_id, last.role) if last else (None, None, "")
        return ground(
            actor=system_actor(case.agency_id),
            now=self.now,
            case_id=case.pk,
            code=case.code,
            detail=f"{case.applicant_mask} · {case.tthc_name}",
            plan=self.plan,
            progress=case.progress,
            handlers=json.loads(case.handlers),
            sender=sender,
        )

    def write(
        self,
        event: Event,
        *,
        kind: str,
        told: Mapping[str, Any],
        joins: Mapping[str, Any],
        ends: Mapping[Place, str],
        run_ends: str,
        reason: str,
        signed: Mapping[str, Any],
    ) -> None:
        case, batch = self.case, Batch()
        state, effects = self._advance(event)
        closing = self._effects(batch, effects)
        beyond = beyond_into(
            batch, on=self.on, effects=effects, data=self.data, by_id=self.by_id, ends=ends,
            reason=reason,
        )  # fmt: skip
        self._close(batch, closing, run_ends)
        error = _error_of(effects)
        columns = self._columns(state, closing, error)
        if joins:
            columns["data"] = json.dumps({**json.loads(case.data), **joins}, ensure_ascii=False)
        facts: dict[str, Any] = {**told, **beyond.told(), **signed}
        if joins:
            facts["joins"] = dict(joins)
        if self.on.opened:
            facts["opened"] = opened_facts(self.on)
        if closing:
            facts["ended"] = [run.pk for run in closing]
        if reason:
            facts["reason"] = reason
        if error:
            facts["stopped"] = error
        log(
            batch, case_id=case.pk, kind=kind, at=self.now, actor_id=self.by_id,
            node=getattr(event, "node", ""), data=facts,
        )  # fmt: skip
        journal.record(
            actor_id=self.by_id, agency_id=case.agency_id, action=f"case.{kind}",
            object_type="case", object_id=case.pk, at=self.now, new=facts, reason=reason,
            batch=batch,
        )  # fmt: skip
        messages_leave_into(
            batch, case_id=case.pk, plan=self.plan, status=columns.get("status"), now=self.now
        )
        self._finish_told(batch, columns, closing, run_ends)
        batch.guard(
            CASE_TABLE, where={"id": case.pk, "version": case.version},
            set={**columns, "version": case.version + 1},
        )  # fmt: skip
        if not batch.flush():
            raise changed(case)

    def _advance(self, event: Event) -> tuple[State, tuple[Effect, ...]]:
        try:
            return advance(self.plan.compiled, decode_state(self.case.state), event)
        except EngineError as error:
            raise Refusal(error.code, error.message) from error

    def _effects(self, batch: Batch, effects: tuple[Effect, ...]) -> list[StepRun]:
        """Open the steps that begin; return the runs that end."""
        closed = set()
        for effect in effects:
            if isinstance(effect, TaskOpened):
                if effect.instance:
                    open_opinion(batch, self.on, effect, self.data)
                else:
                    open_step(batch, self.on, effect.node, effect.token)
            elif isinstance(effect, TaskClosed):
                closed.add(effect.token)
            elif isinstance(effect, Incident):
                raise Refusal("no_way_out", f"{effect.message} Hãy báo thư ký ISO xem quy trình.")
        return [run for run in self.open_runs if run.token in closed]

    def _close(self, batch: Batch, closing: list[StepRun], outcome: str) -> None:
        for run in closing:
            used = working_minutes(self.on.calendar, run.running_since, self.now)
            batch.update(
                RUN_TABLE, where={"id": run.pk},
                set={
                    "closed_at": self.now, "running_since": None, "outcome": outcome,
                    "used_minutes": run.used_minutes + used, "closed_by_id": self.by_id,
                    "late": run.due_at is not None and self.now > run.due_at,
                },
            )  # fmt: skip
            if run.item_id is not None:
                work.item_withdraw(batch=batch, item_id=run.item_id, at=self.now, by_id=self.by_id)

    def _columns(self, state: State, closing: list[StepRun], error: str) -> dict[str, Any]:
        case = self.case
        columns: dict[str, Any] = {"state": encode_state(state)}
        if case.status in statuses.MOVING and case.status != statuses.RUNNING:
            columns["status"] = statuses.RUNNING
        gone = {run.pk for run in closing}
        columns |= self._holder([run for run in self.open_runs if run.pk not in gone])
        if state.status == "ended":
            columns |= self._ended(error)
        elif case.finished_at is None and only_returns(self.plan, state):
            columns |= self._dealt_with()
        return columns

    def _holder(self, still: list[StepRun]) -> dict[str, Any]:
        """Return the holder: as before while that step is open, else of the next open one."""
        case = self.case
        named = (case.step_node, case.holder_person_id, case.holder_unit_id, case.step_due_at)
        if any((r.node, r.person_id, r.unit_id, r.due_at) == named for r in still):
            return {}
        if still:
            run = still[0]
            return {
                "holder_person_id": run.person_id, "holder_unit_id": run.unit_id,
                "step_number": run.number, "step_node": run.node, "step_due_at": run.due_at,
            }  # fmt: skip
        if self.on.opened:
            first = self.on.opened[0]
            return {
                "holder_person_id": first.person_id, "holder_unit_id": first.unit_id,
                "step_number": first.step.number, "step_node": first.step.node,
                "step_due_at": first.due_at,
            }  # fmt: skip
        return dict(NOBODY)

    def _dealt_with(self) -> dict[str, Any]:
        word = on_time_word(finished_at=self.now, due_at=self.case.result_due_at)
        return {
            "status": statuses.DONE, "finished_at": self.now, "outcome": "granted",
            "on_time": word,
        }  # fmt: skip

    def _ended(self, error: str) -> dict[str, Any]:
        """Return what changes when nothing is left; an error nobody caught stops the case.

        A result that nobody handed over waits on: no clock hands anything over.
        """
        case = self.case
        if case.finished_at is not None:
            given = handed_over(case.pk, self.plan)
            return {"status": statuses.RETURNED, "returned_at": given} if given else {}
        return {**STOPPED, "finished_at": self.now} if error else self._dealt_with()

    def _finish_told(
        self, batch: Batch, columns: Mapping[str, Any], closing: list[StepRun], run_ends: str
    ) -> None:
        """Announce the move; of a finish add its fact too."""
        case = self.case
        outbox.publish(
            CaseWoken(case.pk, case.agency_id, ended=bool(closing)), agency_id=case.agency_id,
            at=self.now, batch=batch,
        )  # fmt: skip
        if columns.get("finished_at") is None:
            return
        fact_into(
            batch, case_id=case.pk, finished_at=self.now, status=columns["status"],
            on_time=columns["on_time"], calendar=self.on.calendar,
            ends=run_ends if closing else "",
        )  # fmt: skip
        finished = CaseFinished(
            case.pk, case.agency_id, case.code, columns["outcome"], columns["on_time"]
        )
        outbox.publish(finished, agency_id=case.agency_id, at=self.now, batch=batch)


NOBODY: Mapping[str, Any] = {
    "holder_person_id": None, "holder_unit_id": None, "step_number": None, "step_node": "",
    "step_due_at": None,
}  # fmt: skip


def _error_of(effects: tuple[Effect, ...]) -> str:
    """Return the code of an error that ended the process, or nothing."""
    return next((one.error for one in effects if isinstance(one, ProcessEnded)), "")
