"""The text of Word, PowerPoint and OpenDocument files, without opening any program."""

import re
from collections.abc import Iterator

from nep.foundation.printing.texts_numbers import Numbers
from nep.kernel.difference import HEADING, PARAGRAPH, ROW, Block
from nep.kernel.office import Package, open_office
from nep.kernel.safexml import Element
from nep.kernel.text import clean

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_SKIPPED = {"del", "moveFrom", "delText", "instrText", "Fallback", "rPr", "pPr", "tracked-changes"}
_EDGE = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml$")


def package_blocks(data: bytes, *, kind: str) -> tuple[Block, ...]:
    """Return the blocks of a "docx", "pptx" or "odt"; raise OfficeRefused when it is unfit."""
    package = open_office(data)
    readers = {"docx": _word, "pptx": _slides, "odt": _open_document}
    return tuple(block for block in readers[kind](package) if block.text.strip(" |"))


def _word(package: Package) -> Iterator[Block]:
    numbers = Numbers(package)
    root = package.xml(package.main)
    body = root.find(f"{W}body")
    if body is not None:
        yield from _flow(body, numbers)
    for name in sorted(package.names):
        if _EDGE.fullmatch(name):
            yield from _flow(package.xml(name), numbers)


def _flow(parent: Element, numbers: Numbers) -> Iterator[Block]:
    for child in parent:
        if child.local == "p":
            yield _paragraph(child, numbers)
        elif child.local == "tbl":
            yield from _rows(child)
        elif child.local in {"sdt", "sdtContent", "ins", "customXml", "footnote", "endnote"}:
            yield from _flow(child, numbers)


def _paragraph(element: Element, numbers: Numbers) -> Block:
    level = numbers.outline(element)
    kind = HEADING if level else PARAGRAPH
    said = clean(_said(element))
    return Block(kind, (said,), level, numbers.next(element) if said else "")


def _rows(table: Element) -> Iterator[Block]:
    for row in _within(table, "tr"):
        cells = [clean(" ".join(map(_said, _within(cell, "p")))) for cell in _within(row, "tc")]
        if any(cells):
            yield Block(ROW, tuple(cells))


def _within(parent: Element, local: str) -> Iterator[Element]:
    """Yield the nearest descendants of a name: a table inside a cell belongs to the cell."""
    for child in parent:
        if child.local == local:
            yield child
        elif child.local not in _SKIPPED:
            yield from _within(child, local)


def _said(element: Element) -> str:
    """Return what is read in a paragraph: without deleted text, with breaks as blanks."""
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def _gather(element: Element, pieces: list[str]) -> None:
    for child in element:
        name = child.local
        if name in _SKIPPED:
            continue
        if name == "t":
            pieces.append(child.text)
        elif name in {"tab", "br", "cr", "s", "line-break"}:
            pieces.append(" ")
        elif name == "noBreakHyphen":
            pieces.append("-")
        else:
            _gather(child, pieces)


def _slides(package: Package) -> Iterator[Block]:
    for number, name in enumerate(_slide_names(package), start=1):
        yield Block(HEADING, (f"Trang chiếu {number}",), 1)
        for element in package.xml(name).iter():
            if element.local == "tbl":
                for row in _within(element, "tr"):
                    cells = (" ".join(map(_said, _within(c, "p"))) for c in _within(row, "tc"))
                    yield Block(ROW, tuple(map(clean, cells)))
            elif element.local == "txBody" and element.namespace.endswith(
                "presentationml/2006/main"
            ):
                for one in element.findall(f"{A}p"):
                    yield Block(PARAGRAPH, (clean(_said(one)),))


def _slide_names(package: Package) -> list[str]:
    """Return the parts of the slides in the order in which they are shown."""
    links = {
        one.get("Id", ""): "ppt/" + str(one.get("Target", "")).removeprefix("/ppt/")
        for one in package.xml("ppt/_rels/presentation.xml.rels")
    }
    shown = (links.get(one.get(f"{R}id", ""), "") for one in package.xml(package.main).iter()
             if one.local == "sldId")  # fmt: skip
    return [name for name in shown if name in package.names]


def _open_document(package: Package) -> Iterator[Block]:
    for part in ("content.xml", "styles.xml"):
        if part in package.names:
            yield from _open_flow(package.xml(part))


def _open_flow(parent: Element) -> Iterator[Block]:
    for child in parent:
        if child.tag == f"{_TEXT}h":
            level = str(child.get(f"{_TEXT}outline-level", "1"))
            yield Block(HEADING, (clean(_open_said(child)),), int(level) if level.isdigit() else 1)
        elif child.tag == f"{_TEXT}p":
            yield Block(PARAGRAPH, (clean(_open_said(child)),))
        elif child.tag == f"{_TABLE}table-row":
            cells = (one for one in child if one.local == "table-cell")
            yield Block(ROW, tuple(clean(_open_said(cell)) for cell in cells))
        elif child.local not in _SKIPPED:
            yield from _open_flow(child)


def _open_said(element: Element) -> str:
    pieces = [element.text]
    for child in element:
        if child.local in {"s", "tab", "line-break"}:
            pieces.append(" ")
        elif child.local not in {"annotation", "tracked-changes"}:
            pieces.append(_open_said(child) + (" " if child.local == "p" else ""))
        pieces.append(child.tail)
    return "".join(pieces)
