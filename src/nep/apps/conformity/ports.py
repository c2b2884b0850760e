"""What the parts below tell of an agency's conformity, one reader each; the app connects them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nep.apps.conformity.rules.declaration import Held
from nep.apps.conformity.rules.year import Seen

HeldReader = Callable[[int, date], Held | None]
GroundReader = Callable[[int], tuple[Held | None, Held | None]]
SeenReader = Callable[[Any], Seen]


def _nothing(_agency_id: int, _today: date) -> Held | None:
    return None


def _no_ground(_agency_id: int) -> tuple[Held | None, Held | None]:
    return None, None


def _no_findings(_agency_id: int) -> int:
    return 0


def _locked(_agency_id: int, edition: str) -> str:
    return f"Chưa biết bản {edition} có được dùng để công bố không."


@dataclass(frozen=True, slots=True)
class Readers:
    """Each answers for one agency: the approved scope and the policy in force, the newest reported
    audit, the newest approved review, how many nonconformities of audits are open, and why
    an edition cannot be declared (empty when it can). What nobody connected holds no gate open."""

    ground: GroundReader = _no_ground
    audit: HeldReader = _nothing
    review: HeldReader = _nothing
    findings: Callable[[int], int] = _no_findings
    locked: Callable[[int, str], str] = _locked


_connected = Readers()


def connect(readers: Readers) -> Readers:
    """Connect the readers; return those connected before."""
    global _connected
    before, _connected = _connected, readers
    return before


def readers() -> Readers:
    """Return the readers connected."""
    return _connected


_seen: dict[str, SeenReader] = {}


def connect_seen(readers_: Mapping[str, SeenReader]) -> dict[str, SeenReader]:
    """Connect where it is seen that obligations are done, by one look at a year (`queries.Look`).

    Returns the readers connected before.
    """
    before = dict(_seen)
    _seen.clear()
    _seen.update(readers_)
    return before


def seen_reader(key: str) -> SeenReader | None:
    """Return the reader of an obligation, None where nobody connected one."""
    return _seen.get(key)
