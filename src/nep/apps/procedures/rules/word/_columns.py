"""Which row of a table heads the steps, and which column holds what.

Names and order of the columns vary from office to office; a head is known by its words, never by
its place.
"""

import re
from dataclasses import dataclass

from nep.apps.procedures.rules.word._document import Cell, Row, Table
from nep.kernel.text import fold

MAX_HEAD = 120
_ORDER = re.compile(
    r"^(?:s?tt|so tt|so thu tu|thu tu.*|buoc|cac buoc.*|ten buoc.*|buoc thuc hien|b\.?|no)\.?$"
)
_TIME = re.compile(
    r"^(?:dinh muc )?(?:thoi (?:gian|han|luong)|so (?:ngay|gio)|(?:ngay|gio) lam viec|tg)\b"
    r"(?!.*\b(?:luu|hoan thanh|bat dau|ket thuc)\b)"
)
_RESPONSIBLE = re.compile(
    r"^(?:trach nhiem|nguoi|don vi|phan cong|bo phan|co quan|chuc danh|chu the|vi tri|can bo|"
    r"cong chuc|phong ban|noi thuc hien|thuc hien$)"
)
_CONTENT = re.compile(
    r"^(?:cac )?(?:noi dung|trinh tu|cong viec|ten cong viec|mo ta|hoat dong|nhiem vu|cach thuc|"
    r"buoc thuc hien|quy trinh)"
)
_FORMS = re.compile(r"^(?:cac )?(?:bieu|san pham|ket qua|mau|ho so|tai lieu|dau ra|van ban)")
_HINTS = (  # what a head must at least hold, asked only for a column that is still missing
    ("responsible", re.compile(r"\b(?:trach nhiem|ca nhan|phu trach|dam nhiem|chuyen vien|lanh dao|"
                               r"nguoi|don vi|bo phan|can bo|cong chuc|doi tuong thuc hien|tham quyen)\b")),
    ("content", re.compile(r"\b(?:noi dung|cong viec|trinh tu|dien giai|thao tac|buoc|viec)\b")),
)  # fmt: skip
_FOREIGN = re.compile(r"^(?:ma|ten) (?:so )?(?:tthc|thu tuc|ho so|van ban|bieu mau|tai lieu)")
_NAMES = re.compile(r"^ten (?:tthc|thu tuc|quy trinh)\b")
_UNUSED = re.compile(r"^(?:(?:don vi|co quan|nguoi|bo phan|phong) )?phoi hop\b|^don vi tinh\b")
_STEP_LABEL = re.compile(r"^(?:buoc|b)\s?\d")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a step table as indexes into `spans`; `label` is None where there is none.

    `spans` are (first, after) grid columns; `heads` their texts; `other_times` are heads
    of further time columns, which are not read. `title` is a column whose cells, merged down the
    steps, name the procedure they belong to.
    """

    spans: tuple[tuple[int, int], ...]
    heads: tuple[str, ...]
    label: int | None
    content: tuple[int, ...]
    responsible: tuple[int, ...]
    time: int
    forms: tuple[int, ...]
    other_times: tuple[str, ...] = ()
    title: int | None = None

    @property
    def time_head(self) -> str:
        """Return the head of the time column."""
        return self.heads[self.time]

    def place(self, row: Row) -> list[int | None]:
        """Return for each column the index of the row's cell that stands in it."""
        if len(row.cells) == len(self.spans):
            return list(range(len(row.cells)))
        return [_covering(row.cells, first, after) for first, after in self.spans]


def find_columns(table: Table, at: int) -> tuple[Columns, int] | None:
    """Return the columns that row `at` heads and the index of the first row below the head."""
    if len(table.rows[at].cells) < 3:
        return None
    below = at + 1
    while below < len(table.rows) and _continues(table.rows[below]) and below < at + 3:
        below += 1
    bottom = table.rows[below - 1].cells
    spans = tuple((cell.first, cell.after) for cell in bottom)
    heads = tuple(_head(table.rows[at:below], cell) for cell in bottom)
    title = _title_column(table, below, spans, heads)
    columns = _columns(spans, heads, title)
    return (columns, below) if columns else None


