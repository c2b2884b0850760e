"""Compare two BPMN files as content: what one holds and the other lacks, told in words.

Order counts where BPMN gives it a meaning (waypoints, what stands in extensions and in kept texts),
else not. Written anew and therefore left out: `incoming` and `outgoing`, which repeat the flows,
empty extension elements and the diagram we draw ourselves; our own namespace may be added, never
lost.
"""

from collections import Counter

from nep.bpmn.markup import BPMN, BPMNDI, DC, DI, NEP, OWN_DIAGRAM
from nep.kernel.safexml import Element, parse_xml

_REPEATED = {"{" + BPMN + "}incoming", "{" + BPMN + "}outgoing"}
_ANY_ORDER = {BPMN, BPMNDI, DC, DI}
_NEP = "{" + NEP + "}"
_QNAMES = {"{http://www.w3.org/2001/XMLSchema-instance}type", "structureRef", "type"}


def differences(before: bytes, after: bytes) -> list[str]:
    """Return one line for everything `before` holds that `after` does not, and the other way."""
    had, has = [], []
    one, two = parse_xml(before, declared=had), parse_xml(after, declared=has)
    first, second = (
        Counter(_facts(root, {prefix: uri for prefix, uri in declared if uri}))
        for root, declared in ((one, had), (two, has))
    )
    lost = [f"- {fact} ×{count}" for fact, count in (first - second).items() if not _drawn(fact)]
    added = [
        f"+ {fact} ×{count}"
        for fact, count in (second - first).items()
        if not _ours(fact) and not _drawn(fact)
    ]
    return sorted(lost + added)


def _ours(fact: str) -> bool:
    return f"@{_NEP}" in fact or f"/{_NEP}" in fact


def _drawn(fact: str) -> bool:
    """Tell whether a fact is of the diagram that our writing draws anew."""
    return f"BPMNDiagram#{OWN_DIAGRAM}" in fact


def _facts(root: Element, spaces: dict[str, str]) -> list[str]:
    """Return what a file says as lines: the path of every element, its attributes and its text."""
    found: list[str] = []
    stack = [(root, "")]
    while stack:
        element, above = stack.pop()
        if element.tag in _REPEATED or _is_empty_extension(element):
            continue
        path = f"{above}/{_name(element)}"
        found.append(path)
        for key, value in element.attrib.items():
            if key == "id" and element is not root and value in path:
                continue
            found.append(f"{path}@{key}={_value(key, value, spaces)}")
        loose = element.namespace in _ANY_ORDER and element.children
        text = "" if loose and not element.text.strip() else element.text
        if text:
            found.append(f"{path}={text!r}")
        for place, child in enumerate(element.children):
            ordered = element.namespace not in _ANY_ORDER or child.local == "waypoint"
            stack.append((child, f"{path}[{place}]" if ordered else path))
            if not loose and child.tail:
                found.append(f"{path}[{place}]tail={child.tail!r}")
    return found


def _is_empty_extension(element: Element) -> bool:
    return element.local == "extensionElements" and not element.children


def _name(element: Element) -> str:
    known = element.get("id") or element.get("bpmnElement")
    return f"{element.tag}#{known}" if known else element.tag


def _value(key: str, value: str, spaces: dict[str, str]) -> str:
    """Return a value; one that names a type with its namespace instead of its prefix."""
    prefix, _, local = value.rpartition(":")
    if key in _QNAMES and prefix in spaces:
        return f"{{{spaces[prefix]}}}{local}"
    return value
