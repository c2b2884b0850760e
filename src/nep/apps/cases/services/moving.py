"""Letting running cases go on by another version of their procedure: decided once, done by the worker."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count

from nep.apps.cases.models import Case, CaseMoving, StepRun
from nep.apps.cases.queries.moving import Movable, Sides, movables, pairs_of, sides
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.landing import LandedStep, Landing, places_at
from nep.apps.cases.rules.moving import MOVED, numbers_moved, progress_moved
from nep.apps.cases.rules.plan import PlanStep, pleat_text
from nep.apps.cases.rules.timing import step_due, working_minutes
from nep.apps.cases.services._along import along_into, calls_repin
from nep.apps.cases.services._asking import OPINION_TABLE
from nep.apps.cases.services._opening import (
    CASE_TABLE,
    EVENT_TABLE,
    RUN_TABLE,
    SOURCE,
    case_path,
)
from nep.apps.cases.services._waking import NOBODY
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import Directory
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.bpmn import encode_state
from nep.foundation.db import Batch, new_id
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local
from nep.worktime import Calendar

MOVE_JOB = "cases.move"
MOVE_TABLE = "cases_casemove"
PORTION = 50
_TRIES = 5


@transaction.atomic
def moving_start(
    *,
    actor: Actor,
    now: datetime,
    source_id: int,
    target_id: int,
    pairs: Mapping[str, str],
    case_ids: Iterable[int],
    reason: str,
) -> int:
    """Have the worker move cases to another version; return the decision's id.

    `pairs` are the steps mapped by hand, the others are those proposed. Each case is judged again
    when its turn comes.
    Raises Forbidden; NotFound; Refusal("reason_missing", "no_cases", "moving_runs", and as
    `queries.moving.sides`).
    """
    require(may(actor, "case.move"))
    on = sides(agency_id=actor.agency_id, source_id=source_id, target_id=target_id)
    require(acting.decide_reason(reason), kind=Refusal)
    rows = Case.objects.filter(
        pk__in=list(case_ids), agency_id=actor.agency_id, revision_id=source_id
    )
    wanted = sorted(rows.values_list("pk", flat=True))
    if not wanted:
        raise Refusal("no_cases", "Hãy chọn ít nhất một hồ sơ để chuyển.")
    try:
        with transaction.atomic():
            row = CaseMoving.objects.create(
                agency_id=actor.agency_id, source_id=source_id, target_id=target_id,
                pairs=pairs_of(on, pairs), wanted=wanted, reason=clean_lines(reason),
                created_at=now, created_by_id=actor.person_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(
            "moving_runs", "Đang chuyển hồ sơ của lần ban hành này. Hãy chờ xong rồi chuyển tiếp."
        ) from error
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="case.moving_started",
        object_type="case_moving", object_id=row.pk, at=now, reason=row.reason,
        new={"from": source_id, "to": target_id, "cases": len(wanted), "pairs": row.pairs},
    )  # fmt: skip
    outbox.enqueue(
        MOVE_JOB, {"id": row.pk}, at=now, key=str(row.pk), agency_id=actor.agency_id, urgent=True
    )
    return row.pk


@transaction.atomic
def moving_run(*, moving_id: int, now: datetime) -> int:
    """Move the next portion of cases and ask for the one after; return how many moved in all.

    Each portion is one job and one transaction, so that nobody waits for all of them and a second
    run repeats nothing.
    """
    row = CaseMoving.objects.select_for_update().get(pk=moving_id)
    if row.state != "done" and _portion(row, now):
        outbox.enqueue(
            MOVE_JOB, {"id": row.pk}, at=now, key=f"{row.pk}:{row.cursor}",
            agency_id=row.agency_id, urgent=True,
        )  # fmt: skip
    return row.moved


def _portion(row: CaseMoving, now: datetime) -> bool:
    """Move the next cases; False once all are done."""
    ids = [pk for pk in row.wanted if pk > row.cursor][:PORTION]
    if not ids:
        _finish(row, now)
        return False
    on = sides(agency_id=row.agency_id, source_id=row.source_id, target_id=row.target_id)
    mover = _Mover(row, on, now)
    cases = Case.objects.in_bulk(ids)
    for found in mover.judged([cases[case_id] for case_id in ids]):
        message = mover.move(found)
        if message:
            row.kept = [*row.kept, [found.case.pk, message]]
        else:
            row.moved += 1
        row.cursor = found.case.pk
    row.save(update_fields=["cursor", "moved", "kept"])
    return True


class _Mover:
    """What the cases of one portion share."""

    def __init__(self, row: CaseMoving, on: Sides, now: datetime) -> None:
        self.row, self.on, self.now = row, on, now
        self.numbers = numbers_moved(old=on.old, new=on.new, pairs=row.pairs)
        self.calendar: Calendar = workcal.calendar_for(row.agency_id)
        self.directory: Directory = organization.directory(
            agency_id=row.agency_id, today=local(now).date()
        )

    def judged(self, cases: list[Case]) -> list[Movable]:
        """Judge cases as the dry run does."""
        return movables(cases, on=self.on, pairs=self.row.pairs, now=self.now)

    def move(self, found: Movable) -> str:
        """Move one case; return why it stays, or nothing. Tried anew when somebody acts on it."""
        for _ in range(_TRIES):
            if found.case.revision_id != self.row.source_id:
                return "Hồ sơ đã sang lần ban hành khác."
            if found.landing is None:
                return found.message
            if self._write(found.case, found.landing):
                calls_repin(found.landing)
                return ""
            found = self.judged([Case.objects.get(pk=found.case.pk)])[0]
        return "Hồ sơ đang được nhiều người sửa; hãy chuyển lại sau."

    def _write(self, case: Case, landing: Landing) -> bool:
        """Close the open runs, open them in the other version, and pin the case to it."""
        batch, event_id = Batch(), new_id()
        progress = progress_moved(case.progress, numbers=self.numbers, total=len(self.on.new.order))
        runs = {run.token: run for run in StepRun.objects.filter(case=case, closed_at=None)}
        if any(one.token not in runs for one in landing.steps):
            return False  # somebody finished a step since the case was read
        opened = [self._again(batch, case, runs[one.token], one, progress) for one in landing.steps]
        along = along_into(
            batch, case=case, plan=self.on.new, landing=landing, by_id=self.row.created_by_id,
            now=self.now,
        )  # fmt: skip
        self._tell(batch, case, event_id, landing, opened, along)
        batch.guard(
            CASE_TABLE,
            where={"id": case.pk, "version": case.version},
            set={
                "version": case.version + 1, "moved": True, "state": encode_state(landing.state),
                "progress": progress, "revision_id": self.on.target.revision_id,
                "content_hash": self.on.target.content_hash,
                "procedure_text": f"{self.on.target.code} {self.on.target.number}".strip()[:120],
                **_held_by(opened),
            },
        )  # fmt: skip
        return batch.flush()

    def _again(
        self, batch: Batch, case: Case, run: StepRun, landed: LandedStep, progress: str
    ) -> "_Opened":
        """Let an open step go on in the other version, with the time it has used and its holder."""
        step, now = self.on.new.steps[landed.new_node], self.now
        used = run.used_minutes + working_minutes(self.calendar, run.running_since, now)
        gone = run.carried_minutes + used
        paused = run.running_since is None
        due_at = run.due_at
        asks = step.node in self.on.new.beyond.opinions
        if not (paused or asks):  # until when an opinion is asked was said to whom it is asked of
            left = step.minutes - gone if gone and step.minutes is not None else None
            due_at = step_due(
                calendar=self.calendar, opened_at=now, amount=step.amount, unit=step.unit, left=left
            )
        person_id, unit_id, role = self._holder(run, step, json.loads(case.handlers))
        run_id, item_id = new_id(), new_id()
        batch.update(
            RUN_TABLE, where={"id": run.pk},
            set={
                "closed_at": now, "running_since": None, "used_minutes": used, "outcome": MOVED,
                "late": run.due_at is not None and now > run.due_at,
                "closed_by_id": self.row.created_by_id,
            },
        )  # fmt: skip
        if run.item_id is not None:
            work.item_withdraw(
                batch=batch, item_id=run.item_id, at=now, by_id=self.row.created_by_id
            )
        batch.insert(
            RUN_TABLE, id=run_id, case_id=case.pk, token=landed.new_token, node=step.node,
            number=step.number, round=run.round, person_id=person_id, unit_id=unit_id, role=role,
            outside=bool(step.outside), handed_at=run.handed_at if step.outside else None,
            opened_at=max(now, run.opened_at),
            running_since=None if paused else max(now, run.opened_at), closed_at=None, limit_minutes=step.minutes,
            carried_minutes=run.carried_minutes, used_minutes=used, due_at=due_at, late=None,
            outcome="", closed_by_id=None, item_id=item_id,
        )  # fmt: skip
        work.item_open(
            batch=batch, item_id=item_id, agency_id=case.agency_id, kind="case",
            title=step.name[:300], detail=f"{case.applicant_mask} · {case.tthc_name}"[:400],
            link=case_path(case.pk), source_type=SOURCE, source_id=case.pk, source_code=case.code,
            step_label=f"Bước {step.number}/{len(self.on.new.order)}", person_id=person_id,
            unit_id=unit_id, role=role, opened_at=now, started_at=now, due_at=due_at,
            limit_minutes=step.minutes, pleat=pleat_text(self.on.new, progress, step),
            note=f"Chuyển sang {self.on.target.number}: {self.row.reason}"[:500], paused=paused,
        )  # fmt: skip
        if asks:
            batch.update(
                OPINION_TABLE, where={"run_id": run.pk}, set={"run_id": run_id, "node": step.node}
            )
        named = run.node == case.step_node and run.person_id == case.holder_person_id
        handed_at = run.handed_at if step.outside else None
        return _Opened(run_id, step, person_id, unit_id, due_at, named, handed_at)

    def _holder(
        self, run: StepRun, step: PlanStep, handlers: Mapping[str, int]
    ) -> tuple[int | None, int | None, str]:
        """Return (person, unit, role) of who goes on: the present holder where the step allows it."""
        asked = step.node in self.on.new.beyond.opinions
        if asked or step.outside or step.key == self.on.old.steps[run.node].key:
            return run.person_id, run.unit_id, run.role
        unit = self.directory.units.get(step.unit_code)
        unit_id = unit.id if unit else None
        ids = [person.id for person in self.directory.people(step.key)]
        for known in (run.person_id, handlers.get(step.key), ids[0] if len(ids) == 1 else None):
            if known in ids:
                return known, unit_id, step.role
        return None, unit_id, step.role

    def _tell(
        self, batch: Batch, case: Case, event_id: int, landing: Landing,
        opened: "list[_Opened]", along: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Write what tells of the move: the event, the versions' border, the journal."""
        row, on = self.row, self.on
        waiting = [one for one in places_at(on.new, landing.state) if not one[0].isdigit()]
        batch.insert(
            MOVE_TABLE, id=event_id, case_id=case.pk, moving_id=row.pk,
            from_revision_id=on.source.revision_id, from_hash=on.source.content_hash,
            to_hash=on.target.content_hash, steps=self.numbers, at=self.now,
        )  # fmt: skip
        batch.insert(
            EVENT_TABLE, id=event_id, case_id=case.pk, kind=MOVED, at=self.now,
            actor_id=row.created_by_id, node="",
            data={
                "opened": [one.fact() for one in opened], "state": encode_state(landing.state),
                "steps": self.numbers, "from": on.source.number, "to": on.target.number,
                "reason": row.reason, **({"waiting": waiting} if waiting else {}), **along,
            },
        )  # fmt: skip
        journal.record(
            actor_id=row.created_by_id, agency_id=row.agency_id, action="case.moved",
            object_type="case", object_id=case.pk, at=self.now, reason=row.reason,
            old={"revision": on.source.revision_id},
            new={"revision": on.target.revision_id, **along},
            batch=batch,
        )  # fmt: skip


