"""Pools of others, messages with them and frames that a model keeps, as a draft's diagram draws them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nep.bpmn import Foreign, Process, renamed_part
from nep.bpmn.around import Around, Frame, Message, Pool
from nep.bpmn.markup import local_name, parse_kept
from nep.bpmn.places import boxes_of
from nep.bpmn.references import local_id
from nep.bpmn.routing import Box
from nep.kernel.safexml import Element

_KEPT = frozenset({"collaboration", "process", "group", "category"})


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a model keeps around its process, under the names of the draft."""

    elements: tuple[Element, ...]
    boxes: Mapping[str, Box]

    def all(self, local: str) -> Iterator[Element]:
        """Yield every element of a name, whatever it stands in."""
        for root in self.elements:
            yield from (one for one in root.iter() if one.local == local)


def around_of_model(
    process: Process, parts: Iterable[Foreign], *, own: Mapping[str, str], read: str
) -> Around:
    """Return what others do around a draft: pools closed, frames round what stood in them.

    `parts` are what its model keeps, `own` what the draft calls things of the file, `read` the
    file's name of the process.
    """
    named = [(local_name(part.xml), part) for part in parts]
    locals_ = {local for local, _part in named}
    if not locals_ & {"collaboration", "group"}:
        return Around()
    wanted = _KEPT | ({"BPMNDiagram"} if "group" in locals_ else set())
    elements = parse_kept(renamed_part(part, own).xml for local, part in named if local in wanted)
    kept = _Kept(tuple(elements), boxes_of(elements))
    nodes = {node.id for node in process.nodes}
    pools, homes = _pools(kept, own.get(read, read))
    return Around(pools, tuple(_messages(kept, homes, nodes)), tuple(_frames(kept, nodes)))


def _pools(kept: _Kept, own: str) -> tuple[tuple[Pool, ...], dict[str, str]]:
    """Return the pools of others, and the pool of everything in them; that of the process itself is ""."""
    pools: list[Pool] = []
    homes: dict[str, str] = {}
    processes = {one.get("id", ""): one for one in kept.elements if one.local == "process"}
    for one in kept.all("participant"):
        name, runs = one.get("id", ""), local_id(one.get("processRef"))
        if runs == own:
            homes[name] = ""
            continue
        theirs = processes.get(runs)
        homes[name] = name
        homes |= {
            inner.get("id", ""): name for inner in (theirs.iter() if theirs is not None else ())
        }
        words = one.get("name") or (theirs.get("name") if theirs is not None else "")
        pools.append(Pool(name, " ".join((words or "Bên khác").split())))
    return tuple(pools), homes


def _messages(kept: _Kept, homes: Mapping[str, str], nodes: set[str]) -> Iterator[Message]:
    for one in kept.all("messageFlow"):
        ends = [local_id(one.get(end)) for end in ("sourceRef", "targetRef")]
        source, target = (homes.get(end, end) for end in ends)
        outside = [homes.get(end, "") != "" for end in ends]
        if all(end in nodes or end in homes for end in ends) and any(outside) and not all(outside):
            yield Message(one.get("id", ""), " ".join(one.get("name", "").split()), source, target)


def _frames(kept: _Kept, nodes: Iterable[str]) -> Iterator[Frame]:
    values = {one.get("id", ""): one.get("value", "") for one in kept.all("categoryValue")}
    for one in kept.all("group"):
        name = one.get("id", "")
        box = kept.boxes.get(name)
        inside = () if box is None else _within(box, kept.boxes, nodes)
        if inside:
            yield Frame(name, values.get(local_id(one.get("categoryValueRef")), ""), inside)


def _within(frame: Box, boxes: Mapping[str, Box], nodes: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        name
        for name in sorted(nodes)
        if (box := boxes.get(name)) is not None
        and frame.x <= box.middle <= frame.right
        and frame.y <= box.level <= frame.bottom
    )
