"""Writing cases of another system: the same rows as those of cases run here."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.models import Case, CaseEvent, CasePause, FedRow, FedWording, StepRun
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import fed_columns
from nep.apps.cases.rules.fed_columns import RowFault
from nep.apps.cases.rules.fed_steps import recalled_node
from nep.apps.cases.rules.fed_timeline import FedStep, Terms, Timeline, timeline
from nep.apps.cases.rules.slip import CORRECTED
from nep.apps.cases.services._fed_versions import CannotTake, Versions
from nep.apps.organization import queries as organization
from nep.apps.workcal import queries as workcal
from nep.foundation.db import Batch, new_id
from nep.foundation.journal import services as journal
from nep.kernel.text import fold
from nep.kernel.vietnamese import local

CHUNK = 50
_CASE_COLUMNS = (
    "status", "progress", "holder_person_id", "holder_unit_id", "step_number", "step_node",
    "step_due_at", "result_due_at", "result_due_original", "indicator_due_at", "is_estimated",
    "paused_since", "finished_at", "returned_at", "outcome", "on_time",
    "version",
)  # fmt: skip
_RUN_COLUMNS = (
    "person_id", "unit_id", "role", "round", "running_since", "closed_at", "carried_minutes",
    "used_minutes", "due_at", "late", "outcome", "closed_by_id",
)  # fmt: skip
_RETOLD_COLUMNS = (*_RUN_COLUMNS, "node", "number", "outside", "opened_at", "limit_minutes")


@dataclass(slots=True)
class Tally:
    """What an import has done; rows of the file = events + unchanged + refused."""

    cases: int = 0
    events: int = 0
    matched: int = 0
    unmatched: int = 0
    unchanged: int = 0
    refused: list[RowFault] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Return the tally as JSON-able values, refused rows in the order of the file."""
        refused = sorted(self.refused, key=lambda one: one.row)
        return {
            "cases": self.cases,
            "events": self.events,
            "matched": self.matched,
            "unmatched": self.unmatched,
            "unchanged": self.unchanged,
            "refused": [{"row": one.row, "reason": one.reason} for one in refused],
        }


@dataclass(slots=True)
class _Known:
    """What stands of a case already."""

    case: Case | None = None
    rows: dict[str, fed_columns.FedRow] = field(default_factory=dict)
    runs: list[StepRun] = field(default_factory=list)
    events: list[tuple[str, datetime, str]] = field(default_factory=list)
    pauses: list[CasePause] = field(default_factory=list)


@dataclass(slots=True)
class _Writes:
    cases: list[Case] = field(default_factory=list)
    changed_cases: list[Case] = field(default_factory=list)
    runs: list[StepRun] = field(default_factory=list)
    changed_runs: list[StepRun] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    pauses: list[CasePause] = field(default_factory=list)
    changed_pauses: list[CasePause] = field(default_factory=list)
    rows: list[FedRow] = field(default_factory=list)
    replaced: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)


