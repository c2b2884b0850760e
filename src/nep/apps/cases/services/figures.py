"""Keeping the roll-ups: folding what finished, counting what is older than they, counting anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from nep.apps.cases.models import Case, FactPending, FiguresState
from nep.apps.cases.queries import _rollups as rollups
from nep.apps.cases.rules.statuses import FINISHED
from nep.apps.cases.services._facts import facts_hold, facts_put, take_in

FOLD_AT_ONCE = 1_000
COUNT_AT_ONCE = 500
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FiguresMade:
    """What counting anew found: facts that were missing, facts counted."""

    added: int
    counted: int


def figures_fold(*, now: datetime, limit: int = FOLD_AT_ONCE) -> int:
    """Fold pending facts into the roll-ups and return how many; fewer than `limit` was the rest.

    What it costs follows from the facts folded, never from what stands already. A reader sees a
    fact pending or folded, never both or neither.
    """
    if not FactPending.objects.exists():
        return 0
    with transaction.atomic():
        state = facts_hold()
        keys = list(
            FactPending.objects.order_by("case_id").values_list("case_id", flat=True)[:limit]
        )
        take_in(keys)
        FactPending.objects.filter(case_id__in=keys).delete()
        state.changed_at = now
        state.save(update_fields=["changed_at"])
    return len(keys)


def figures_count_old(*, now: datetime, limit: int = COUNT_AT_ONCE) -> int:
    """Write the facts of some cases that had finished before there were facts; return how many
    cases were looked at, 0 once all have their fact."""
    if not FiguresState.objects.filter(counted_to__isnull=False).exists():
        return 0
    with transaction.atomic():
        state = facts_hold()
        if state.counted_to is None:
            return 0
        rows = Case.objects.filter(pk__gt=state.counted_to).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:limit])
        facts_put(keys)
        state.counted_to = keys[-1] if len(keys) == limit else None
        state.changed_at = now
        state.save(update_fields=["counted_to", "changed_at"])
    return len(keys)


def figures_rebuild(*, now: datetime, progress: Progress | None = None) -> FiguresMade:
    """Give every finished case its fact, then count every roll-up anew from the facts.

    Facts that stand are not touched: they are what was frozen at the finish. Works beside a running
    installation; facts that are pending stay so.
    """
    added = _add_missing(progress)
    with transaction.atomic():
        state = facts_hold()
        with connection.cursor() as cursor:
            for table in sorted({kind.table for kind in rollups.KINDS}):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            for kind in rollups.KINDS:
                cursor.execute(rollups.fold_sql(kind, f"NOT {rollups.PENDING}"))
            cursor.execute("SELECT COUNT(*) FROM cases_casefact")
            (counted,) = cursor.fetchone()
        state.counted_to, state.changed_at = None, now
        state.save(update_fields=["counted_to", "changed_at"])
    return FiguresMade(added, counted)


def _add_missing(progress: Progress | None) -> int:
    missing = Case.objects.filter(status__in=FINISHED, fact=None)
    last, added = 0, 0
    whole = Case.objects.aggregate(last=Max("pk"))["last"] or 0
    while last < whole:
        rows = missing.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
        keys = list(rows[:COUNT_AT_ONCE])
        if not keys:
            break
        with transaction.atomic():
            facts_hold()
            added += facts_put(keys)
        last = keys[-1]
        if progress is not None:
            progress(added, len(keys))
    return added
