"""What people moved by hand in a diagram: steps dragged, lines led, lanes kept without a step.

All of it stands in one mapping of the draft, `places`, and is no part of its hash: under the id of
a node how far it was dragged (across, down), under that of a flow its corners (`nep.bpmn.hand_lines`),
under "lane:" and a role key nothing: such a lane stands although no step is in it.
"""

from collections.abc import Iterable, Mapping

from nep.bpmn import Layout, Process
from nep.bpmn.hand_lines import is_line, kept_line
from nep.bpmn.routing import Point

FELT = 3.0
LANE = "lane:"
MOST_LANES = 30
Places = Mapping[str, tuple[float, ...]]


def spare_lanes(places: Places) -> tuple[str, ...]:
    """Return the role keys of the lanes that are kept although no step stands in them."""
    return tuple(name.removeprefix(LANE) for name in places if name.startswith(LANE))


def with_spare_lane(places: Places, role: str) -> dict[str, tuple[float, ...]]:
    """Return the places with a lane kept for a role."""
    return {**places, f"{LANE}{role}": ()}


def without_lane(places: Places, role: str) -> dict[str, tuple[float, ...]]:
    """Return the places without the lane kept for a role."""
    return {name: one for name, one in places.items() if name != f"{LANE}{role}"}


def kept_places(places: Places) -> dict[str, tuple[float, ...]]:
    """Return the lanes that are kept, whatever was drawn."""
    return {name: one for name, one in places.items() if name.startswith(LANE)}


def lines_by_hand(
    drawn: Mapping[str, tuple[Point, ...]],
    *,
    before: Process,
    plan: Layout,
    after: Process,
    unmoved: Iterable[str],
    places: Places,
) -> dict[str, tuple[float, ...]]:
    """Return the lines led by hand, by this drawing and before it.

    `drawn` are the lines of the drawing, `plan` those it began with, `unmoved` the nodes that
    stand where they stood: a line of a node that was moved is led anew by the drawing program, so
    it is nobody's wish.
    """
    still = set(unmoved)
    known = {flow.id: flow for flow in before.flows}
    found = {}
    for flow in after.flows:
        old = known.get(flow.id)
        if old is None or (old.source, old.target) != (flow.source, flow.target):
            continue
        numbers = places.get(flow.id, ())
        points, was = drawn.get(flow.id), plan.waypoints.get(flow.id)
        is_led = points is not None and was is not None and {flow.source, flow.target} <= still
        if is_led and points and was and _differs(points[1:-1], was[1:-1]):
            boxes = plan.boxes
            numbers = kept_line(flow, points[1:-1], boxes[flow.source], boxes[flow.target])
        if is_line(flow, numbers):
            found[flow.id] = numbers
    return found


def _differs(one: tuple[Point, ...], other: tuple[Point, ...]) -> bool:
    return len(one) != len(other) or any(
        abs(a - c) >= FELT or abs(b - d) >= FELT for (a, b), (c, d) in zip(one, other, strict=True)
    )
