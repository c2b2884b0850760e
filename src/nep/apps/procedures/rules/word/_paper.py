"""The words of the paper in an ISO file: sections, revision sheet, distribution list, signers."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from nep.apps.procedures.rules.paper import PARTS, ROW, Paper, paper_of
from nep.apps.procedures.rules.word._document import Document, Table
from nep.apps.procedures.rules.word._names import without_number
from nep.kernel.text import clean, clean_lines, fold


class Section(Protocol):
    """A section as printed: its heading and its lines, each as the cells of a row."""

    heading: str
    rows: list[tuple[str, ...]]


_KEYS = (
    ("purpose", "muc dich"), ("scope", "pham vi"), ("references", "tai lieu vien dan"),
    ("definitions", "dinh nghia"), ("definitions", "tu viet tat"), ("definitions", "thuat ngu"),
    ("basis", "co so phap ly"), ("basis", "can cu phap ly"), ("papers", "thanh phan ho so"),
    ("copies", "so luong ho so"), ("place", "noi tiep nhan"), ("place", "dia diem"), ("fee", "le phi"), ("fee", "phi"),
    ("forms", "bieu mau"), ("records", "ho so luu"), ("records", "luu tru"),
)  # fmt: skip
_HEADS = frozenset(
    [
        "tt",
        "stt",
        "chu viet tat",
        "noi dung",
        "ma hieu",
        "ten bieu mau",
        "ho so luu",
        "ten ho so",
        "thoi gian luu",
        "noi luu",
        "thanh phan ho so",
        "ban chinh",
        "ban sao",
        "ky hieu",
        "ten tai lieu",
        "giai thich",
        "ghi chu",
    ]
)
_ORDER = re.compile(r"^\d{1,3}[.)]?$|^[-–+•*]$")
_BULLET = re.compile(r"^[-–+•*]\s*")
_PARTS = tuple(fold(part) for part in PARTS)


def paper_in(document: Document, sections: Iterable[Section]) -> Paper:
    """Return the paper that an ISO file prints around its step table."""
    texts: dict[str, str] = {}
    for section in sections:
        key = _key(section.heading)
        if key and key not in texts and section.rows:
            texts[key] = "\n".join(filter(None, map(_line, section.rows)))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    return paper_of(
        texts,
        changes=_first(tables, _changes),
        recipients=_first(tables, _recipients),
        signers=_first(tables, _signers),
    )


def _first(tables: list[Table], read) -> tuple:
    return next((found for table in tables[:12] if (found := read(table))), ())


def _key(heading: str) -> str:
    said = fold(without_number(heading))
    return next((key for key, words in _KEYS if said.startswith(words)), "")


def _line(row: Sequence[str]) -> str:
    """Return a paragraph as its lines, the row of a table behind "- "; "" for the head of one."""
    cells = [cell for cell in row if cell]
    if len(row) == 1 or (len(cells) == 1 and not _ORDER.match(cells[0])):
        lines = clean_lines(cells[0] if cells else "").split("\n")
        return "\n".join(
            f"{ROW}{_BULLET.sub('', one)}" if _BULLET.match(one) else one for one in lines
        )
    if all(fold(cell) in _HEADS for cell in cells):
        return ""
    if _ORDER.match(row[0]) or not row[0]:
        cells = [cell for cell in row[1:] if cell]
    return ROW + " | ".join(clean(cell.replace("\n", " ")) for cell in cells) if cells else ""


def _rows(table: Table) -> list[list[str]]:
    return [[clean(cell.plain) for cell in row.cells] for row in table.rows]


def _changes(table: Table) -> tuple[tuple[str, ...], ...]:
    """Return the rows (where, what, number, day) of the sheet that follows the revisions."""
    head, *rows = _rows(table) or [[]]
    said = [fold(cell) for cell in head]
    if not any("sua doi" in one for one in said) or not any("ngay" in one for one in said):
        return ()
    where = _column(said, "trang", "phan ", "yeu cau")
    what = _column(said, "mo ta", "noi dung")
    number = _column(said, "lan ban hanh", "lan sua doi", "lan ")
    day = _column(said, "ngay")
    return tuple(
        tuple(
            row[at] if at is not None and at < len(row) else "" for at in (where, what, number, day)
        )
        for row in rows
        if any(row)
    )


def _column(said: list[str], *words: str) -> int | None:
    return next((at for word in words for at, one in enumerate(said) if word in one), None)


def _recipients(table: Table) -> tuple[tuple[str, str], ...]:
    """Return (place, note) of a distribution list."""
    head, *rows = _rows(table) or [[]]
    said = [fold(cell) for cell in head]
    place = _column(said, "noi nhan", "don vi nhan", "noi phan phoi", "duoc phan phoi")
    if place is None or len(head) > 5:
        return ()
    note = _column(said, "ghi chu", "so ban", "hinh thuc")
    return tuple(
        (row[place], row[note] if note is not None and note < len(row) else "")
        for row in rows
        if place < len(row) and row[place]
    )


def _signers(table: Table) -> tuple[tuple[str, str], ...]:
    """Return (name, position) of the three who signed, in the order of their parts."""
    rows = _rows(table)
    head = [fold(cell) for cell in rows[0]] if rows else []
    if len(set(_PARTS) & set(head)) < len(_PARTS):
        return ()
    by_key = {fold(row[0]): row for row in rows[1:] if row}
    names = next((row for key, row in by_key.items() if key.startswith("ho va ten")), [])
    posts = next((row for key, row in by_key.items() if key.startswith("chuc vu")), [])
    places = [head.index(part) for part in _PARTS]
    found = tuple((_at(names, place), _at(posts, place)) for place in places)
    return found if any(name for name, _post in found) else ()


def _at(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
