"""What a model says beside the table of a draft: notes, data, pools and extensions of others.

It is kept as the XML it came as, under the names of its file; `names` says what the draft calls
the same node or flow. It means nothing to a case and is no part of the hash.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nep.apps.procedures.rules.beside_around import around_of_model
from nep.bpmn import (
    Foreign,
    Note,
    Process,
    counterparts,
    notes_of,
    process_from_dict,
    process_to_dict,
    renamed,
    renamed_part,
)
from nep.bpmn.around import Around, around_parts
from nep.bpmn.markup import is_written_bpmn, local_name
from nep.bpmn.notes import BESIDE, LINKS
from nep.bpmn.renaming import ids_of

_OWN = re.compile(r"b\d+|bat-dau|ket-thuc|(?:f|re|tach|gop|vao|toa|lan)-.*")
_ENDS = re.compile(r'(?:sourceRef|targetRef)="([^"]*)"')
_PREFIX = "tep-"
"""Before the name of a note that the draft could give to a node of its own."""
_UNDRAWN = {"process": "việc bên trong quy trình của bên khác", "group": "khung nhóm"}
NOTE_WORDS = {"note": "ghi chú", "data": "dữ liệu", "store": "kho dữ liệu"}


@dataclass(frozen=True, slots=True)
class Origin:
    """A model as it was read, and as the table said it first, both under the names of the file."""

    read: Process
    said: Process


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the table; `names` gives the file's name of what the draft calls otherwise.

    `parts` are XML under the file's names, each with its owner. `origin` is None for a draft that
    was not read from a model.
    """

    parts: tuple[Foreign, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    origin: Origin | None = None

    @property
    def own_names(self) -> dict[str, str]:
        """Return what the draft calls a node, flow or note of the file, by its name there."""
        return {theirs: ours for ours, theirs in self.names.items()}

    def lost_names(self, process: Process) -> set[str]:
        """Return what the draft is said to call a node or flow of the file, and has not."""
        return {one for one in self.names if not one.startswith(_PREFIX)} - _ids(process)


NOTHING_BESIDE = Beside()


def beside_text(beside: Beside) -> str:
    """Return it as JSON text, "" where there is nothing."""
    if beside == NOTHING_BESIDE:
        return ""
    data: dict[str, Any] = {
        "parts": [[part.owner, part.xml] for part in beside.parts],
        "names": dict(beside.names),
    }
    if beside.origin is not None:
        data["read"] = process_to_dict(beside.origin.read)
        data["said"] = process_to_dict(beside.origin.said)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_beside(text: str) -> Beside:
    """Return it from its JSON text. Raises ValueError, KeyError, TypeError."""
    if not text:
        return NOTHING_BESIDE
    data = json.loads(text)
    origin = None
    if "read" in data:
        origin = Origin(process_from_dict(data["read"]), process_from_dict(data["said"]))
    parts = tuple(Foreign(owner, xml) for owner, xml in data["parts"])
    return Beside(parts, data["names"], origin)


def beside_of_model(read: Process, graph: Process, steps: Mapping[str, str]) -> Beside:
    """Return what stands beside the table that was made of a model.

    `graph` is what the table says, `steps` the model's name of each step of it.
    """
    pairs = counterparts(graph, read, steps)
    names = {ours: theirs for ours, theirs in pairs.items() if ours != theirs}
    known = set(pairs.values())
    names |= {
        f"{_PREFIX}{name}": name
        for name in sorted(ids_of(read.foreign) - known)
        if _OWN.fullmatch(name)
    }
    return Beside(read.foreign, names, Origin(replace(read, foreign=()), renamed(graph, names)))


def shown_beside(process: Process, beside: Beside) -> Process:
    """Return the graph of a draft with what is drawn with it: notes, data, and what others do."""
    parts = [part for part in beside.parts if local_name(part.xml) in BESIDE]
    around = around_beside(process, beside)
    if not parts and around == Around():
        return process
    own = beside.own_names
    called = [renamed_part(part, own) for part in parts]
    nodes = {node.id for node in process.nodes}
    there = nodes | {flow.id for flow in process.flows} | ids_of(called)
    notes = tuple(part for part in called if _stands(part, nodes, there))
    return replace(process, foreign=notes + around_parts(around))


def around_beside(process: Process, beside: Beside) -> Around:
    """Return the pools of others, their messages and the frames that are drawn around a draft."""
    if beside.origin is None:
        return Around()
    read = beside.origin.read.id
    return around_of_model(process, beside.parts, own=beside.own_names, read=read)


def notes_beside(beside: Beside) -> tuple[Note, ...]:
    """Return the notes and data of a draft, bound to what the draft calls its nodes and flows."""
    return notes_of(notes_only(beside).parts)


def notes_only(beside: Beside) -> Beside:
    """Return only the notes and data that are drawn, under the draft's own names."""
    own = beside.own_names
    parts = (part for part in beside.parts if local_name(part.xml) in BESIDE)
    return Beside(tuple(renamed_part(part, own) for part in parts))


def undrawn(process: Process, beside: Beside) -> tuple[str, ...]:
    """Return in words what is kept and not drawn with the graph of a draft, each once."""
    frames = len(around_beside(process, beside).frames)
    groups = sum(local_name(part.xml) == "group" for part in beside.parts)
    found: dict[str, None] = {}
    for part in beside.parts:
        local = local_name(part.xml)
        if is_written_bpmn(part.xml):
            is_shown = local == "group" and frames == groups
            if local in _UNDRAWN and not is_shown and not _is_trait(part):
                found[_UNDRAWN[local]] = None
        elif local != "BPMNDiagram":
            found["phần mở rộng của phần mềm khác"] = None
    return tuple(found)


def _is_trait(part: Foreign) -> bool:
    """Tell whether a part only keeps the attributes of the process itself."""
    return part.owner == "process" and local_name(part.xml) == "process"


def _stands(part: Foreign, nodes: Iterable[str], there: Iterable[str]) -> bool:
    """Tell whether what a part stands in or leads to is there."""
    if part.owner not in ("process", "definitions") and part.owner not in nodes:
        return False
    return local_name(part.xml) != "association" or all(
        end in there for end in _ENDS.findall(part.xml)
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """What stands beside a table after a change, and the notes that went with what was removed."""

    beside: Beside
    gone: tuple[Note, ...] = ()


def followed(before: Process, after: Process, beside: Beside) -> Followed:
    """Return what stands beside a graph that was changed from `before` to `after`.

    What was named anew keeps its parts. A part of a removed node goes with it, and so does a note
    that was about nothing else.
    """
    if beside == NOTHING_BESIDE:
        return Followed(beside)
    names, gone = moved_names(before, after, beside)
    if not gone and names == beside.names:
        return Followed(beside)
    rest, notes = without(beside.parts, gone)
    return Followed(replace(beside, parts=rest, names=names), notes)


def moved_names(before: Process, after: Process, beside: Beside) -> tuple[dict[str, str], set[str]]:
    """Return the file's names after a change of the graph, and those of what is gone."""
    was, now = _ids(before), _ids(after)
    if was <= now:
        return dict(beside.names), set()
    pairs = counterparts(before, after, {})
    names, gone = {}, set()
    for ours in was:
        theirs, its = beside.names.get(ours, ours), pairs.get(ours)
        if its is None:
            gone.add(theirs)
        elif its != theirs:
            names[its] = theirs
    kept = {ours: theirs for ours, theirs in beside.names.items() if ours not in was}
    return kept | names, gone


def _ids(process: Process) -> set[str]:
    return {node.id for node in process.nodes} | {flow.id for flow in process.flows}


def without(
    parts: tuple[Foreign, ...], gone: set[str]
) -> tuple[tuple[Foreign, ...], tuple[Note, ...]]:
    """Return kept parts without what stood in, or was only about, elements that are gone.

    Returns the parts, and the notes that went.
    """
    notes = tuple(
        note for note in notes_of(parts) if note.ties and all(tie.host in gone for tie in note.ties)
    )
    dropped = gone | {note.id for note in notes}
    rest = tuple(
        part
        for part in parts
        if part.owner not in gone
        and not (local_name(part.xml) in BESIDE - LINKS and dropped & set(ids_of([part])))
        and not (local_name(part.xml) == "association" and dropped & set(_ENDS.findall(part.xml)))
    )
    return rest, notes


def notes_said(notes: Iterable[Note]) -> str:
    """Return notes in words: “ghi chú “Xem kỹ”, dữ liệu “Hóa đơn””."""
    return ", ".join(f"{NOTE_WORDS[note.kind]} “{short(note.text)}”" for note in notes)


def short(text: str) -> str:
    """Return the words of a note short enough for a sentence; what has none is said to have none."""
    text = text or "chưa đặt tên"
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
