"""What stands around the graph of a file: pools of others, messages with them, frames round steps.

They are drawn only. A process that is drawn with them keeps them as parts of the owner AROUND, which
no file is written from and no case knows of.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nep.bpmn.lettering import text_width, wrap
from nep.bpmn.markup import NEP, attributes, parse_kept
from nep.bpmn.model import Foreign
from nep.bpmn.routing import Box, Point

AROUND = "around"
POOL_WIDTH, POOL_GAP = 36.0, 30.0
_FRAME_PAD, _FRAME_HEAD = 12.0, 14.0
_WORDS, _LETTER = 130.0, 12
_CLEAR = 7.0
_MEMBERS = "{" + NEP + "}around"


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of others, closed: what they do is theirs."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message between a pool and a node; an end is "" where it is the process as a whole."""

    id: str
    name: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A dashed frame round some nodes; it means nothing to a case."""

    id: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """All that stands around a graph."""

    pools: tuple[Pool, ...] = ()
    messages: tuple[Message, ...] = ()
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """A message as it is drawn: its corners, and its words with the point where they end (pixels)."""

    message: Message
    points: tuple[Point, ...]
    words: str
    at: Point


@dataclass(frozen=True, slots=True)
class AroundPlaces:
    """Where it is drawn: boxes of pools and frames, lines of messages (pixels)."""

    pools: tuple[tuple[Pool, Box], ...] = ()
    messages: tuple[MessagePlace, ...] = ()
    frames: tuple[tuple[Frame, Box], ...] = ()

    @property
    def right(self) -> float:
        """Return how far to the right pools go, 0 without any."""
        return max((box.right for _pool, box in self.pools), default=0.0)


NOTHING_AROUND = AroundPlaces()


def around_parts(around: Around) -> tuple[Foreign, ...]:
    """Return it as parts that a process keeps to be drawn."""
    said = [
        *(("participant", [("id", one.id), ("name", one.name)]) for one in around.pools),
        *(
            ("messageFlow", [("id", one.id), ("name", one.name), ("sourceRef", one.source),
                             ("targetRef", one.target)])
            for one in around.messages
        ),
        *(
            ("group", [("id", one.id), ("name", one.name), ("nep:around", " ".join(one.members))])
            for one in around.frames
        ),
    ]  # fmt: skip
    return tuple(Foreign(AROUND, f"<bpmn:{local}{attributes(pairs)}/>") for local, pairs in said)


def around_of(foreign: Iterable[Foreign]) -> Around:
    """Return what a process keeps to be drawn around it."""
    parts = [part.xml for part in foreign if part.owner == AROUND]
    if not parts:
        return Around()
    pools, messages, frames = [], [], []
    for element in parse_kept(parts):
        name, words = element.get("id", ""), element.get("name", "")
        if element.local == "participant":
            pools.append(Pool(name, words))
        elif element.local == "group":
            frames.append(Frame(name, words, tuple(element.get(_MEMBERS, "").split())))
        else:
            ends = element.get("sourceRef", ""), element.get("targetRef", "")
            messages.append(Message(name, words, *ends))
    return Around(tuple(pools), tuple(messages), tuple(frames))


def place_around(
    around: Around,
    *,
    boxes: Mapping[str, Box],
    notes: Sequence[Box],
    pointed: Container[str],
    edge: float,
    right: float,
    height: float,
) -> AroundPlaces:
    """Place frames round their nodes, and pools as upright bars right of the drawing.

    `pointed` are the nodes that are left from their middle only, `edge` is where the lanes end,
    `right` where the whole drawing ends. A message goes level from
    its node to its pool where nothing stands between, else below its node.
    """
    pools, x = [], right + POOL_GAP
    for pool in around.pools:
        pools.append((pool, Box(round(x, 1), 0.0, POOL_WIDTH, height)))
        x += POOL_WIDTH + POOL_GAP
    bars = {pool.id: box for pool, box in pools}
    whole = Box(0.0, 60.0, edge, max(1.0, height - 120))
    taken: list[float] = []
    messages = []
    for one in around.messages:
        inward = one.source in bars
        bar = bars.get(one.source if inward else one.target)
        name = one.target if inward else one.source
        host = boxes.get(name) if name else whole
        if bar is None or host is None:
            continue
        others = [*(box for box in boxes.values() if not _holds(box, host)), *notes]
        shares = (0.5,) if name in pointed else (0.75, 0.25, 0.6, 0.4)
        out = _way(host, bar, others, taken, shares) if name else _straight(whole, bar, taken)
        at = (pools[0][1].x - 8, out[-1][1] - 4)
        words = _words(one.name, at, others)
        messages.append(MessagePlace(one, out[::-1] if inward else out, words, at))
    frames = [(one, box) for one in around.frames if (box := _frame(one, boxes)) is not None]
    return AroundPlaces(tuple(pools), tuple(messages), tuple(frames))


def _frame(frame: Frame, boxes: Mapping[str, Box]) -> Box | None:
    inner = [boxes[name] for name in frame.members if name in boxes]
    if not inner:
        return None
    head = _FRAME_HEAD if frame.name else 0.0
    x, y = min(box.x for box in inner), min(box.y for box in inner)
    wide = max(box.right for box in inner) - x + 2 * _FRAME_PAD
    high = max(box.bottom for box in inner) - y + 2 * _FRAME_PAD + head
    lines = wrap(frame.name, wide / 2 - 16, size=_LETTER, lines=1)
    return Box(x - _FRAME_PAD, y - _FRAME_PAD - head, wide, high, lines)


def _holds(one: Box, other: Box) -> bool:
    """Tell whether a box stands round another, or is it."""
    return (
        one.x <= other.x
        and one.y <= other.y
        and one.right >= other.right
        and one.bottom >= other.bottom
    )


def _straight(host: Box, bar: Box, taken: list[float]) -> tuple[Point, ...]:
    level = host.y
    while any(abs(level - one) < _CLEAR for one in taken):
        level += _CLEAR
    taken.append(level)
    return (host.right, level), (bar.x, level)


def _way(
    host: Box, bar: Box, others: Sequence[Box], taken: list[float], shares: Iterable[float]
) -> tuple[Point, ...]:
    for level in (round(host.y + host.height * share, 1) for share in shares):
        if _is_free(level, host.right, bar.x, others, taken):
            taken.append(level)
            return (host.right, level), (bar.x, level)
    level, down = host.bottom + 2 * _CLEAR, round(host.middle + host.width / 4, 1)
    while not _is_free(level, down, bar.x, others, taken) and level < bar.bottom - _CLEAR:
        level += _CLEAR
    taken.append(level)
    return (down, host.bottom), (down, level), (bar.x, level)


def _is_free(
    level: float, left: float, right: float, others: Iterable[Box], taken: Iterable[float]
) -> bool:
    if any(abs(level - one) < _CLEAR for one in taken):
        return False
    return not any(
        box.x < right and box.right > left and box.y - 4 < level < box.bottom + 4 for box in others
    )


def _words(name: str, at: Point, others: Iterable[Box]) -> str:
    """Return the words of a message as they fit over its line before the pools, "" where they do not."""
    said = next(iter(wrap(name, _WORDS, size=_LETTER, lines=1)), "")
    left, top = at[0] - text_width(said, _LETTER), at[1] - _LETTER
    is_free = not any(
        box.x < at[0] and box.right > left and box.y < at[1] and box.bottom > top for box in others
    )
    return said if is_free else ""
