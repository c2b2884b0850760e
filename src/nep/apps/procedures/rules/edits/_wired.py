"""The edits of shape where the rows stand beside a wiring of their own: the wiring is changed.

What the rows alone can say again afterwards becomes plain rows again.
"""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._graph import with_process
from nep.apps.procedures.rules.edits._ground import Answer, Changed
from nep.apps.procedures.rules.other_rows import groups_around
from nep.apps.procedures.rules.table import (
    END,
    GROUP,
    NEXT,
    Event,
    Step,
    Table,
    Wiring,
    end_of,
    events_of,
    gateway_id,
    is_end,
    new_step_id,
    target_of,
    unwired,
    way_into,
)
from nep.apps.procedures.rules.threads import block_of, tidied
from nep.bpmn import Flow, Node, Process
from nep.kernel.decisions import Refused

ENDS = frozenset({"end", "terminate", "error_end"})
LEADS_TO_ITSELF = Refused(
    "way_round",
    "Bước này và một bước khác dẫn lại nhau; xóa đi thì bước kia dẫn về chính nó. Hãy đổi đường đi "
    "của bước kia trước.",
)


def _with(draft: Draft, table: Table, wiring: Wiring, text: str) -> Changed:
    ids = {step.id for step in table.steps}
    carried = {step: one for step, one in draft.carried.items() if step in ids}
    changed = unwired(replace(table, wiring=_entered(wiring)))
    return Changed(replace(draft, table=changed, carried=carried), text)


def _entered(wiring: Wiring) -> Wiring:
    """Return the wiring without the ends that nothing leads to any more; each scope keeps one."""
    aimed = {flow.target for flow in wiring.flows}
    kept = {node.parent for node in wiring.nodes if node.kind in ENDS and node.id in aimed}
    nodes = tuple(
        node
        for node in wiring.nodes
        if node.kind not in ENDS or node.id in aimed or node.parent not in kept
    )
    return replace(wiring, nodes=nodes)


def _with_end(table: Table, step: Step, target: str) -> Table:
    """Return the table with the end that a way out of a row is to lead to, where its scope has none."""
    wiring = _wiring(table)
    if not is_end(target) or _end_in(table, step.parent, target) is not None:
        return table
    made = Node(END, "end", "Kết thúc", parent=step.parent)
    made = end_of(target, step.parent) if target != END else made
    made = replace(made, id=_fresh(wiring, made.id))
    return replace(table, wiring=replace(wiring, nodes=(*wiring.nodes, made)))


def _end_in(table: Table, parent: str, target: str) -> str | None:
    ends = (node for node in _wiring(table).nodes if node.kind in ENDS and node.parent == parent)
    return next((node.id for node in ends if target_of(node) == target), None)


def _wiring(table: Table) -> Wiring:
    return table.wiring or Wiring((), ())


def _choice(wiring: Wiring, step_id: str) -> Node | None:
    """Return the choice that stands after one step alone, or None."""
    ways = [flow for flow in wiring.flows if flow.source == step_id]
    if len(ways) != 1:
        return None
    node = next((one for one in wiring.nodes if one.id == ways[0].target), None)
    entered = [flow for flow in wiring.flows if flow.target == ways[0].target]
    return node if node is not None and node.kind == "exclusive" and len(entered) == 1 else None


def _main_way(wiring: Wiring, step_id: str) -> Flow | None:
    """Return the way a step takes when no branch is taken, or None where it leads nowhere."""
    gateway = _choice(wiring, step_id)
    source = gateway.id if gateway is not None else step_id
    ways = [flow for flow in wiring.flows if flow.source == source]
    if gateway is not None:
        ways = [flow for flow in ways if flow.id == gateway.default] or ways
    return ways[0] if ways else None


def _fresh(wiring: Wiring, name: str) -> str:
    taken = {node.id for node in wiring.nodes} | {flow.id for flow in wiring.flows}
    while name in taken:
        name += "-1"
    return name


def step_added(draft: Draft, after: Step | None, fresh: Step, at: int, text: str) -> Answer:
    """Put a new step on the main way of the step before it, at place `at` of the rows."""
    table, wiring = draft.table, _wiring(draft.table)
    before = after or (table.steps[at - 1] if at else None)
    way = _main_way(wiring, before.id) if before is not None else None
    if way is None or before is None:
        return Refused("way_missing", "Bước trước chưa có đường đi tiếp. Hãy nối trên lưu đồ.")
    fresh = replace(fresh, parent=before.parent)
    onward = Flow(_fresh(wiring, f"f-{fresh.id}"), fresh.id, way.target)
    flows = tuple(replace(one, target=fresh.id) if one is way else one for one in wiring.flows)
    rows = (*table.steps[:at], fresh, *table.steps[at:])
    changed = replace(wiring, flows=(*flows, onward))
    return _with(draft, replace(table, steps=rows), changed, text)


