"""Writing the fact of a finished case: with its finish, or anew after its story was told anew."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from django.db import connection

from nep.apps.cases.models import (
    Case,
    CaseFact,
    CasePause,
    FactPending,
    FiguresState,
    StepRun,
)
from nep.apps.cases.queries import _rollups as rollups
from nep.apps.cases.queries._facts import facts_from, facts_told
from nep.apps.cases.rules.figures import FinishedCase, PauseFact, RunFact, fact_of
from nep.apps.cases.rules.statuses import FINISHED
from nep.apps.cases.rules.timing import working_minutes
from nep.foundation.db import Batch, Lookup
from nep.foundation.db.bulk import insert_rows, new_row
from nep.worktime import Calendar

FACT_TABLE, PENDING_TABLE = "cases_casefact", "cases_factpending"
PORTION = 500


class Closing(NamedTuple):
    """The step whose end finishes the case: who did it, the working minutes of this run."""

    run_id: int
    person_id: int
    used: int
    late: bool


# The case, whether it waited, and its runs in one read, in the order of a `RunFact` after the key;
# pauses are read where there are some, the clock of a run where it is open.
_CASE_AND_RUNS = Lookup(
    'SELECT c."agency_id", c."tthc_id", t."field", c."channel", t."is_internal", '
    'c."received_month", {c."accepted_at"}, {c."indicator_due_at"}, '
    'EXISTS (SELECT 1 FROM "cases_casepause" p WHERE p."case_id" = c."id"), '
    'r."id", r."node", COALESCE(r."closed_by_id", r."person_id"), r."unit_id", r."round", '
    'r."carried_minutes", r."used_minutes", r."limit_minutes", r."late", r."outcome", '
    '{r."closed_at"}, r."outside", {r."running_since"}, '
    '{CASE WHEN r."closed_at" IS NULL THEN r."due_at" END} FROM "cases_case" c '
    'JOIN "procedures_tthc" t ON t."id" = c."tthc_id" '
    'LEFT JOIN "cases_steprun" r ON r."case_id" = c."id" WHERE c."id" = %s',
    times=(6, 7, 19, 21, 22),
)
_OF_CASE = 9  # columns before those of the run
_by_run = itemgetter(_OF_CASE)
_AS_FACT = slice(_OF_CASE + 1, _OF_CASE + 1 + len(RunFact._fields))
_PAUSES = Lookup(
    'SELECT "kind", "charged", "started_at", "ended_at" FROM "cases_casepause" '
    'WHERE "case_id" = %s ORDER BY "started_at"',
    times=(2, 3),
)


def fact_into(
    batch: Batch,
    *,
    case_id: int,
    finished_at: datetime,
    status: int,
    on_time: str,
    calendar: Calendar,
    closing: Closing | None = None,
    ends: str = "",
) -> None:
    """Add the fact of a case that this action finishes to the batch; one read, two after a pause.

    The action ends either one step, `closing`, as done, or every open step with the outcome `ends`.
    """
    rows = _CASE_AND_RUNS.all(case_id)
    if not rows:
        return
    agency_id, tthc_id, field, channel, is_internal, month, *times, waits = rows[0][:_OF_CASE]
    accepted_at, indicator_due = times
    case = FinishedCase(
        case_id, agency_id, tthc_id, field, channel, bool(is_internal), month, accepted_at,
        finished_at, status, on_time, indicator_due,
    )  # fmt: skip
    runs = []
    for row in sorted(rows, key=_by_run):
        run_id = row[_OF_CASE]
        if run_id is None:  # no run was ever opened
            continue
        run = RunFact._make(row[_AS_FACT])
        if closing is not None and run_id == closing.run_id:
            run = run._replace(
                person_id=closing.person_id, used=closing.used, late=closing.late,
                outcome="done", closed_at=finished_at,
            )  # fmt: skip
        elif run.closed_at is None and ends:
            run = _cut(run, row[-2], row[-1], finished_at, calendar, ends)
        runs.append(run)
    pauses = [PauseFact(*pause) for pause in _PAUSES.all(case_id)] if waits else []
    fact = fact_of(case=case, runs=runs, pauses=pauses, calendar=calendar)
    batch.insert(FACT_TABLE, **fact)
    batch.insert(PENDING_TABLE, case_id=case_id)


def _cut(
    run: RunFact,
    since: datetime | None,
    due_at: datetime | None,
    at: datetime,
    calendar: Calendar,
    outcome: str,
) -> RunFact:
    """Return an open run as the end of its case leaves it."""
    used = run.used + working_minutes(calendar, since, at)
    late = bool(since and due_at and at > due_at)
    return run._replace(used=used, late=late, outcome=outcome, closed_at=at)


def facts_hold() -> FiguresState:
    """Take the roll-ups for this transaction, so that one at a time changes what is folded."""
    FiguresState.objects.get_or_create(pk=1)
    return FiguresState.objects.select_for_update().get(pk=1)


def facts_withdraw(case_ids: Collection[int]) -> None:
    """Take the facts of these cases back, out of the roll-ups too, while their rows still say what
    was counted. Within the transaction that changes the rows; `facts_put` follows."""
    if not case_ids or not CaseFact.objects.filter(case_id__in=case_ids).exists():
        return
    facts_hold()
    keys = list(CaseFact.objects.filter(case_id__in=case_ids).values_list("case_id", flat=True))
    pending = set(FactPending.objects.filter(case_id__in=keys).values_list("case_id", flat=True))
    take_in(set(keys) - pending, sign=-1)
    FactPending.objects.filter(case_id__in=keys).delete()
    CaseFact.objects.filter(case_id__in=keys).delete()


def facts_put(case_ids: Collection[int]) -> int:
    """Write the facts of those of these cases that are finished and have none; return how many.

    Within the transaction of the caller.
    """
    cases = list(
        Case.objects.filter(pk__in=case_ids, status__in=FINISHED, fact=None).order_by("pk")
    )
    if not cases:
        return 0
    return _insert(facts_told(cases))


def facts_put_new(
    cases: Iterable[Case], runs: Iterable[StepRun], pauses: Iterable[CasePause]
) -> int:
    """Write the facts of those of these new cases that are finished, from the rows that were just
    written for them; return how many. Within the transaction of the caller."""
    finished = {case.pk: case for case in cases if case.status in FINISHED}
    if not finished:
        return 0
    its_runs = sorted((run for run in runs if run.case_id in finished), key=_key)
    its_pauses = sorted((one for one in pauses if one.case_id in finished), key=_start)
    return _insert(facts_from(list(finished.values()), its_runs, its_pauses))


_key, _start = attrgetter("id"), attrgetter("started_at")


def _insert(facts: Iterable[Mapping[str, Any]]) -> int:
    rows = [new_row(CaseFact, id=columns["case_id"], **columns) for columns in facts]
    insert_rows(CaseFact, rows)
    insert_rows(FactPending, rows)
    return len(rows)


def take_in(case_ids: Collection[int], *, sign: int = 1) -> None:
    """Add the facts of these cases to every roll-up, or take them off."""
    keys = sorted(case_ids)
    for start in range(0, len(keys), PORTION):
        listed = ", ".join(str(int(key)) for key in keys[start : start + PORTION])
        with connection.cursor() as cursor:
            for kind in rollups.KINDS:
                cursor.execute(rollups.fold_sql(kind, f"f.case_id IN ({listed})", sign=sign))