class _Opened(NamedTuple):
    """A step that goes on in the other version; `was_named`: the case's own line named it."""

    run_id: int
    step: PlanStep
    person_id: int | None
    unit_id: int | None
    due_at: datetime | None
    was_named: bool
    handed_at: datetime | None

    def fact(self) -> dict[str, Any]:
        """Return the opening as an event keeps it."""
        fact: dict[str, Any] = {
            "run": self.run_id, "node": self.step.node, "person": self.person_id
        }  # fmt: skip
        if self.due_at is not None:
            fact |= {"due": self.due_at.isoformat(), "limit": self.step.minutes}
        if self.handed_at is not None:
            fact["handed"] = self.handed_at.isoformat()
        return fact


def _held_by(opened: list[_Opened]) -> Mapping[str, Any]:
    """Return who holds a case and at which step: as before where that one goes on; nobody while it waits."""
    if not opened:
        return NOBODY
    holder = next((one for one in opened if one.was_named), opened[0])
    return {
        "holder_person_id": holder.person_id, "holder_unit_id": holder.unit_id,
        "step_number": holder.step.number, "step_node": holder.step.node,
        "step_due_at": holder.due_at,
    }  # fmt: skip


def _finish(row: CaseMoving, now: datetime) -> None:
    """Close a decision: its journal entry, and one notice for each holder of moved cases."""
    row.state, row.finished_at = "done", now
    row.save(update_fields=["state", "finished_at"])
    journal.record(
        actor_id=row.created_by_id, agency_id=row.agency_id, action="case.moving_done",
        object_type="case_moving", object_id=row.pk, at=now, reason=row.reason,
        new={"moved": row.moved, "kept": len(row.kept)},
    )  # fmt: skip
    moved = Case.objects.filter(moves__moving=row).exclude(holder_person_id=None)
    counts = moved.order_by().values_list("holder_person_id").annotate(Count("pk"))
    for person_id, count in counts:
        if person_id != row.created_by_id:
            work.notice_add(
                person_id=person_id, agency_id=row.agency_id, key=f"chuyen-ban:{row.pk}",
                text=f"{count} hồ sơ bạn giữ đi tiếp theo lần ban hành khác của quy trình",
                detail=row.reason, icon="file-text",
                link=f"/ho-so/?nhom=mo&nguoi={person_id}", at=now,
            )  # fmt: skip
