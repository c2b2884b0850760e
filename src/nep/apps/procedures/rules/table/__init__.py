"""The step table and the process graph: two views of one model.

A row is a step, or what nobody does here: another procedure run, a wait, a message sent. After it the process goes to the next row, to a named row, or to the end. A step
may end in branches (an exclusive choice whose default is the way just said), each with a
condition, a target and, when it leads back, a bound or the mark "return for supplement". Rows
that follow each other and share a group run side by side. Start, end, gateways and flows are
derived, with identifiers made from those of the steps, so that equal tables give equal graphs.

Whatever else the engine runs (threads of several steps, inclusive gateways, several ends) stands
in the table's wiring; its rows show what leads where.
"""

from collections.abc import Iterable
from dataclasses import replace

from nep.apps.procedures.rules.table._ends import (
    AT_ONCE,
    SENDING,
    TROUBLE,
    end_of,
    is_end,
    target_of,
)
from nep.apps.procedures.rules.table._model import (
    CALL,
    DEFAULT_NAME,
    END,
    GROUP,
    JOIN_NAME,
    NEXT,
    ROWS,
    SENDS,
    SPLIT_NAME,
    START,
    WAITS,
    Branch,
    Event,
    NotATable,
    Step,
    Table,
    Wiring,
    events_of,
    gateway_id,
    new_step_id,
    node_of,
    row_of,
    runs,
)
from nep.apps.procedures.rules.table._plain import node_rows, plain_process, plain_table
from nep.apps.procedures.rules.table._reading import table_of_graph, unwired
from nep.apps.procedures.rules.table._wired import (
    Meeting,
    group_rows,
    meetings,
    rewired,
    way_into,
    wired_process,
    wired_table,
)
from nep.bpmn import Lane, Process

__all__ = [
    "AT_ONCE",
    "CALL",
    "DEFAULT_NAME",
    "END",
    "GROUP",
    "JOIN_NAME",
    "NEXT",
    "ROWS",
    "SENDING",
    "SENDS",
    "SPLIT_NAME",
    "START",
    "TROUBLE",
    "WAITS",
    "Branch",
    "Event",
    "Meeting",
    "NotATable",
    "Step",
    "Table",
    "Wiring",
    "end_of",
    "events_of",
    "from_process",
    "gateway_id",
    "group_rows",
    "is_end",
    "meetings",
    "new_step_id",
    "node_of",
    "node_rows",
    "rewired",
    "row_of",
    "runs",
    "table_of_graph",
    "target_of",
    "to_process",
    "unwired",
    "way_into",
    "with_lanes",
]


def to_process(table: Table) -> Process:
    """Return the graph of a table; the same table always gives the same graph."""
    return plain_process(table) if table.wiring is None else wired_process(table)


def from_process(process: Process) -> Table:
    """Return the table of a graph: plain rows where they say all of it, else rows with wiring.

    Raises NotATable when the graph cannot run at all: no start or several, a flow that hangs.
    """
    try:
        return plain_table(process)
    except NotATable:
        return wired_table(process)


def with_lanes(process: Process, names: dict[str, str], *, spare: Iterable[str] = ()) -> Process:
    """Return the process with one named lane per role, in the order of the steps.

    Gateways stand in the lane of the step before them, the start in the first, the end in the
    last lane. `names` gives the words of a role key, `spare` the roles whose lanes stand empty.
    """
    members: dict[str, list[str]] = {}
    role = next((node.role for node in process.nodes if node.kind == "task"), "")
    for node in process.nodes:
        if node.kind == "task":
            role = node.role
        members.setdefault(role, []).append(node.id)
    for role in spare:
        members.setdefault(role, [])
    lanes = tuple(
        Lane(id=f"lan-{place}", name=names.get(key, key) or "Chưa giao", role=key, nodes=tuple(ids))
        for place, (key, ids) in enumerate(members.items(), start=1)
    )
    return replace(process, lanes=lanes)
