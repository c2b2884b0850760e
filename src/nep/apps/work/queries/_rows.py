"""One line of the worklist, with its due date in words."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from nep.apps.work.models import UrgentSource, WorkItem
from nep.apps.work.ports import explanation_path
from nep.apps.work.rules import UNDONE
from nep.foundation.db import Mark, Prepared
from nep.kernel.vietnamese import local
from nep.worktime import Calendar, OutsideCalendar, due_words, duration_words, remaining, urgency

COLUMNS = (
    "id", "kind", "title", "detail", "link", "source_type", "source_id", "source_code",
    "step_label", "person_id", "unit_id", "role", "opened_at", "started_at", "due_at",
    "limit_minutes", "pleat", "note", "paused", "version",
)  # fmt: skip


def open_rows():
    """Return the open items, through the partial indexes of what is listed."""
    return WorkItem.objects.filter(
        RawSQL(
            '"work_workitem"."listed" AND "work_workitem"."state" = 0', (),
            output_field=BooleanField(),
        )
    )  # fmt: skip


def stale_rows():
    """Return the items that have changed since they were counted, by the partial index."""
    return WorkItem.objects.filter(
        RawSQL('"work_workitem"."stale"', (), output_field=BooleanField())
    )


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An open item as its line shows it. `state` is trong, sap, qua or tam."""

    id: int
    kind: str
    title: str
    detail: str
    link: str
    source_type: str
    source_id: int
    source_code: str
    step_label: str
    person_id: int | None
    unit_id: int | None
    role: str
    opened_at: datetime
    due_at: datetime | None
    note: str
    version: int
    state: str
    state_text: str
    due_text: str
    used_minutes: int | None
    used_text: str
    pleat: tuple[tuple[int, int, str], ...]
    pleat_label: str
    explain_url: str
    acting: str
    urgent: bool = False


Source = tuple[str, int]
MOST_FIRST = 40


_URGENT = Prepared(
    lambda: (
        UrgentSource.objects.filter(agency_id=Mark("agency"))
        .order_by("-since")
        .values_list("source_type", "source_id")[:MOST_FIRST]
    )
)


def urgent_sources(agency_id: int) -> frozenset[Source]:
    """Return what is urgent in an agency as (source type, source id), the newest forty."""
    return frozenset(_URGENT.rows(agency=agency_id))


NOBODY: Mapping[int, str] = {}


def row_maker(
    *,
    now: datetime,
    calendar: Calendar,
    own_path: Callable[[int], str],
    acting: Mapping[int, str] = NOBODY,
    urgent: frozenset[Source] = frozenset(),
    with_pleat: bool = True,
) -> Callable[..., WorkRow]:
    """Return a function that turns the values of `COLUMNS` into a WorkRow.

    `urgent` names what carries the mark. `acting` says, by person, in which words the reader acts
    for them ("KT. Đặng Văn Toàn"). Lists that draw no pleat ask for none.
    """
    today = local(now).date()

    def make(
        id, kind, title, detail, link, source_type, source_id, source_code, step_label,
        person_id, unit_id, role, opened_at, started_at, due_at, limit, pleat, note, paused,
        version,
    ) -> WorkRow:  # fmt: skip
        left, state = _clock(calendar, now, due_at, limit, paused)
        used = None if left is None or not limit else max(0, limit - left)
        return WorkRow(
            id=id,
            kind=kind,
            title=title,
            detail=detail,
            link=link,
            source_type=source_type,
            source_id=source_id,
            source_code=source_code,
            step_label=step_label,
            person_id=person_id,
            unit_id=unit_id,
            role=role,
            opened_at=opened_at,
            due_at=due_at,
            note=note,
            version=version,
            state=state,
            state_text="" if paused or (left is None and due_at) else left_text(left),
            due_text=f"Hạn {due_words(due_at, today=today)}" if due_at and not paused else "",
            used_minutes=None if paused else used,
            used_text=_used_text(used, limit, paused),
            pleat=_pleat(pleat, used, limit, state) if with_pleat else (),
            pleat_label=step_label,
            explain_url=explanation_path(source_type, source_id, id) or own_path(id),
            acting=acting.get(person_id, ""),
            urgent=(source_type, source_id) in urgent,
        )

    return make


def _clock(
    calendar: Calendar,
    now: datetime,
    due_at: datetime | None,
    limit: int | None,
    paused: bool,
) -> tuple[int | None, str]:
    """Return the working minutes left and the state; None where the calendar does not reach."""
    if due_at is None:
        return None, "tam" if paused else "trong"
    try:
        left = remaining(calendar=calendar, now=now, due_at=due_at)
        state = urgency(calendar=calendar, now=now, due_at=due_at, amount_minutes=limit or 0)
    except OutsideCalendar:
        left, state = None, "qua" if due_at < now else "trong"
    return left, "tam" if paused else state


def left_text(left: int | None) -> str:
    """Return "còn 5 giờ", or "1 ngày 2 giờ" when it is so much too late."""
    if left is None:
        return "không đặt hạn"
    if left < 0:
        return duration_words(-left)
    return f"còn {duration_words(left)}" if left else "hết giờ lúc này"


def _used_text(used: int | None, limit: int | None, paused: bool) -> str:
    """Return "dùng 19/20 giờ" (minutes below two hours)."""
    if used is None or not limit or paused:
        return ""
    if limit < 120:
        return f"dùng {used}/{limit} phút"
    return f"dùng {used // 60}/{limit // 60} giờ"


def _folds(kept: list[Any]) -> Iterable[tuple[int, int, str]]:
    """Yield (planned minutes, percent used, state); items of earlier days keep just these."""
    if kept and isinstance(kept[0], list):
        yield from kept
        return
    for minutes, seen in zip(kept[::2], kept[1::2], strict=True):
        yield (minutes, *(UNDONE.get(seen) or (seen, "done")))


def _pleat(
    text: str, used: int | None, limit: int | None, state: str
) -> tuple[tuple[int, int, str], ...]:
    """Return the folds; the present one is filled to what is used by now."""
    steps = []
    for minutes, percent, fold in _folds(json.loads(text or "[]")):
        if fold == "now" and state == "qua":
            fold, percent = "late", 100
        elif fold == "now" and state == "tam":
            fold = "pause"
        elif fold == "now" and used is not None and limit:
            percent = min(100, round(100 * used / limit))
        steps.append((minutes, percent, fold))
    return tuple(steps)
