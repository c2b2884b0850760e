"""A person's calendar behind a secret address: made, renewed, withdrawn, fetched.

The address holds a random key of 192 bits of which only the hash is kept, so that it is shown once.
What the calendar said last is kept with it: an item that changed gets a higher sequence, one that
is gone is told as cancelled for a month.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from nep.foundation.journal.services import record
from nep.foundation.notify.calendar_text import Event
from nep.foundation.notify.models import Feed
from nep.kernel.errors import NotFound, TooMany
from nep.kernel.vietnamese import VN, local

WINDOW = timedelta(minutes=10)
FETCHES = 30  # of one calendar in a window; programs ask every quarter of an hour at most
CANCELLED_FOR = timedelta(days=30)
MOST = 5000


class Entry(NamedTuple):
    """An open item as a calendar shows it; `at` is a day, or a moment."""

    item_id: int
    at: date | datetime
    summary: str
    description: str
    url: str


@transaction.atomic
def feed_make(*, person_id: int, agency_id: int, now: datetime) -> str:
    """Make a person's address, in place of an earlier one; return its key, which nobody keeps."""
    key = secrets.token_urlsafe(24)
    _row, is_new = Feed.objects.update_or_create(
        pk=person_id,
        defaults={"key_hash": key_hash(key), "made_at": now, "fetched_at": None, "noted_on": None},
    )
    action = "notify.feed_made" if is_new else "notify.feed_renewed"
    _note(action, person_id, agency_id, now, actor_id=person_id)
    return key


@transaction.atomic
def feed_withdraw(*, person_id: int, agency_id: int, now: datetime) -> bool:
    """Let a person's address lead nowhere; return False when there was none."""
    gone, _each = Feed.objects.filter(pk=person_id).delete()
    if gone:
        _note("notify.feed_withdrawn", person_id, agency_id, now, actor_id=person_id)
    return bool(gone)


def key_hash(key: str) -> str:
    """Return what is kept of an address's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def feed_person(*, key: str) -> int:
    """Return whose calendar stands behind a key. Raises NotFound."""
    found = Feed.objects.filter(key_hash=key_hash(key)).values_list("person_id", flat=True).first()
    if found is None:
        raise NotFound("feed_unknown", "Địa chỉ lịch này không còn dùng được.")
    return found


@transaction.atomic
def feed_events(
    *, person_id: int, agency_id: int, entries: Iterable[Entry], now: datetime
) -> tuple[Event, ...]:
    """Return a person's events and keep what they say; count the fetch.

    The first fetch of a day is journaled. Raises NotFound when the address was just withdrawn;
    TooMany past thirty fetches in ten minutes.
    """
    row = Feed.objects.select_for_update().filter(pk=person_id).first()
    if row is None:
        raise NotFound("feed_unknown", "Địa chỉ lịch này không còn dùng được.")
    if row.window_start is None or not row.window_start <= now < row.window_start + WINDOW:
        row.window_start, row.window_count = now, 0
    row.window_count += 1
    if row.window_count > FETCHES:
        raise TooMany("feed_too_often", "Lịch này được lấy quá nhiều lần. Hãy thử lại sau 10 phút.")
    before = json.loads(row.known)
    events, known = compared(before, entries, now=now)
    row.fetched_at = now
    changed = ["fetched_at", "noted_on", "window_start", "window_count"]
    if known != before:
        row.known = json.dumps(known, separators=(",", ":"))
        changed.append("known")
    today = local(now).date()
    if row.noted_on != today:
        row.noted_on = today
        _note("notify.feed_fetched", person_id, agency_id, now, actor_id=None)
    row.save(update_fields=changed)
    return events


def compared(
    known: dict[str, list[Any]], entries: Iterable[Entry], *, now: datetime
) -> tuple[tuple[Event, ...], dict[str, list[Any]]]:
    """Return the events of now, and what to keep of them: {item: [said, sequence, when, day, …]}.

    Without a change both are equal to what they were, whenever asked.
    """
    moment = int(now.timestamp())
    kept: dict[str, list[Any]] = {}
    events = []
    for entry in entries:
        key = str(entry.item_id)
        said = hashlib.blake2b(
            "\x1f".join(
                (str(_number(entry.at)), entry.summary, entry.description, entry.url)
            ).encode(),
            digest_size=9,
        ).hexdigest()
        old = known.get(key)
        line: list[Any]
        if old is None:
            line = [said, 0, moment, _day(entry.at)]
        elif old[0] == said:
            line = old
        else:
            line = [said, old[1] + 1, moment, _day(entry.at)]
        kept[key] = line
        events.append(
            Event(
                _uid(key), entry.at, entry.summary, entry.description, entry.url, line[1],
                datetime.fromtimestamp(line[2], UTC),
            )
        )  # fmt: skip
    oldest = int((now - CANCELLED_FOR).timestamp())
    for key, old in known.items():
        if key in kept:
            continue
        line = old if old[0] == "" else ["", old[1] + 1, moment, old[3]]
        if line[2] >= oldest:
            kept[key] = line
            events.append(_cancelled(key, line))
    return tuple(events), kept


def _number(at: date | datetime) -> float | int:
    """Return a number that is the same for the same day or moment, and never for both."""
    return at.timestamp() if isinstance(at, datetime) else at.toordinal()


def _uid(key: str) -> str:
    return f"viec-{key}@nep"


def _day(at: date | datetime) -> str:
    return (at.astimezone(VN).date() if isinstance(at, datetime) else at).isoformat()


def _cancelled(key: str, line: list[Any]) -> Event:
    """Return what is left of an item that is done or was taken back: its day, not its words."""
    return Event(
        _uid(key), date.fromisoformat(line[3]), "Việc đã xong hoặc không còn của bạn", "", "",
        line[1], datetime.fromtimestamp(line[2], UTC), is_cancelled=True,
    )  # fmt: skip


def _note(
    action: str, person_id: int, agency_id: int, now: datetime, *, actor_id: int | None
) -> None:
    record(
        actor_id=actor_id, agency_id=agency_id, action=action, object_type="person",
        object_id=person_id, at=now,
    )  # fmt: skip
