"""A PDF with a text layer as the same paragraphs and tables that a Word file gives.

Tables are known by their ruled lines; a table that goes on over a page is put together again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from nep.apps.procedures.rules.word._document import Block, Cell, Document, Paragraph, Row, Table
from nep.apps.procedures.rules.word._grid import Grid, grids
from nep.kernel.text import clean, fold

LEAST_LETTERS = 80  # letters a page below which a file is taken for a scan
MAX_PAGES = 600
FULL = 0.86
_BEGINS = re.compile(r"^(?:[-+•*–]\s|\d{1,2}(?:\.\d{1,2})*[.)]\s|[a-zđ]\)\s)")
_TIME = re.compile(r"\d\s*(?:ngày|giờ|buổi|phút)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class _Line:
    """One line of text: its place in points and its words."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def is_scan(pages: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a PDF holds pictures of pages and (nearly) no letters."""
    letters = sum(len(word[4]) for page in pages for word in page["words"])
    return letters < LEAST_LETTERS * max(1, len(pages))


def document_of(pages: Sequence[Mapping[str, Any]]) -> Document:
    """Return the document that pages of words and ruled lines print."""
    laid = [_page(page) for page in pages]
    running = _running(laid)
    margins = tuple(
        dict.fromkeys(_text(block) for one in laid for block in one if _is(block, running))
    )
    blocks: list[Block] = []
    widths: list[tuple[float, ...]] = []
    for one in laid:
        kept = [(block, xs) for block, xs in one if not _is((block, xs), running)]
        for place, (block, xs) in enumerate(kept):
            last = blocks[-1] if blocks else None
            is_rest = place == 0 and isinstance(block, Table) and isinstance(last, Table)
            if is_rest and _same(widths[-1], xs):
                _go_on(last, block)  # type: ignore[arg-type]
                continue
            blocks.append(block)
            widths.append(xs)
    return Document(blocks, margins)


Laid = tuple[Block, tuple[float, ...]]


def _page(page: Mapping[str, Any]) -> list[Laid]:
    """Return the blocks of a page from the top down, each table with its edges."""
    tables = grids(page["rules"])
    inside: list[dict[tuple[int, int], list[Sequence[Any]]]] = [{} for _one in tables]
    outside: list[Sequence[Any]] = []
    for word in page["words"]:
        x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
        for grid, cells in zip(tables, inside, strict=True):
            place = grid.square(x, y)
            if place is not None:
                cells.setdefault(place, []).append(word)
                break
        else:
            outside.append(word)
    found: list[tuple[float, Laid]] = [
        (grid.ys[0], (_table(grid, cells), grid.xs))
        for grid, cells in zip(tables, inside, strict=True)
        if cells
    ]
    found += [(top, (paragraph, ())) for top, paragraph in _paragraphs(_lines(outside))]
    return [laid for _top, laid in sorted(found, key=lambda pair: pair[0])]


def _table(grid: Grid, words: Mapping[tuple[int, int], list[Sequence[Any]]]) -> Table:
    table, made = Table(), dict[tuple[int, int], Cell]()
    for row in range(len(grid.ys) - 1):
        line = Row()
        for column in range(len(grid.xs) - 1):
            place = grid.origin[row, column]
            if place not in made:
                after = column + 1
                while after < len(grid.xs) - 1 and grid.origin[row, after] == place:
                    after += 1
                wide = grid.xs[after] - grid.xs[column]
                made[place] = Cell(_cell_text(words.get(place, []), wide), column, after)
            if not line.cells or line.cells[-1] is not made[place]:
                line.cells.append(made[place])
                line.above.append(place[0] < row)
        table.rows.append(line)
    return table


def _cell_text(words: list[Sequence[Any]], wide: float) -> str:
    """Return the words of a cell; a line that fills the cell goes on in the next."""
    text, is_full = "", False
    for one in _lines(words):
        glue = " " if is_full else "\n"
        text = f"{text}{glue}{one.text}" if text else one.text
        is_full = one.right - one.left > 0.72 * wide
    return "\n".join(filter(None, map(clean, text.split("\n"))))


