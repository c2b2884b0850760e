"""Notes and data as a person has drawn them: taken into what stands beside the table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nep.apps.procedures.rules.beside import (
    NOTHING_BESIDE,
    Beside,
    moved_names,
    notes_beside,
    shown_beside,
)
from nep.apps.procedures.rules.by_hand import FELT, Places
from nep.bpmn import (
    Foreign,
    Layout,
    Note,
    Process,
    counterparts,
    notes_of,
    read_drawn,
    renamed_part,
)
from nep.bpmn.markup import element_xml, local_name, parse_kept
from nep.bpmn.notes import BESIDE, LINKS, anchor_of, spots_of
from nep.bpmn.routing import Box
from nep.kernel.decisions import Refused
from nep.kernel.safexml import Element

MOST_NOTES, LONGEST = 200, 2000
_COMPARED = ("name", "sourceRef", "targetRef", "associationDirection", "dataObjectRef",
             "dataStoreRef")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """A drawn part: its id, what can be changed of it by drawing, and its XML."""

    id: str
    said: tuple[object, ...]
    kept: Foreign


def beside_drawn(
    drawn: Process, *, before: Process, after: Process, beside: Beside
) -> Beside | Refused:
    """Return what stands beside a table after its diagram was drawn on.

    `before` is the graph that was opened, `drawn` what came back with all that it keeps, `after`
    the graph of the table that was made of it. What was not drawn with stays, unless its node is
    gone. Codes: `drawing_notes`.
    """
    sent = {part.id: part for part in _parts(shown_beside(before, beside).foreign)}
    back = {part.id: part for part in _parts(_with_outer(drawn.foreign))}
    refused = _refused(back.values())
    if refused is not None:
        return refused
    names, gone = moved_names(before, after, beside)
    called = {name: names.get(its, its) for name, its in counterparts(drawn, after, {}).items()}
    called |= {name: names[name] for name in back if name in names}
    own = beside.own_names
    found = []
    for kept in beside.parts:
        name = _id_of(kept)
        name = own.get(name, name)
        if name not in sent or local_name(kept.xml) not in BESIDE:
            if kept.owner not in gone:
                found.append(kept)
        elif name in back:
            same = back[name].said == sent[name].said
            found.append(kept if same else renamed_part(back[name].kept, called))
    found += [renamed_part(part.kept, called) for name, part in back.items() if name not in sent]
    changed = replace(beside, parts=tuple(found), names=names)
    return NOTHING_BESIDE if not found and beside.origin is None else changed


def _parts(foreign: Iterable[Foreign]) -> Iterable[_Part]:
    for kept in foreign:
        if local_name(kept.xml) not in BESIDE:
            continue
        for element in parse_kept([kept.xml]):
            yield _Part(element.get("id", ""), _said(element, kept.owner), kept)


def _said(element: Element, owner: str) -> tuple[object, ...]:
    """Return what a person can change of a part by drawing; the inner end of a link is not theirs."""
    local = element.local
    end = {"dataInputAssociation": "sourceRef", "dataOutputAssociation": "targetRef"}.get(local, "")
    return (
        local,
        owner if local in LINKS else "",
        *(element.get(name) or "" for name in _COMPARED),
        *(
            "".join(inner.itertext()).strip()
            for inner in element.children
            if inner.local in ("text", end)
        ),
    )


def _id_of(kept: Foreign) -> str:
    return next((one.get("id", "") for one in parse_kept([kept.xml])), "")


def _with_outer(foreign: Sequence[Foreign]) -> Iterable[Foreign]:
    """Yield kept parts, and as parts of the process the notes drawn beside the pool."""
    for kept in foreign:
        yield kept
        if local_name(kept.xml) == "collaboration":
            for outer in parse_kept([kept.xml]):
                for element in outer.children:
                    if element.local in BESIDE:
                        yield Foreign("process", element_xml(element))


def _refused(parts: Iterable[_Part]) -> Refused | None:
    found = list(parts)
    if len(found) > 3 * MOST_NOTES:
        return Refused("drawing_notes", f"Một lưu đồ có tối đa {MOST_NOTES} ghi chú và dữ liệu.")
    for part in found:
        if not part.id or len(part.id) > 80 or len(part.kept.xml) > 4 * LONGEST:
            return Refused(
                "drawing_notes",
                f"Ghi chú trên lưu đồ dài tối đa {LONGEST} chữ.",
                field=part.id[:80],
            )
    return None


def note_places(
    data: bytes, *, plan: Layout, before: Beside, after: Beside, places: Places
) -> dict[str, tuple[float, ...]]:
    """Return where notes stand that somebody has put elsewhere than in the margin.

    `plan` is the layout that was opened. A place is kept beside what the note is about
    (`place_notes`).
    """
    if not after.parts:
        return {}
    boxes, lines = read_drawn(data)
    spots = spots_of(boxes, lines)
    stood = {one.note.id: one for one in plan.notes}
    found = {}
    for note in notes_beside(after):
        box, was = boxes.get(note.id), stood.get(note.id)
        if box is None:
            continue
        if was is not None and was.note.ties == note.ties and _is_unmoved(box, was.box):
            if note.id in places:
                found[note.id] = tuple(places[note.id])
            continue
        x, y = anchor_of(note, spots) or (0.0, 0.0)
        put = (box.middle - x, box.level - y, box.width, box.height)
        found[note.id] = tuple(round(number, 1) for number in put)
    return found


def _is_unmoved(one: Box, other: Box) -> bool:
    pairs = ((one.x, other.x), (one.y, other.y), (one.right, other.right))
    return all(abs(a - b) < FELT for a, b in (*pairs, (one.bottom, other.bottom)))


def merged_beside(
    base: Beside, mine: Beside, theirs: Beside, called: Mapping[str, str]
) -> Beside | Note:
    """Return what stands beside with both changes, or the note that both changed.

    `called` gives the names that my new nodes have in the graph of both.
    """
    if mine == base:
        return theirs
    gone, come = set(base.parts) - set(mine.parts), set(mine.parts) - set(base.parts)
    others = {_id_of(part) for part in set(base.parts) - set(theirs.parts)}
    both = others & {_id_of(part) for part in gone}
    for note in notes_of(base.parts):
        if note.id in both and not _same(note, mine, theirs):
            return note
    parts = [part for part in theirs.parts if part not in gone]
    parts += [
        renamed_part(part, called) for part in mine.parts if part in come and part not in parts
    ]
    fresh = {
        called[own]: its
        for own, its in mine.names.items()
        if own not in base.names and own in called
    }
    return replace(theirs, parts=tuple(parts), names={**fresh, **theirs.names})


def _same(note: Note, mine: Beside, theirs: Beside) -> bool:
    one, other = (
        next((found for found in notes_of(beside.parts) if found.id == note.id), None)
        for beside in (mine, theirs)
    )
    return one == other
