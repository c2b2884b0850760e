"""What lies on what in a laid out diagram, measured from the drawing's own geometry."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from nep.bpmn import Layout, Process
from nep.bpmn.lettering import text_width

LETTER, RISE, FALL = 13, 9, 3
NUMBER = (11, 4)
"""How far a step's number rises above its box, and where it begins (pixels)."""

Area = tuple[float, float, float, float]


def overlaps(process: Process, plan: Layout) -> list[str]:
    """Return what words of a line lie on: another line's words, a line, a step, its number or its events."""
    words = {name: _area(label) for name, label in plan.words.items()}
    return [*_between(words), *_on_lines(words, plan), *_on_steps(words, process, plan),
            *_on_events(words, process, plan)]  # fmt: skip


def _area(label) -> Area:
    width = text_width(label.text, LETTER)
    if label.turned:
        return (label.x - RISE, label.y - width / 2, label.x + FALL, label.y + width / 2)
    left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
    return (left, label.y - RISE, left + width, label.y + FALL)


def _between(words: dict[str, Area]) -> Iterator[str]:
    for (one, area), (other, beside) in combinations(words.items(), 2):
        if _meet(area, beside):
            yield f"words of {one} on words of {other}"


def _on_lines(words: dict[str, Area], plan: Layout) -> Iterator[str]:
    for name, area in words.items():
        for flow, points in plan.waypoints.items():
            for (ax, ay), (bx, by) in pairwise(points):
                if _meet(area, (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))):
                    yield f"words of {name} on the line {flow}"


def _on_steps(words: dict[str, Area], process: Process, plan: Layout) -> Iterator[str]:
    steps = [node.id for node in process.nodes if node.kind == "task"]
    for name, area in words.items():
        for node, box in plan.boxes.items():
            if _meet(area, (box.x, box.y, box.right, box.bottom)):
                yield f"words of {name} on {node}"
        for place, node in enumerate(steps, start=1):
            box = plan.boxes[node]
            number = (box.x + NUMBER[1], box.y - 4 - NUMBER[0],
                      box.x + NUMBER[1] + 7 * len(str(place)), box.y - 4)  # fmt: skip
            if _meet(area, number):
                yield f"words of {name} on the number of {node}"


def _on_events(words: dict[str, Area], process: Process, plan: Layout) -> Iterator[str]:
    """Yield words on those of an event, which stand beside it below its step (see `_edge_words`)."""
    for node in process.nodes:
        if node.kind != "boundary" or node.attached_to not in plan.boxes:
            continue
        box, host = plan.boxes[node.id], plan.boxes[node.attached_to]
        for place, line in enumerate(box.lines):
            wide, y = text_width(line, 12), box.level + 14 + 14 * place
            left = box.right + 4 if box.middle >= host.middle else box.x - 4 - wide
            for name, area in words.items():
                if _meet(area, (left, y - 9, left + wide, y + 3)):
                    yield f"words of {name} on those of the event {node.id}"


def _meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
