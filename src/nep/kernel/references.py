"""Links to what lives in another part: named and addressed, never copied."""

from dataclasses import dataclass
from datetime import date, datetime
from unicodedata import category


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


@dataclass(frozen=True, slots=True)
class Approval:
    """Something that was submitted and approved: what, where it is read, when each was; `unit_id` is
    whose it is, None the agency's."""

    title: str
    url: str
    submitted_at: datetime
    approved_at: datetime
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence that somebody wrote in a place ("nguyên nhân"), and where it is read."""

    place: str
    text: str
    url: str
    unit_id: int | None = None


def is_address_here(url: str) -> bool:
    """Say whether a link leads to a page of this site, as browsers read it.

    They take a backslash for a slash and pass over line breaks and tabs: "/\\x.vn" and "/<tab>/x.vn"
    are "//x.vn", which is another site.
    """
    if not url.startswith("/") or url.startswith("//") or "\\" in url:
        return False
    return not any(category(sign) == "Cc" for sign in url)