def step_removed(draft: Draft, step: Step, text: str) -> Answer:
    """Take a step out; what led to it leads on to where its main way led."""
    table, wiring = draft.table, _wiring(draft.table)
    gateway, way = _choice(wiring, step.id), _main_way(wiring, step.id)
    if way is None or way.target == step.id:
        return Refused("way_missing", "Bước này chưa có đường đi tiếp. Hãy xóa trên lưu đồ.")
    gone = {step.id, gateway.id} if gateway is not None else {step.id}
    gone |= {node.id for node in wiring.nodes if node.attached_to == step.id}
    flows = tuple(
        replace(one, target=way.target) if one.target == step.id else one
        for one in wiring.flows
        if one.source not in gone
    )
    if any(flow.source == flow.target for flow in flows):
        return LEADS_TO_ITSELF
    nodes = tuple(node for node in wiring.nodes if node.id not in gone)
    rows = tuple(one for one in table.steps if one.id != step.id)
    block = block_of(draft.process, step.id)
    if block is not None:
        left = tidied(Process(table.id, "", nodes, flows), (block.split.id, block.join))
        nodes, flows = left.nodes, left.flows
    return _with(draft, replace(table, steps=rows), Wiring(nodes, flows), text)


def bounded(answer: Changed, step: Step, bound: int) -> Answer:
    """Say of plain rows just changed how often at most the main way of a step leads back."""
    process = answer.draft.process
    way = _main_way(Wiring(process.nodes, process.flows), step.id)
    flows = tuple(replace(one, bound=bound) if one is way else one for one in process.flows)
    return with_process(answer.draft, replace(process, flows=flows), answer.text)


def way_changed(
    draft: Draft, step: Step, target: str, name: str, bound: int | None, text: str
) -> Answer:
    """Lead the main way of a step to another step, or to the end; `bound` is how often at most."""
    table = _with_end(draft.table, step, target)
    wiring = _wiring(table)
    way, place = _main_way(wiring, step.id), way_to(table, step, target)
    if way is not None and target == step.after:
        place = way.target
    if place is None:
        return Refused("target_missing", "Hãy chọn bước mà nhánh dẫn tới.", field="target")
    if way is None:
        fresh = Flow(_fresh(wiring, f"f-{step.id}"), step.id, place, bound=bound)
        flows = (*wiring.flows, fresh)
    else:
        changed = replace(way, target=place, bound=bound)
        if _choice(wiring, step.id) is not None:
            changed = replace(changed, name=name)
        flows = tuple(changed if one is way else one for one in wiring.flows)
    return _with(draft, draft.table, replace(wiring, flows=flows), text)


def way_to(table: Table, step: Step, target: str) -> str | None:
    """Return the node that a way out of a row leads to for a target of the table, or None."""
    if target == NEXT:
        around = groups_around(table)
        own = [
            at
            for at, one in enumerate(table.steps)
            if step.id in (one.id, *(group.id for group in around.get(one.id, ())))
        ]
        following = table.steps[own[-1] + 1 :] if own else ()
        target = following[0].id if following else END
    if is_end(target):
        return _end_in(table, step.parent, target)
    found = way_into(table, target, step.parent)
    return None if found == step.id and step.kind == GROUP else found


def branch_written(
    draft: Draft, step: Step, flow: Flow, known: str | None, target: str, text: str
) -> Answer:
    """Write one branch of a step; the first one puts a choice after it."""
    table = _with_end(draft.table, step, target)
    wiring, place = _wiring(table), way_to(table, step, target)
    if place is None:
        return Refused("target_missing", "Hãy chọn bước mà nhánh dẫn tới.", field="target")
    if known is not None:
        old = next(one for one in step.branches if one.id == known)
        flows = tuple(
            replace(flow, id=one.id, source=one.source,
                    target=one.target if old.target == target else place)
            if one.id == known else one
            for one in wiring.flows
        )  # fmt: skip
        return _with(draft, draft.table, replace(wiring, flows=flows), text)
    gateway, nodes, flows = _choice(wiring, step.id), wiring.nodes, wiring.flows
    if gateway is None:
        way = _main_way(wiring, step.id)
        if way is None:
            return Refused("way_missing", "Bước này chưa có đường đi tiếp. Hãy nối trên lưu đồ.")
        gate = _fresh(wiring, gateway_id(step.id))
        link = Flow(_fresh(wiring, f"f-{gate}"), gate, way.target, name=step.default_name)
        gateway = Node(gate, "exclusive", default=link.id, parent=step.parent)
        nodes = (*nodes, gateway)
        flows = (*(replace(one, target=gate) if one is way else one for one in flows), link)
    fresh = replace(flow, id=_fresh(wiring, flow.id), source=gateway.id, target=place)
    return _with(draft, draft.table, Wiring(nodes, (*flows, fresh)), text)


