"""A group of steps on the page of a revision: its heading above its rows, and its own dialog."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nep.apps.procedures.rules.condition_words import Labels
from nep.apps.procedures.rules.events import event_said
from nep.apps.procedures.rules.other_rows import UNNAMED
from nep.apps.procedures.rules.table import Step, Table
from nep.apps.procedures.views._others import end_choices, event_choices


@dataclass(frozen=True, slots=True)
class GroupCells:
    """A group as the template writes it; `events` are what may end or accompany all of it."""

    step: Step
    name: str
    events: tuple[tuple[str, str], ...]
    is_group: bool = True


def group_cells(table: Table, group: Step, labels: Labels) -> GroupCells:
    """Return the heading of a group: its name, and what may end or accompany it, in words."""
    said = ((one.id, event_said(table, one, labels, is_whole=True)) for one in group.events)
    return GroupCells(group, group.name or UNNAMED, tuple(said))


def group_panel(
    table: Table, group: Step, labels: Labels, targets: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Return what the dialog of a group needs; it leads to no row of its own."""
    own = {step.id for step in table.steps if step.parent == group.id}
    cells = group_cells(table, group, labels)
    return {
        "panel": cells,
        **end_choices(group, cells.events),
        "targets": [one for one in targets if one[0] not in own],
        **event_choices(group),
    }
