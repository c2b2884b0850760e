"""Tables of a printed page out of its ruled lines: which cells there are and what they span."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

NEAR = 3.0  # points within which two edges are one
SHORTEST = 6.0
Rule = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: edges across and down, and for each square the first square of its cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    origin: dict[tuple[int, int], tuple[int, int]]

    @property
    def box(self) -> Rule:
        """Return (left, top, right, bottom)."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def square(self, x: float, y: float) -> tuple[int, int] | None:
        """Return (row, column) of the cell a point lies in, None outside."""
        column = next((at for at in range(len(self.xs) - 1) if x < self.xs[at + 1]), None)
        row = next((at for at in range(len(self.ys) - 1) if y < self.ys[at + 1]), None)
        if column is None or row is None or x < self.xs[0] - NEAR or y < self.ys[0] - NEAR:
            return None
        return self.origin[row, column]


def grids(rules: Sequence[Sequence[float]]) -> list[Grid]:
    """Return the tables of a page from the top down; frames of one square are no tables."""
    level = _joined([(r[0], (r[1] + r[3]) / 2, r[2]) for r in rules if r[2] - r[0] >= r[3] - r[1]])
    upright = _joined([(r[1], (r[0] + r[2]) / 2, r[3]) for r in rules if r[3] - r[1] > r[2] - r[0]])
    found = []
    for lines, posts in _clusters(level, upright):
        grid = _grid(lines, posts)
        if grid and (len(grid.xs) > 2 or len(grid.ys) > 2):
            found.append(grid)
    return sorted(found, key=lambda one: one.ys[0])


def _joined(lines: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Join pieces (from, at, to) that lie on one line and touch; what is too short is left out."""
    by_place: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    places: list[float] = []
    for piece in sorted(lines, key=lambda one: one[1]):
        if not places or piece[1] - places[-1] > NEAR:
            places.append(piece[1])
        by_place[len(places) - 1].append(piece)
    found: list[tuple[float, float, float]] = []
    for number, pieces in by_place.items():
        begun: list[float] | None = None
        for start, _at, end in sorted(pieces):
            if begun and start <= begun[1] + NEAR:
                begun[1] = max(begun[1], end)
                continue
            if begun:
                found.append((begun[0], places[number], begun[1]))
            begun = [start, end]
        if begun:
            found.append((begun[0], places[number], begun[1]))
    return [one for one in found if one[2] - one[0] >= SHORTEST]


Lines = list[tuple[float, float, float]]


def _clusters(level: Lines, upright: Lines) -> list[tuple[Lines, Lines]]:
    """Return groups of lines that cross or touch each other."""
    parent = list(range(len(level) + len(upright)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for at, (left, y, right) in enumerate(level):
        for place, (top, x, bottom) in enumerate(upright, start=len(level)):
            if left - NEAR <= x <= right + NEAR and top - NEAR <= y <= bottom + NEAR:
                parent[root(at)] = root(place)
    groups: dict[int, tuple[Lines, Lines]] = defaultdict(lambda: ([], []))
    for at, line in enumerate([*level, *upright]):
        groups[root(at)][at >= len(level)].append(line)
    return [(lines, posts) for lines, posts in groups.values() if lines and posts]


def _edges(values: list[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > NEAR:
            kept.append(value)
    return tuple(kept)


def _grid(lines: Lines, posts: Lines) -> Grid | None:
    xs, ys = _edges([x for _t, x, _b in posts]), _edges([y for _l, y, _r in lines])
    if len(xs) < 2 or len(ys) < 2:
        return None
    origin: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(ys) - 1):
        middle_y = (ys[row] + ys[row + 1]) / 2
        for column in range(len(xs) - 1):
            middle_x = (xs[column] + xs[column + 1]) / 2
            place = (row, column)
            if column and not _stands(posts, xs[column], middle_y):
                place = origin[row, column - 1]
            elif row and not _stands(lines, ys[row], middle_x):
                place = origin[row - 1, column]
            origin[row, column] = place
    return Grid(xs, ys, origin)


def _stands(lines: Lines, at: float, middle: float) -> bool:
    return any(abs(y - at) <= NEAR and start <= middle <= end for start, y, end in lines)
