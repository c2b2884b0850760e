"""Read XML of strangers: no document types, no entities, bounded in size and depth."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.parsers import expat


class XmlRefused(Exception):
    """Say why a text was not read as XML, and in which line of it."""

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line


class Element:
    """One element: `tag` as "{namespace}local", `line` counted from 1."""

    __slots__ = ("attrib", "children", "line", "tag", "tail", "text")

    def __init__(self, tag: str, attrib: dict[str, str], line: int) -> None:
        self.tag = tag
        self.attrib = attrib
        self.line = line
        self.children: list[Element] = []
        self.text = ""
        self.tail = ""

    @property
    def local(self) -> str:
        """Return the name without its namespace."""
        return self.tag.rpartition("}")[2]

    @property
    def namespace(self) -> str:
        """Return the namespace, empty where there is none."""
        return self.tag[1:].partition("}")[0] if self.tag.startswith("{") else ""

    def get(self, name: str, default: str | None = None) -> Any:
        """Return an attribute by "local" or "{namespace}local"."""
        return self.attrib.get(name, default)

    def find(self, tag: str) -> "Element | None":
        """Return the first child with this tag, or None."""
        for child in self.children:
            if child.tag == tag:
                return child
        return None

    def findall(self, tag: str) -> list["Element"]:
        """Return the children with this tag, in their order."""
        return [child for child in self.children if child.tag == tag]

    def iter(self, tag: str | None = None) -> Iterator["Element"]:
        """Yield this element and all below it in document order, of one tag when given."""
        stack = [self]
        while stack:
            element = stack.pop()
            if tag is None or element.tag == tag:
                yield element
            stack.extend(reversed(element.children))

    def itertext(self) -> Iterator[str]:
        """Yield the pieces of text inside this element in document order."""
        if self.text:
            yield self.text
        for child in self.children:
            yield from child.itertext()
            if child.tail:
                yield child.tail

    def __iter__(self) -> Iterator["Element"]:
        return iter(self.children)

    def __len__(self) -> int:
        return len(self.children)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<{self.tag} line {self.line}>"


def parse_xml(
    data: bytes,
    *,
    max_bytes: int = 20_000_000,
    max_depth: int = 200,
    declared: list[tuple[str, str]] | None = None,
) -> Element:
    """Read one XML document into elements that know their line.

    `declared` gets every declaration of a namespace as (prefix, namespace), in document order.
    Raises XmlRefused: `xml_too_big`, `xml_doctype`, `xml_too_deep`, `xml_broken`.
    """
    if len(data) > max_bytes:
        raise XmlRefused(
            "xml_too_big", f"Tệp XML lớn hơn mức cho phép ({max_bytes // 1_000_000} MB)."
        )
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.buffer_size = 65_536
    tree = _Tree(parser, max_depth)
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.characters
    parser.StartDoctypeDeclHandler = tree.refuse_doctype
    parser.EntityDeclHandler = tree.refuse_doctype
    if declared is not None:
        parser.StartNamespaceDeclHandler = lambda prefix, namespace: declared.append(
            (prefix or "", namespace or "")
        )
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise XmlRefused(
            "xml_broken",
            f"Tệp không phải XML hợp lệ: lỗi ở dòng {error.lineno}, cột {error.offset + 1}.",
            error.lineno,
        ) from error
    except (ValueError, LookupError) as error:
        raise XmlRefused("xml_broken", "Tệp XML dùng bảng mã không đọc được.", 1) from error
    return tree.root


def stream_xml(
    chunks: Iterable[bytes],
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    max_bytes: int = 2_000_000_000,
    max_depth: int = 200,
) -> None:
    """Read a long XML document piece by piece: `start(name, attributes)`, `end(name)`, no tree.

    Names come without their namespace. Raises XmlRefused as `parse_xml` does.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > max_depth:
            line = parser.CurrentLineNumber
            raise XmlRefused("xml_too_deep", f"Tệp XML lồng nhau quá {max_depth} tầng.", line)
        start(name.rpartition("}")[2], attributes)

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition("}")[2])

    refuse = _Tree(parser, max_depth).refuse_doctype
    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = refuse, refuse
    read = 0
    try:
        for chunk in chunks:
            read += len(chunk)
            if read > max_bytes:
                limit = max_bytes // 1_000_000
                raise XmlRefused("xml_too_big", f"Tệp XML lớn hơn mức cho phép ({limit} MB).")
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        where = f"lỗi ở dòng {error.lineno}, cột {error.offset + 1}"
        raise XmlRefused(
            "xml_broken", f"Tệp không phải XML hợp lệ: {where}.", error.lineno
        ) from error
    except (ValueError, LookupError) as error:
        raise XmlRefused("xml_broken", "Tệp XML dùng bảng mã không đọc được.", 1) from error


class _Tree:
    """Collect what the parser meets; a sentinel above the root carries it."""

    __slots__ = ("_max_depth", "_open", "_parser", "_tags")

    def __init__(self, parser: Any, max_depth: int) -> None:
        self._parser = parser
        self._max_depth = max_depth
        self._open = [Element("", {}, 0)]
        self._tags: dict[str, str] = {}

    @property
    def root(self) -> Element:
        return self._open[0].children[0]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = _braced(name)
        if attributes:
            attributes = {
                ("{" + key if "}" in key else key): value for key, value in attributes.items()
            }
        line = self._parser.CurrentLineNumber
        element = Element(tag, attributes, line)
        stack = self._open
        if len(stack) > self._max_depth:
            raise XmlRefused("xml_too_deep", f"Tệp XML lồng nhau quá {self._max_depth} tầng.", line)
        stack[-1].children.append(element)
        stack.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        element = self._open[-1]
        if element.children:
            last = element.children[-1]
            last.tail = last.tail + text if last.tail else text
        else:
            element.text = element.text + text if element.text else text

    def refuse_doctype(self, *_parts: object) -> None:
        raise XmlRefused(
            "xml_doctype",
            "Tệp XML khai báo DOCTYPE hoặc thực thể (ENTITY); loại tệp này không được nhận.",
            self._parser.CurrentLineNumber,
        )


def _braced(name: str) -> str:
    return "{" + name if "}" in name else name
