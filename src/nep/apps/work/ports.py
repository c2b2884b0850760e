"""What other parts lend to the worklist: a calendar, explanations, finders, words of a source,
word of a changed holder."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nep.apps.organization.rules import Actor
    from nep.worktime import Calendar

CalendarSource = Callable[[int], "Calendar"]
_calendar_source: CalendarSource | None = None


@dataclass(frozen=True, slots=True)
class HolderChange:
    """A work item got another holder, or none and waits for its role again; `reason` is empty when
    a person claimed it."""

    item_id: int
    source_type: str
    source_id: int
    agency_id: int
    old_person_id: int | None
    new_person_id: int | None
    by_id: int
    reason: str
    at: datetime


Finder = Callable[["Actor", str, int], Collection[int]]
_finders: dict[str, Finder] = {}
Explainer = Callable[[int, int], str]
HolderListener = Callable[[HolderChange], None]
SourceLock = Callable[[int], None]
SubjectReader = Callable[[Collection[int]], Mapping[int, str]]
_subjects: dict[str, SubjectReader] = {}
_explainers: dict[str, Explainer] = {}
_listeners: dict[str, HolderListener] = {}
_locks: dict[str, SourceLock] = {}


def set_calendar_source(source: CalendarSource) -> None:
    """Connect the function that gives an agency's working calendar; called by the wiring."""
    global _calendar_source
    _calendar_source = source


def calendar_for(agency_id: int) -> "Calendar":
    """Return the agency's working calendar.

    Raises LookupError when the wiring has connected none.
    """
    if _calendar_source is None:
        raise LookupError("no calendar source is connected to the worklist")
    return _calendar_source(agency_id)


def register_explainer(source_type: str, explainer: Explainer) -> None:
    """Name the address that explains due dates of a kind of source: f(source_id, item_id) -> path.

    The address answers a fragment for a popover. Without one the worklist explains by itself.
    """
    _explainers[source_type] = explainer


def explanation_path(source_type: str, source_id: int, item_id: int) -> str:
    """Return the registered address, or an empty text."""
    explainer = _explainers.get(source_type)
    return explainer(source_id, item_id) if explainer else ""


def register_finder(source_type: str, finder: "Finder") -> None:
    """Name what finds open sources of a kind by words: f(actor, text, limit) -> source ids.

    It asks for the actor's right itself and finds nothing without it.
    """
    _finders[source_type] = finder


def finders() -> "dict[str, Finder]":
    """Return what finds sources, by their kind."""
    return dict(_finders)


def register_holder_listener(source_type: str, listener: HolderListener) -> None:
    """Ask to be told, inside the transaction, when an item of this source changes hands."""
    _listeners[source_type] = listener


def register_source_lock(source_type: str, lock: SourceLock) -> None:
    """Name what locks a source before one of its items changes hands: f(source_id).

    Who finishes the same step locks the source first as well, so that the two never wait for each
    other.
    """
    _locks[source_type] = lock


def lock_source(source_type: str, source_id: int) -> None:
    """Lock an item's source until the transaction ends, when it has named a lock."""
    lock = _locks.get(source_type)
    if lock is not None:
        lock(source_id)


def tell_holder_changed(change: HolderChange) -> None:
    """Tell the source's listener, when there is one."""
    listener = _listeners.get(change.source_type)
    if listener is not None:
        listener(change)


def register_subjects(source_type: str, reader: SubjectReader) -> None:
    """Name what sources are about in words without personal data: f(source_ids) -> {id: words}.

    Letters and calendars leave the system; they say these words instead of an item's own detail.
    """
    _subjects[source_type] = reader


def subjects(source_type: str, source_ids: Collection[int]) -> Mapping[int, str] | None:
    """Return what sources are about, or None where their kind has named no reader."""
    reader = _subjects.get(source_type)
    return reader(source_ids) if reader is not None else None
