"""The same papers as Word files, in Times New Roman, to be corrected and signed by hand."""

import io
from collections.abc import Iterable

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph

from nep.foundation.printing.fonts import WORD_FAMILY
from nep.foundation.printing.paper import (
    MOTTO,
    NATION,
    Block,
    Cell,
    Code,
    Line,
    NewPage,
    Paper,
    Run,
    Signatures,
    Table,
    alignment,
    bold,
    heading_name,
    italic,
    keeps_rows,
    line,
    placed,
    stays,
)
from nep.foundation.printing.paper_parts import column_widths, recipients, tells_what_about
from nep.foundation.printing.qr import qr_png, whole_side

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_LEFT, _RIGHT, _EDGE = 30, 15, 20
LONGEST = 255  # letters of a property of a Word file


def paper_docx(paper: Paper) -> bytes:
    """Return an administrative paper as DOCX."""
    document = Document()
    width = set_page(document, paper)
    add_letterhead(document, paper, width)
    _title(document, paper)
    add_blocks(document, paper.blocks, width)
    _number_pages(document)
    return saved(document)


def add_blocks(document: WordDocument, blocks: Iterable[Block], width: float) -> None:
    """Write blocks at the end of a document whose text is `width` millimetres wide."""
    written = tuple(blocks)
    for place, block in enumerate(written):
        if isinstance(block, Line):
            paragraph = document.add_paragraph()
            fill_line(paragraph, block)
            paragraph.paragraph_format.keep_with_next = stays(written, place) or None
        elif isinstance(block, NewPage):
            document.add_page_break()
        elif isinstance(block, Table):
            _ruled(document, block, width)
        elif isinstance(block, Code):
            _code(document, block, width)
        else:
            _signatures(document, block, width)