class Importer:
    """Brings the rows of one agency in; `is_dry` computes everything and writes nothing."""

    def __init__(
        self,
        *,
        agency_id: int,
        actor_id: int | None,
        now: datetime,
        tthc_id: int | None = None,
        variant: str = "",
        is_dry: bool = False,
    ) -> None:
        self.agency_id, self.actor_id, self.now = agency_id, actor_id, now
        self.is_dry = is_dry
        self.versions = Versions(agency_id=agency_id, tthc_id=tthc_id, variant=variant)
        self.tally = Tally()
        self.calendar = workcal.calendar_for(agency_id)
        self.units = {unit.code: unit.id for unit in organization.units_of(agency_id)}
        people = organization.people_for(agency_id=agency_id, today=local(now).date())
        self.people = {fold(person.name): person.id for person in people}
        said = FedWording.objects.filter(agency_id=agency_id)
        self.wordings = {
            (tthc, folded): (node, name)
            for tthc, folded, node, name in said.values_list(
                "tthc_id", "folded", "node", "step_name"
            )
        }

    def take(self, groups: Sequence[tuple[str, Sequence[fed_columns.FedRow]]]) -> None:
        """Bring a chunk of cases in, in one transaction; the same rows again change nothing."""
        known = self._known([code for code, _ in groups])
        writes, written = _Writes(), []
        for code, rows in groups:
            try:
                if found := self._one(code, rows, known.get(code, _Known()), writes):
                    written.append(found)
            except CannotTake as fault:
                self.tally.refused += [RowFault(row.number, str(fault)) for row in rows]
        if not self.is_dry and written:
            self._write(writes, written)

    def _known(self, codes: Sequence[str]) -> dict[str, _Known]:
        cases = {case.pk: case for case in Case.objects.filter(
            agency_id=self.agency_id, code__in=codes)}  # fmt: skip
        known = {pk: _Known(case) for pk, case in cases.items()}
        for row in FedRow.objects.filter(case_id__in=known):
            known[row.case_id].rows[row.key] = fed_columns.row_kept(row.key, row.data)
        for run in StepRun.objects.filter(case_id__in=known).order_by("id"):
            known[run.case_id].runs.append(run)
        events = CaseEvent.objects.filter(case_id__in=known).order_by("id")
        for case_id, kind, at, node in events.values_list("case_id", "kind", "at", "node"):
            if kind == CORRECTED:  # what was told before has been told anew after it
                known[case_id].events.clear()
            else:
                known[case_id].events.append((kind, at, node))
        for pause in CasePause.objects.filter(case_id__in=known).order_by("started_at", "id"):
            known[pause.case_id].pauses.append(pause)
        return {cases[pk].code: one for pk, one in known.items()}

    def _one(
        self, code: str, rows: Sequence[fed_columns.FedRow], known: _Known, writes: _Writes
    ) -> tuple[Case, int] | None:
        """Add the writes of one case; return it with the count of its new rows."""
        if known.case is not None and known.case.origin != "fed":
            raise CannotTake("Hồ sơ này đang được giải quyết trong Nếp nên không nhập đè.")
        fresh = [row for row in rows if not _same(row, known.rows.get(row.key))]
        self.tally.unchanged += len(rows) - len(fresh)
        if not fresh:
            return None
        try:
            return self._grow(code, fresh, known, writes)
        except CannotTake as fault:
            self.tally.refused += [RowFault(row.number, str(fault)) for row in fresh]
            return None

    def _grow(
        self, code: str, fresh: Sequence[fed_columns.FedRow], known: _Known, writes: _Writes
    ) -> tuple[Case, int]:
        shift = max((row.number for row in known.rows.values()), default=0)
        merged = known.rows | {row.key: replace(row, number=row.number + shift) for row in fresh}
        case, terms = self._case(code, list(merged.values()), known.case)
        for row in fresh:
            old = known.rows.get(row.key)
            node = old.node if old else self._recalled(case.tthc_id, row, terms)
            merged[row.key] = replace(merged[row.key], node=node)
        made = timeline(list(merged.values()), terms=terms)
        _check_growth(made, known)
        self._fill(case, made)
        self._add(case, made, known, writes)
        for row in fresh:
            read = replace(merged[row.key], node=made.nodes[row.key])
            data = fed_columns.row_data(read)
            if row.key in known.rows:
                writes.replaced[case.pk, row.key] = data
            else:
                writes.rows.append(FedRow(id=new_id(), case=case, key=row.key, data=data))
        (writes.cases if known.case is None else writes.changed_cases).append(case)
        unmatched = {one.row.key for one in made.unmatched} & {row.key for row in fresh}
        self.tally.cases += 1
        self.tally.events += len(fresh)
        self.tally.unmatched += len(unmatched)
        self.tally.matched += len(fresh) - len(unmatched)
        return case, len(fresh)

    def _recalled(self, tthc_id: int, row: fed_columns.FedRow, terms: Terms) -> str | None:
        """Return the step that somebody once said such words mean, None when nobody did."""
        known = self.wordings.get((tthc_id, fold(row.step or row.status)[:300]))
        return recalled_node(node=known[0], step_name=known[1], plan=terms.plan) if known else None

    def retell(self, case: Case, nodes: Mapping[str, str]) -> None:
        """Tell a case anew with the rows meaning these steps, after the correction was logged.

        What was logged before stays in the log; runs and pauses, which hold how the case stands,
        are set anew in place.
        """
        known = self._known([case.code])[case.code]
        rows = [replace(row, node=nodes[row.key]) for row in known.rows.values()]
        _, terms = self._case(case.code, rows, case)
        made, writes = timeline(rows, terms=terms), _Writes(changed_cases=[case])
        self._fill(case, made)
        known.events.clear()
        self._add(case, made, known, writes)
        for gone in (known.runs[len(made.runs) :], known.pauses[len(made.pauses) :]):
            for one in gone:
                one.delete()
        Case.objects.bulk_update(writes.changed_cases, _CASE_COLUMNS)
        StepRun.objects.bulk_create(writes.runs)
        StepRun.objects.bulk_update(writes.changed_runs, _RETOLD_COLUMNS)
        CasePause.objects.bulk_create(writes.pauses)
        CasePause.objects.bulk_update(
            writes.changed_pauses, ("kind", "charged", "reason", "started_at", "ended_at")
        )
        CaseEvent.objects.bulk_create(writes.events)
        for row in rows:
            FedRow.objects.filter(case=case, key=row.key).update(data=fed_columns.row_data(row))

    def _case(
        self, code: str, rows: Sequence[fed_columns.FedRow], known: Case | None
    ) -> tuple[Case, Terms]:
        """Return the case, new or as it stands, and what it is measured by."""
        received = min(
            [row.received or row.first_at for row in rows] + [row.first_at for row in rows]
        )
        if known is None:
            known = self._new_case(code, rows, received)
        terms = Terms(
            plan_for(known.content_hash), self.calendar, known.limit_amount, known.limit_unit,
            known.pause_policy,
        )  # fmt: skip
        return known, terms

    def _new_case(self, code: str, rows: Sequence[fed_columns.FedRow], received: datetime) -> Case:
        here = local(received)
        version = self.versions.of(rows, here.date())
        return Case(
            id=new_id(), agency_id=self.agency_id, code=code,
            lookup_key=secrets.token_urlsafe(15), tthc_id=version.tthc_id,
            tthc_code=version.tthc_code, tthc_name=version.tthc_name,
            revision_id=version.revision_id,
            procedure_text=f"{version.code} {version.number}".strip()[:120],
            content_hash=version.content_hash, origin="fed", received_at=received,
            received_month=here.year * 100 + here.month, accepted_at=received,
            transfer_at=received, limit_amount=version.limit_amount,
            limit_unit=version.limit_unit if version.limit_amount is not None else "",
            pause_policy=version.pause_policy, status=4, version=0,
        )  # fmt: skip

    def _fill(self, case: Case, made: Timeline) -> None:
        """Set the case's standing from its timeline."""
        holder = made.holder if made.finished_at is None or made.returned_at is None else None
        case.status, case.progress, case.version = made.status, made.progress, case.version + 1
        case.holder_person_id = self._person(holder.row.actor) if holder else None
        case.holder_unit_id = self.units.get(holder.step.unit_code) if holder else None
        case.step_number = holder.step.number if holder else None
        case.step_node = holder.step.node if holder else ""
        case.step_due_at = holder.due_at if holder else None
        case.result_due_at, case.result_due_original = made.due_at, made.due_original
        case.indicator_due_at, case.is_estimated = made.indicator_due_at, made.is_estimated
        case.paused_since = made.paused_since
        case.finished_at, case.returned_at = made.finished_at, made.returned_at
        case.outcome, case.on_time = made.outcome, made.on_time

    def _person(self, name: str) -> int | None:
        return self.people.get(fold(name)) if name else None

    def _add(self, case: Case, made: Timeline, known: _Known, writes: _Writes) -> None:
        runs = [
            known.runs[place] if place < len(known.runs) else StepRun(id=new_id(), case=case)
            for place in range(len(made.runs))
        ]
        for place, (run, step) in enumerate(zip(runs, made.runs, strict=True)):
            self._fill_run(run, step)
            (writes.changed_runs if place < len(known.runs) else writes.runs).append(run)
        for event in made.events[len(known.events) :]:
            done = made.runs[event.run] if event.run is not None else None
            data = self._event_data(
                event.kind, event.data, done, runs, event.run, made.due_original
            )
            if event.actor and self._person(event.actor) is None:
                data["by"] = event.actor
            writes.events.append(
                CaseEvent(
                    id=new_id(),
                    case=case,
                    kind=event.kind,
                    at=event.at,
                    actor_id=self._person(event.actor),
                    node=event.node,
                    data=json.dumps(data, ensure_ascii=False),
                )
            )
        for place, one in enumerate(made.pauses):
            old = known.pauses[place] if place < len(known.pauses) else None
            pause = old or CasePause(id=new_id(), case=case, number=0)
            pause.kind, pause.policy, pause.reason = one.kind, case.pause_policy, one.reason
            pause.charged = "agency" if one.kind == "agency" else "applicant"
            pause.started_at, pause.ended_at = one.started_at, one.ended_at
            (writes.pauses if old is None else writes.changed_pauses).append(pause)

    def _fill_run(self, run: StepRun, made: FedStep) -> None:
        step = made.step
        run.node, run.number, run.round = step.node, step.number, made.round
        run.person_id = self._person(made.row.actor)
        run.unit_id, run.role = self.units.get(step.unit_code), step.role
        run.outside, run.opened_at = bool(step.outside), made.opened_at
        run.running_since, run.closed_at = made.running_since, made.closed_at
        run.limit_minutes, run.carried_minutes = step.minutes, made.carried
        run.used_minutes, run.due_at, run.late = made.used, made.due_at, made.late
        run.outcome = "done" if made.closed_at else ""
        run.closed_by_id = run.person_id if made.closed_at else None

    def _event_data(
        self, kind: str, data: Mapping[str, Any], made: FedStep | None, runs: Sequence[StepRun],
        place: int | None, due: datetime | None,
    ) -> dict[str, Any]:  # fmt: skip
        if kind == "accepted":
            return {"channel": "fed", "due": due.isoformat() if due else None}
        if made is None or place is None:
            return dict(data)
        run = runs[place]
        if kind == "step_completed":
            closed = {"run": run.pk, "used": made.used, "result": made.result}
            return {**data, "closed": closed}
        fact: dict[str, Any] = {"run": run.pk, "node": run.node, "person": run.person_id}
        if run.person_id is None and made.row.actor:
            fact["name"] = made.row.actor
        if made.due_at is not None:
            fact |= {"due": made.due_at.isoformat(), "limit": made.step.minutes}
        return {"opened": [fact]}

    def _write(self, writes: _Writes, written: Sequence[tuple[Case, int]]) -> None:
        with transaction.atomic():
            Case.objects.bulk_create(writes.cases)
            Case.objects.bulk_update(writes.changed_cases, _CASE_COLUMNS)
            StepRun.objects.bulk_create(writes.runs)
            StepRun.objects.bulk_update(writes.changed_runs, _RUN_COLUMNS)
            CasePause.objects.bulk_create(writes.pauses)
            CasePause.objects.bulk_update(writes.changed_pauses, ("reason", "ended_at"))
            CaseEvent.objects.bulk_create(writes.events)
            FedRow.objects.bulk_create(writes.rows)
            for (case_id, key), data in writes.replaced.items():
                FedRow.objects.filter(case_id=case_id, key=key).update(data=data)
            batch = Batch()
            for case, rows in written:
                journal.record(
                    actor_id=self.actor_id, agency_id=self.agency_id, action="case.fed",
                    object_type="case", object_id=case.pk, at=self.now, batch=batch,
                    new={"code": case.code, "rows": rows, "status": case.status},
                )  # fmt: skip
            batch.flush()


def _check_growth(made: Timeline, known: _Known) -> None:
    """Refuse rows that would change a log already written; a log only grows."""
    signs = [event.sign for event in made.events[: len(known.events)]]
    nodes = [run.step.node for run in made.runs[: len(known.runs)]]
    if signs != known.events or nodes != [run.node for run in known.runs]:
        raise CannotTake(
            "Dòng này đổi hoặc chen vào điều đã ghi trước đó; nhật ký của hồ sơ chỉ được ghi thêm."
        )


def _same(row: fed_columns.FedRow, old: fed_columns.FedRow | None) -> bool:
    return old is not None and replace(row, number=old.number, node=old.node) == old
