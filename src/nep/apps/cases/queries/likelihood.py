"""What the chance to be late is told from: finished cases as they went, open ones as they stand."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log

from nep.apps.cases.models import Case, CaseFact, StepRun
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.figures import COUNTED_OUTCOMES
from nep.apps.cases.rules.likelihood import CasePast, Moment, RunPast
from nep.apps.cases.rules.plan import Plan
from nep.apps.cases.rules.statuses import WAITING_FIRST
from nep.apps.cases.rules.timing import working_minutes
from nep.worktime import Calendar

MOST_CASES = 2000
_AT_ONCE = 500


def planned_after(plan: Plan, node: str) -> int:
    """Return the planned minutes of the steps behind one, without the hand-over of the result."""
    step = plan.steps.get(node)
    if step is None:
        return 0
    later = plan.order[step.number :]
    return sum(one.minutes or 0 for one in later if not one.is_return)


def finished_history(*, agency_id: int, calendar: Calendar) -> list[CasePast]:
    """Return an agency's newest two thousand finished cases that had a promised date, oldest first.

    The slack at the finish is measured by the agency's calendar; with it, a pause in a case counts
    neither as used nor as left.
    """
    facts = CaseFact.objects.filter(agency_id=agency_id, word__in=["truoc", "dung", "tre"])
    newest = list(facts.order_by("-month").values_list("case_id", flat=True)[:MOST_CASES])
    cases: list[tuple] = []
    for start in range(0, len(newest), _AT_ONCE):
        cases += Case.objects.filter(pk__in=newest[start : start + _AT_ONCE]).values_list(
            "pk", "tthc_id", "content_hash", "finished_at", "result_due_at"
        )
    cases = sorted((row for row in cases if row[4] is not None), key=lambda row: (row[3], row[0]))
    runs = _runs_of([row[0] for row in cases])
    crowd = _crowd([run for found in runs.values() for run in found])
    history = []
    for case_id, tthc_id, content_hash, finished_at, due_at in cases:
        plan = plan_for(content_hash)
        slack = working_minutes(calendar, finished_at, due_at)
        slack -= working_minutes(calendar, due_at, finished_at)
        if finished_at > due_at:
            slack = min(slack, -1)
        told = [
            RunPast(node, used, limit, planned_after(plan, node), crowd(person_id, opened_at))
            for node, person_id, opened_at, closed_at, used, limit in runs.get(case_id, ())
            if closed_at <= finished_at
        ]
        if told:
            history.append(CasePast(tthc_id, slack, tuple(told)))
    return history


_Run = tuple[str, int | None, datetime, datetime, int, int | None]


def _runs_of(case_ids: Sequence[int]) -> dict[int, list[_Run]]:
    found: dict[int, list[_Run]] = {}
    columns = (
        "case_id", "node", "person_id", "opened_at", "closed_at", "used_minutes", "limit_minutes",
    )  # fmt: skip
    for start in range(0, len(case_ids), _AT_ONCE):
        rows = StepRun.objects.filter(
            case_id__in=case_ids[start : start + _AT_ONCE], outcome__in=COUNTED_OUTCOMES
        )
        for case_id, *run in rows.order_by("case_id", "id").values_list(*columns):
            found.setdefault(case_id, []).append(tuple(run))  # type: ignore[arg-type]
    return found


def _crowd(runs: Iterable[_Run]):
    """Return f(person, moment): the logarithm of the open runs of a person by the average's.

    Counted among the runs of the history alone, for everybody alike.
    """
    opened: dict[int, list[datetime]] = {}
    closed: dict[int, list[datetime]] = {}
    for _, person_id, opened_at, closed_at, *_ in runs:
        if person_id is not None:
            opened.setdefault(person_id, []).append(opened_at)
            closed.setdefault(person_id, []).append(closed_at)
    for moments in (*opened.values(), *closed.values()):
        moments.sort()

    def held(person_id: int, at: datetime) -> int:
        begun = bisect_right(opened[person_id], at)
        return max(0, begun - bisect_left(closed[person_id], at))

    samples = [held(person, at) for person, found in opened.items() for at in found[::7]]
    mean = sum(samples) / len(samples) if samples else 0.0

    def crowd(person_id: int | None, at: datetime) -> float:
        if person_id is None or person_id not in opened:
            return 0.0
        return log((1 + held(person_id, at)) / (1 + mean))

    return crowd


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case that runs towards a promised date, with its open step of the most time."""

    id: int
    version: int
    due_at: datetime
    person_id: int | None
    unit_id: int | None
    moment: Moment
    load: int
    usual_load: float


