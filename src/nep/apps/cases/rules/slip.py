"""The control slip (Mẫu 06) as a projection of the event log. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from nep.apps.cases.rules.moving import MOVED


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event of the log, its data read."""

    id: int
    kind: str
    at: datetime
    actor_id: int | None
    node: str
    data: Mapping[str, Any]


CORRECTED, RETOLD = "fed_corrected", "fed_retold"
ENDED = {
    "refused": "Từ chối giải quyết",
    "withdrawn": "Người nộp rút hồ sơ",
    "stopped": "Dừng giải quyết",
}
TOLD_ANEW = frozenset({CORRECTED, RETOLD})


def standing(events: Sequence[LoggedEvent]) -> tuple[LoggedEvent, ...]:
    """Return the events that stand, with every correction in its place.

    After a correction of what another system's words mean, and after rows of it that came late or
    otherwise than before, the case is told anew: what was logged before stays in the log and is no
    longer read.
    """
    places = [place for place, event in enumerate(events) if event.kind in TOLD_ANEW]
    if not places:
        return tuple(events)
    told = events[places[-1] + 1 :]
    marks = [events[place] for place in places]
    return tuple(sorted([*told, *marks], key=lambda event: event.at))


@dataclass(frozen=True, slots=True)
class SlipEntry:
    """One giving and receiving (giao, nhận) of the case, or a pause (`pause` names its kind).

    `signer_id` is who closed the step in the receiver's place, with the `prefix` of the signature;
    `giver_name` and `receiver_name` stand for people of another system, who have no number here.
    `used` and `limit` are working minutes; `result` is truoc, dung, tre or empty while it runs;
    `ending` says how the case ended at this step before the procedure's own end.
    """

    run_id: int
    node: str
    giver_id: int | None
    given_at: datetime
    receiver_id: int | None
    received_at: datetime | None
    closed_at: datetime | None = None
    due_at: datetime | None = None
    used: int | None = None
    limit: int | None = None
    result: str = ""
    note: str = ""
    pause: str = ""
    giver_name: str = ""
    receiver_name: str = ""
    signer_id: int | None = None
    prefix: str = ""
    ending: str = ""


def project(events: Iterable[LoggedEvent]) -> tuple[SlipEntry, ...]:
    """Return the rows of the slip in the order in which the case was given on."""
    rows: dict[int, SlipEntry] = {}
    pauses: list[int] = []
    for event in events:
        data = event.data
        closed = data.get("closed")
        if closed:
            _close(rows, closed, event)
        if event.kind == MOVED:
            _leave(rows, event)
        elif event.kind in ENDED:
            _end(rows, event, ENDED[event.kind])
        for opened in data.get("opened", ()):
            rows[opened["run"]] = _opened(opened, event)
        for run_id in data.get("undone", ()):
            if run_id in rows:
                rows[run_id] = replace(
                    rows[run_id], closed_at=event.at, note=f"Thu hồi: {data.get('reason', '')}"
                )
        if event.kind in {"claimed", "handed_over"}:
            _take(rows, event)
        elif event.kind == "paused":
            rows[-event.id] = SlipEntry(
                -event.id, "", None, event.at, None, None, pause=data["kind"],
                note=data.get("reason", ""),
            )  # fmt: skip
            pauses.append(-event.id)
        elif event.kind == "resumed" and pauses:
            last = pauses.pop()
            rows[last] = replace(rows[last], closed_at=event.at)
    return tuple(rows.values())


def _leave(rows: dict[int, SlipEntry], event: LoggedEvent) -> None:
    """Close every open step of the version that a case leaves; each goes on in the other one."""
    for run_id, row in rows.items():
        if not row.pause and row.closed_at is None:
            note = f"Chuyển sang {event.data.get('to', '')}: {event.data.get('reason', '')}"
            rows[run_id] = replace(row, closed_at=event.at, note=note)


def _end(rows: dict[int, SlipEntry], event: LoggedEvent, ending: str) -> None:
    """Close the steps and pauses that are open when a case ends before its procedure's end."""
    for run_id, row in rows.items():
        if row.closed_at is None and row.pause:
            rows[run_id] = replace(row, closed_at=event.at)
        elif row.closed_at is None:
            note = f"{ending}: {event.data.get('reason', '')}"
            rows[run_id] = replace(row, closed_at=event.at, note=note, ending=ending)


def _opened(opened: Mapping[str, Any], event: LoggedEvent) -> SlipEntry:
    person = opened.get("person")
    start = opened.get("from")
    given_at = datetime.fromisoformat(start) if start else event.at
    due = opened.get("due")
    return SlipEntry(
        run_id=opened["run"],
        node=opened["node"],
        giver_id=event.actor_id,
        given_at=given_at,
        receiver_id=person,
        received_at=given_at if person or opened.get("name") else None,
        due_at=datetime.fromisoformat(due) if due else None,
        limit=opened.get("limit"),
        giver_name=event.data.get("by", ""),
        receiver_name=opened.get("name", ""),
    )


def _close(rows: dict[int, SlipEntry], closed: Mapping[str, Any], event: LoggedEvent) -> None:
    row = rows.get(closed["run"])
    if row is None:
        return
    rows[row.run_id] = replace(
        row,
        receiver_id=row.receiver_id or event.actor_id,
        received_at=row.received_at or row.given_at,
        closed_at=event.at,
        used=closed.get("used"),
        result=closed.get("result", ""),
        note=event.data.get("note", ""),
        signer_id=event.actor_id if "as" in event.data else None,
        prefix=event.data.get("as", {}).get("prefix", ""),
    )


def _take(rows: dict[int, SlipEntry], event: LoggedEvent) -> None:
    """Let a step pass to another holder: a claim fills the row, a hand-over closes it and opens
    another one for the same run."""
    run_id = event.data["run"]
    row = rows.get(run_id)
    if row is None:
        return
    if row.receiver_id is None:
        rows[run_id] = replace(row, receiver_id=event.data["person"], received_at=event.at)
        return
    del rows[run_id]
    rows[-event.id] = replace(
        row, run_id=-event.id, closed_at=event.at, note=event.data.get("reason", "")
    )
    rows[run_id] = SlipEntry(
        run_id, row.node, event.actor_id, event.at, event.data["person"],
        event.at if event.data["person"] else None, due_at=row.due_at, limit=row.limit,
    )  # fmt: skip
