"""Writing a calendar of due dates as RFC 5545 asks: escaped, folded at 75 octets, with its zone.

Pure. Only what this product says is written here; reading calendars is nobody's need (ADR 0012).
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from nep.kernel.vietnamese import VN

CONTENT_TYPE = "text/calendar; charset=utf-8"
ZONE = "Asia/Ho_Chi_Minh"
WIDTH = 75  # octets of a line, its ending not counted (RFC 5545, 3.1)
# Vietnam has kept +07:00 without summer time since 13/06/1975 (tz database: Asia/Ho_Chi_Minh)
_ZONE_LINES = (
    "BEGIN:VTIMEZONE", f"TZID:{ZONE}", "BEGIN:STANDARD", "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0800", "TZOFFSETTO:+0700", "TZNAME:+07", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


_SPECIAL = re.compile(r"[\\;,\x00-\x1f\x7f]")
_ESCAPES: dict[int, str | None] = {
    **dict.fromkeys([*range(32), 127]),
    ord("\\"): "\\\\", ord(";"): "\\;", ord(","): "\\,", ord("\n"): "\\n",
}  # fmt: skip


class Event(NamedTuple):
    """One due date. `at` is a day where the whole day counts, else a moment.

    `sequence` grows with every change of what is said; `changed_at` is when it last did.
    """

    uid: str
    at: date | datetime
    summary: str
    description: str
    url: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool = False


def calendar_text(*, name: str, events: Iterable[Event], refresh_minutes: int = 60) -> bytes:
    """Return the calendar in UTF-8, every line ended by CRLF."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nep//Nep//VI", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-TIMEZONE:{ZONE}", f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_minutes}M",
        f"X-PUBLISHED-TTL:PT{refresh_minutes}M", *_ZONE_LINES,
    ]  # fmt: skip
    parts = [folded(line) for line in lines]
    parts += [_event(event) for event in events]
    return b"".join((*parts, b"END:VCALENDAR\r\n"))


def _event(event: Event) -> bytes:
    """Return one event; only what is typed by people can be long."""
    changed = _stamp(event.changed_at)
    start = _start(event.at)
    parts = [
        f"BEGIN:VEVENT\r\nUID:{event.uid}\r\nDTSTAMP:{changed}\r\nLAST-MODIFIED:{changed}\r\nSEQUENCE:{event.sequence}\r\n"
        f"DTSTART{start}\r\n".encode(),
        folded(f"SUMMARY:{escaped(event.summary)}"),
    ]
    if event.description:
        parts.append(folded(f"DESCRIPTION:{escaped(event.description)}"))
    if event.url:
        parts.append(folded(f"URL:{event.url}"))
    status = b"CANCELLED" if event.is_cancelled else b"CONFIRMED"
    parts.append(b"TRANSP:TRANSPARENT\r\nSTATUS:" + status + b"\r\nEND:VEVENT\r\n")
    return b"".join(parts)


@lru_cache(maxsize=4096, typed=True)  # due dates fall on few moments, many on the end of a day
def _start(at: date | datetime) -> str:
    if isinstance(at, datetime):
        return f";TZID={ZONE}:{at.astimezone(VN):%Y%m%dT%H%M%S}"
    return f";VALUE=DATE:{at:%Y%m%d}"


@lru_cache(maxsize=512)  # most events were last changed with many others
def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return a TEXT value: backslash, semicolon, comma and line breaks escaped, no other control."""
    if not _SPECIAL.search(text):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_ESCAPES)


def folded(line: str) -> bytes:
    """Return a content line in UTF-8, folded at 75 octets without cutting a letter."""
    data = line.encode()
    if len(data) <= WIDTH:
        return data + b"\r\n"
    parts, start, room = [], 0, WIDTH
    while len(data) - start > room:
        end = start + room
        while data[end] & 0xC0 == 0x80:  # inside a letter of several octets
            end -= 1
        parts.append(data[start:end])
        start, room = end, WIDTH - 1
    parts.append(data[start:])
    return b"\r\n ".join(parts) + b"\r\n"


def entity_tag(body: bytes) -> str:
    """Return the ETag of a calendar: equal while nothing that it says changes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
