"""Rows of the worklist written as a part of another part's action.

The caller's service asks for permission, opens the transaction and writes the journal; these
functions only add their row to its batch (or write it at once when `batch` is None).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from nep.apps.work.models import Notice, UrgentSource, WorkItem
from nep.apps.work.rules import UNDONE
from nep.foundation.db import Batch, inserts, new_id, updates
from nep.kernel.text import shorten

TABLE = "work_workitem"
PleatStep = tuple[int, int, str]
_SEEN = {state: seen for seen, (_, state) in UNDONE.items()}


_COLUMNS = (
    "id", "agency_id", "kind", "title", "detail", "link", "source_type", "source_id", "source_code",
    "step_label", "person_id", "unit_id", "role", "opened_at", "started_at", "due_at",
    "limit_minutes", "pleat", "note", "paused", "state", "version", "ends_id",
)  # fmt: skip
_ITEM = inserts(TABLE, *_COLUMNS)  # what is not named is empty
_END = updates(TABLE, "state", "closed_at", "closed_by_id", "stale")
_END_IN_PLACE = updates(TABLE, "state", "closed_at", "closed_by_id")


def item_open(
    *,
    batch: Batch | None,
    agency_id: int,
    kind: str,
    title: str,
    link: str,
    source_type: str,
    source_id: int,
    opened_at: datetime,
    detail: str = "",
    source_code: str = "",
    step_label: str = "",
    person_id: int | None = None,
    unit_id: int | None = None,
    role: str = "",
    started_at: datetime | None = None,
    due_at: datetime | None = None,
    limit_minutes: int | None = None,
    pleat: Sequence[PleatStep] | str = (),
    note: str = "",
    paused: bool = False,
    item_id: int | None = None,
    ends_id: int | None = None,
) -> int:
    """Open a work item for a person, or for whoever holds `role` in the unit; return its id.

    `kind` is the tab it stands under ("case", "procedure", …). `started_at` is when the clock
    began to run, by default `opened_at`. `limit_minutes` counts working time. `pleat` lists
    (planned minutes, percent used, state) per step, as a sequence or as `pleat_text` writes it; the
    state is "done", "late", "now" or "next". `note` is the reason shown to the receiver. `ends_id`
    is an item of the agency that the same batch closes (`item_close(told=True)`).
    """
    key = item_id or new_id()
    row = [
        key, agency_id, kind, title, detail, link, source_type, source_id, source_code, step_label,
        person_id, unit_id, role, opened_at, started_at or opened_at, due_at, limit_minutes,
        pleat_text(pleat), note, paused, WorkItem.OPEN, 1, ends_id,
    ]  # fmt: skip
    if batch is None:
        WorkItem.objects.create(**dict(zip(_COLUMNS, row, strict=True)))
    else:
        batch.add(_ITEM, row)
    return key


def pleat_text(steps: Sequence[PleatStep] | str) -> str:
    """Return the pleat as JSON: of each step the planned minutes and the percent used, or -1 for
    the step under way, -2 for one still to come, 101 for one that was late."""
    if isinstance(steps, str):
        return steps or "[]"
    inner = ",".join(f"{minutes},{_SEEN.get(state, used)}" for minutes, used, state in steps)
    return f"[{inner}]"


def item_close(
    *, batch: Batch | None, item_id: int, at: datetime, by_id: int | None, told: bool = False
) -> bool:
    """Mark an item as done; without a batch return False when it was closed before.

    `told` says that an item opened in the same batch names it as the one it ends: the row then
    changes in place, and no index hears of it.
    """
    if batch is not None and told:
        batch.add(_END_IN_PLACE, [WorkItem.DONE, at, by_id, item_id])
        return True
    return _finish(batch, item_id, WorkItem.DONE, at, by_id)


def item_withdraw(*, batch: Batch | None, item_id: int, at: datetime, by_id: int | None) -> bool:
    """Take an item back because its reason is gone; answers as `item_close`."""
    return _finish(batch, item_id, WorkItem.WITHDRAWN, at, by_id)


def items_withdraw_of(*, source_type: str, source_id: int, at: datetime, by_id: int | None) -> int:
    """Take back every open item of one source; return how many there were."""
    rows = WorkItem.objects.filter(source_type=source_type, source_id=source_id, state__lt=1)
    return rows.update(state=WorkItem.WITHDRAWN, closed_at=at, closed_by_id=by_id, stale=True)


def item_pause(*, batch: Batch | None, item_id: int, note: str = "") -> None:
    """Stop showing a running due date; the item stays with its holder."""
    _set(batch, item_id, {"paused": True, **({"note": note} if note else {})})


def item_resume(
    *,
    batch: Batch | None,
    item_id: int,
    due_at: datetime | None,
    pleat: Sequence[PleatStep] | str | None = None,
    note: str = "",
) -> None:
    """Let the due date run again, at its new moment."""
    changes: dict[str, Any] = {"paused": False, "due_at": due_at}
    if pleat is not None:
        changes["pleat"] = pleat_text(pleat)
    if note:
        changes["note"] = note
    _set(batch, item_id, changes)


def item_due_change(
    *, batch: Batch | None, item_id: int, due_at: datetime | None, note: str = ""
) -> None:
    """Move the due date of an item, as after a changed calendar."""
    _set(batch, item_id, {"due_at": due_at, **({"note": note} if note else {})})


def items_describe(*, source_type: str, source_ids: Sequence[int], detail: str) -> int:
    """Give every item of some sources another detail line, closed ones as well; return how many.

    Used when what the line said of a person is put right or erased.
    """
    rows = WorkItem.objects.filter(source_type=source_type, source_id__in=list(source_ids))
    return rows.update(detail=detail[:400])


def words_replace(*, source_type: str, source_id: int, replace: Callable[[str], str]) -> None:
    """Replace words in the notes of a source's items, in its urgency, in notices that lead to it.

    Part of an erasure of personal data, in its transaction.
    """
    mine = {"source_type": source_type, "source_id": source_id}
    items = WorkItem.objects.filter(**mine)
    notices = Notice.objects.filter(link__in=set(items.values_list("link", flat=True)))
    for rows, column in ((items, "note"), (UrgentSource.objects.filter(**mine), "reason"),
                         (notices, "detail")):  # fmt: skip
        most: int = rows.model._meta.get_field(column).max_length  # type: ignore[assignment,union-attr]
        for pk, text in rows.exclude(**{column: ""}).values_list("pk", column):
            kept = replace(text)
            if kept != text:
                rows.model.objects.filter(pk=pk).update(**{column: shorten(kept, most)})


def source_urgent_set(
    *,
    agency_id: int,
    source_type: str,
    source_id: int,
    urgent: bool,
    reason: str = "",
    at: datetime,
) -> None:
    """Let everything of a source stand first in the lists, or no longer. Repeating is harmless."""
    if not urgent:
        UrgentSource.objects.filter(source_type=source_type, source_id=source_id).delete()
        return
    UrgentSource.objects.get_or_create(
        source_type=source_type, source_id=source_id,
        defaults={"agency_id": agency_id, "reason": reason[:500], "since": at},
    )  # fmt: skip


def _finish(batch: Batch | None, item_id: int, state: int, at: datetime, by_id: int | None) -> bool:
    if batch is None:
        return (
            WorkItem.objects.filter(pk=item_id, state__lt=1).update(
                state=state, closed_at=at, closed_by_id=by_id, stale=True
            )
            == 1
        )
    batch.add(_END, [state, at, by_id, True, item_id])
    return True


def _set(batch: Batch | None, item_id: int, changes: dict[str, Any]) -> None:
    changes = {**changes, "stale": True}
    if batch is None:
        WorkItem.objects.filter(pk=item_id).update(**changes)
    else:
        batch.update(TABLE, where={"id": item_id}, set=changes)
