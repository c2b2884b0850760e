"""Folding what has changed into the counts of open items."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from nep.apps.work import rules
from nep.apps.work.models import WorkCount, WorkItem
from nep.apps.work.queries._rows import stale_rows

FOLD_AT_ONCE = 500
Key = tuple[int, str, int, str, int]


@transaction.atomic
def counts_fold(*, limit: int = FOLD_AT_ONCE) -> int:
    """Fold changed items into the counts and return how many; fewer than `limit` was the rest.

    Rows somebody is writing are left for the next round. A reader sees an item as changed or as
    counted, never both or neither: both are written at once.
    """
    rows = _changed(limit)
    deltas: dict[Key, int] = defaultdict(int)
    told: list[tuple[int, str, bool]] = []
    for id_, agency_id, counted, state, unit_id, person_id, role, kind, due_at, paused in rows:
        old = rules.place_of_text(counted)
        new = rules.place_of(
            is_open=state == WorkItem.OPEN, unit_id=unit_id, person_id=person_id, role=role,
            kind=kind, due_at=due_at, paused=paused,
        )  # fmt: skip
        told.append((id_, new.text if new else "", state == WorkItem.OPEN))
        for place, sign in ((old, -1), (new, 1)):
            if place is not None and old != new:
                for scope, owner in place.lists:
                    deltas[agency_id, scope, owner, place.kind, place.day] += sign
    _remember(told)
    _add({key: n for key, n in sorted(deltas.items()) if n})
    return len(rows)


_COLUMNS = (
    "id", "agency_id", "counted", "state", "unit_id", "person_id", "role", "kind", "due_at", "paused",
)  # fmt: skip


def _changed(limit: int) -> list[tuple[Any, ...]]:
    """Return the changed items and those that their batches closed, both locked until the end.

    An item whose companion somebody is writing waits for the next round with it.
    """
    passing = connection.features.has_select_for_update_skip_locked
    marked = list(
        stale_rows()
        .select_for_update(skip_locked=passing)
        .values_list(*_COLUMNS, "ends_id")[:limit]
    )
    here = {row[0] for row in marked}
    ended = {row[-1] for row in marked if row[-1] is not None} - here
    rows = WorkItem.objects.filter(pk__in=ended).select_for_update(skip_locked=passing)
    found = {row[0]: row for row in rows.values_list(*_COLUMNS)}
    ready = [row for row in marked if row[-1] is None or row[-1] in here or row[-1] in found]
    return [*(row[:-1] for row in ready), *found.values()]


def _remember(told: Sequence[tuple[int, str, bool]]) -> None:
    if not told:
        return
    marks = ", ".join(["(%s, %s, %s)"] * len(told))
    values = [value for one in told for value in one]
    text = "CAST(v.column2 AS varchar)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE work_workitem SET stale = FALSE, counted = {text}, listed = v.column3, "  # noqa: S608
            f"ends_id = NULL FROM (VALUES {marks}) v WHERE id = v.column1",
            values,
        )


def _add(deltas: dict[Key, int]) -> None:
    if not deltas:
        return
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(deltas))
    values = [value for key, n in deltas.items() for value in (*key, n)]
    keys = "agency_id, scope, owner_id, kind, day"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO work_workcount ({keys}, n) VALUES {marks} "  # noqa: S608
            f"ON CONFLICT ({keys}) DO UPDATE SET n = work_workcount.n + excluded.n",
            values,
        )
    WorkCount.objects.filter(agency_id__in={key[0] for key in deltas}, n=0).delete()
