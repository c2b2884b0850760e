"""How a sheet of figures lies on paper: which paper, how wide its columns, how high its rows; pure.

A register with many columns is never made small to fit: its columns are narrowed down to what their
words need, then the paper grows, then it goes on beside.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

A3, A4 = 8, 9  # as Excel numbers them
FONT, SMALLEST = 10.0, 8.0  # points, on the screen and at least on paper
SIDE_MARGIN = 0.5  # inches
LINE, MOST_LINES = 13.0, 31  # points; a row of Excel is at most 409 points high
_LONG_SIDE = {A4: 842.0, A3: 1191.0}  # points
_SHORT_SIDE = 595.0  # points, of A4
_CHARACTER, _PADDING = 7, 5  # pixels, as Excel counts widths
_PIXEL = 0.75  # points
_ROOMY = 0.3  # of what was wished for beyond the need; less and the paper grows
_LONGEST_WORD = 24
_LETTER = 1.1  # letters of a text in the room of a digit, about
_LEAST = {"date": 10.5, "datetime": 15.5, "number": 7.0, "percent": 7.0, "text": 8.0}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a column wishes for and what it needs, in characters."""

    width: float
    need: float


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet on paper. `scale` in percent, None where it is as wide as the page or narrower."""

    paper: int
    is_landscape: bool
    widths: tuple[float, ...]
    scale: int | None = None


def wish(*, kind: str, width: float, head: str, cells: Sequence[str]) -> Wish:
    """Return the wish of a column by its head and the texts in it.

    No word is broken that has no more than 24 letters, no text is longer than a row can be high.
    """
    words = [len(word) * 1.1 for word in head.split()]
    words += [min(len(word), _LONGEST_WORD) for cell in cells for word in cell.split()]
    longest = max((len(cell) * 1.1 + cell.count("\n") * 10 for cell in cells), default=0.0)
    need = max(_LEAST[kind], 1 + max(words, default=0), longest / (MOST_LINES - 1))
    return Wish(max(width, need), need)


def page(wishes: Sequence[Wish]) -> Page:
    """Return the paper and the widths on which every letter is at least 8 points high."""
    wished = [one.width for one in wishes]
    upright = (_SHORT_SIDE - SIDE_MARGIN * 144) / _PIXEL
    if pixels(wished) <= upright:
        return Page(A4, is_landscape=False, widths=tuple(wished))
    for paper, least in ((A4, _ROOMY), (A3, 0.0)):
        room = _room(paper, len(wishes))
        share = _share(wishes, room)
        if share >= least:
            widths = (one.need + (one.width - one.need) * share for one in wishes)
            return Page(paper, is_landscape=True, widths=tuple(round(one, 2) for one in widths))
    needed = tuple(one.need for one in wishes)
    return Page(A3, is_landscape=True, widths=needed, scale=round(100 * SMALLEST / FONT))


def _room(paper: int, columns: int) -> float:
    """Return how many characters fit beside each other at the smallest letter."""
    points = (_LONG_SIDE[paper] - SIDE_MARGIN * 144) * FONT / SMALLEST
    return (points / _PIXEL - (_PADDING + 1) * columns) / _CHARACTER


def _share(wishes: Sequence[Wish], room: float) -> float:
    """Return how much of the wishes beyond the needs fits, 0 to 1; below 0 where the needs do not."""
    need, wished = sum(one.need for one in wishes), sum(one.width for one in wishes)
    if need > room:
        return -1.0
    return 1.0 if wished <= room else (room - need) / (wished - need)


def pixels(widths: Sequence[float]) -> int:
    """Return how wide columns are together on the screen."""
    return sum(round(one * _CHARACTER) + _PADDING for one in widths)


def letter_size(found: Page) -> float:
    """Return how high the letters are on paper, in points."""
    if found.scale is not None:
        return FONT * found.scale / 100
    side = _LONG_SIDE[found.paper] if found.is_landscape else _SHORT_SIDE
    return FONT * min(1.0, (side - SIDE_MARGIN * 144) / (pixels(found.widths) * _PIXEL))


def row_height(cells: Sequence[tuple[str, float]]) -> float:
    """Return the height of a row of (text, width), in points."""
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return LINE * min(lines, MOST_LINES) + 1


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column so many characters wide."""
    return sum(_wrapped(line, width * _LETTER) for line in text.split("\n"))


def _wrapped(text: str, width: float) -> int:
    if len(text) <= width:
        return 1
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + 1 + len(word) > width:
            lines, used = lines + 1, 0.0
        used += len(word) + (1 if used else 0)
        if used > width:  # a word longer than the column
            lines, used = lines + math.ceil(used / width) - 1, used % width
    return lines
