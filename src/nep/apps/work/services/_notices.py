"""Lines behind the bell, and the reminders that the worker makes of near due dates."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import StandIn
from nep.apps.organization.rules import Actor
from nep.apps.work import ports, rules
from nep.apps.work.models import Notice, Reminder, WorkItem
from nep.apps.work.queries._rows import open_rows
from nep.foundation.journal import services as journal
from nep.foundation.notify.queries import silent_people
from nep.kernel.text import shorten
from nep.kernel.vietnamese import local
from nep.worktime import urgency

AHEAD = timedelta(days=12)
SOON, LATE = "sap", "qua"
_ROUND = 2000
_NEEDED = (
    "id", "agency_id", "title", "link", "source_code", "person_id", "unit_id", "role", "due_at",
    "limit_minutes",
)  # fmt: skip


@transaction.atomic
def notice_add(
    *,
    person_id: int,
    agency_id: int,
    key: str,
    text: str,
    link: str,
    at: datetime,
    detail: str = "",
    icon: str = "bell",
    kind: str = "",
) -> None:
    """Show a line behind a person's bell; the same key again changes nothing.

    Nothing is shown of a `kind` (see `notify.rules.KINDS`) that the person keeps from the bell.
    Part of another action or of the worker's round, which is journaled there.
    """
    if kind and silent_people(kind, [person_id]):
        return
    Notice.objects.get_or_create(
        person_id=person_id,
        agency_id=agency_id,
        key=key[:80],
        defaults={
            "text": shorten(text, 300),
            "detail": shorten(detail, 400),
            "icon": icon,
            "link": link,
            "at": at,
        },
    )


@transaction.atomic
def notices_read(*, actor: Actor, now: datetime) -> int:
    """Mark the actor's notices in this agency as read; return how many were new."""
    rows = Notice.objects.filter(person_id=actor.person_id, agency_id=actor.agency_id, read_at=None)
    count = rows.update(read_at=now)
    if count:
        journal.record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="work.notices_read",
            object_type="person",
            object_id=actor.person_id,
            at=now,
            new={"count": count},
        )
    return count


def reminders_send(*, now: datetime) -> int:
    """Remind of every open item that has come near its due date or passed it; return how many.

    Each item is noticed once per stage and due date, whoever calls how often; lines of one
    person, stage and day become one.
    """
    total, last = 0, None
    while rows := _not_reminded(now, last):
        with transaction.atomic():
            total += _remind(rows, now)
        last = rows[-1]
    return total


def _not_reminded(now: datetime, last: WorkItem | None) -> list[WorkItem]:
    """Return the next items, by due date, that the present stage has not been told of."""
    told = Reminder.objects.filter(item_id=OuterRef("id"), due_at=OuterRef("due_at"))
    rows = (
        open_rows()
        .filter(paused=False, due_at__lte=now + AHEAD)
        .filter(
            Q(~Exists(told.filter(stage=LATE)), due_at__lt=now)
            | Q(~Exists(told.filter(stage=SOON)), due_at__gte=now)
        )
        .exclude(kind__in=rules.PERSONAL_KINDS)
    )
    if last is not None and last.due_at is not None:
        rows = rows.filter(Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, id__gt=last.id))
    return list(rows.only(*_NEEDED).order_by("due_at", "id")[:_ROUND])


def _remind(rows: list[WorkItem], now: datetime) -> int:
    known = set(
        Reminder.objects.filter(item_id__in=[row.id for row in rows]).values_list(
            "item_id", "stage", "due_at"
        )
    )
    fresh: list[tuple[WorkItem, str]] = []
    for row in rows:
        stage = _stage(row, now)
        if stage and (row.id, stage, row.due_at) not in known:
            fresh.append((row, stage))
    Reminder.objects.bulk_create(
        [
            Reminder(item_id=row.id, stage=stage, due_at=row.due_at or now, at=now)
            for row, stage in fresh
        ],
        batch_size=200,
    )
    _bundle(fresh, now)
    return len(fresh)


def _stage(row: WorkItem, now: datetime) -> str:
    """Return the stage an item is in, or nothing while its time is ample."""
    state = urgency(
        calendar=ports.calendar_for(row.agency_id),
        now=now,
        due_at=row.due_at or now,
        amount_minutes=row.limit_minutes or 0,
    )
    return state if state in (SOON, LATE) else ""


def _bundle(fresh: list[tuple[WorkItem, str]], now: datetime) -> None:
    lines: dict[tuple[int, int, str], list[WorkItem]] = defaultdict(list)
    lent = organization.away_told(today=local(now).date()).told if fresh else ()
    for row, stage in fresh:
        for person_id in _people(row, now, lent):
            lines[row.agency_id, person_id, stage].append(row)
        for one in _theirs(row, lent):
            if not one.prefix:  # nobody acts for who is away: who can hand it over hears of it
                lines[row.agency_id, one.receiver_id, rules.OF_AWAY + stage].append(row)
    silent = silent_people("soon", {person_id for _, person_id, _ in lines})
    for (agency_id, person_id, stage), rows in lines.items():
        if stage.endswith(LATE) or person_id not in silent:
            _add_to_line(agency_id, person_id, stage, rows, now)


def _theirs(row: WorkItem, told: Sequence[StandIn]) -> list[StandIn]:
    """Return who is told of an item because its holder is away."""
    hat = (row.person_id, row.agency_id, row.unit_id, row.role)
    return [one for one in told if (one.giver_id, one.agency_id, one.unit_id, one.role) == hat]


def _people(row: WorkItem, now: datetime, lent: Sequence[StandIn]) -> tuple[int, ...]:
    """Return who is told of an item: its holder, who acts for them while they are away, else all
    who hold its role."""
    if row.person_id is not None:
        acting = tuple(one.receiver_id for one in _theirs(row, lent) if one.prefix)
        return acting or (row.person_id,)
    codes = {unit.id: unit.code for unit in organization.units_of(row.agency_id)}
    holders = organization.people_for(
        agency_id=row.agency_id,
        today=local(now).date(),
        unit_code=codes.get(row.unit_id, "") if row.unit_id else "",
        role=row.role,
    )
    return tuple(person.id for person in holders)


def _add_to_line(
    agency_id: int, person_id: int, stage: str, rows: list[WorkItem], now: datetime
) -> None:
    key = rules.notice_key(stage, local(now).date())
    names = "; ".join(f"{row.title} {row.source_code}".strip() for row in rows[:3])
    line, is_new = Notice.objects.get_or_create(
        person_id=person_id,
        agency_id=agency_id,
        key=key,
        defaults={
            "text": rules.notice_text(stage, len(rows)),
            "detail": shorten(names, 400),
            "icon": "octagon-alert" if stage.endswith(LATE) else "hourglass",
            "link": rows[0].link if len(rows) == 1 else "/viec/",
            "at": now,
            "count": len(rows),
        },
    )
    if is_new:
        return
    count = line.count + len(rows)
    Notice.objects.filter(pk=line.pk).update(
        count=F("count") + len(rows),
        text=rules.notice_text(stage, count),
        detail=shorten(f"{names}; {line.detail}", 400),
        link="/viec/",
        at=now,
        read_at=None,
    )