def branch_dropped(draft: Draft, branch_id: str, text: str) -> Answer:
    """Take one branch away; a choice with one way left goes with it."""
    wiring = _wiring(draft.table)
    gone = next(one for one in wiring.flows if one.id == branch_id)
    flows = tuple(one for one in wiring.flows if one is not gone)
    left = [one for one in flows if one.source == gone.source]
    nodes = wiring.nodes
    if len(left) == 1:
        flows = tuple(
            replace(one, target=left[0].target) if one.target == gone.source else one
            for one in flows
            if one is not left[0]
        )
        nodes = tuple(node for node in nodes if node.id != gone.source)
    return _with(draft, draft.table, Wiring(nodes, flows), text)


def choice_named(draft: Draft, step: Step, name: str, text: str) -> Answer:
    """Name the choice after a step."""
    wiring = _wiring(draft.table)
    gateway = _choice(wiring, step.id)
    nodes = tuple(replace(one, name=name) if one is gateway else one for one in wiring.nodes)
    return _with(draft, draft.table, replace(wiring, nodes=nodes), text)


def event_placed(draft: Draft, step: Step, event: Event, text: str) -> Answer:
    """Put an event on a step, in place of the one of the same name."""
    table = _with_end(draft.table, step, event.target)
    wiring, place = _wiring(table), way_to(table, step, event.target)
    if place is None:
        return Refused("target_missing", "Hãy chọn bước mà nó dẫn tới.", field="target")
    nodes = (*wiring.nodes, *events_of(replace(step, events=(event,))))
    flow = Flow(_fresh(wiring, f"f-{event.id}"), event.id, place, bound=event.bound)
    return _with(draft, draft.table, Wiring(nodes, (*wiring.flows, flow)), text)


def row_beside(draft: Draft, fresh: Step, at: int, target: str) -> Draft | None:
    """Return the draft with a row at a place of the table that nothing leads to yet, or None.

    It leads to a row or to the end; the row above leads where it led before.
    """
    table = draft.table
    if table.wiring is not None:
        table = _with_end(table, fresh, target)
        wiring, place = _wiring(table), way_to(table, fresh, target)
        if place is None:
            return None
        onward = Flow(_fresh(wiring, f"f-{fresh.id}"), fresh.id, place)
        wiring = replace(wiring, flows=(*wiring.flows, onward), order=())
        steps = (*table.steps[:at], fresh, *table.steps[at:])
        return replace(draft, table=replace(table, steps=steps, wiring=wiring))
    following = table.steps[at].id if at < len(table.steps) else END
    *before, above = table.steps[:at]
    above = replace(above, after=following) if above.after == NEXT else above
    fresh = replace(fresh, after=NEXT if target == following else target)
    return replace(draft, table=replace(table, steps=(*before, above, fresh, *table.steps[at:])))


def event_led(draft: Draft, step: Step, event: Event, text: str) -> Answer:
    """Lead what an event of a step or group opens to where the event says now."""
    table = _with_end(draft.table, step, event.target)
    wiring, place = _wiring(table), way_to(table, step, event.target)
    if place is None:
        return Refused("target_missing", "Hãy chọn bước mà nó dẫn tới.", field="target")
    flows = tuple(replace(f, target=place) if f.source == event.id else f for f in wiring.flows)
    return _with(draft, draft.table, replace(wiring, flows=flows), text)


def event_dropped(draft: Draft, event_id: str, text: str) -> Answer:
    """Take an event off its step."""
    wiring = _wiring(draft.table)
    nodes = tuple(node for node in wiring.nodes if node.id != event_id)
    flows = tuple(flow for flow in wiring.flows if flow.source != event_id)
    return _with(draft, draft.table, Wiring(nodes, flows), text)


def rows_ordered(draft: Draft, steps: tuple[Step, ...], text: str) -> Answer:
    """Number the rows otherwise; who follows whom stays as it is drawn."""
    table = replace(draft.table, steps=steps)
    return _with(draft, table, _wiring(table), f"{text} (đường nối giữ nguyên)")


def new_step(table: Table, name: str) -> Step:
    """Return an empty step that no node of the wiring is named like."""
    taken = {node.id for node in _wiring(table).nodes}
    counting, found = table, new_step_id(table)
    while found in taken:
        counting = replace(counting, steps=(*counting.steps, Step(found, "")))
        found = new_step_id(counting)
    return Step(id=found, name=name)
