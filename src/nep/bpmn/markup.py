"""Names of BPMN files and the writing of elements as text."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from nep.kernel.safexml import Element, XmlRefused, parse_xml

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NEP = "https://nep.vn/bpmn/1.0"
XML = "http://www.w3.org/XML/1998/namespace"

PREFIXES = {BPMN: "bpmn", BPMNDI: "bpmndi", DC: "dc", DI: "di", XSI: "xsi", NEP: "nep", XML: "xml"}
OWN_DIAGRAM = "nep-diagram"

_HEAD = re.compile(r"<([^\s/>]+)")
_KEPT_HEAD = (
    "<kept " + " ".join(f'xmlns:{p}="{uri}"' for uri, p in PREFIXES.items() if p != "xml") + ">"
)

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


def foreign_attributes(
    pairs: Iterable[tuple[str, str]], prefixes: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return attributes named "local" or "{namespace}local", declaring what they need."""
    names = _Names(prefixes, bare=False)
    written = [(names.qualified(name), value) for name, value in pairs]
    return names.declarations() + attributes(written)


def element_xml(
    element: Element, prefixes: Mapping[str, str] = MappingProxyType({}), *, bare: bool = False
) -> str:
    """Write an element with all below it as a text that stands on its own; always the same.

    `prefixes` gives the prefix a file has for a namespace. `bare` says that the file leaves the
    namespace of BPMN out; else what is in no namespace says so.
    """
    names = _Names(prefixes, bare=bare)
    body = _written(element, names)
    head, mark, rest = body.partition("\0")
    return head + names.declarations() + rest if mark else body


def traits_xml(
    local: str, attrib: Mapping[str, str], prefixes: Mapping[str, str], spaces: str = ""
) -> str:
    """Write an element of BPMN that only carries attributes; `spaces` declares its namespaces."""
    names = _Names(prefixes, bare=False)
    pairs = attributes((names.qualified(key), value) for key, value in attrib.items())
    return f"<bpmn:{local}{spaces or names.declarations()}{pairs}/>"


def parse_kept(texts: Iterable[str]) -> list[Element]:
    """Return the elements that `element_xml` has written; what cannot be read is left out."""
    try:
        return parse_xml(f"{_KEPT_HEAD}{''.join(texts)}</kept>".encode()).children
    except XmlRefused:
        return []


def local_name(xml: str) -> str:
    """Return the name of a written element without its prefix."""
    name = _HEAD.match(xml)
    return name.group(1).rpartition(":")[2] if name else ""


def is_written_bpmn(xml: str) -> bool:
    """Tell whether a written element belongs to BPMN."""
    name = _HEAD.match(xml)
    prefix = name.group(1).rpartition(":")[0] if name else ""
    return prefix == "bpmn" or (not prefix and ' xmlns=""' not in xml.partition(">")[0])


class _Names:
    """The prefixes of one written text: known ones, those of the file, else new ones."""

    def __init__(self, wished: Mapping[str, str], *, bare: bool) -> None:
        self._wished = wished
        self._used: dict[str, str] = {}
        self.bare = bare

    def qualified(self, name: str) -> str:
        """Return an attribute's or element's name with its prefix."""
        if not name.startswith("{"):
            return name
        namespace, _, local = name[1:].partition("}")
        prefix = PREFIXES.get(namespace) or self._used.get(namespace)
        if prefix is None:
            prefix = self._wished.get(namespace) or f"f{len(self._used)}"
            if prefix in self._used.values():
                prefix = f"f{len(self._used)}"
            self._used[namespace] = prefix
        return f"{prefix}:{local}"

    def declarations(self) -> str:
        """Return the declarations of what was used and is not known to every file of ours."""
        return attributes((f"xmlns:{prefix}", uri) for uri, prefix in self._used.items())


def _written(element: Element, names: _Names, top: bool = True, within: bool = False) -> str:
    tag = element.tag
    plain = not tag.startswith("{")
    name = f"bpmn:{tag}" if plain and names.bare else names.qualified(tag)
    pairs = attributes((names.qualified(key), value) for key, value in element.attrib.items())
    if plain and not names.bare and not within:
        pairs = ' xmlns=""' + pairs
    inner = escape_text(element.text) + "".join(
        _written(child, names, top=False, within=plain) + escape_text(child.tail)
        for child in element.children
    )
    head = f"<{name}{chr(0) if top else ''}{pairs}"
    return f"{head}>{inner}</{name}>" if inner else f"{head}/>"


def is_bpmn(element: Element) -> bool:
    """Tell whether an element belongs to BPMN; some tools leave the namespace out."""
    return element.namespace in (BPMN, "")


def child(element: Element, local: str) -> Element | None:
    """Return the first BPMN child of this name."""
    return next((c for c in element.children if c.local == local and is_bpmn(c)), None)


def children(element: Element, local: str) -> list[Element]:
    """Return the BPMN children of this name."""
    return [c for c in element.children if c.local == local and is_bpmn(c)]
