"""Lead flows around boxes in right angles."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

CLEAR = 7
"""Distance kept between a line and a box it passes."""
TRACK = 9
"""Distance between two lines side by side."""
_SLOTS = (0, 1, -1, 2, -2)
_SLOT_STEP = 7

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node's place and its lines of text; `x`, `y` is the upper left corner."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...] = ()

    @property
    def middle(self) -> float:
        """Return the middle across."""
        return self.x + self.width / 2

    @property
    def level(self) -> float:
        """Return the middle in height."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class _Line:
    at: float
    low: float
    high: float
    source: str
    target: str


class Router:
    """Finds one way after the other and remembers where lines already run."""

    def __init__(
        self,
        boxes: dict[str, Box],
        rows: dict[str, int],
        spans: list[tuple[float, float]],
        right: float,
    ) -> None:
        self.boxes = boxes
        self.rows = rows
        self.spans = spans
        self.right = right
        self.verticals: list[_Line] = []
        self.levels: list[_Line] = []
        self.sides: set[tuple[str, int]] = set()

    def route(self, source: str, target: str, *, back: bool, branching: bool) -> tuple[Point, ...]:
        """Return the corners of the way from one node to another."""
        points = _straightened(
            self._back(source, target) if back else self._onward(source, target, branching)
        )
        for (x0, y0), (x1, y1) in pairwise(points):
            if x0 == x1:
                self.verticals.append(_Line(x0, min(y0, y1), max(y0, y1), source, target))
            else:
                self.levels.append(_Line(y0, min(x0, x1), max(x0, x1), source, target))
        return points

    def _onward(self, source: str, target: str, branching: bool) -> list[Point]:
        a, b = self.boxes[source], self.boxes[target]
        x0, x1 = a.middle, b.middle
        if abs(x0 - x1) < 1 and self._free(x0, a.bottom, b.y, source, target):
            return [(x0, a.bottom), (x0, b.y)]
        side = 1 if x1 > x0 else -1
        if branching and abs(x0 - x1) > a.width / 2 + 12 and (source, side) not in self.sides:
            edge = a.right if side > 0 else a.x
            if self._free(x1, a.level, b.y, source, target) and self._row_free(
                a.level, edge, x1, source
            ):
                self.sides.add((source, side))
                return [(edge, a.level), (x1, a.level), (x1, b.y)]
        first = self.rows[source]
        last = self.rows[target] - 1
        if first >= last:
            level = self._level(first, x0, x1, source, target)
            return [(x0, a.bottom), (x0, level), (x1, level), (x1, b.y)]
        top, foot = self.spans[first][1], self.spans[last + 1][0]
        track = self._track(x0, x1, top + 4, foot - 4, source, target, {x0, x1})
        out = self._level(first, x0, track, source, target)
        inward = self._level(last, track, x1, source, target)
        return [(x0, a.bottom), (x0, out), (track, out), (track, inward), (x1, inward), (x1, b.y)]

    def _back(self, source: str, target: str) -> list[Point]:
        a, b = self.boxes[source], self.boxes[target]
        first, last = self.rows[target], self.rows[source]
        top, foot = self.spans[first][0] - 4, self.spans[last][1] + 4
        track = self._track(a.right, b.right, top, foot, source, target, set())
        side = 1 if track > a.middle else -1
        edge = a.right if side > 0 else a.x
        points: list[Point]
        if (source, side) not in self.sides and self._row_free(a.level, edge, track, source):
            self.sides.add((source, side))
            points = [(edge, a.level), (track, a.level)]
        else:
            level = self._level(last, a.middle, track, source, target)
            points = [(a.middle, a.bottom), (a.middle, level), (track, level)]
        inner = 1 if track > b.middle else -1
        edge = b.right if inner > 0 else b.x
        if (
            source != target
            and (target, inner) not in self.sides
            and self._row_free(b.level, edge, track, target)
        ):
            return [*points, (track, b.level), (edge, b.level)]
        level = self._level(first - 1, track, b.middle, source, target)
        entry = b.middle + inner * min(24, b.width / 4)
        return [*points, (track, level), (entry, level), (entry, b.y)]

    def _track(
        self,
        x0: float,
        x1: float,
        low: float,
        high: float,
        source: str,
        target: str,
        wished: set[float],
    ) -> float:
        """Return the best free x for a long vertical stretch."""
        found = set(wished)
        for box in self.boxes.values():
            if box.y <= high and box.bottom >= low:
                for step in range(1, 5):
                    found.add(box.right + 5 + step * TRACK)
                    found.add(box.x - 5 - step * TRACK)
        ordered = sorted(found, key=lambda x: (abs(x - x0) + abs(x - x1), -x))
        for x in ordered:
            if x > 4 and self._free(x, low, high, source, target):
                return x
        return self.right + TRACK * len(self.verticals)

    def _free(self, x: float, low: float, high: float, source: str, target: str) -> bool:
        for name, box in self.boxes.items():
            inside = box.x - CLEAR < x < box.right + CLEAR and box.y < high and box.bottom > low
            if inside and name not in (source, target):
                return False
            if inside and low < box.level < high:
                return False
        return not _crowded(self.verticals, x, low, high, source, target)

    def _row_free(self, y: float, x0: float, x1: float, source: str) -> bool:
        low, high = min(x0, x1), max(x0, x1)
        for name, box in self.boxes.items():
            if (
                name != source
                and box.y - 4 < y < box.bottom + 4
                and box.x < high
                and box.right > low
            ):
                return False
        return True

    def _level(self, row: int, x0: float, x1: float, source: str, target: str) -> float:
        """Return a free height in the gap below a row."""
        top = self.spans[row][1] if row >= 0 else self.spans[0][0] - 36
        foot = self.spans[row + 1][0] if row + 1 < len(self.spans) else top + 40
        middle = (top + foot) / 2 - 2
        low, high = min(x0, x1), max(x0, x1)
        for slot in _SLOTS:
            y = middle + slot * _SLOT_STEP
            if not _crowded(self.levels, y, low, high, source, target, near=_SLOT_STEP - 1):
                return y
        return middle


def _crowded(
    lines: Iterable[_Line],
    at: float,
    low: float,
    high: float,
    source: str,
    target: str,
    near: float = TRACK - 1,
) -> bool:
    return any(
        abs(line.at - at) < near and line.low < high and line.high > low
        and line.source != source and line.target != target
        for line in lines
    )  # fmt: skip


def _straightened(points: list[Point]) -> tuple[Point, ...]:
    """Drop corners that are none."""
    found: list[Point] = []
    for x, y in points:
        point = (round(x, 1), round(y, 1))
        if found and found[-1] == point:
            continue
        if len(found) > 1:
            (ax, ay), (bx, by) = found[-2], found[-1]
            if (ax == bx == point[0]) or (ay == by == point[1]):
                found[-1] = point
                continue
        found.append(point)
    return tuple(found)
