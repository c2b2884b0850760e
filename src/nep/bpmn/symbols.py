"""The signs inside shapes: clock, envelope, lightning, bars, plus; drawn around a middle point."""

from nep.bpmn.model import Node

_ICONS = {
    "timer": '<circle r="7"/><path d="M0-4.5V0L3 2"/>',
    "message": '<path d="M-7-5H7V5H-7zM-7-5L0 1L7-5"/>',
    "error": '<path d="M-6 6L-2.5-5L1.5 1.5L6-6L2.5 5L-1.5-1.5z"/>',
    "event_gateway": '<circle r="10"/><circle r="7.5"/><path d="M0-5L4.8-1.5L3 4H-3L-4.8-1.5z"/>',
    "plus": '<path d="M-6-6H6V6H-6zM0-3.5V3.5M-3.5 0H3.5"/>',
    "parallel": '<path d="M-4-5V5M0-5V5M4-5V5"/>',
    "sequential": '<path d="M-5-4H5M-5 0H5M-5 4H5"/>',
}
_THROWN = frozenset({"send", "throw", "end", "error_end"})


def icon(name: str, x: float, y: float, *, filled: bool = False, small: bool = False) -> str:
    """Return one sign as a group around (x, y); filled signs are of what is sent or raised."""
    more = " bp-ico--full" if filled else ""
    scale = " scale(.75)" if small else ""
    return f'<g class="bp-ico{more}" transform="translate({x:g} {y:g}){scale}">{_ICONS[name]}</g>'


def trigger_icon(node: Node, x: float, y: float) -> str:
    """Return the sign of what an event or a message step is about; empty where it has none."""
    if node.trigger is None:
        return ""
    return icon(node.trigger.kind, x, y, filled=node.kind in _THROWN)


def marker(node: Node) -> str:
    """Return the name of the sign at the foot of a step; empty where it has none."""
    if node.instances is not None:
        return "sequential" if node.instances.sequential else "parallel"
    return "plus" if node.kind in ("subprocess", "call") else ""
