"""What finishing a step writes besides the case itself: the run that closes, the log, the news."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nep.apps.cases.events import CaseFinished, StepCompleted
from nep.apps.cases.models import StepRun
from nep.apps.cases.queries._log import STEP_FINISHED
from nep.apps.cases.rules.plan import Plan, PlanStep, Way
from nep.apps.cases.rules.timing import working_minutes
from nep.apps.cases.services._asking import OPINION_TABLE
from nep.apps.cases.services._beyond import messages_leave_into
from nep.apps.cases.services._facts import Closing, fact_into
from nep.apps.cases.services._opening import RUN_TABLE, Ground, opened_facts
from nep.apps.cases.services._standing import Standing
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.apps.work import services as work
from nep.bpmn import State
from nep.foundation.db import Batch, new_id, updates
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox

DATA_TABLE = "cases_casestepdata"
_CLOSED = updates(
    RUN_TABLE,
    "closed_at", "running_since", "used_minutes", "late", "person_id", "outcome", "closed_by_id",
)  # fmt: skip


class Completed:
    """A step that is being finished: what is known of it, and what it leaves behind."""

    __slots__ = (
        "actor", "at", "beyond", "chosen", "data", "entered", "error", "handlers", "joins", "late",
        "new_state", "note", "now", "on", "others", "outcome", "papers", "plan", "progress", "signed",
        "step", "stopped", "uploads", "used", "way",
    )  # fmt: skip

    actor: Actor
    at: Standing
    beyond: dict[str, Any]
    chosen: dict[str, Any]
    entered: dict[str, Any]
    error: str | None
    handlers: str
    late: bool
    new_state: State
    note: str
    now: datetime
    on: Ground
    others: list[int]
    outcome: str | None
    plan: Plan
    progress: str
    signed: dict[str, Any]
    step: PlanStep
    stopped: str
    used: int
    way: Way | None

    def _close(self, batch: Batch) -> None:
        at, by = self.at, self.actor.person_id
        outcome = "returned" if self._goes_back() else "done"
        batch.add(
            _CLOSED,
            [self.now, None, self.used, self.late, at.person_id or by, outcome, by, at.run_id],
        )
        if self.entered:
            batch.insert(
                DATA_TABLE, id=new_id(), case_id=at.case_id, run_id=at.run_id, node=at.node,
                values=json.dumps(self.entered, ensure_ascii=False), at=self.now, by_id=by,
            )  # fmt: skip
        if at.node in self.plan.beyond.opinions:
            batch.update(OPINION_TABLE, where={"run_id": at.run_id}, set={"answer": self.note})
        if at.item_id is not None:
            told = self.on.ends_id is None
            work.item_close(batch=batch, item_id=at.item_id, at=self.now, by_id=by, told=told)
        for run in self._other_runs():
            batch.update(
                RUN_TABLE,
                where={"id": run.pk},
                set={
                    "closed_at": self.now, "running_since": None, "outcome": "ended",
                    "used_minutes": run.used_minutes
                    + working_minutes(self.on.calendar, run.running_since, self.now),
                    "closed_by_id": by,
                    "late": run.due_at is not None and self.now > run.due_at,
                },
            )  # fmt: skip
            if run.item_id is not None:
                work.item_withdraw(batch=batch, item_id=run.item_id, at=self.now, by_id=by)

    def _other_runs(self) -> list[StepRun]:
        if not self.others:
            return []
        rows = StepRun.objects.filter(case_id=self.at.case_id, closed_at=None)
        return list(rows.filter(token__in=self.others))

    def _fact(self, batch: Batch, columns: Mapping[str, Any]) -> None:
        """Add what the figures keep of the case that this step finishes."""
        fact_into(
            batch, case_id=self.at.case_id, finished_at=self.now, status=columns["status"],
            on_time=columns["on_time"], calendar=self.on.calendar,
            closing=Closing(self.at.run_id, self.actor.person_id, self.used, self.late),
        )  # fmt: skip

    def _goes_back(self) -> bool:
        return self.way is not None and (self.way.is_back or self.way.is_supplement)

    def _kind(self) -> str:
        if self._goes_back():
            return "returned"
        return "outside_returned" if self.step.outside else "step_completed"

    def _event(self) -> dict[str, Any]:
        """Return what the journal keeps, and with it the log of the case (`queries._log`)."""
        at = self.at
        closed = {"run": at.run_id, "used": self.used, "result": self._result()}
        data: dict[str, Any] = {
            "node": at.node, "late": self.late, "closed": closed, **self.signed
        }  # fmt: skip
        if (kind := self._kind()) != "step_completed":
            data["kind"] = kind
        if self.on.opened:
            data["opened"] = opened_facts(self.on)
        if self.outcome:
            data["outcome"] = self.outcome
        if self.entered:
            data["fields"] = list(self.entered)
        if self.chosen:
            data["asked"] = self.chosen
        if self.error is not None:
            data["error"] = self.error
        if self.others:
            data["ended"] = [run.pk for run in self._other_runs()]
        if self.stopped:
            data["stopped"] = self.stopped
        return {**data, **self.beyond} if self.beyond else data

    def _keeps(self) -> bool:
        """Say whether the step leaves a record: it names one, and the case does not go back."""
        carried = procedures.carried_of(self.at.content_hash, self.at.node)
        return carried.record is not None and not self._goes_back()

    def _result(self) -> str:
        """Return tre, truoc (working time of the limit was left over), dung, or nothing."""
        limit = self.at.limit_minutes
        if self.late or limit is None:
            return "tre" if self.late else ""
        return "truoc" if self.at.carried_minutes + self.used < limit else "dung"

    def _announce(self, batch: Batch, columns: Mapping[str, Any]) -> None:
        at, by = self.at, self.actor.person_id
        journal.record(
            actor_id=by,
            agency_id=at.agency_id,
            action=STEP_FINISHED,
            object_type="case",
            object_id=at.case_id,
            at=self.now,
            new=self._event(),
            reason=self.note,
            batch=batch,
        )
        event = StepCompleted(
            at.case_id, at.agency_id, at.run_id, at.node, by, self.used, self.late,
            others=at.outside or bool(self.others), keeps=self._keeps(),
        )  # fmt: skip
        outbox.publish(event, agency_id=at.agency_id, at=self.now, batch=batch)
        messages_leave_into(
            batch, case_id=at.case_id, plan=self.plan, status=columns.get("status"), now=self.now
        )
        if columns.get("finished_at") is not None:
            finished = CaseFinished(
                at.case_id, at.agency_id, at.code, columns["outcome"], columns["on_time"]
            )
            outbox.publish(finished, agency_id=at.agency_id, at=self.now, batch=batch)