def saved(document: WordDocument) -> bytes:
    """Return a document's bytes."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def set_page(document: WordDocument, paper: Paper) -> float:
    """Set A4, margins and the face; return the width of the text in millimetres."""
    section = document.sections[0]
    long, short = Mm(297), Mm(210)
    section.page_width, section.page_height = (long, short) if paper.landscape else (short, long)
    if paper.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.top_margin = section.bottom_margin = Mm(_EDGE)
    style = document.styles["Normal"]
    style.font.name, style.font.size = WORD_FAMILY, Pt(13)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for place in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(place), WORD_FAMILY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    document.core_properties.title = paper.title[:LONGEST]
    document.core_properties.author = paper.issuer[:LONGEST]
    document.core_properties.language = "vi-VN"
    document.core_properties.comments = ""
    return (297 if paper.landscape else 210) - _LEFT - _RIGHT


def add_letterhead(document: WordDocument, paper: Paper, width: float) -> None:
    if paper.form:
        fill_line(document.add_paragraph(), line(bold(paper.form), align="right"), size=11)
    table = plain_table(document, [width * 0.43, width * 0.57])
    left, right = table.rows[0].cells
    if paper.above:
        fill_line(
            left.paragraphs[0], line(heading_name(paper.above), align="center", after=0), size=12
        )
        left.add_paragraph()
    issuer = line(bold(heading_name(paper.issuer)), align="center", after=0)
    fill_line(left.paragraphs[-1], issuer, size=12)
    _underline(left, 18, width * 0.43)
    if paper.number:
        fill_line(left.add_paragraph(), line(paper.number, align="center", after=0), size=12)
    fill_line(right.paragraphs[0], line(bold(NATION), align="center", after=0), size=12)
    fill_line(right.add_paragraph(), line(bold(MOTTO), align="center", after=0))
    _underline(right, 52, width * 0.57)
    if paper.place_date:
        fill_line(right.add_paragraph(), line(italic(paper.place_date), align="center", after=0))


def _underline(cell: WordCell, length: float, width: float) -> None:
    """Draw the short rule under a head: an empty paragraph with a top border, set in."""
    _rule(cell.add_paragraph(), length, width)


def _rule(paragraph: Paragraph, length: float, width: float) -> None:
    space = Mm(max(0.0, (width - 4 - length) / 2))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = space
    paragraph.paragraph_format.line_spacing = Pt(5)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


def _title(document: WordDocument, paper: Paper) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(12)
    fill_line(paragraph, line(bold(paper.title.upper()), align="center"), size=14)
    if paper.subtitle:
        about = tells_what_about(paper)
        said = bold(paper.subtitle) if about else italic(paper.subtitle)
        fill_line(document.add_paragraph(), line(said, align="center", after=3 if about else 6))
        if about:
            _rule(document.add_paragraph(), 50, paper.width)


def fill_line(paragraph: Paragraph, text: Line, *, size: float | None = None) -> None:
    paragraph.alignment = _ALIGN[alignment(text)]
    paragraph.paragraph_format.space_after = Pt(text.after)
    if text.indent:
        paragraph.paragraph_format.first_line_indent = Mm(10)
    if text.level:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(text.level - 1))
        paragraph._p.get_or_add_pPr().append(outline)
    for one in text.runs:
        run = paragraph.add_run(one.text)
        run.bold, run.italic = one.bold or None, one.italic or None
        if size:
            run.font.size = Pt(size)


def plain_table(document: WordDocument, widths: list[float], *, rows: int = 1) -> WordTable:
    table = document.add_table(rows=rows, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = Mm(wide)
        for cell in column.cells:
            cell.width = Mm(wide)
    return table


def _ruled(document: WordDocument, block: Table, width: float) -> None:
    table = plain_table(document, column_widths(block, width), rows=1 + len(block.rows))
    table.style = "Table Grid"
    set_margins(table)
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        fill_line(cell.paragraphs[0], line(bold(column.title), align="center", after=0), size=12)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _repeat_head(table)
    if keeps_rows(block):
        _keep_rows(table)
    cells = [list(row.cells) for row in table.rows]  # asked for once: each look-up reads them all
    for number, row in enumerate(placed(block), start=1):
        for start, value in row:
            cell = cells[number][start]
            last = cells[number + value.rows - 1][start + value.columns - 1]
            _write(cell.merge(last) if last._tc is not cell._tc else cell, value)
    if len(cells) > 2:  # the last row, often a sum, never stands alone
        for paragraph in (one for cell in cells[-2] for one in cell.paragraphs):
            paragraph.paragraph_format.keep_with_next = True
    document.add_paragraph().paragraph_format.line_spacing = Pt(4)


def set_margins(table: WordTable) -> None:
    """Set the space between words and rules, in twentieths of a point: 0.7 mm and 1.6 mm."""
    margins = OxmlElement("w:tblCellMar")
    for side, space in (("top", 40), ("left", 90), ("bottom", 40), ("right", 90)):
        mark = OxmlElement(f"w:{side}")
        mark.set(qn("w:w"), str(space))
        mark.set(qn("w:type"), "dxa")
        margins.append(mark)
    looks = table._tbl.tblPr.find(qn("w:tblLook"))
    if looks is None:
        table._tbl.tblPr.append(margins)
    else:
        looks.addprevious(margins)


def _number_pages(document: WordDocument) -> None:
    """Number the pages above, in the middle, from the second on."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(10)
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _ALIGN["center"]
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        mark.text = text or None
        run._r.append(mark)


def _write(cell: WordCell, value: Cell) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for place, text in enumerate(value.lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        fill_line(paragraph, text, size=12)


def _repeat_head(table: WordTable) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _keep_rows(table: WordTable) -> None:
    for row in table.rows:
        mark = OxmlElement("w:cantSplit")
        mark.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(mark)


def _code(document: WordDocument, block: Code, width: float) -> None:
    side = whole_side(block.text, block.millimetres)
    table = plain_table(document, [side + 4, width - side - 4])
    picture = io.BytesIO(qr_png(block.text))
    table.cell(0, 0).paragraphs[0].add_run().add_picture(picture, width=Mm(side))
    beside = table.cell(0, 1)
    beside.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for place, text in enumerate(block.beside):
        fill_line(beside.paragraphs[0] if place == 0 else beside.add_paragraph(), text)


def _signatures(document: WordDocument, block: Signatures, width: float) -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True
    count = len(block.places)
    table = plain_table(document, [width / count] * count)
    _keep_rows(table)
    for cell, place in zip(table.rows[0].cells, block.places, strict=True):
        if listed := recipients(place):
            head = Run(f"{place.title}:", bold=True, italic=True)
            fill_line(cell.paragraphs[0], line(head, align="left", after=0), size=12)
            for one in listed:
                fill_line(cell.add_paragraph(), line(one, align="left", after=0), size=11)
            continue
        fill_line(cell.paragraphs[0], line(bold(place.title.upper()), align="center", after=0))
        fill_line(cell.add_paragraph(), line(italic(place.note), align="center", after=52), size=12)
        fill_line(cell.add_paragraph(), line(bold(place.name), align="center", after=0))
