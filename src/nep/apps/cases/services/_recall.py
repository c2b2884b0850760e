"""Taking back a step that was finished by mistake, before anybody has acted on the next one."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from nep.apps.cases.events import MessagesWanted, StepRecalled
from nep.apps.cases.models import Case, CaseOpinion, CaseWait, JointStep, StepRun
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.rules.moving import MOVED, progress_moved
from nep.apps.cases.rules.plan import Plan, pleat_text, progress_done, progress_start
from nep.apps.cases.rules.recall import (
    RECALLED,
    TAKEN_BACK,
    Before,
    decide_recall,
    recalled_runs,
    states_before,
)
from nep.apps.cases.rules.slip import LoggedEvent
from nep.apps.cases.rules.timing import step_due
from nep.apps.cases.rules.waiting import MESSAGE
from nep.apps.cases.services._beyond import WAIT_TABLE
from nep.apps.cases.services._finding import case_of, changed
from nep.apps.cases.services._opening import CASE_TABLE, RUN_TABLE, SOURCE, case_path, log
from nep.apps.cases.services._step_data import joined_by_run
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.bpmn import decode_state, encode_state
from nep.foundation.db import Batch, new_id
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean_lines


@transaction.atomic
def step_recall(
    *, actor: Actor, now: datetime, run_id: int, reason: str, expected_version: int | None = None
) -> int:
    """Take back a step the actor has finished by mistake; return the run that goes on.

    The step's clock goes on as if it had never been finished; the time in between is charged to
    it, not to the next holder. History stays.
    Raises NotFound; Forbidden; Conflict; Refusal("already_acted", "led_further", "case_moved",
    "not_your_finish", "reason_missing", "case_finished", "recall_unknown").
    """
    run = StepRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound("not_found", "Không tìm thấy bước này trong cơ quan của bạn.")
    case = case_of(actor, run.case_id, expected_version)
    require(may(actor, "case.step"))
    events = logged_events(case.pk)
    require(
        decide_recall(
            status=case.status, events=events, actor_id=actor.person_id, run_id=run.pk
        ),
        kind=Refusal,
    )  # fmt: skip
    require(acting.decide_reason(reason), kind=Refusal)
    return _Recall(actor, now, case, run, events, clean_lines(reason)).write()


class _Recall:
    """One taking back: the runs concerned, the marking before, and what is written."""

    def __init__(
        self,
        actor: Actor,
        now: datetime,
        case: Case,
        run: StepRun,
        events: Sequence[LoggedEvent],
        reason: str,
    ) -> None:
        self.actor, self.now, self.case, self.run, self.reason = actor, now, case, run, reason
        self.plan: Plan = plan_for(case.content_hash)
        self.step = self.plan.steps[run.node]
        self.runs = {one.pk: one for one in StepRun.objects.filter(case=case)}
        finish = next(e for e in events if e.data.get("closed", {}).get("run") == run.pk)
        self.undone = [self.runs[one["run"]] for one in finish.data.get("opened", ())]
        self.unwaited = [one["wait"] for one in finish.data.get("waits", ())]
        self.waited = list(finish.data.get("unwaited", ()))
        self.before, self.data = self._marking(events)
        self.progress = self._progress(events)
        is_here = JointStep.objects.filter(run=run).exists()  # its agency may be asked again here
        self.handed_at = None if is_here else run.handed_at

    def _marking(self, events: Sequence[LoggedEvent]) -> Before:
        tokens = {pk: abs(run.token) for pk, run in self.runs.items()}
        typed = joined_by_run(self.case)
        names = {name for values in typed.values() for name in values}
        known = {
            name: value for name, value in json.loads(self.case.data).items() if name not in names
        }
        present, before = states_before(
            self.plan.compiled, data=known, events=events, tokens=tokens, typed=typed
        )
        if present is None or present != decode_state(self.case.state):
            raise Refusal(
                "recall_unknown",
                "Không dựng lại được chỗ đứng trước đó của hồ sơ nên không thu hồi được. Hãy đề "
                "nghị người nhận trả lại bước trước.",
            )
        return before[self.run.pk]

    def _progress(self, events: Sequence[LoggedEvent]) -> str:
        """Return the progress as it was before the step was finished."""
        gone = recalled_runs(events) | {self.run.pk}
        versions = followed(self.case)
        found = progress_start(versions.at(0))
        for event in events:
            pk = event.data.get("closed", {}).get("run")
            if event.kind == MOVED:
                total = len(versions.at(event.id).order)
                found = progress_moved(found, numbers=event.data["steps"], total=total)
            elif pk is not None and pk not in gone:
                run = self.runs[pk]
                step = versions.at(pk).steps[run.node]
                used = run.carried_minutes + run.used_minutes
                found = progress_done(found, step, used=used, late=bool(run.late))
        return found

    def write(self) -> int:
        """Write everything; the loser of a race is told who was first.

        What is taken back gives its token away before another run takes it.
        """
        before, batch = Batch(), Batch()
        self._undo(before)
        if self.plan.beyond:
            self._undo_waits(before)
        again = self._reopen(batch)
        log(
            batch, case_id=self.case.pk, kind=RECALLED, at=self.now,
            actor_id=self.actor.person_id, node=self.run.node,
            data={
                RECALLED: self.run.pk, "undone": [run.pk for run in self.undone],
                "opened": [self._opened(again)], "reason": self.reason,
            },
        )  # fmt: skip
        journal.record(
            actor_id=self.actor.person_id, agency_id=self.case.agency_id,
            action="case.step_recalled", object_type="case", object_id=self.case.pk, at=self.now,
            old={"runs": [run.pk for run in self.undone]}, new={"run": again, "of": self.run.pk},
            reason=self.reason, batch=batch,
        )  # fmt: skip
        told = tuple(
            run.person_id
            for run in self.undone
            if run.person_id not in (None, self.actor.person_id)
        )
        outbox.publish(
            StepRecalled(
                self.case.pk, self.case.agency_id, self.case.code, self.run.pk,
                self.actor.person_id, told,
            ),
            agency_id=self.case.agency_id, at=self.now, batch=batch,
        )  # fmt: skip
        before.guard(
            CASE_TABLE, where={"id": self.case.pk, "version": self.case.version},
            set={
                "version": self.case.version + 1, "state": encode_state(self.before),
                "data": json.dumps(self.data, ensure_ascii=False),
                "progress": self.progress, "status": statuses.RUNNING,
                "holder_person_id": self.actor.person_id, "holder_unit_id": self.run.unit_id,
                "step_number": self.step.number, "step_node": self.run.node,
                "step_due_at": self.due_at,
            },
        )  # fmt: skip
        if not before.flush():
            raise changed(self.case)
        batch.flush()
        if self.run.node in self.plan.beyond.opinions:
            CaseOpinion.objects.filter(run_id=self.run.pk).update(run_id=again, answer="")
        return again

    def _undo(self, batch: Batch) -> None:
        batch.update(
            RUN_TABLE, where={"id": self.run.pk},
            set={"outcome": TAKEN_BACK, "token": -self.run.token},
        )  # fmt: skip
        for run in self.undone:
            batch.update(
                RUN_TABLE, where={"id": run.pk},
                set={
                    "token": -run.token, "closed_at": self.now, "running_since": None, "used_minutes": 0,
                    "late": False, "outcome": RECALLED, "closed_by_id": self.actor.person_id,
                },
            )  # fmt: skip
            if run.item_id is not None:
                work.item_withdraw(
                    batch=batch, item_id=run.item_id, at=self.now, by_id=self.actor.person_id
                )

    def _undo_waits(self, batch: Batch) -> None:
        """Let go of what the step let the case wait for; wait again for what it had ended."""
        for row in CaseWait.objects.filter(pk__in=self.unwaited, closed_at=None):
            batch.update(
                WAIT_TABLE, where={"id": row.pk},
                set={
                    "closed_at": self.now, "outcome": RECALLED,
                    "closed_by_id": self.actor.person_id,
                },
            )  # fmt: skip
        rows = list(CaseWait.objects.filter(pk__in=self.waited))
        if any(row.kind == MESSAGE for row in rows):  # one may have come in between
            outbox.publish(
                MessagesWanted(self.case.pk, self.case.agency_id),
                agency_id=self.case.agency_id, at=self.now, batch=batch,
            )  # fmt: skip
        for row in rows:
            batch.insert(
                WAIT_TABLE, id=new_id(), case_id=self.case.pk, token=row.token, node=row.node,
                kind=row.kind, message=row.message, due_at=row.due_at, left=row.left,
                fired=row.fired, opened_at=row.opened_at, closed_at=None, outcome="",
                closed_by_id=None, reason="", trouble="",
            )  # fmt: skip

    def _reopen(self, batch: Batch) -> int:
        """Open the step again from the moment it was closed, with what it had used.

        The run taken back keeps its row and its time, but figures count the one that goes on. What
        was handed to an agency outside is still there.
        """
        run, step = self.run, self.step
        since = run.closed_at or self.now
        gone = run.carried_minutes + run.used_minutes
        left = step.minutes - gone if gone and step.minutes is not None else None
        self.due_at = step_due(
            calendar=workcal.calendar_for(self.case.agency_id), opened_at=since,
            amount=step.amount, unit=step.unit, left=left,
        )  # fmt: skip
        if run.node in self.plan.beyond.opinions:
            self.due_at = run.due_at
        run_id, item_id = new_id(), new_id()
        batch.insert(
            RUN_TABLE, id=run_id, case_id=self.case.pk, token=run.token, node=run.node,
            number=run.number, round=run.round, person_id=self.actor.person_id,
            unit_id=run.unit_id, role=run.role, outside=run.outside, handed_at=self.handed_at,
            opened_at=since, running_since=since, closed_at=None,
            limit_minutes=run.limit_minutes, carried_minutes=run.carried_minutes,
            used_minutes=run.used_minutes,
            due_at=self.due_at, late=None, outcome="", closed_by_id=None, item_id=item_id,
        )  # fmt: skip
        work.item_open(
            batch=batch, item_id=item_id, agency_id=self.case.agency_id, kind="case",
            title=step.name[:300],
            detail=f"{self.case.applicant_mask} · {self.case.tthc_name}"[:400],
            link=case_path(self.case.pk), source_type=SOURCE, source_id=self.case.pk,
            source_code=self.case.code, step_label=f"Bước {step.number}/{len(self.plan.order)}",
            person_id=self.actor.person_id, unit_id=run.unit_id, role=run.role,
            opened_at=self.now, started_at=since, due_at=self.due_at,
            limit_minutes=step.minutes, pleat=pleat_text(self.plan, self.progress, step),
            note=f"Thu hồi: {self.reason}"[:500],
        )  # fmt: skip
        return run_id

    def _opened(self, run_id: int) -> dict[str, object]:
        fact: dict[str, object] = {
            "run": run_id, "node": self.run.node, "person": self.actor.person_id,
            "from": (self.run.closed_at or self.now).isoformat(),
        }  # fmt: skip
        if self.handed_at is not None:
            fact["handed"] = self.handed_at.isoformat()
        if self.due_at is not None:
            fact |= {"due": self.due_at.isoformat(), "limit": self.step.minutes}
        return fact


def recall_tell(*, case_id: int, run_id: int, person_ids: Sequence[int], now: datetime) -> None:
    """Show those who had been given the next step that it was taken back. Repeating is harmless."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return
    for person_id in person_ids:
        work.notice_add(
            person_id=person_id, agency_id=case.agency_id, key=f"thu-hoi:{run_id}",
            text=f"Hồ sơ {case.code} vừa được người chuyển thu hồi", icon="info",
            detail="Bạn chưa cần làm bước này.", link=case_path(case_id), at=now,
        )  # fmt: skip
