"""A group of steps on the page of a revision: its heading above its rows, and its own dialog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nep.apps.procedures.rules.condition_words import Labels
from nep.apps.procedures.rules.events import event_said
from nep.apps.procedures.rules.other_rows import (
    UNNAMED,
    group_names,
    groups_again,
    groups_around,
    groups_of,
)
from nep.apps.procedures.rules.table import Step, Table
from nep.apps.procedures.views._others import end_choices, event_choices


@dataclass(frozen=True, slots=True)
class GroupCells:
    """A group as the template writes it; `events` are what may end or accompany all of it."""

    step: Step
    name: str
    events: tuple[tuple[str, str], ...]
    is_group: bool = True
    is_again: bool = False


def group_cells(table: Table, group: Step, labels: Labels) -> GroupCells:
    """Return the heading of a group: its name, and what may end or accompany it, in words."""
    said = ((one.id, event_said(table, one, labels, is_whole=True)) for one in group.events)
    outer = group_names(table).get(group.parent)
    name = group.name or UNNAMED
    return GroupCells(group, f"{name}, trong {outer}" if outer else name, tuple(said))


def group_headings(table: Table, labels: Labels) -> dict[str, tuple[GroupCells, ...]]:
    """Return the headings that stand above rows; one that goes on after another group says so."""
    found = {
        row: tuple(group_cells(table, one, labels) for one in groups)
        for row, groups in groups_of(table).items()
    }
    for row, group in groups_again(table).items():
        cells = group_cells(table, group, labels)
        found[row] = (replace(cells, name=f"{cells.name}, tiếp theo", events=(), is_again=True),)
    return found


def group_panel(
    table: Table, group: Step, labels: Labels, targets: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Return what the dialog of a group needs; it leads to no row of its own."""
    around = groups_around(table)
    own = [row for row, groups in around.items() if group in groups]
    last = table.index(own[-1]) or 0
    after = {step.id for step in table.steps[last + 1 :] if _is_in(around, step, group.parent)}
    cells = replace(group_cells(table, group, labels), name=group.name or UNNAMED)
    return {
        "panel": cells,
        "group_ends": [one for one in targets if one[0] in after],
        **end_choices(group, cells.events),
        "targets": [one for one in targets if one[0] not in own],
        **event_choices(group),
    }


def _is_in(around: Mapping[str, Sequence[Step]], step: Step, scope: str) -> bool:
    """Say whether a row stands in a scope: a group, or the whole procedure."""
    return not scope or any(group.id == scope for group in around.get(step.id, ()))
