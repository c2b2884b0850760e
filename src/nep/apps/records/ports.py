"""What higher parts tell about a person who leaves: what they hold, and how another takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nep.apps.organization.rules import Actor


@dataclass(frozen=True, slots=True)
class Held:
    """One thing a person holds; `code` and `title` stand in the minutes.

    Things of different `part` (a role in a unit) may go to different receivers.
    """

    id: int
    code: str
    title: str
    link: str = ""
    part: str = ""


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
    refuses what the receiver may not take. `needs_receiver` is False where moving only ends things;
    then `advice` says what becomes of them when they are not ended.
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


@dataclass(frozen=True, slots=True)
class LeaverShare:
    """What of one group, in one part, a leaver holds; `key` names its receiver in the form."""

    key: str
    label: str
    group: LeaverGroup
    held: tuple[Held, ...]


def leaver_shares(agency_id: int, person_id: int, now: datetime) -> tuple[LeaverShare, ...]:
    """Return everything a person holds, by group and part, without what is empty."""
    shares: list[LeaverShare] = []
    for group in leaver_groups():
        parts: dict[str, list[Held]] = {}
        for one in group.find(agency_id, person_id, now):
            parts.setdefault(one.part, []).append(one)
        for place, (part, held) in enumerate(sorted(parts.items())):
            key = f"{group.key}-{place}" if part else group.key
            label = f"{group.label}: {part}" if part else group.label
            shares.append(LeaverShare(key, label, group, tuple(held)))
    return tuple(shares)


def leaver_groups() -> tuple[LeaverGroup, ...]:
    """Return the groups in order."""
    return tuple(sorted(_groups.values(), key=lambda one: (one.order, one.key)))
