"""What a table beside the steps says of the procedure: its limit and its code.

Such a table has "Thời gian xử lý" over one value, or "Thời hạn giải quyết" left of it. Lists of
several procedures have the same heads over several values and say nothing of one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from nep.apps.procedures.rules.word._document import Cell, Table
from nep.apps.procedures.rules.word._names import code_in, count_codes, without_number
from nep.apps.procedures.rules.word._times import parse_total
from nep.kernel.text import clean, fold

MAX_ROWS = 60
MAX_KEY = 90
MAX_KEYS = 20
MAX_VALUE = 600
_LIMIT_KEY = re.compile(
    r"^(?:tong )?(?:thoi han|thoi (?:gian|han)(?:,? thoi (?:gian|han))? "
    r"(?:giai quyet|xu ly|thuc hien|tra ket qua))"
    r"(?: (?:tthc|thu tuc(?: hanh chinh)?|ho so|cong viec))?"
    r"(?: theo quy dinh| cua phap luat)*(?: ?\([^)]{0,40}\))?$"
)
_CODE_KEY = re.compile(
    r"^(?:ma(?: so)?(?: cua)? (?:tthc|thu tuc(?: hanh chinh)?)|so ho so tthc)"
    r"(?: tren .{3,60})?(?: ?\([^)]{0,40}\))?$"
)
_SENTENCE_END = re.compile(r"(?<=[.;])\s+|\n")
_SINCE = re.compile(r"[\s,(]+(?=(?:kể|tính) từ\b)", re.IGNORECASE)
_DATE = re.compile(r"ngày \d{1,2}(?: tháng \d|/)", re.IGNORECASE)
_LENGTH = re.compile(r"\d\s*(?:ngày|giờ|tháng|tuần)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """The limits told, each with its key before it, and the one code with its printed form."""

    limits: tuple[str, ...] = ()
    code: tuple[str, str] | None = None


def facts_in(table: Table) -> Facts:
    """Return what a table without steps says of the limit and the code of one procedure."""
    limits: list[str] = []
    codes: dict[str, str] = {}
    for key, value in _pairs(table, _LIMIT_KEY, _has_time):
        limits.extend(f"{key}: {told}" for told in _times_in(value))
    for _, value in _pairs(table, _CODE_KEY, lambda text: count_codes(text) == 1):
        if found := code_in(value):
            codes.setdefault(*found)
    code = next(iter(codes.items())) if len(codes) == 1 else None
    return Facts(tuple(dict.fromkeys(limits)), code)


def _pairs(
    table: Table, wanted: re.Pattern[str], holds: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Yield each key with the value behind its colon, right of it, or alone below it."""
    keys = 0
    for at, row in enumerate(table.rows[:MAX_ROWS]):
        for place, cell in enumerate(row.cells):
            if row.above[place]:
                continue
            yield from _inside(cell, wanted, holds)
            key = _bare(cell.plain)
            if not key or not wanted.match(fold(key)):
                continue
            keys += 1
            if keys > MAX_KEYS:
                return
            right = row.cells[place + 1].text if place + 1 < len(row.cells) else ""
            if len(right) <= MAX_VALUE and holds(right):
                yield key, right
                continue
            below = _below(table, at, cell)
            values = [text for text in below if len(text) <= MAX_VALUE and holds(text)]
            if len(values) == 1 and values[0] == below[0]:
                yield key, values[0]


def _inside(
    cell: Cell, wanted: re.Pattern[str], holds: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    for line in cell.text.split("\n", MAX_KEYS)[:MAX_KEYS]:
        before, colon, value = line.partition(":")
        if colon and len(value) <= MAX_VALUE and wanted.match(fold(_bare(before))) and holds(value):
            yield _bare(before), value


def _bare(text: str) -> str:
    return without_number(text.lstrip("-+• ")).strip(" .:*-") if len(text) <= MAX_KEY else ""


def _below(table: Table, at: int, cell: Cell) -> list[str]:
    return [
        other.text
        for row in table.rows[at + 1 : MAX_ROWS]
        for other, above in zip(row.cells, row.above, strict=True)
        if other.text and not above and other.first < cell.after and cell.first < other.after
    ]


def _has_time(text: str) -> bool:
    return bool(_times_in(text))


def _times_in(text: str) -> list[str]:
    """Return the whole text where it tells one limit, or its sentences that tell several."""
    whole = parse_total(text)
    if whole.hours is not None and not whole.uncertain:
        return [clean(text.replace("\n", " ")).rstrip(" .;")]
    since = _SINCE.search(text)
    if since and not _LENGTH.search(_DATE.sub("", text[since.start() :])):
        before = parse_total(text[: since.start()])
        if before.hours is not None and not before.uncertain:
            return [clean(text[: since.start()])]
    told: dict[tuple[Decimal, str | None], str] = {}
    for sentence in _SENTENCE_END.split(text):
        time = parse_total(sentence)
        if time.hours is not None and not time.uncertain:
            told.setdefault((time.hours, time.unit), clean(sentence.lstrip("-+• ")).rstrip(" .;"))
    return list(told.values()) if len(told) > 1 else []
