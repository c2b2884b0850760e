"""What undoing and redoing a draft's edits would take back, one pile of all who write on it.

Every edit remembers the tops of both piles after it, so that the last one alone says what is next.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pile:
    """The tops after an edit, by version, 0 for none; `undoes` the edit it took back.

    `below` stands under this edit on the pile it was put on: the one of undoing for a change, the
    one of redoing for what took a change back.
    """

    version: int
    next_undo: int = 0
    next_redo: int = 0
    undoes: int = 0
    below: int = 0


def after_change(last: Pile) -> Pile:
    """Return the piles after a fresh change: it can be undone, nothing can be redone."""
    version = last.version + 1
    return Pile(version, next_undo=version, below=last.next_undo)


def after_undo(last: Pile, undone: Pile) -> Pile:
    """Return the piles after the change on top was taken back."""
    version = last.version + 1
    return Pile(
        version,
        next_undo=undone.below,
        next_redo=version,
        undoes=undone.version,
        below=last.next_redo,
    )


def after_redo(last: Pile, undoing: Pile) -> Pile:
    """Return the piles after what was taken back was done again."""
    return Pile(
        last.version + 1,
        next_undo=undoing.undoes,
        next_redo=undoing.below,
        undoes=undoing.version,
    )