def agencies_with_cases() -> list[int]:
    """Return the agencies that have open cases."""
    return list(
        Case.objects.filter(finished_at=None).order_by().values_list("agency_id", flat=True)
        .distinct()
    )  # fmt: skip


def running_versions(*, agency_id: int) -> list[tuple[int, int]]:
    """Return (case, version) of the agency's cases that run towards a date, the nearest first."""
    rows = Case.objects.filter(
        agency_id=agency_id, finished_at=None, paused_since=None, result_due_at__isnull=False
    ).exclude(status=WAITING_FIRST)
    return list(rows.order_by("result_due_at", "pk").values_list("pk", "version"))


def still_running(case_ids: Sequence[int]) -> set[int]:
    """Return which of these cases still run towards a date."""
    rows = Case.objects.filter(
        pk__in=case_ids, finished_at=None, paused_since=None, result_due_at__isnull=False
    )
    return set(rows.exclude(status=WAITING_FIRST).values_list("pk", flat=True))


def open_cases(
    *, agency_id: int, case_ids: Sequence[int], now: datetime, calendar: Calendar
) -> list[OpenCase]:
    """Return these cases as they stand, those with an open step whose clock runs."""
    columns = ("pk", "version", "tthc_id", "content_hash", "result_due_at")
    known_cases = Case.objects.filter(pk__in=case_ids, agency_id=agency_id)
    cases: dict[int, tuple[int, int, str, datetime]] = {
        pk: (version, tthc_id, content_hash, due_at)
        for pk, version, tthc_id, content_hash, due_at in known_cases.values_list(*columns)
        if due_at is not None
    }
    loads, usual = _loads(agency_id)
    found: dict[int, OpenCase] = {}
    rows = StepRun.objects.filter(case_id__in=cases, closed_at=None).order_by("id")
    for run in rows:
        version, tthc_id, content_hash, due_at = cases[run.case_id]
        step = plan_for(content_hash).steps.get(run.node)
        if step is None or step.is_return:
            continue
        load = loads.get(run.person_id or 0, 0)
        spent = run.carried_minutes + run.used_minutes
        moment = Moment(
            tthc_id=tthc_id, node=run.node, limit=run.limit_minutes,
            after=planned_after(plan_for(content_hash), run.node),
            spent=spent + working_minutes(calendar, run.running_since, now),
            left=working_minutes(calendar, now, due_at) if due_at > now else 0,
            crowd=log((1 + load) / (1 + usual)) if run.person_id else 0.0,
        )  # fmt: skip
        known = found.get(run.case_id)
        if known is None or moment.after > known.moment.after:
            found[run.case_id] = OpenCase(
                run.case_id, version, due_at, run.person_id, run.unit_id, moment, load, usual
            )
    return list(found.values())


def _loads(agency_id: int) -> tuple[dict[int, int], float]:
    """Return how many running cases each person of the agency holds, and the average holder's."""
    rows = Case.objects.filter(
        agency_id=agency_id, finished_at=None, holder_person_id__isnull=False
    ).values_list("holder_person_id", flat=True)
    loads: dict[int, int] = {}
    for person_id in rows.iterator():
        if person_id is not None:
            loads[person_id] = loads.get(person_id, 0) + 1
    return loads, sum(loads.values()) / len(loads) if loads else 0.0
