"""Links to what lives in another part: named and addressed, never copied."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reference:
    """Something of another part: its kind ("audit", "case"), id, title and address on this site.

    The part that owns it fills it in; whoever keeps it asks nothing more of that part. `id` is 0
    for what stands in no table (a thing written by hand).
    """

    kind: str
    id: int
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an agency has for one clause, of one kind ("document", "audit"), folded to one line.

    `edition` is "2008", "2015" or "2026"; `count` how many there are; `newest_on`, `title` and `url`
    tell of the newest, `newest_on` None where nothing has a date.
    """

    agency_id: int
    edition: str
    clause: str
    kind: str
    count: int
    newest_on: date | None
    title: str
    url: str
