"""Build small Word files for tests: paragraphs, tables with merged cells, hostile packages."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)


@dataclass(frozen=True)
class C:
    """A cell: text, columns it takes, "restart" or "continue", inner XML instead of the text."""

    text: str = ""
    span: int = 1
    merge: str = ""
    inner: str = ""


GO_ON = C(merge="continue")


def down(text: str) -> C:
    """Return the first cell of a vertical merge."""
    return C(text, merge="restart")


def wide(text: str, span: int) -> C:
    """Return a cell over several columns."""
    return C(text, span=span)


def p(text: str, *, properties: str = "") -> str:
    """Return a paragraph; line breaks become w:br."""
    runs = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")
    )
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}<w:r>{runs}</w:r></w:p>"


def table(*rows: Sequence[str | C]) -> str:
    """Return a table; a cell is a text or a C."""
    return (
        "<w:tbl>" + "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in rows) + "</w:tbl>"
    )


def _cell(cell: str | C) -> str:
    cell = C(cell) if isinstance(cell, str) else cell
    properties = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    if cell.merge == "continue":
        properties += "<w:vMerge/>"
    elif cell.merge:
        properties += f'<w:vMerge w:val="{cell.merge}"/>'
    inner = cell.inner or "".join(p(line) for line in cell.text.split("\n"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def docx(*blocks: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a Word file with these blocks in its body and further parts by name."""
    body = f'<w:document xmlns:w="{W}"><w:body>{"".join(blocks)}</w:body></w:document>'
    return package({"[Content_Types].xml": TYPES, "word/document.xml": body, **(parts or {})})


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
