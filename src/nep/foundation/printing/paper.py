"""What stands on an administrative paper, apart from how PDF and Word set it.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I: A4, quốc hiệu and tiêu ngữ right, agency left, number
under the agency, place and date under the motto, signatures at the end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
UPRIGHT, TURNED = 210.0 - 30 - 15, 297.0 - 30 - 15  # millimetres of text across a page
Align = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one face."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; `indent` sets its first line 10 mm in, `after` is the space below in points.

    `level` makes it a heading of that level in the outline of a Word file.
    """

    runs: tuple[Run, ...]
    align: Align = "justify"
    indent: bool = False
    after: float = 4
    level: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `weight` is its share of the width."""

    title: str
    weight: float = 1
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that spans rows or columns, or holds several lines."""

    lines: tuple[Line, ...]
    align: Align | None = None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table whose head repeats on every page; a row's spanned cells are left out."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with lines beside it; `millimetres` is the side of the code without its rim."""

    text: str
    millimetres: float = 22
    beside: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: who (in capitals), how, and the name below."""

    title: str
    note: str = "(Ký và ghi rõ họ tên)"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, side by side."""

    places: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (SVG) of a size in millimetres; it stands on a page of its own, turned or not."""

    svg: str
    width: float
    height: float
    words: str
    is_landscape: bool = False


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own, as an annex does."""


Block = Line | Table | Code | Signatures | NewPage
LONGEST_WORD = 24  # letters; a line that holds a longer one is not stretched to its width
LONGEST_ROW = 900  # letters; a row with more may break across pages


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `above` is the superior agency, `issuer` who issues it, `place_date` the line
    "Tân Lập, ngày 05 tháng 02 năm 2026"; `form` ("Mẫu số 01") stands at the upper right edge."""

    title: str
    issuer: str
    blocks: tuple[Block, ...]
    above: str = ""
    number: str = ""
    place_date: str = ""
    form: str = ""
    subtitle: str = ""
    landscape: bool = False

    @property
    def width(self) -> float:
        """Return how wide the text is, in millimetres."""
        return TURNED if self.landscape else UPRIGHT


def line(*parts: str | Run, **how: Any) -> Line:
    """Return a paragraph of texts and runs."""
    return Line(tuple(Run(part) if isinstance(part, str) else part for part in parts), **how)


def is_heading(one: Line) -> bool:
    """Tell whether a paragraph is bold throughout, so that what follows stays on its page."""
    return bool(one.runs) and all(run.bold for run in one.runs)


def alignment(one: Line) -> Align:
    """Return how a paragraph is set: one that holds a hash or a dotted space is not stretched."""
    if one.align == "justify" and any(
        len(word.replace("…", "...")) > LONGEST_WORD
        for run in one.runs
        for word in run.text.split()
    ):
        return "left"
    return one.align


def keeps_rows(table: Table) -> bool:
    """Tell whether the rows of a table stay whole: none spans another, none fills a page."""
    for row in table.rows:
        cells = [one for one in row if isinstance(one, Cell)]
        letters = sum(len(one) for one in row if isinstance(one, str))
        letters += sum(len(run.text) for one in cells for text in one.lines for run in text.runs)
        if letters > LONGEST_ROW or any(one.rows > 1 for one in cells):
            return False
    return True


def stays(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether a paragraph stays on the page of what follows: a heading, and what stands just
    above the signatures, so that these never stand alone."""
    one = blocks[place]
    if not isinstance(one, Line):
        return False
    after = blocks[place + 1] if place + 1 < len(blocks) else None
    return is_heading(one) or isinstance(after, Signatures)


_PLACES = re.compile(r"(?<=\s)(?:TỈNH|THÀNH PHỐ|PHƯỜNG|XÃ|ĐẶC KHU)\s.+$")


def heading_name(name: str) -> str:
    """Return an agency's name in the capitals of a letterhead, the name of its place kept whole:
    a name too long for its column breaks before "TỈNH LAM SƠN"."""
    return _PLACES.sub(lambda found: found[0].replace(" ", "\u00a0"), name.upper())


def bold(text: str) -> Run:
    """Return bold text."""
    return Run(text, bold=True)


def italic(text: str) -> Run:
    """Return italic text."""
    return Run(text, italic=True)


def cell_of(value: str | Cell, column: Column) -> Cell:
    """Return a table's value as a cell."""
    if isinstance(value, Cell):
        return value
    return Cell((line(value, align=column.align, after=0),))


def placed(table: Table) -> list[list[tuple[int, Cell]]]:
    """Return every row's cells with the column they begin in, spans of earlier rows skipped."""
    held = [0] * len(table.columns)
    grid: list[list[tuple[int, Cell]]] = []
    for row in table.rows:
        values = iter(row)
        out: list[tuple[int, Cell]] = []
        free = [index for index, left in enumerate(held) if not left]
        held = [max(0, left - 1) for left in held]
        at = 0
        while at < len(free):
            start = free[at]
            cell = cell_of(next(values, ""), table.columns[start])
            out.append((start, cell))
            for column in range(start, start + cell.columns):
                held[column] = cell.rows - 1
            at += cell.columns
        grid.append(out)
    return grid
