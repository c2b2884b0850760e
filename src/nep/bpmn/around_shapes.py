"""The shapes of what stands around a graph; classes only, no style attributes."""

from html import escape

from nep.bpmn.around import MessagePlace
from nep.bpmn.lettering import wrap
from nep.bpmn.routing import Box
from nep.bpmn.shapes import rect

_EVERY = 560.0
"""How far apart the name of a pool stands again, so that every sheet and screen shows it (pixels)."""


def pool_shape(name: str, box: Box) -> str:
    """Return a closed pool: an upright bar with its name along it."""
    times = max(1, round(box.height / _EVERY))
    share = box.height / times
    words = wrap(name, min(share, _EVERY) - 24, lines=1)
    said = ""
    for place in range(times if words else 0):
        x, y = box.middle + 4.5, box.y + share * (place + 0.5)
        said += (
            f'<text class="bp-head" transform="rotate(-90 {x:g} {y:g})" x="{x:g}" y="{y:g}">'
            f"{escape(words[0])}</text>"
        )
    return f'<g class="bp-pool"><title>{escape(name)}</title>{rect(box, 0)}{said}</g>'


def frame_shape(name: str, box: Box) -> str:
    """Return a dashed frame with its name at the right of its upper edge."""
    said = "".join(
        f'<text class="bp-edge" x="{box.right - 10:g}" y="{box.y + 15:g}" text-anchor="end">'
        f"{escape(line)}</text>"
        for line in box.lines
    )
    title = f"<title>{escape(name)}</title>" if name else ""
    return f'<g class="bp-group">{title}{rect(box, 10)}{said}</g>'


def message_line(one: MessagePlace) -> str:
    """Return the dashed line of a message, with its name as title."""
    shape, name = "L".join(f"{x:g} {y:g}" for x, y in one.points), one.message.name
    end = f"><title>{escape(name)}</title></path>" if name else "/>"
    return f'<path class="bp-flow bp-msg" d="M{shape}"{end}'


def message_words(one: MessagePlace) -> str:
    """Return the words of a message over its line, before the pools."""
    x, y = one.at
    return (
        f'<text class="bp-edge" x="{x:g}" y="{y:g}" text-anchor="end">{escape(one.words)}</text>'
        if one.words
        else ""
    )
