"""Threads: rows that run side by side, several after each other in each; who stands in which, and moves of them.

A block is a split and the join that gathers all its ways again; what lies between on one way is a thread.
Blocks are parallel (every thread is gone) or inclusive (one or several, by their conditions).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nep.apps.procedures.rules.condition_words import Labels, condition_words
from nep.apps.procedures.rules.either import GATEWAY, free
from nep.apps.procedures.rules.other_rows import groups_around
from nep.apps.procedures.rules.table import JOIN_NAME, SPLIT_NAME, Step, Table, to_process
from nep.bpmn import Flow, Node, Process

PARALLEL, INCLUSIVE = "parallel", "inclusive"
SPLITS = frozenset({PARALLEL, INCLUSIVE})
_SHOWN_ONLY = {
    PARALLEL: "các việc song song không gặp lại ở một chỗ",
    INCLUSIVE: "chỗ rẽ một hoặc nhiều nhánh không gặp lại ở một chỗ",
}
"""What the engine runs and no row holds: threads that do not meet again."""
_NO_WAY_ON = frozenset({"terminate", "error_end"})


@dataclass(frozen=True, slots=True)
class Block:
    """A split, its join, and what lies between: for each way out of the split its flow and its nodes."""

    split: Node
    join: str
    ways: tuple[Flow, ...]
    threads: tuple[tuple[str, ...], ...]

    def place(self, name: str) -> int | None:
        """Return which thread a node stands in, from 0, or None."""
        return next((at for at, one in enumerate(self.threads) if name in one), None)

    @property
    def nodes(self) -> frozenset[str]:
        """Return every node of its threads."""
        return frozenset(name for thread in self.threads for name in thread)


class _Ways:
    """The flows of a graph by where they begin and where they end."""

    def __init__(self, process: Process) -> None:
        self.nodes = {node.id: node for node in process.nodes}
        self.outs: dict[str, list[Flow]] = defaultdict(list)
        self.ins: dict[str, list[Flow]] = defaultdict(list)
        for flow in process.flows:
            self.outs[flow.source].append(flow)
            self.ins[flow.target].append(flow)

    def thread(self, first: str, join: str) -> tuple[str, ...] | None:
        """Return the nodes from one to a join, or None where a way leads elsewhere."""
        if first == join:
            return ()
        found = [first]
        for name in found:
            if not self.outs[name] and self.nodes[name].kind not in _NO_WAY_ON:
                return None
            found += [
                target
                for target in dict.fromkeys(flow.target for flow in self.outs[name])
                if target != join and target not in found
            ]
        return tuple(found)

    def block(self, split: Node, join: Node) -> Block | None:
        """Return the block of a split and a join, or None where they do not belong together."""
        ways = tuple(self.outs[split.id])
        threads = [self.thread(flow.target, join.id) for flow in ways]
        told = [one for one in threads if one is not None]
        inside = [name for thread in told for name in thread]
        if len(told) != len(ways) or len(set(inside)) != len(inside) or split.id in inside:
            return None
        sources = [{split.id, *thread} for thread in told]
        held = {one.id: one.attached_to for one in self.nodes.values() if one.attached_to}
        for own, thread in zip(sources, told, strict=True):
            into = [flow.source for name in thread for flow in self.ins[name]]
            if not {held.get(name, name) for name in into} <= own:
                return None
            if thread and sum(flow.source in thread for flow in self.ins[join.id]) != 1:
                return None
        if len(self.ins[join.id]) != len(ways):
            return None
        return Block(split, join.id, ways, tuple(told))


def blocks(process: Process) -> tuple[Block, ...]:
    """Return every split of a graph with its join, the widest first."""
    ways = _Ways(process)
    joins = [one for one in process.nodes if one.kind in SPLITS and len(ways.ins[one.id]) > 1]
    splits = [one for one in process.nodes if one.kind in SPLITS and len(ways.outs[one.id]) > 1]
    found = []
    for split in splits:
        made = (ways.block(split, one) for one in joins if one.kind == split.kind)
        block = min(filter(None, made), key=lambda one: len(one.nodes), default=None)
        found += [block] if block is not None else []
    return tuple(sorted(found, key=lambda one: -len(one.nodes)))


def block_of(process: Process, row: str) -> Block | None:
    """Return the innermost block that a row stands in, or None."""
    return next((one for one in blocks(process)[::-1] if one.place(row) is not None), None)


def block_before(process: Process, row: str) -> Block | None:
    """Return the block whose join leads to a row and to nothing else, the row led to by nothing else."""
    ways = _Ways(process)
    into = ways.ins[row]
    return next((one for one in blocks(process) if [one.join] == [f.source for f in into]), None)


def last_rows(process: Process, block: Block) -> tuple[str, ...]:
    """Return for each thread the node that leads to the join."""
    into = [flow.source for flow in process.flows if flow.target == block.join]
    return tuple(
        next((name for name in into if name in thread), block.split.id) for thread in block.threads
    )


def is_last(process: Process, block: Block, row: str) -> bool:
    """Say whether a row is the last of its thread, led to in one way only and leading on in one."""
    ways = _Ways(process)
    return row in last_rows(process, block) and len(ways.ins[row]) == len(ways.outs[row]) == 1


def threads_said(table: Table, labels: Labels) -> dict[str, str]:
    """Return for each row of a block which thread it stands in, where plain rows do not say it."""
    if table.wiring is None or not any(node.kind in SPLITS for node in table.wiring.nodes):
        return {}
    found: dict[str, str] = {}
    around = groups_around(table)
    for block in blocks(to_process(table)):
        for place, thread in enumerate(block.threads):
            said = _said(block, place, labels)
            found |= {name: said for name in thread if table.step(name) is not None}
            inside = (row for row, of in around.items() if any(one.id in thread for one in of))
            found |= dict.fromkeys(inside, said)
    return found


def _said(block: Block, place: int, labels: Labels) -> str:
    said = f"nhánh {place + 1} trong {len(block.ways)} nhánh"
    if block.split.kind == PARALLEL:
        return f"{said} làm song song"
    return f"{said} làm theo điều kiện: {condition_said(block, place, labels)}"


def condition_said(block: Block, place: int, labels: Labels) -> str:
    """Return when a thread of an inclusive block is gone: "khi phí lớn hơn 5"."""
    way = block.ways[place]
    if block.split.default == way.id:
        return "khi không có nhánh nào khác"
    return f"khi {condition_words(way.condition, labels)}" if way.condition else "luôn làm"


def shown_only(table: Table) -> tuple[str, ...]:
    """Return in words what of a wiring no thread is made of, so that it is changed on the diagram only."""
    if table.wiring is None or not any(node.kind in SPLITS for node in table.wiring.nodes):
        return ()
    told = {name for one in blocks(to_process(table)) for name in (one.split.id, one.join)}
    kinds = {node.kind for node in table.wiring.nodes if node.id not in told}
    return tuple(said for kind, said in _SHOWN_ONLY.items() if kind in kinds)


def grown(process: Process, row: str, fresh: Node) -> Process:
    """Return the graph with a new row right after another, on its main way."""
    way = _main_way(process, row)
    onward = Flow(free(process, f"f-{fresh.id}"), fresh.id, way.target)
    flows = [replace(one, target=fresh.id) if one is way else one for one in process.flows]
    made = replace(process, nodes=(*process.nodes, fresh), flows=(*flows, onward))
    return _placed(made, fresh.id, row)


def _main_way(process: Process, row: str) -> Flow:
    """Return the way that a row takes when no branch of its own is taken."""
    ways = _Ways(process)
    way = ways.outs[row][0]
    gateway = ways.nodes[way.target]
    if gateway.kind != "exclusive" or len(ways.ins[gateway.id]) != 1:
        return way
    return next((one for one in ways.outs[gateway.id] if one.id == gateway.default), way)


def taken_in(process: Process, block: Block, place: int, row: str, rows: Sequence[str]) -> Process:
    """Return the graph with the row after a block at the end of one of its threads."""
    last = last_rows(process, block)[place]
    out = next(flow for flow in process.flows if flow.source == row)
    led = {(block.join, row): out.target, (last, block.join): row, (row, out.target): block.join}
    within = [name for name in rows if name in block.threads[place]]
    return _placed(_led(process, led), row, within[-1] if within else "")


def taken_out(process: Process, block: Block, row: str, rows: Sequence[str]) -> Process:
    """Return the graph with the last row of a thread after the block instead."""
    into = next(flow for flow in process.flows if flow.target == row)
    onward = next(flow for flow in process.flows if flow.source == block.join)
    led = {
        (into.source, row): block.join, (row, block.join): onward.target,
        (block.join, onward.target): row,
    }  # fmt: skip
    others = [name for name in rows if name in block.nodes and name != row]
    placed = _placed(_led(process, led), row, others[-1] if others else "")
    return tidied(placed, {block.split.id, block.join})


def thread_made(process: Process, block: Block, row: str) -> Process:
    """Return the graph with the row after a block as a thread of its own."""
    out = next(flow for flow in process.flows if flow.source == row)
    led = {(block.join, row): out.target, (row, out.target): block.join}
    split = Flow(free(process, f"f-{block.split.id}-{row}"), block.split.id, row)
    made = _led(process, led)
    return replace(made, flows=(*made.flows, split))


def parted(process: Process, above: str, row: str) -> Process | None:
    """Return the graph with a row and the one that leads to it side by side, or None."""
    ways = _Ways(process)
    if not all(len(ends[name]) == 1 for ends in (ways.ins, ways.outs) for name in (above, row)):
        return None
    into = ways.ins[above][0]
    if ways.outs[above][0].target != row or ways.nodes[into.source].kind == GATEWAY:
        return None
    split, join = free(process, f"tach-s{above}"), free(process, f"gop-s{above}")
    out = ways.outs[row][0]
    led = {(into.source, above): split, (above, row): join, (row, out.target): join}
    made = _led(process, led)
    parent = ways.nodes[row].parent
    gates = (
        Node(split, PARALLEL, SPLIT_NAME, parent=parent),
        Node(join, PARALLEL, JOIN_NAME, parent=parent),
    )
    flows = (
        *made.flows,
        *(Flow(free(process, f"f-{split}-{name}"), split, name) for name in (above, row)),
        Flow(free(process, f"f-{join}"), join, out.target),
    )
    return replace(made, nodes=(*made.nodes, *gates), flows=flows)


def _led(process: Process, led: dict[tuple[str, str], str]) -> Process:
    """Return the graph with some ways, told by both their ends, leading elsewhere."""
    flows = (replace(f, target=led.get((f.source, f.target), f.target)) for f in process.flows)
    return replace(process, flows=tuple(flows))


def _placed(process: Process, row: str, above: str) -> Process:
    """Return the graph with a row right below another in the table."""
    if not above:
        return process
    nodes = [node for node in process.nodes if node.id != row]
    at = next(place for place, node in enumerate(nodes) if node.id == above)
    moved = next(node for node in process.nodes if node.id == row)
    return replace(process, nodes=(*nodes[: at + 1], moved, *nodes[at + 1 :]))


def tidied(process: Process, gates: Iterable[str]) -> Process:
    """Return the graph without parallel ways that nothing stands on, and gateways left with one way."""
    kinds = {node.id: node.kind for node in process.nodes}
    named = [name for name in gates if kinds.get(name) == PARALLEL]
    empty = [f for f in process.flows if f.source in named and kinds.get(f.target) == PARALLEL]
    empty = [f for f in empty if f.target in named]
    process = replace(process, flows=tuple(f for f in process.flows if f not in empty))
    for name in named:
        ways = _Ways(process)
        if len(ways.ins[name]) != 1 or len(ways.outs[name]) != 1:
            continue
        onward = ways.outs[name][0]
        process = replace(
            process,
            nodes=tuple(node for node in process.nodes if node.id != name),
            flows=tuple(
                replace(f, target=onward.target) if f.target == name else f
                for f in process.flows
                if f is not onward
            ),
        )
    return process


def conditioned(
    process: Process, block: Block, conditions: Sequence[str], otherwise: int | None
) -> Process:
    """Return the graph with a block gone by conditions, or side by side again where there are none."""
    is_open = otherwise is not None or any(conditions)
    kind = INCLUSIVE if is_open else PARALLEL
    default = block.ways[otherwise].id if otherwise is not None else None
    told = {way.id: said for way, said in zip(block.ways, conditions, strict=True)}
    ends = {block.split.id: (default, SPLIT_NAME), block.join: (None, JOIN_NAME)}
    return replace(
        process,
        nodes=tuple(
            replace(
                node, kind=kind, name=_named(node, kind, ends[node.id][1]), default=ends[node.id][0]
            )
            if node.id in ends
            else node
            for node in process.nodes
        ),
        flows=tuple(
            replace(f, condition="" if f.id == default else told[f.id]) if f.id in told else f
            for f in process.flows
        ),
    )


def _named(node: Node, kind: str, usual: str) -> str:
    """Return the name of a gateway of another kind: the one a person gave it, else the usual one."""
    if node.name not in ("", SPLIT_NAME, JOIN_NAME):
        return node.name
    return usual if kind == PARALLEL else ""


def rows_in(table: Table, block: Block) -> tuple[tuple[Step, ...], ...]:
    """Return the rows of each thread, as they stand in the table."""
    return tuple(tuple(s for s in table.steps if s.id in thread) for thread in block.threads)
