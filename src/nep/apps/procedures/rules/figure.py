"""The diagram of a procedure for paper: in black and white, cut into sheets between the steps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nep.bpmn import Layout, Process, layout, render_svg

PORTRAIT, LANDSCAPE = (163.0, 214.0), (248.0, 128.0)
LARGEST, SMALLEST = 0.27, 0.18  # millimetres a pixel: letters of 13 px are 10 and 6.6 points
HEAD = 44.0
_STYLE = (
    "<style>svg{font-family:Tinos}text{font-size:14px;fill:#111}.bp-lane rect{fill:#fff}"
    ".bp-lane path{stroke:#999;fill:none}.bp-head{font-weight:700}"
    ".bp-task rect,.bp-event rect{fill:#fff;stroke:#111;stroke-width:1.3}"
    ".bp-event--end rect{stroke-width:2.5}.bp-gw path{fill:#fff;stroke:#111;stroke-width:1.3}"
    ".bp-frame>rect{fill:#fff;stroke:#666}.bp-task--call>rect{stroke-width:3}"
    ".bp-event rect.bp-ring{fill:none;stroke-width:1}.bp-event--side rect{stroke-dasharray:4 3}"
    ".bp-ico{fill:none;stroke:#111;stroke-width:1.2}.bp-ico--full{fill:#bbb}"
    ".bp-edge{font-size:12px}.bp-note path{fill:none;stroke:#111}.bp-assoc{stroke-dasharray:2 4}"
    ".bp-data path{fill:#fff;stroke:#111;stroke-width:1.2}"
    ".bp-pool rect{fill:#fff;stroke:#111}.bp-group rect{fill:none;stroke:#666;stroke-dasharray:8 4}"
    ".bp-msg{stroke-dasharray:7 4}"
    ".bp-sign{font-size:19px;font-weight:700}.bp-out rect{stroke-dasharray:6 3}"
    ".bp-flow{fill:none;stroke:#111;stroke-width:1.2}.bp-flow--back{stroke-dasharray:5 4}"
    ".bp-tip path{fill:#111}.bp-word{font-size:12.5px;font-weight:700}"
    ".bp-n{font-size:11px;font-weight:700}</style>"
)
_OPENING = re.compile(r"^<svg[^>]*>")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the diagram: SVG, size in millimetres, whether the page is turned."""

    svg: str
    width: float
    height: float
    is_landscape: bool


def sheets_of(
    process: Process,
    labels: Mapping[str, str],
    *,
    moved: Mapping[str, tuple[float, ...]] | None = None,
    rows: Mapping[str, int] | None = None,
) -> tuple[Sheet, ...]:
    """Return the diagram on as many sheets as it needs, a lane a role where the letters stay legible.

    `labels` gives the words of a role key, `moved` the nodes that somebody dragged, `rows` the
    row of each node. Notes and data that the process keeps stand beside. A sheet is cut where no
    step and no note stands.
    """
    plan = layout(process, lanes=True, labels=labels, moved=moved, rows=rows)
    for area in (PORTRAIT, LANDSCAPE):
        if plan.lanes and area[0] / plan.width >= SMALLEST:
            drawn = render_svg(process, labels=labels, lanes=True, moved=moved, rows=rows)
            return _cut(drawn, plan, area, head=HEAD)
    plan = layout(process, lanes=False, labels=labels, rows=rows)
    drawn = render_svg(process, labels=labels, lanes=False, rows=rows)
    return _cut(drawn, plan, PORTRAIT, head=0.0)


def _cut(drawn: str, plan: Layout, area: tuple[float, float], *, head: float) -> tuple[Sheet, ...]:
    drawn = _OPENING.sub("", drawn).removesuffix("</svg>")
    scale = min(LARGEST, area[0] / plan.width)
    bands = _bands(plan, area[1] / scale, head)
    sheets = []
    for place, (top, bottom) in enumerate(bands):
        above = head if place else 0.0
        size = f'viewBox="0 0 {plan.width:g} {above + bottom - top:g}"'
        parts = [_window(drawn, plan.width, 0, above, at=0)] if above else []
        parts.append(_window(drawn, plan.width, top, bottom, at=above))
        opening = f'<svg xmlns="http://www.w3.org/2000/svg" text-anchor="middle" {size}>'
        svg = f"{opening}{_STYLE}{''.join(parts)}</svg>"
        height = (above + bottom - top) * scale
        sheets.append(Sheet(svg, plan.width * scale, height, area is LANDSCAPE))
    return tuple(sheets)


def _window(drawn: str, width: float, top: float, bottom: float, *, at: float) -> str:
    """Return a stretch of the drawing, laid `at` so many pixels below the top."""
    return (
        f'<svg x="0" y="{at:g}" width="{width:g}" height="{bottom - top:g}" '
        f'viewBox="0 {top:g} {width:g} {bottom - top:g}">{drawn}</svg>'
    )


def _bands(plan: Layout, room: float, head: float) -> list[tuple[float, float]]:
    """Return the stretches (top, bottom) of the drawing, each as high as fits between two steps."""
    shown = [*plan.boxes.values(), *(one.box for one in plan.notes)]
    boxes = sorted((box.y, box.bottom) for box in shown)
    bands: list[tuple[float, float]] = []
    top = 0.0
    while plan.height - top > room - (head if bands else 0):
        limit = top + room - (head if bands else 0)
        free = [end + 6 for _start, end in boxes if top < end + 6 <= limit]
        fits = [y for y in free if not any(start - 24 < y < end for start, end in boxes)]
        bottom = max(fits, default=limit)
        bands.append((top, bottom))
        top = bottom
    bands.append((top, plan.height))
    return bands
