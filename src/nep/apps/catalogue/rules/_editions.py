"""Which of an entry's editions holds on a day, and what one that comes into force changes.

An edition may be published before the day it holds from, and what holds until then may be published
once more meanwhile: numbers tell the order of writing, never that of holding.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date

from nep.apps.catalogue.rules._values import Published

_LIMIT = ("limit_amount", "limit_unit", "limit_text")


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """An edition in the order of holding: the day it holds from, then its number."""

    begins: date
    number: int


def turn_of(number: int, *, written_on: date, effective_from: date | None) -> Turn:
    """Return when an edition's turn is; the first one is shown from the day it was written."""
    comes = number > 1 and effective_from is not None and effective_from > written_on
    return Turn(effective_from if comes and effective_from else written_on, number)


def due(turns: Iterable[Turn], *, shown: int, on: date) -> list[Turn]:
    """Return the turns that come after the edition shown and have come by a day, in order."""
    known = {turn.number: turn for turn in turns}
    return sorted(turn for turn in known.values() if turn > known[shown] and turn.begins <= on)


def base_of(turn: Turn, turns: Iterable[Turn]) -> int | None:
    """Return the edition on which this one was written: of those before it, the one that was to hold
    when it begins."""
    before = [one for one in turns if one.number < turn.number and one.begins <= turn.begins]
    return max(before).number if before else None


def rebased(coming: Published, *, base: Published, shown: Published) -> Published:
    """Return what is shown with everything that an edition changed of its base."""
    changed = {
        one.name
        for one in fields(Published)
        if getattr(coming, one.name) != getattr(base, one.name)
    }
    if changed & set(_LIMIT):
        changed |= set(_LIMIT)
    return replace(shown, **{name: getattr(coming, name) for name in changed})
