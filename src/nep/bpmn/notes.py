"""What stands beside the graph of a file: notes, data objects and stores, and where they are drawn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nep.bpmn.lettering import wrap
from nep.bpmn.markup import local_name, parse_kept
from nep.bpmn.model import Foreign
from nep.bpmn.routing import Box, Point
from nep.kernel.safexml import Element

KINDS = {"textAnnotation": "note", "dataObjectReference": "data", "dataStoreReference": "store"}
LINKS = frozenset({"dataInputAssociation", "dataOutputAssociation"})
BEHIND = frozenset({"dataObject", "dataStore"})
"""What a data object or a store that is drawn stands for."""
BESIDE = frozenset({*KINDS, *LINKS, *BEHIND, "association"})
"""Elements that make up notes and data."""
WIDTH, GAP, LINE = 168.0, 14.0, 15.0
_SHEET = (36.0, 46.0)
_MOST_LINES = 12
_FARTHEST = 50_000.0


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds a note: the id of the association, and of the node or flow it leads to."""

    id: str
    host: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note ("note"), a data object ("data") or a store ("store"): its words and what it is about."""

    id: str
    kind: str
    text: str
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class NotePlace:
    """A note as it is drawn: its box, and by association the line to what it is about (pixels)."""

    note: Note
    box: Box
    lines: tuple[tuple[str, Point, Point], ...]


def notes_of(foreign: Iterable[Foreign]) -> tuple[Note, ...]:
    """Return the notes, data objects and stores among what a process keeps, in its order."""
    parts = [part for part in foreign if local_name(part.xml) in BESIDE]
    if not parts:
        return ()
    found: list[Note] = []
    pairs: list[tuple[str, str, str]] = []
    for part in parts:
        for element in parse_kept([part.xml]):
            name = element.get("id", "")
            if element.local in KINDS:
                found.append(Note(name, KINDS[element.local], _words(element)))
            elif element.local == "association":
                pairs.append((name, element.get("sourceRef", ""), element.get("targetRef", "")))
            elif element.local in LINKS:
                ends = _texts(element, "sourceRef") + _texts(element, "targetRef")
                pairs += [(name, end, part.owner) for end in ends]
    ties: dict[str, list[Tie]] = defaultdict(list)
    known = {note.id for note in found}
    for name, one, other in pairs:
        if one in known:
            ties[one].append(Tie(name, other))
        elif other in known:
            ties[other].append(Tie(name, one))
    return tuple(replace(note, ties=tuple(ties[note.id])) for note in found)


def _words(element: Element) -> str:
    said = "".join(element.itertext()) if element.local == "textAnnotation" else element.get("name")
    return " ".join((said or "").split())


def _texts(element: Element, local: str) -> list[str]:
    return ["".join(part.itertext()).strip() for part in element.children if part.local == local]


def place_notes(
    notes: Sequence[Note],
    *,
    boxes: Mapping[str, Box],
    lines: Mapping[str, Sequence[Point]],
    right: float,
    top: float,
    moved: Mapping[str, tuple[float, ...]],
) -> tuple[NotePlace, ...]:
    """Place notes in a margin right of the drawing, each as high as what it is about.

    `moved` gives under the id of a note that somebody has put elsewhere how far its middle stands
    from the middle of what it is about (from the corner of the drawing where it is about nothing),
    its width and its height.
    """
    spots = spots_of(boxes, lines)
    anchors = {note.id: anchor_of(note, spots) for note in notes}
    found: dict[str, Box] = {}
    free = []
    for note in notes:
        put = moved.get(note.id, ())
        if len(put) == 4 and all(abs(number) < _FARTHEST for number in put):
            found[note.id] = _put(note, put, anchors[note.id] or (0.0, 0.0))
        else:
            free.append(note)
    foot = top
    for note in sorted(free, key=lambda one: (anchors[one.id] or (0.0, _FARTHEST))[1]):
        width, height = _size(note)
        anchor = anchors[note.id]
        y = max(foot, anchor[1] - height / 2) if anchor else foot
        words = _lines(note, width, height)
        x = right + (0 if note.kind == "note" else (WIDTH - width) / 2)
        found[note.id] = Box(round(x, 1), round(y, 1), width, height, words)
        foot = y + height + GAP + (0 if note.kind == "note" else LINE * len(words))
    return tuple(
        NotePlace(note, found[note.id], _ties(note, found[note.id], boxes, spots)) for note in notes
    )


def spots_of(boxes: Mapping[str, Box], lines: Mapping[str, Sequence[Point]]) -> dict[str, Point]:
    """Return the middle of every node and the halfway point of every line."""
    spots = {name: (box.middle, box.level) for name, box in boxes.items()}
    return spots | {name: _halfway(points) for name, points in lines.items() if len(points) > 1}


def anchor_of(note: Note, spots: Mapping[str, Point]) -> Point | None:
    """Return the middle of what a note is about first, or None."""
    return next((spots[tie.host] for tie in note.ties if tie.host in spots), None)


def whole_of(one: NotePlace) -> Box:
    """Return the box of a note with the words below it."""
    below = 0.0 if one.note.kind == "note" else LINE * len(one.box.lines) + 4
    return replace(one.box, height=one.box.height + below)


def reach_of(places: Iterable[NotePlace]) -> tuple[float, float]:
    """Return how far notes and their words go to the right and down."""
    right = bottom = 0.0
    for one in places:
        beside = 0.0 if one.note.kind == "note" else max(0.0, (110 - one.box.width) / 2)
        right = max(right, one.box.right + beside)
        bottom = max(bottom, whole_of(one).bottom)
    return right, bottom


def _size(note: Note) -> tuple[float, float]:
    if note.kind != "note":
        return _SHEET
    lines = wrap(note.text, WIDTH - 14, size=12, lines=_MOST_LINES)
    return WIDTH, max(1, len(lines)) * LINE + 10


def _lines(note: Note, width: float, height: float) -> tuple[str, ...]:
    if note.kind != "note":
        return wrap(note.text, 110, size=12, lines=3)
    return wrap(note.text, width - 14, size=12, lines=max(1, int((height - 8) // LINE)))


def _put(note: Note, put: tuple[float, ...], anchor: Point) -> Box:
    across, down, width, height = put
    width, height = max(20.0, width), max(20.0, height)
    x, y = max(2.0, anchor[0] + across - width / 2), max(2.0, anchor[1] + down - height / 2)
    return Box(round(x, 1), round(y, 1), width, height, _lines(note, width, height))


def _halfway(points: Sequence[Point]) -> Point:
    place = (len(points) - 1) // 2
    (x0, y0), (x1, y1) = points[place], points[place + 1]
    return ((x0 + x1) / 2, (y0 + y1) / 2)


def _ties(
    note: Note, box: Box, boxes: Mapping[str, Box], spots: Mapping[str, Point]
) -> tuple[tuple[str, Point, Point], ...]:
    found = []
    for tie in note.ties:
        if tie.host not in spots:
            continue
        host = boxes.get(tie.host) or Box(*spots[tie.host], 0.0, 0.0)
        found.append((tie.id, *_between(host, box)))
    return tuple(found)


def _between(host: Box, note: Box) -> tuple[Point, Point]:
    """Return the ends of a straight line between the sides of two boxes that face each other.

    At the host it ends above the middle of a side, where no flow comes in.
    """
    level = host.y + host.height / 4
    if note.x >= host.right:
        return (host.right, level), (note.x, note.level)
    if note.right <= host.x:
        return (host.x, level), (note.right, note.level)
    if note.y >= host.bottom:
        return (host.middle, host.bottom), (note.middle, note.y)
    return (host.middle, host.y), (note.middle, note.bottom)
