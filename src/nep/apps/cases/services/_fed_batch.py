"""What an import has done, and everything that one chunk of its cases writes."""

from dataclasses import dataclass, field
from typing import Any

from nep.apps.cases.models import (
    Case,
    CaseEvent,
    CasePause,
    FedDeviation,
    FedRow,
    FedWaiting,
    StepRun,
)
from nep.apps.cases.rules.fed_columns import RowFault
from nep.apps.cases.services._facts import facts_put, facts_put_new, facts_withdraw
from nep.apps.cases.services._fed_filling import CASE_COLUMNS, PAUSE_COLUMNS, RUN_COLUMNS, Filling
from nep.foundation.db.bulk import insert_rows, update_rows


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
class Writes:
    """Everything one chunk of cases writes."""

    cases: list[Case] = field(default_factory=list)
    changed_cases: list[Case] = field(default_factory=list)
    runs: list[StepRun] = field(default_factory=list)
    changed_runs: list[StepRun] = field(default_factory=list)
    gone_runs: list[StepRun] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    pauses: list[CasePause] = field(default_factory=list)
    changed_pauses: list[CasePause] = field(default_factory=list)
    gone_pauses: list[CasePause] = field(default_factory=list)
    rows: list[FedRow] = field(default_factory=list)
    changed_rows: list[FedRow] = field(default_factory=list)
    waiting: list[FedWaiting] = field(default_factory=list)
    changed_waiting: list[FedWaiting] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)
    deviations: list[FedDeviation] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def add(self, filling: Filling) -> None:
        """Add the rows of one case."""
        self.runs += filling.runs
        self.changed_runs += filling.changed_runs
        self.gone_runs += filling.gone_runs
        self.events += filling.events
        self.pauses += filling.pauses
        self.changed_pauses += filling.changed_pauses
        self.gone_pauses += filling.gone_pauses

    def write(self) -> None:
        """Write everything, in the caller's transaction."""
        self._write_waiting()
        changed = [case.pk for case in self.changed_cases]
        facts_withdraw(changed)
        if changed:
            FedDeviation.objects.filter(case_id__in=changed).delete()
        for model, gone in ((StepRun, self.gone_runs), (CasePause, self.gone_pauses)):
            if gone:
                model.objects.filter(pk__in=[one.pk for one in gone]).delete()
        insert_rows(Case, self.cases)
        update_rows(Case, self.changed_cases, CASE_COLUMNS)
        update_rows(StepRun, self.changed_runs, RUN_COLUMNS)
        insert_rows(StepRun, self.runs)
        update_rows(CasePause, self.changed_pauses, PAUSE_COLUMNS)
        insert_rows(CasePause, self.pauses)
        insert_rows(CaseEvent, self.events)
        insert_rows(FedRow, self.rows)
        update_rows(FedRow, self.changed_rows, ("data", "unmatched", "conflict"))
        insert_rows(FedDeviation, self.deviations)
        if changed:
            facts_put(changed)
        facts_put_new(self.cases, self.runs, self.pauses)

    def _write_waiting(self) -> None:
        insert_rows(FedWaiting, self.waiting)
        update_rows(FedWaiting, self.changed_waiting, ("data", "at", "source_id"))
        if self.arrived:
            FedWaiting.objects.filter(pk__in=self.arrived).delete()
