"""Lines led by hand: their corners kept beside the two nodes they join, so that they move with them.

A line is kept as numbers: which two nodes it joins, then for every corner how far it stands from
the middle of the one it leaves and of the one it reaches. While neither moves a corner stays where
it was drawn; when one moves the corners near it go along.
"""

import zlib
from collections.abc import Sequence

from nep.bpmn.model import GATEWAYS, Flow
from nep.bpmn.routing import Box, Point

MOST_CORNERS = 24
_EDGE = 4.0
_FARTHEST = 100_000.0


def kept_line(flow: Flow, corners: Sequence[Point], source: Box, target: Box) -> tuple[float, ...]:
    """Return a line led by hand as numbers; `corners` are those between its two ends (pixels)."""
    numbers = [float(_joined(flow))]
    for x, y in corners[:MOST_CORNERS]:
        numbers += (x - source.middle, y - source.level, x - target.middle, y - target.level)
    return tuple(round(one, 1) for one in numbers)


def is_line(flow: Flow, numbers: Sequence[float]) -> bool:
    """Say whether numbers are a line led by hand between the nodes that a flow still joins."""
    return len(numbers) % 4 == 1 and numbers[0] == _joined(flow)


def line_led(
    numbers: Sequence[float], source: Box, target: Box, *, kinds: tuple[str, str]
) -> tuple[Point, ...] | None:
    """Return the points of a line led by hand, its ends on the edges of the nodes of these kinds.

    None where the nodes lie on each other, so that no line can be seen.
    """
    count = (len(numbers) - 1) // 4
    corners: list[Point] = []
    for at in range(count):
        a, b, c, d = numbers[1 + 4 * at : 5 + 4 * at]
        share = (at + 1) / (count + 1)
        x = (1 - share) * (source.middle + a) + share * (target.middle + c)
        y = (1 - share) * (source.level + b) + share * (target.level + d)
        corners.append((round(_bounded(x), 1), round(_bounded(y), 1)))
    first = corners[0] if corners else (target.middle, target.level)
    last = corners[-1] if corners else (source.middle, source.level)
    points = (_end(source, first, kinds[0]), *corners, _end(target, last, kinds[1]))
    return points if len(set(points)) > 1 else None


def _joined(flow: Flow) -> int:
    return zlib.crc32(f"{flow.source} {flow.target}".encode())


def _bounded(at: float) -> float:
    return min(max(at, _EDGE), _FARTHEST)


def _end(box: Box, towards: Point, kind: str) -> Point:
    """Return where a line from `towards` meets the edge of a node, upright or level if it can."""
    x, y = towards
    half_x, half_y = box.width / 2, box.height / 2
    across, down = x - box.middle, y - box.level
    if kind in GATEWAYS:
        if abs(across) < half_x and abs(down) >= half_y * (1 - abs(across) / half_x):
            reach = half_y * (1 - abs(across) / half_x)
            return (x, round(box.level + (reach if down > 0 else -reach), 1))
        if abs(down) < half_y:
            reach = half_x * (1 - abs(down) / half_y)
            return (round(box.middle + (reach if across > 0 else -reach), 1), y)
        return _between(box, across, down, 1 / (abs(across) / half_x + abs(down) / half_y))
    if box.x <= x <= box.right and not box.y < y < box.bottom:
        return (x, box.bottom if down > 0 else box.y)
    if box.y <= y <= box.bottom and not box.x < x < box.right:
        return (box.right if across > 0 else box.x, y)
    shares = [half_x / abs(across)] if across else []
    shares += [half_y / abs(down)] if down else []
    return _between(box, across, down, min([1.0, *shares]))


def _between(box: Box, across: float, down: float, share: float) -> Point:
    return (round(box.middle + across * share, 1), round(box.level + down * share, 1))
