"""Which rows of two tables are the same, and which of them left the order that the others kept.

Rows are recognised by identifier and name together, then by name alone, then by identifier alone, so
that a table read anew from Word, whose identifiers are only places, finds its rows again.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nep.apps.procedures.rules.table import Step, Table
from nep.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which step of the old table is which of the new one."""

    to_new: Mapping[str, str]
    to_old: Mapping[str, str]


def place(table: Table, step_id: str) -> int:
    """Return the place of a row from 1, 0 for what is no row."""
    at = table.index(step_id)
    return 0 if at is None else at + 1


def pair(old: Table, new: Table) -> Pairing:
    """Return which steps are the same in both tables."""
    left = {step.id: step for step in old.steps}
    to_old: dict[str, str] = {}
    for step in new.steps:
        known = left.get(step.id)
        if known is not None and fold(known.name) == fold(step.name):
            to_old[step.id] = left.pop(step.id).id
    _pair_names(left, new, to_old)
    for step in new.steps:
        if step.id not in to_old and step.id in left:
            to_old[step.id] = left.pop(step.id).id
    return Pairing({one: other for other, one in to_old.items()}, to_old)


def _pair_names(left: dict[str, Step], new: Table, to_old: dict[str, str]) -> None:
    by_name: dict[str, list[str]] = {}
    for step in left.values():
        by_name.setdefault(fold(step.name), []).append(step.id)
    for step in new.steps:
        known = by_name.get(fold(step.name))
        if step.id not in to_old and known:
            to_old[step.id] = left.pop(known.pop(0)).id


def moved_rows(old: Table, new: Table, pairing: Pairing) -> frozenset[str]:
    """Return the new identifiers of steps that left the order the others kept."""
    ids = [step.id for step in new.steps if step.id in pairing.to_old]
    places = [place(old, pairing.to_old[id_]) for id_ in ids]
    kept = _longest_rising(places)
    return frozenset(id_ for id_, at in zip(ids, places, strict=True) if at not in kept)


def _longest_rising(places: Sequence[int]) -> frozenset[int]:
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        at[length : length + 1] = [index]
    kept, index = set(), at[-1] if at else -1
    while index >= 0:
        kept.add(places[index])
        index = before[index]
    return frozenset(kept)
