"""What higher parts tell about a person who leaves: what they hold, and how another takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nep.apps.organization.rules import Actor


@dataclass(frozen=True, slots=True)
class Held:
    """One thing a person holds; `code` and `title` stand in the minutes."""

    id: int
    code: str
    title: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Things of a group go from one person to another; `by` does it, for a reason."""

    by: Actor
    person_id: int
    receiver_id: int
    ids: tuple[int, ...]
    reason: str
    at: datetime


Finder = Callable[[int, int, datetime], tuple[Held, ...]]
Mover = Callable[[HandOver], None]


@dataclass(frozen=True, slots=True)
class LeaverGroup:
    """A kind of thing that people hold. Without `move` it is only shown, with `advice` what to do.

    `find(agency_id, person_id, now)` lists; `move(hand_over)` runs in the wizard's transaction and
    refuses what the receiver may not take. `needs_receiver` is False where moving only ends things.
    """

    key: str
    label: str
    order: int
    find: Finder
    move: Mover | None = None
    advice: str = ""
    needs_receiver: bool = True


_groups: dict[str, LeaverGroup] = {}


def register_leaver_group(group: LeaverGroup) -> None:
    """Add a group to the leaver's wizard; the same key again replaces it."""
    _groups[group.key] = group


def leaver_groups() -> tuple[LeaverGroup, ...]:
    """Return the groups in order."""
    return tuple(sorted(_groups.values(), key=lambda one: (one.order, one.key)))
