"""The facts of finished cases as their rows tell them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nep.apps.cases.models import Case, CasePause, StepRun
from nep.apps.cases.rules.figures import FinishedCase, PauseFact, RunFact, fact_of
from nep.apps.procedures import queries as procedures
from nep.apps.workcal import queries as workcal


def facts_told(cases: Sequence[Case]) -> Iterator[dict[str, Any]]:
    """Return the columns of the facts of finished cases as their rows tell them now."""
    keys = [case.pk for case in cases]
    return facts_from(
        cases,
        StepRun.objects.filter(case_id__in=keys).order_by("id"),
        CasePause.objects.filter(case_id__in=keys).order_by("started_at"),
    )


def facts_from(
    cases: Sequence[Case], its_runs: Iterable[StepRun], its_pauses: Iterable[CasePause]
) -> Iterator[dict[str, Any]]:
    """Return the columns of the facts of finished cases from their runs in order of their keys and
    their pauses in order of time, as they stand or are about to be written."""
    keys = [case.pk for case in cases]
    named = procedures.tthc_named([case.tthc_id for case in cases])
    runs: dict[int, list[RunFact]] = {key: [] for key in keys}
    for run in its_runs:
        runs[run.case_id].append(
            RunFact(
                run.node, run.closed_by_id or run.person_id, run.unit_id, run.round,
                run.carried_minutes, run.used_minutes, run.limit_minutes, run.late, run.outcome,
                run.closed_at, run.outside,
            )
        )  # fmt: skip
    pauses: dict[int, list[PauseFact]] = {key: [] for key in keys}
    for pause in its_pauses:
        pauses[pause.case_id].append(
            PauseFact(pause.kind, pause.charged, pause.started_at, pause.ended_at)
        )
    for case in cases:
        if case.finished_at is None:
            continue
        tthc = named.get(case.tthc_id)
        finished = FinishedCase(
            case.pk, case.agency_id, case.tthc_id, tthc.field if tthc else "", case.channel,
            tthc is not None and tthc.is_internal,
            case.received_month, case.accepted_at, case.finished_at, case.status, case.on_time,
            case.indicator_due_at,
        )  # fmt: skip
        yield fact_of(
            case=finished, runs=runs[case.pk], pauses=pauses[case.pk],
            calendar=workcal.calendar_for(case.agency_id),
        )  # fmt: skip