def _title_column(
    table: Table, below: int, spans: tuple[tuple[int, int], ...], heads: tuple[str, ...]
) -> int | None:
    """Return the column of procedures' names when half of its cells are merged down the steps."""
    for at, head in enumerate(heads):
        if not _NAMES.match(fold(head)):
            continue
        merged = 0
        for row in table.rows[below:]:
            place = _covering(row.cells, *spans[at])
            merged += place is not None and row.above[place]
        if merged and 2 * merged >= len(table.rows) - below:
            return at
    return None


def _continues(row: Row) -> bool:
    """Tell a second head row: most heads reach down into it, and it holds no figure."""
    own = [cell for cell, above in zip(row.cells, row.above, strict=True) if not above]
    plain = all(len(cell.text) <= MAX_HEAD and not re.search(r"\d", cell.text) for cell in own)
    return plain and 2 * sum(row.above) >= len(row.cells)


def _head(rows: list[Row], bottom: Cell) -> str:
    texts: list[str] = []
    for row in rows:
        for cell in row.cells:
            overlaps = cell.first < bottom.after and bottom.first < cell.after
            if overlaps and cell.text and cell.text not in texts:
                texts.append(cell.text)
    return " ".join(texts).replace("\n", " ")


def _columns(
    spans: tuple[tuple[int, int], ...], heads: tuple[str, ...], title: int | None = None
) -> Columns | None:
    if any(len(head) > MAX_HEAD for head in heads):
        return None
    kinds = _filled([_kind(fold(head)) for head in heads], heads)
    if "step" in kinds:
        return None
    if any(_FOREIGN.search(fold(head)) for at, head in enumerate(heads) if at != title):
        return None
    orders = [at for at, kind in enumerate(kinds) if kind == "order"]
    contents = [at for at, kind in enumerate(kinds) if kind == "content"]
    if not contents and orders:
        contents = [orders.pop()]
    times = [at for at, kind in enumerate(kinds) if kind == "time"]
    responsible = tuple(at for at, kind in enumerate(kinds) if kind == "responsible")
    leading = tuple(at for at in responsible if "phoi hop" not in fold(heads[at]))
    responsible = leading or responsible
    if not (contents and times and responsible):
        return None
    time = next((at for at in times if "thuc hien" in fold(heads[at])), times[0])
    return Columns(
        spans=spans,
        heads=heads,
        label=orders[0] if orders and title is None else None,
        content=tuple(contents),
        responsible=responsible,
        time=time,
        forms=tuple(at for at, kind in enumerate(kinds) if kind == "forms"),
        other_times=tuple(heads[at] for at in times if at != time),
        title=title,
    )


def _kind(head: str) -> str:
    head = head.strip(" .:*-")
    if _STEP_LABEL.match(head):
        return "step"
    if _UNUSED.search(head):
        return ""
    for kind, pattern in (
        ("time", _TIME), ("order", _ORDER), ("responsible", _RESPONSIBLE),
        ("content", _CONTENT), ("forms", _FORMS),
    ):  # fmt: skip
        if pattern.match(head):
            return kind
    return ""


def _filled(kinds: list[str], heads: tuple[str, ...]) -> list[str]:
    """Return the kinds, a missing one given to the first unknown head that hints at it."""
    found = list(kinds)
    for kind, hint in _HINTS:
        if kind in found:
            continue
        for at, head in enumerate(heads):
            if not found[at] and not _UNUSED.search(fold(head)) and hint.search(fold(head)):
                found[at] = kind
                break
    return found


def _covering(cells: list[Cell], first: int, after: int) -> int | None:
    best, most = None, 0
    for at, cell in enumerate(cells):
        shared = min(cell.after, after) - max(cell.first, first)
        if shared > most:
            best, most = at, shared
    return best
