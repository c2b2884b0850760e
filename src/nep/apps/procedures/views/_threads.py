"""What the dialog of a step offers where rows run side by side: its thread, the others, when each is gone."""

from dataclasses import dataclass
from typing import Any

from nep.apps.procedures.rules.table import Step, Table
from nep.apps.procedures.rules.threads import (
    INCLUSIVE,
    Block,
    block_before,
    block_of,
    is_last,
    rows_in,
)
from nep.bpmn import Process


@dataclass(frozen=True, slots=True)
class ThreadCell:
    """One thread as the dialog writes it: its number, its rows in words, its condition."""

    number: int
    last: str
    rows: str
    condition: str
    is_otherwise: bool


def thread_choices(table: Table, process: Process, step: Step) -> dict[str, Any]:
    """Return the threads that a row stands in or may be drawn into; nothing where there are none."""
    inside, before = block_of(process, step.id), block_before(process, step.id)
    if step.branches:
        before = None
    return {
        "threads": _cells(table, inside) if inside is not None else (),
        "by_condition": inside is not None and inside.split.kind == INCLUSIVE,
        "leaves_thread": inside is not None
        and table.wiring is not None
        and is_last(process, inside, step.id),
        "threads_above": [one for one in _cells(table, before) if one.last] if before else (),
    }


def _cells(table: Table, block: Block) -> tuple[ThreadCell, ...]:
    cells = []
    for place, rows in enumerate(rows_in(table, block)):
        way = block.ways[place]
        named = ", ".join(table.label(one.id) for one in rows)
        said = f"bước {named}" if rows else "không có bước nào"
        cells.append(
            ThreadCell(
                place + 1,
                rows[-1].id if rows else "",
                said,
                way.condition,
                block.split.default == way.id,
            )
        )
    return tuple(cells)
