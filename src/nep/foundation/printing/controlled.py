"""A controlled document whole: cover, three signatures, revision sheet, text, drawings.

One description gives the PDF (Tinos embedded, metric-compatible with Times New Roman) and the Word
file. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I; ISO 9001:2015 điều 7.5.3.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as UPRIGHT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph

from nep.foundation.printing.cover import Cover, cover_data
from nep.foundation.printing.docx import (
    add_blocks,
    add_letterhead,
    fill_line,
    plain_table,
    saved,
    set_margins,
    set_page,
)
from nep.foundation.printing.paper import (
    Block,
    Column,
    Figure,
    Line,
    Paper,
    Table,
    bold,
    heading_name,
    italic,
    line,
)
from nep.foundation.printing.pdf import LAYOUTS, block_data, pdf, picture

DOTS = 170


@dataclass(frozen=True, slots=True)
class Controlled:
    """A controlled document; `running` are the facts that every page repeats, as on the cover."""

    cover: Cover
    running: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    figures: tuple[Figure, ...] = ()


def controlled_pdf(one: Controlled, *, made_at: datetime) -> bytes:
    """Return a controlled document as PDF/A, its sheets before it."""
    data = {
        "cover": cover_data(one.cover),
        "running": {"issuer": heading_name(one.cover.issuer), "facts": one.running},
        "blocks": [block_data(block) for block in one.blocks],
        "figures": [
            {
                "svg": figure.svg,
                "width": figure.width,
                "height": figure.height,
                "landscape": figure.is_landscape,
                "words": figure.words,
            }
            for figure in one.figures
        ],
    }
    return pdf(LAYOUTS / "controlled.typ", data, made_at=made_at)


def controlled_docx(one: Controlled, *, has_sheets: bool = True) -> bytes:
    """Return a controlled document as a Word file that may be corrected and printed again.

    Without `has_sheets` revision sheet and distribution list stand in its blocks.
    """
    document = Document()
    head = Paper(title=one.cover.title, issuer=one.cover.issuer, blocks=(), above=one.cover.above)
    width = set_page(document, head)
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(9)
    _running_head(section, one, width)
    _cover(document, one.cover, head, width)
    if has_sheets:
        _revisions(document, one.cover, width)
        document.add_page_break()
    add_blocks(document, one.blocks, width)
    for figure in one.figures:
        _figure(document, figure, one)
    return saved(document)


def _cover(document: WordDocument, cover: Cover, head: Paper, width: float) -> None:
    add_letterhead(document, head, width)
    _space(document, 70)
    _put(document, line(cover.kind.upper(), align="center", after=6), 14)
    size = 18 if len(cover.title) < 100 else 16 if len(cover.title) < 200 else 13
    _put(document, line(bold(cover.title.upper()), align="center", after=24), size)
    facts = Table((Column("", 1), Column("", 1.3)), cover.facts)
    _grid(document, facts, width * 0.86)
    _space(document, 18)
    _signers(document, cover, width)
    if cover.exception:
        _put(document, line(italic(f"Ngoại lệ: {cover.exception}")), 11)
    _space(document, 40)
    _put(document, line(italic(cover.place), align="center"), 12)
    document.add_page_break()


def _signers(document: WordDocument, cover: Cover, width: float) -> None:
    rows = [("Trách nhiệm", *(one.part for one in cover.signers))]
    rows += [("Họ và tên", *(one.name for one in cover.signers))]
    rows += [("Chức vụ", *(one.position for one in cover.signers))]
    rows += [("Ngày", *(one.day for one in cover.signers))]
    rows += [("Ký", *(one.said for one in cover.signers))]
    columns = (Column("", 0.9), *(Column("", 1.3, "center") for _one in cover.signers))
    table = _grid(document, Table(columns, tuple(rows)), width, heads=1)
    table.rows[-1].height = Mm(27)
    for cell in table.rows[-1].cells[1:]:
        cell.vertical_alignment = UPRIGHT.BOTTOM


def _revisions(document: WordDocument, cover: Cover, width: float) -> None:
    _put(document, line(bold("BẢNG THEO DÕI SỬA ĐỔI"), align="center", after=6))
    columns = (
        Column("Lần ban hành/ sửa đổi", 1.1), Column("Ngày hiệu lực", 1),
        Column("Nội dung sửa đổi", 3), Column("Người phê duyệt", 1.2),
    )  # fmt: skip
    rows = tuple((one.number, one.day, one.change, one.approver) for one in cover.revisions)
    add_blocks(document, (Table(columns, rows or (("", "", "", ""),)),), width)
    _space(document, 6)
    _put(document, line(bold("DANH SÁCH PHÂN PHỐI"), align="center", after=6))
    if not cover.recipients:
        words = "Tài liệu dùng chung trên hệ thống, không lập danh sách riêng."
        _put(document, line(italic(words)))
        return
    places = (Column("TT", 0.3, "center"), Column("Nơi nhận", 3), Column("Hình thức", 1.4))
    listed = tuple(
        (str(number), name, "Bản điện tử") for number, name in enumerate(cover.recipients, start=1)
    )
    add_blocks(document, (Table(places, listed),), width)


def _grid(document: WordDocument, block: Table, width: float, *, heads: int = 0) -> WordTable:
    """Write a ruled table without a head of its own; the first column and `heads` rows are bold."""
    whole = sum(column.weight for column in block.columns)
    widths = [width * column.weight / whole for column in block.columns]
    table = plain_table(document, widths, rows=len(block.rows))
    table.style = "Table Grid"
    set_margins(table)
    for number, row in enumerate(block.rows):
        for cell, said, column in zip(table.rows[number].cells, row, block.columns, strict=True):
            is_head = number < heads or column is block.columns[0]
            run = bold(str(said)) if is_head else str(said)
            fill_line(cell.paragraphs[0], line(run, align=column.align, after=0), size=12)
            cell.vertical_alignment = UPRIGHT.CENTER
    return table


def _running_head(section: Section, one: Controlled, width: float) -> None:
    table = section.header.add_table(1, 3, Mm(width))
    table.style = "Table Grid"
    table.autofit = False
    left, middle, right = table.rows[0].cells
    for column, share in zip(table.columns, (1.0, 2.0, 1.2), strict=True):
        column.width = Mm(width * share / 4.2)
        for cell in column.cells:
            cell.width = column.width
            cell.vertical_alignment = UPRIGHT.CENTER
    issuer = line(bold(heading_name(one.cover.issuer)), align="center", after=0)
    fill_line(left.paragraphs[0], issuer, size=10)
    fill_line(middle.paragraphs[0], line(one.cover.kind.upper(), align="center", after=0), size=10)
    title = line(bold(one.cover.title), align="center", after=0)
    fill_line(middle.add_paragraph(), title, size=10)
    _facts(right, one.running)
    first = section.header.paragraphs[0]
    section.header._element.remove(first._p)
    section.header.add_paragraph().paragraph_format.space_after = Pt(2)


def _facts(cell: WordCell, facts: tuple[tuple[str, str], ...]) -> None:
    for place, (name, said) in enumerate(facts):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        fill_line(paragraph, line(f"{name}: {said}", align="left", after=0), size=10)
    paragraph = cell.add_paragraph()
    fill_line(paragraph, line("Trang: ", align="left", after=0), size=10)
    _number(paragraph, "PAGE")
    paragraph.add_run("/").font.size = Pt(10)
    _number(paragraph, "NUMPAGES")


def _number(paragraph: Paragraph, field: str) -> None:
    """Write a number that Word counts itself."""
    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), field)
    run = paragraph.add_run("1")
    run.font.size = Pt(10)
    made.append(run._r)
    paragraph._p.append(made)


def _figure(document: WordDocument, figure: Figure, one: Controlled) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    is_turned = section.page_width > section.page_height
    if figure.is_landscape != is_turned:
        section.page_width, section.page_height = section.page_height, section.page_width
        turned = WD_ORIENT.LANDSCAPE if figure.is_landscape else WD_ORIENT.PORTRAIT
        section.orientation = turned
        sides = section.page_width - section.left_margin - section.right_margin
        section.header.is_linked_to_previous = False
        _running_head(section, one, sides / Mm(1))
    _put(document, line(bold(figure.words), align="center", after=6, level=1))
    drawn = io.BytesIO(_picture(figure))
    paragraph = document.add_paragraph()
    fill_line(paragraph, line("", align="center", after=0))
    shape = paragraph.add_run().add_picture(drawn, width=Mm(figure.width))
    shape._inline.docPr.set("descr", figure.words)


def with_figures(data: bytes, figures: Sequence[Figure], *, tag: str) -> bytes:
    """Return a Word file with the drawings in the place of a tag's paragraph."""
    document = Document(io.BytesIO(data))
    for paragraph in document.element.body.iter(qn("w:p")):
        said = "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        if said.strip() != f"{{{{{tag}}}}}":
            continue
        place = Paragraph(paragraph, document._body)
        place.clear()
        for number, figure in enumerate(figures):
            run = place.add_run()
            if number:  # a sheet that follows stands apart from the one before
                run.add_break()
                run.add_break()
            run.add_picture(io.BytesIO(_picture(figure)), width=Mm(min(figure.width, 160)))
    return saved(document)


def _picture(figure: Figure) -> bytes:
    data = {"svg": figure.svg, "width": figure.width, "height": figure.height}
    return picture(LAYOUTS / "figure.typ", data, dots=DOTS)


def _put(document: WordDocument, text: Line, size: float | None = None) -> None:
    fill_line(document.add_paragraph(), text, size=size)


def _space(document: WordDocument, points: float) -> None:
    document.add_paragraph().paragraph_format.space_after = Pt(points)
