"""The body of a Word document as paragraphs and tables, merged cells resolved.

Deleted text of tracked changes and text boxes are left out; inserted text is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from nep.apps.procedures.rules.word._numbering import (
    Numbering,
    list_of,
    outline_of,
    read_numbering,
)
from nep.kernel.office import OfficeRefused, Package
from nep.kernel.safexml import Element
from nep.kernel.text import clean

MAX_COLUMNS = 100
MAX_NESTED_TEXT = 60_000
_SKIPPED = frozenset({"del", "moveFrom", "pict", "drawing", "object", "txbxContent", "Fallback"})
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `level` is the outline level of a heading style from 1, else 0."""

    text: str
    level: int = 0


@dataclass(slots=True, eq=False)
class Cell:
    """One printed cell; `first` and `after` bound its grid columns.

    A vertically merged cell is one Cell that stands in every row it covers.
    """

    text: str
    first: int
    after: int
    tables: tuple["Table", ...] = ()

    @property
    def plain(self) -> str:
        """Return the text on one line."""
        return self.text.replace("\n", " ")


@dataclass(slots=True)
class Row:
    """The cells of one row; `above` tells which of them go on from the row above."""

    cells: list[Cell] = field(default_factory=list)
    above: list[bool] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all texts that begin in this row."""
        pairs = zip(self.cells, self.above, strict=True)
        return " ".join(cell.plain for cell, above in pairs if not above and cell.text)


@dataclass(slots=True)
class Table:
    """The rows of a table."""

    rows: list[Row] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Return the number of grid columns."""
        return max((cell.after for row in self.rows for cell in row.cells), default=0)


Block = Paragraph | Table


@dataclass(slots=True)
class Document:
    """The blocks of the body in their order, and the texts of headers and footers."""

    blocks: list[Block]
    margins: tuple[str, ...]


def read_document(package: Package) -> Document:
    """Read the main part of a package.

    Raises OfficeRefused: what `Package.xml` raises, and `file_not_word` without a body.
    """
    root = package.xml(package.main)
    folder = package.main.rpartition("/")[0]
    numbering = _part(package, f"{folder}/numbering.xml")
    reader = _Reader(read_numbering(numbering, _part(package, f"{folder}/styles.xml")))
    body = next((child for child in root if child.local == "body"), None)
    if body is None:
        raise OfficeRefused("file_not_word", "Tệp không chứa nội dung của tài liệu Word.")
    blocks = list(reader.blocks(body))
    margins = tuple(
        text
        for name in sorted(package.names)
        if name.startswith((f"{folder}/header", f"{folder}/footer")) and name.endswith(".xml")
        if (text := _plain(reader, package.xml(name)))
    )
    return Document(blocks, margins)


def _part(package: Package, name: str) -> Element | None:
    return package.xml(name) if name in package.names else None


def _plain(reader: "_Reader", root: Element) -> str:
    lines = []
    for block in reader.blocks(root):
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            lines.extend(cell.text for row in block.rows for cell in row.cells)
    return "\n".join(line for line in lines if line)


class _Reader:
    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering

    def blocks(self, parent: Element) -> Iterator[Block]:
        """Yield the paragraphs and tables below an element, through content controls."""
        for child in parent:
            if child.local == "p":
                yield self._paragraph(child)
            elif child.local == "tbl":
                yield self._table(child)
            elif child.local not in _SKIPPED and child.children:
                yield from self.blocks(child)

    def _paragraph(self, element: Element) -> Paragraph:
        level, number = 0, ""
        properties = next((child for child in element if child.local == "pPr"), None)
        if properties is not None:
            level, number = self._numbered(properties)
        pieces: list[str] = []
        _collect(element, pieces)
        text = "".join(pieces)
        text = "\n".join(line for part in text.split("\n") if (line := clean(part)))
        return Paragraph(f"{number} {text}".strip() if number else text, level)

    def _numbered(self, properties: Element) -> tuple[int, str]:
        style = next((_attribute(c, "val") for c in properties if c.local == "pStyle"), "")
        level = outline_of(properties) or self._numbering.outlines.get(style, 0)
        own, inherited = list_of(properties), self._numbering.styles.get(style)
        place = own or inherited
        if place is None:
            return level, ""
        list_id = place[0] or (inherited[0] if inherited else "")
        return level, self._numbering.next(list_id=list_id, level=place[1])

    def _table(self, element: Element) -> Table:
        table = Table()
        for row in _inside(element, "tr"):
            if not _is_deleted(row):
                self._row(row, table)
        return table

    def _row(self, element: Element, table: Table) -> None:
        row, column = Row(), _skipped_columns(element)
        above = table.rows[-1].cells if table.rows else []
        for item in _inside(element, "tc"):
            span, merge = _shape(item)
            after = min(column + span, MAX_COLUMNS)
            origin = _cell_above(above, column) if merge == "continue" else None
            row.cells.append(origin or self._cell(item, column, after))
            row.above.append(origin is not None)
            column = after
        table.rows.append(row)

    def _cell(self, element: Element, first: int, after: int) -> Cell:
        lines: list[str] = []
        tables: list[Table] = []
        nested = 0
        for block in self.blocks(element):
            if isinstance(block, Paragraph):
                lines.append(block.text)
                continue
            tables.append(block)
            for row in block.rows:
                nested += len(row.text)
                if nested <= MAX_NESTED_TEXT:
                    lines.append(row.text)
        return Cell("\n".join(line for line in lines if line), first, after, tuple(tables))


def _collect(element: Element, pieces: list[str]) -> None:
    for child in element:
        name = child.local
        if name == "t":
            pieces.append(child.text)
        elif name in _BREAKS:
            pieces.append(_BREAKS[name])
        elif name not in _SKIPPED and name not in ("pPr", "rPr") and child.children:
            _collect(child, pieces)


def _inside(element: Element, name: str) -> Iterator[Element]:
    """Yield rows or cells, also those inside content controls."""
    for child in element:
        if child.local == name:
            yield child
        elif child.local in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            yield from _inside(child, name)


def _is_deleted(row: Element) -> bool:
    properties = (child for child in row if child.local == "trPr")
    return any(part.local == "del" for child in properties for part in child)


def _skipped_columns(row: Element) -> int:
    for child in row:
        if child.local == "trPr":
            for part in child:
                if part.local == "gridBefore":
                    return _count(part, least=0)
    return 0


def _shape(cell: Element) -> tuple[int, str]:
    """Return how many columns a cell takes, and "restart", "continue" or ""."""
    span, merge = 1, ""
    for child in cell:
        if child.local == "tcPr":
            for part in child:
                if part.local == "gridSpan":
                    span = _count(part, least=1)
                elif part.local == "vMerge":
                    merge = _attribute(part, "val") or "continue"
    return span, merge


def _cell_above(cells: list[Cell], column: int) -> Cell | None:
    return next((cell for cell in cells if cell.first <= column < cell.after), None)


def _count(element: Element, *, least: int) -> int:
    text = _attribute(element, "val")
    return max(least, min(int(text), MAX_COLUMNS)) if text.isascii() and text.isdecimal() else least


def _attribute(element: Element, name: str) -> str:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""
