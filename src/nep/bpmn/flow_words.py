"""Where the words of flows stand: beside their line, clear of steps, numbers, lines and each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from nep.bpmn.lettering import text_width
from nep.bpmn.routing import Box, Point

LETTER = 13
RISE, FALL = 11, 4
"""How far letters reach above and below their line (pixels)."""
NUMBER_RISE, NUMBER_WIDTH = 15, 24
"""Room of a step's number above its upper left corner."""
MOST = (44, 28, 18, 9)
"""Letters of a label where there is room, and where there is less; the whole words stand in the
title of the line."""
_NEAR, _SHARES = 6, (0.0, 0.5, 1.0, 0.25, 0.75)
_FAR = (0, 16, -16, 32, -32, 48, -48)

Area = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """Where the words of a flow stand; `anchor` is start, middle or end, `turned` upright."""

    text: str
    x: float
    y: float
    anchor: str
    turned: bool = False

    @property
    def area(self) -> Area:
        """Return left, top, right and bottom of the words."""
        width = text_width(self.text, LETTER)
        if self.turned:
            return (self.x - RISE, self.y - width / 2, self.x + FALL, self.y + width / 2)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return (left, self.y - RISE, left + width, self.y + FALL)


def words_placed(
    texts: Mapping[str, str],
    waypoints: Mapping[str, tuple[Point, ...]],
    back: Iterable[str],
    boxes: Mapping[str, Box],
    numbered: Iterable[str],
    *,
    top: float,
    beside: Iterable[Area] = (),
) -> dict[str, Label]:
    """Return the words of every flow at the first place beside its line where nothing is.

    `numbered` are the boxes with a number above them, `top` where the lanes' heads end, `beside`
    what else is taken (the words of edge events). Words that find no room are shortened; what
    still finds none stands where least is in its way.
    """
    upright = set(back)
    fixed = [*beside, *((box.x, box.y, box.right, box.bottom) for box in boxes.values())]
    fixed += [
        (boxes[name].x, boxes[name].y - NUMBER_RISE, boxes[name].x + NUMBER_WIDTH, boxes[name].y)
        for name in numbered
    ]
    lines = [
        (min(a[0], b[0]) - 1, min(a[1], b[1]) - 1, max(a[0], b[0]) + 1, max(a[1], b[1]) + 1)
        for points in waypoints.values()
        for a, b in pairwise(points)
    ]
    found: dict[str, Label] = {}
    placed: list[Area] = []
    for name, text in texts.items():
        taken = [*fixed, *lines, *placed]
        label = _best(text, waypoints[name], name in upright, taken, top)
        found[name] = label
        placed.append(label.area)
    return found


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def _best(
    text: str, points: tuple[Point, ...], is_upright: bool, taken: list[Area], top: float
) -> Label:
    """Return the first free place of a flow's words, else the least crowded one."""
    best, least = next(_places(_shortened(text, MOST[0]), points, is_upright)), float("inf")
    left, head, right, foot = _around(points, text_width(_shortened(text, MOST[0]), LETTER) + 60)
    near = [
        (x0, y0, x1, y1)
        for x0, y0, x1, y1 in taken
        if x0 < right and left < x1 and y0 < foot and head < y1
    ]
    for said in dict.fromkeys(_shortened(text, most) for most in MOST):
        for label in _places(said, points, is_upright):
            area = label.area
            if area[0] < 2 or area[1] < top:
                continue
            cost = _cost(area, near, least)
            if not cost:
                return label
            if cost < least:
                best, least = label, cost
    return best


def _around(points: tuple[Point, ...], far: float) -> Area:
    """Return the area in which words of a line can stand."""
    across, down = [x for x, _y in points], [y for _x, y in points]
    return (min(across) - far, min(down) - far, max(across) + far, max(down) + far)


def _cost(area: Area, taken: list[Area], least: float) -> float:
    """Return how much of an area is taken; no more is counted than makes it the worse one."""
    left, top, right, foot = area
    cost = 0.0
    for x0, y0, x1, y1 in taken:
        if x0 < right and left < x1 and y0 < foot and top < y1:
            cost += (min(right, x1) - max(left, x0)) * (min(foot, y1) - max(top, y0))
            if cost >= least:
                break
    return cost


def _places(text: str, points: tuple[Point, ...], is_upright: bool) -> Iterator[Label]:
    """Yield the places of a flow's words, the best looking first: where the line begins."""
    stretches = list(pairwise(points))
    level = [(a, b) for a, b in stretches if a[1] == b[1]]
    upright = sorted(
        ((a, b) for a, b in stretches if a[0] == b[0]), key=lambda one: -abs(one[1][1] - one[0][1])
    )
    if is_upright:
        yield from _turned(text, upright)
    if stretches[0][0][1] == stretches[0][1][1]:
        yield from _along(text, level)
        yield from _beside(text, stretches)
    else:
        yield from _beside(text, stretches[:1])
        yield from _along(text, level)
        yield from _beside(text, stretches[1:])
    yield from _turned(text, upright)
    for a, b in stretches:  # a little further away, still nearer to its line than to others
        for share in _SHARES:
            x, y = a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
            for down in _FAR:
                yield Label(text, round(x + 14, 1), round(y + down, 1), "start")
                yield Label(text, round(x - 14, 1), round(y + down, 1), "end")


def _along(text: str, level: Iterable[tuple[Point, Point]]) -> Iterator[Label]:
    """Yield places above and below level stretches."""
    for (x0, y0), (x1, _y) in level:
        ahead = x1 > x0
        for share in _SHARES:
            x = round(x0 + (x1 - x0) * share, 1)
            for y in (y0 - _NEAR, y0 + RISE + 4):
                yield Label(text, x + (_NEAR if ahead else -_NEAR), y, "start" if ahead else "end")
                if share == 0.5:
                    yield Label(text, x, y, "middle")


def _beside(text: str, stretches: Iterable[tuple[Point, Point]]) -> Iterator[Label]:
    """Yield places right and left of upright stretches."""
    for (x0, y0), (x1, y1) in stretches:
        if x0 != x1:
            continue
        down = 1 if y1 > y0 else -1
        length = abs(y1 - y0)
        first = y0 + 15 if down > 0 else y0 - 6
        for y in (first, *(y0 + down * length * share for share in (0.5, 0.3, 0.7, 0.9))):
            yield Label(text, x0 + 7, round(y, 1), "start")
            yield Label(text, x0 - 7, round(y, 1), "end")


def _turned(text: str, upright: Iterable[tuple[Point, Point]]) -> Iterator[Label]:
    """Yield places along upright stretches that are long enough, the words turned."""
    half = text_width(text, LETTER) / 2 + 4
    for a, b in upright:
        if abs(b[1] - a[1]) < 2 * half:
            continue
        low, high = min(a[1], b[1]) + half, max(a[1], b[1]) - half
        for share in _SHARES:
            y = round(low + (high - low) * (0.5 if share == 0 else 0 if share == 0.5 else share), 1)
            for x in (a[0] + 14, a[0] - 6):
                yield Label(text, x, y, "middle", turned=True)