def _lines(words: Sequence[Sequence[Any]]) -> list[_Line]:
    """Return words as lines from the top down, each from the left."""
    found: list[list[Sequence[Any]]] = []
    for word in sorted(words, key=lambda one: (one[1] + one[3]) / 2):
        middle = (word[1] + word[3]) / 2
        if found and middle - (found[-1][0][1] + found[-1][0][3]) / 2 < 0.5 * (word[3] - word[1]):
            found[-1].append(word)
        else:
            found.append([word])
    return [
        _Line(
            min(word[0] for word in line), min(word[1] for word in line),
            max(word[2] for word in line), max(word[3] for word in line),
            clean(" ".join(word[4] for word in sorted(line, key=lambda one: one[0]))),
        )
        for line in found
    ]  # fmt: skip


def _paragraphs(lines: list[_Line]) -> Iterator[tuple[float, Paragraph]]:
    """Yield (top, paragraph); a line goes on where the one before it reaches the right margin."""
    if not lines:
        return
    right = sorted(line.right for line in lines)[int(0.9 * (len(lines) - 1))]
    left = median(line.left for line in lines)
    high = median(line.bottom - line.top for line in lines)
    begun: list[_Line] = []
    for one in lines:
        last = begun[-1] if begun else None
        if last and not (
            one.top - last.bottom < 0.8 * high
            and (_fills(last, one, left, right, high) or _is_title(last, one, left, right))
        ):
            yield _paragraph(begun)
            begun = []
        begun.append(one)
    yield _paragraph(begun)


def _fills(last: _Line, one: _Line, left: float, right: float, high: float) -> bool:
    """Say whether a line reaches the right margin and its sentence goes on below."""
    is_full = last.right - min(left, last.left) > FULL * (right - left)
    return is_full and one.left < last.left + 3 * high and not _ends(last.text, one.text)


def _is_title(last: _Line, one: _Line, left: float, right: float) -> bool:
    """Say whether two centred lines of capitals are one title."""
    if not (last.text.isupper() and one.text.isupper()):
        return False
    is_level = abs((last.left + last.right) - (one.left + one.right)) < 12
    return is_level and last.right - last.left > 0.6 * (right - left)


def _ends(text: str, following: str) -> bool:
    """Say whether a sentence has ended and the next line begins like a new one."""
    if _BEGINS.match(following):
        return True
    return text.endswith((".", ";", ":")) and not following[:1].islower()


def _paragraph(lines: list[_Line]) -> tuple[float, Paragraph]:
    return lines[0].top, Paragraph(clean(" ".join(line.text for line in lines)))


def _text(laid: Laid) -> str:
    block = laid[0]
    if isinstance(block, Paragraph):
        return block.text
    return "\n".join(row.text for row in block.rows)


def _key(laid: Laid) -> str:
    return _DIGITS.sub("#", fold(_text(laid)))


def _running(pages: list[list[Laid]]) -> frozenset[str]:
    """Return what stands first or last on most pages: heads and feet, their numbers apart."""
    told = Counter(
        key for page in pages for key in {_key(one) for one in (*page[:2], *page[-2:])} if key
    )
    most = max(2, 0.5 * (len(pages) - 1))
    return frozenset(key for key, count in told.items() if count > most or _is_number(key))


def _is_number(key: str) -> bool:
    return key.strip("- ") in {"#", "trang #", "#/#", "trang #/#"}


def _is(laid: Laid, running: frozenset[str]) -> bool:
    return _key(laid) in running


def _same(old: tuple[float, ...], new: tuple[float, ...]) -> bool:
    return len(old) == len(new) > 0 and all(abs(a - b) < 4 for a, b in zip(old, new, strict=True))


def _go_on(table: Table, rest: Table) -> None:
    """Add the rows of a table's next page: its head left out, a row cut in two made whole."""
    rows = rest.rows
    heads = 0
    while (
        heads < min(3, len(rows), len(table.rows))
        and rows[heads].text
        and (fold(rows[heads].text) == fold(table.rows[heads].text))
    ):
        heads += 1
    rows = rows[heads:]
    if rows and table.rows and _is_cut(table.rows[-1], rows[0]):
        for cell, more in zip(table.rows[-1].cells, rows[0].cells, strict=True):
            if more.text:
                cell.text = f"{cell.text}{' ' if more.text[:1].islower() else chr(10)}{more.text}"
        rows = rows[1:]
    table.rows.extend(rows)


def _is_cut(last: Row, first: Row) -> bool:
    """Say whether the first row of a page goes on with the last row of the page before."""
    if len(last.cells) != len(first.cells) or len(first.cells) < 3:
        return False
    if not last.cells[0].text or first.cells[0].text or any(first.above):
        return False
    pairs = zip(last.cells, first.cells, strict=True)
    return not any(_TIME.search(old.text) and _TIME.search(new.text) for old, new in pairs)
