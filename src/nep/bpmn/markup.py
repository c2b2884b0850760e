"""Names of BPMN files and the writing of elements as text."""

from collections.abc import Iterable, Mapping

from nep.kernel.safexml import Element

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NEP = "https://nep.vn/bpmn/1.0"
XML = "http://www.w3.org/XML/1998/namespace"

PREFIXES = {BPMN: "bpmn", BPMNDI: "bpmndi", DC: "dc", DI: "di", XSI: "xsi", NEP: "nep", XML: "xml"}
OWN_DIAGRAM = "nep-diagram"

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\r": "&#13;",
        "\n": "&#10;",
        "\t": "&#9;",
    }
)


def escape_text(text: str) -> str:
    """Return a text safe between tags."""
    return text.translate(_TEXT)


def attributes(pairs: Iterable[tuple[str, str | None]]) -> str:
    """Return ` name="value"` for every pair that has a value."""
    return "".join(
        f' {name}="{value.translate(_ATTRIBUTE)}"' for name, value in pairs if value is not None
    )


def foreign_attributes(pairs: Iterable[tuple[str, str]]) -> str:
    """Return attributes named "local" or "{namespace}local", declaring what they need."""
    prefixes: dict[str, str] = {}
    written = [(_qualified(name, prefixes), value) for name, value in pairs]
    return _declarations(prefixes) + attributes(written)


def element_xml(element: Element) -> str:
    """Write an element with all below it as a text that stands on its own; always the same."""
    prefixes: dict[str, str] = {}
    body = _written(element, prefixes)
    head, mark, rest = body.partition("\0")
    return head + _declarations(prefixes) + rest if mark else body


def _written(element: Element, prefixes: dict[str, str], top: bool = True) -> str:
    name = _qualified(element.tag, prefixes)
    pairs = attributes((_qualified(key, prefixes), value) for key, value in element.attrib.items())
    inner = escape_text(element.text) + "".join(
        _written(child, prefixes, top=False) + escape_text(child.tail) for child in element.children
    )
    head = f"<{name}{chr(0) if top else ''}{pairs}"
    return f"{head}>{inner}</{name}>" if inner else f"{head}/>"


def _qualified(tag: str, prefixes: dict[str, str]) -> str:
    if not tag.startswith("{"):
        return tag
    namespace, _, local = tag[1:].partition("}")
    prefix = prefixes.get(namespace)
    if prefix is None:
        prefix = prefixes[namespace] = PREFIXES.get(namespace, f"f{len(prefixes)}")
    return f"{prefix}:{local}"


def _declarations(prefixes: Mapping[str, str]) -> str:
    return attributes(
        (f"xmlns:{prefix}", namespace)
        for namespace, prefix in prefixes.items()
        if namespace not in PREFIXES
    )


def is_bpmn(element: Element) -> bool:
    """Tell whether an element belongs to BPMN; some tools leave the namespace out."""
    return element.namespace in (BPMN, "")


def child(element: Element, local: str) -> Element | None:
    """Return the first BPMN child of this name."""
    return next((c for c in element.children if c.local == local and is_bpmn(c)), None)


def children(element: Element, local: str) -> list[Element]:
    """Return the BPMN children of this name."""
    return [c for c in element.children if c.local == local and is_bpmn(c)]
