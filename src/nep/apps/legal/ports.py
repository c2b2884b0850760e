"""What the register needs of the worklist, connected by the wiring."""

from datetime import datetime
from typing import Protocol


class Tasks(Protocol):
    """Open and close a thing to do for whoever holds a role of the agency."""

    def open(
        self,
        *,
        agency_id: int,
        role: str,
        kind: str,
        title: str,
        detail: str,
        link: str,
        source_type: str,
        source_id: int,
        at: datetime,
        due_at: datetime | None,
    ) -> int | None:
        """Open an item and return its id, or None when nobody holds the role."""
        ...

    def close(self, *, item_id: int, at: datetime, by_id: int | None, done: bool) -> None:
        """Close an item as done, or take it back."""
        ...


_tasks: Tasks | None = None


def connect_tasks(tasks: Tasks) -> None:
    """Set who keeps the worklist; called by the wiring."""
    global _tasks
    _tasks = tasks


def tasks() -> Tasks:
    """Return the worklist. Raises LookupError when the wiring connected none."""
    if _tasks is None:
        raise LookupError("no worklist is connected to the register of external documents")
    return _tasks
