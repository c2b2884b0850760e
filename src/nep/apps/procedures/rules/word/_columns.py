"""Which row of a table heads the steps, and which column holds what.

Names and order of the columns vary from office to office. A head is known by its words, never by
its place; where its words are unknown or could mean two things, the cells below it decide.
"""

import re
from dataclasses import dataclass

from nep.apps.procedures.rules.word._document import Cell, Row, Table
from nep.apps.procedures.rules.word._evidence import LABEL, Evidence, evidence
from nep.apps.procedures.rules.word._times import (
    DAY,
    HOUR,
    WORKING_DAY,
    head_unit,
    is_bare,
    parse_time,
)
from nep.kernel.text import fold

MAX_HEAD = 120
_ORDER = re.compile(
    r"^(?:s?tt|so tt|so thu tu|thu tu.*|buoc|cac buoc.*|ten buoc.*|buoc thuc hien|b\.?|no|#|"
    r"so buoc|buoc so|ma buoc|stt buoc|buoc cong viec)\.?$"
)
_TIME = re.compile(
    r"^(?:dinh muc )?(?:thoi (?:gian|han|luong)|so (?:ngay|gio)|(?:ngay|gio) lam viec|tg)\b"
    r"(?!.*\b(?:luu|hoan thanh|bat dau|ket thuc)\b)"
)
_RESPONSIBLE = re.compile(
    r"^(?:trach nhiem|nguoi|don vi|phan cong|bo phan|co quan|chuc danh|chu the|vi tri|can bo|"
    r"cong chuc|phong ban|noi thuc hien|thuc hien$|ca nhan|dau moi|nhan su|chuc vu)"
)
_CONTENT = re.compile(
    r"^(?:cac )?(?:noi dung|trinh tu|cong viec|ten cong viec|mo ta|hoat dong|nhiem vu|cach thuc|"
    r"buoc thuc hien|quy trinh)"
)
_FORMS = re.compile(r"^(?:cac )?(?:bieu|san pham|ket qua|mau|ho so|tai lieu|dau ra|van ban)")
_HINTS = (  # what a head must at least hold, asked only for a column that is still missing
    ("responsible", re.compile(r"\b(?:trach nhiem|ca nhan|phu trach|dam nhiem|chuyen vien|lanh dao|"
                               r"nguoi|don vi|bo phan|can bo|cong chuc|doi tuong thuc hien|tham quyen|"
                               r"chu tri|dau moi|nhan su|nhan luc|phong,? ban|to chuc|chuc danh|ai|"
                               r"noi (?:xu ly|giai quyet)|cap (?:xu ly|thuc hien|giai quyet))\b")),
    ("content", re.compile(r"\b(?:noi dung|cong viec|trinh tu|dien giai|thao tac|buoc|viec|lam gi|"
                           r"nghiep vu|quy trinh)\b")),
)  # fmt: skip
_PERSON = re.compile(_HINTS[0][1].pattern + r"|\bho (?:va )?ten\b")
_MAYBE_TIME = re.compile(
    r"\b(?:thoi (?:gian|han|luong|diem)|t ?/?gian|tg|tgian|han|tien do|dinh muc|ngay|gio|phut)\b"
)
_LIST_OF = re.compile(r"^(?:ma|ten) (?:so )?(?:tthc|thu tuc)")
_PAPERS = re.compile(r"^(?:ma|ten) (?:so |hieu )?(?:ho so|van ban|bieu mau|tai lieu)")
_NAMES = re.compile(r"^(?:ten )?(?:tthc|thu tuc)\b|^ten quy trinh\b")
_UNUSED = re.compile(r"^(?:(?:don vi|co quan|nguoi|bo phan|phong) )?phoi hop\b")
STEP_LABEL = re.compile(r"^(?:buoc|b)\s?\d")
_UNIT_NAME = re.compile(r"^(?:so )?(?:ngay|gio)(?: lam viec)?$")
_APPLIED = re.compile(
    r"thuc hien|sau (?:khi )?(?:cat )?giam|rut ngan|rut gon|con lai|thuc te|noi bo"
)
_LEGAL = re.compile(r"quy dinh|phap luat|luat dinh|theo luat|hien hanh")
_SAVED = re.compile(r"(?:cat|rut|giam)")
_CAN_BE = {  # which kinds an unknown column may take, and the share of cells that must say so
    "time": ("time", 0.5), "responsible": ("who", 0.5), "content": ("deed", 0.4),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a step table as indexes into `spans`; `label` is None where there is none.

    `spans` are (first, after) grid columns; `heads` their texts, `names` the lowest line of each;
    `other_times` are heads of further time columns, which are not read. `hours` is the column of
    hours where days and hours stand apart, `unit` one that names the unit of the time beside it.
    `title` is a column whose cells, merged down the steps, name the procedure they belong to.
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
    names: tuple[str, ...] = ()
    hours: int | None = None
    unit: int | None = None

    @property
    def time_head(self) -> str:
        """Return the head of the time column."""
        return self.heads[self.time]

    @property
    def time_unit(self) -> str | None:
        """Return the unit that the head of the time column states, its lowest line first."""
        own = head_unit(self.names[self.time]) if self.names else None
        return own or head_unit(self.time_head)

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
    while below < min(len(table.rows), at + 3) and _continues(table.rows[below - 1 : below + 1]):
        below += 1
    bottom = table.rows[below - 1].cells
    spans = tuple((cell.first, cell.after) for cell in bottom)
    heads = tuple(_head(table.rows[at:below], cell) for cell in bottom)
    if not _may_head(heads):
        return None
    title = _title_column(table, below, spans, heads)
    told = evidence(table, below, spans)
    names = tuple(cell.plain or head for cell, head in zip(bottom, heads, strict=True))
    columns = _columns(spans, heads, names, told, title)
    return (columns, below) if columns else None


def _may_head(heads: tuple[str, ...]) -> bool:
    """Tell a row that may head steps: short, at least two known words, no step and no time."""
    if any(len(head) > MAX_HEAD for head in heads):
        return False
    folded = [fold(head).strip(" .:*-") for head in heads]
    if sum(bool(_kind(head) or _hints(head)) for head in folded) < 2:
        return False
    for printed, head in zip(heads, folded, strict=True):
        is_time = parse_time(printed).hours is not None and not _MAYBE_TIME.match(head)
        if is_time or is_bare(head) or LABEL.match(head) or STEP_LABEL.match(head):
            return False
    return True


def _title_column(
    table: Table, below: int, spans: tuple[tuple[int, int], ...], heads: tuple[str, ...]
) -> int | None:
    """Return the column of procedures' names when half of its cells go on down the steps."""
    for at, head in enumerate(heads):
        if not _NAMES.match(fold(head)):
            continue
        merged = blank = 0
        for row in table.rows[below:]:
            place = _covering(row.cells, *spans[at])
            if place is not None:
                merged += row.above[place]
                blank += not row.above[place] and not row.cells[place].text
        if merged + blank and 2 * (merged + blank) >= len(table.rows) - below:
            return at
    return None


def _continues(rows: list[Row]) -> bool:
    """Tell a second head row: it holds no figure and divides cells of the row above it."""
    upper, row = rows
    own = [cell for cell, above in zip(row.cells, row.above, strict=True) if not above]
    plain = all(len(cell.text) <= MAX_HEAD and not re.search(r"\d", cell.text) for cell in own)
    told = [cell for cell in own if cell.text]
    divides = any(row.above) and _divide(upper, own)
    divides = divides or (1 < len(told) < len(own) and _divide(upper, told))
    return plain and (divides or 2 * sum(row.above) >= len(row.cells))


def _divide(upper: Row, cells: list[Cell]) -> bool:
    """Tell whether each cell stands below a part of a wider one."""
    return all(
        any(head.first <= cell.first and cell.after <= head.after and head.after - head.first > 1
            for head in upper.cells)
        for cell in cells
    )  # fmt: skip


def _head(rows: list[Row], bottom: Cell) -> str:
    texts: list[str] = []
    for row in rows:
        for cell in row.cells:
            overlaps = cell.first < bottom.after and bottom.first < cell.after
            if overlaps and cell.text and cell.text not in texts:
                texts.append(cell.text)
    return " ".join(texts).replace("\n", " ")


def _columns(
    spans: tuple[tuple[int, int], ...],
    heads: tuple[str, ...],
    names: tuple[str, ...],
    told: tuple[Evidence, ...],
    title: int | None = None,
) -> Columns | None:
    kinds = _kinds(heads, names, told, title)
    if _lists_something(heads, kinds, told, title):
        return None
    orders = _all("order", kinds)
    contents = _all("content", kinds)
    if not contents and orders:
        contents = (max(orders, key=lambda at: (told[at].deed, told[at].length, at)),)
        orders = tuple(at for at in orders if at not in contents)
    responsible = _all("responsible", kinds)
    responsible = (
        tuple(at for at in responsible if "phoi hop" not in fold(heads[at])) or responsible
    )
    if len(responsible) == 2 and all(names[at] == heads[at] for at in responsible):
        responsible = tuple(at for at in responsible if told[at].filled) or responsible
    times = _all("time", kinds)
    if not (contents and times and responsible):
        return None
    time, hours = _time_columns(times, heads, names, told)
    return Columns(
        spans=spans,
        heads=heads,
        label=orders[0] if orders and title is None else None,
        content=contents,
        responsible=responsible,
        time=time,
        forms=_all("forms", kinds),
        other_times=tuple(heads[at] for at in times if at not in (time, hours)),
        title=title,
        names=names,
        hours=hours,
        unit=next(iter(_all("unit", kinds)), None),
    )


def _all(kind: str, kinds: list[str]) -> tuple[int, ...]:
    return tuple(at for at, one in enumerate(kinds) if one == kind)


def _kinds(
    heads: tuple[str, ...], names: tuple[str, ...], told: tuple[Evidence, ...], title: int | None
) -> list[str]:
    """Return what each column holds, by its head and then by its cells."""
    folded = [fold(head).strip(" .:*-") for head in heads]
    kinds = ["" if at == title else _kind(head) for at, head in enumerate(folded)]
    for at, name in enumerate(names):
        if _UNIT_NAME.match(fold(name)) and name != heads[at]:
            kinds[at] = "time"
    for at, seen in enumerate(told):
        kinds[at] = _corrected(kinds[at], seen, kinds, folded[at])
    free = [at for at, head in enumerate(folded) if at != title and not _UNUSED.search(head)]
    for kind, (share, least) in _CAN_BE.items():
        open_columns = [at for at in free if kinds[at] in ("", "forms") and told[at].filled]
        if kind in kinds or not open_columns:
            continue
        said = {at: getattr(told[at], share) for at in open_columns}
        if kind == "time":
            said |= {at: said[at] + told[at].number
                     for at in open_columns if _MAYBE_TIME.search(folded[at])}  # fmt: skip
        best = max(said, key=said.__getitem__)
        if said[best] >= least:
            kinds[best] = kind
    for kind, hint in _HINTS:
        if kind not in kinds:
            for at in free:
                if not kinds[at] and hint.search(folded[at]):
                    kinds[at] = kind
                    break
    return _with_beside(kinds, heads, names, told)


def _with_beside(
    kinds: list[str], heads: tuple[str, ...], names: tuple[str, ...], told: tuple[Evidence, ...]
) -> list[str]:
    """Make responsible what stands beside a responsible column under the same head.

    "Thực hiện" over "Đơn vị" and "Cá nhân" names both; those who only assist stay left out.
    """
    above = [head.removesuffix(name).strip() for head, name in zip(heads, names, strict=True)]
    over = {above[at] for at in _all("responsible", kinds) if above[at]}
    for at, name in enumerate(names):
        bare = fold(name).strip(" .:*-")
        if kinds[at] or above[at] not in over or "phoi hop" in bare:
            continue
        is_named = _RESPONSIBLE.match(bare) or _PERSON.search(bare)
        if is_named or told[at].who + told[at].mark >= 0.5:
            kinds[at] = "responsible"
    return kinds


def _corrected(kind: str, seen: Evidence, kinds: list[str], head: str) -> str:
    """Return the kind of a column whose cells plainly say something else than its head."""
    if seen.filled and seen.unit >= 0.8 and kind in ("", "responsible"):
        return "unit"
    if kind == "time" and seen.filled and not seen.time + seen.number and seen.other_time >= 0.5:
        return ""
    if kind == "" and seen.label >= 0.8 and seen.filled > 1 and "order" not in kinds:
        return "" if _MAYBE_TIME.search(head) else "order"
    if seen.filled < 2:
        return kind
    if kind == "responsible" and seen.deed >= 0.6 and seen.who <= 0.2:
        return "content"
    if kind == "content" and seen.label >= 0.8:
        return kind if "order" in kinds else "order"
    if kind == "content" and seen.who >= 0.7 and seen.deed <= 0.2 and kinds.count("content") > 1:
        return "responsible" if "responsible" not in kinds else kind
    return kind


def _lists_something(
    heads: tuple[str, ...], kinds: list[str], told: tuple[Evidence, ...], title: int | None
) -> bool:
    """Tell a list of procedures or of papers, which has like heads but no steps."""
    folded = [fold(head) for head in heads]
    if any(_LIST_OF.search(head) for at, head in enumerate(folded) if at != title):
        return True
    if any(seen.code >= 0.5 for at, seen in enumerate(told) if at != title):
        return True
    if not any(_PAPERS.search(head) for head in folded):
        return False
    people = _all("responsible", kinds)
    who = 1.0 if len(people) > 1 else max((told[at].who for at in people), default=0.0)
    time = max((told[at].time + told[at].number for at in _all("time", kinds)), default=0.0)
    return who < 0.5 or time < 0.5


def _time_columns(
    times: tuple[int, ...], heads: tuple[str, ...], names: tuple[str, ...],
    told: tuple[Evidence, ...],
) -> tuple[int, int | None]:  # fmt: skip
    """Return the column to read, and that of the hours where days and hours stand apart."""
    units = {at: head_unit(names[at]) for at in times}
    days = next((at for at in times if units[at] in (DAY, WORKING_DAY)), None)
    hours = next((at for at in times if units[at] == HOUR), None)
    if len(times) == 2 and days is not None and hours is not None:
        return days, hours
    return max(times, key=lambda at: (_fitness(fold(heads[at]), told[at]), -at)), None


def _fitness(head: str, seen: Evidence) -> int:
    """Return how likely a time column is the one that is applied, not the law's or what is saved."""
    fit = 2 * (seen.time + seen.number >= 0.5)
    if _APPLIED.search(head):
        return fit + 1
    return fit - (2 if _SAVED.search(head) else bool(_LEGAL.search(head)))


def _hints(head: str) -> bool:
    if len(head) > 50:
        return False
    return any(hint.search(head) for _, hint in _HINTS) or bool(_MAYBE_TIME.search(head))


def columns_without_head(table: Table) -> Columns | None:
    """Return the columns of a table that prints no head but whose cells are plainly steps."""
    if len(table.rows) < 3 or len(table.rows[0].cells) < 4:
        return None
    spans = tuple((cell.first, cell.after) for cell in table.rows[0].cells)
    told = evidence(table, 0, spans)
    heads = ("",) * len(spans)
    best = {share: max(range(len(told)), key=lambda at: getattr(told[at], share))
            for share in ("label", "who", "time")}  # fmt: skip
    rest = [at for at in range(len(told)) if at not in best.values()]
    content = max(rest, key=lambda at: (told[at].deed, told[at].length), default=None)
    sure = all(getattr(told[at], share) >= 0.7 for share, at in best.items() if share != "who")
    labels = [STEP_LABEL.match(fold(text)) for text in labels_of(table, spans[best["label"]])]
    said = sum(bool(label) for label in labels) >= 0.7 * len(labels)
    if content is None or len(set(best.values())) < 3 or not (sure and said):
        return None
    if told[best["who"]].who < 0.5:
        return None
    return Columns(
        spans, heads, best["label"], (content,), (best["who"],), best["time"], (), names=heads
    )


def labels_of(table: Table, span: tuple[int, int]) -> list[str]:
    """Return the texts that stand alone in a column."""
    return [cell.plain for row in table.rows[:40] for cell in row.cells
            if (cell.first, cell.after) == span and cell.text]  # fmt: skip


def _kind(head: str) -> str:
    if _UNUSED.search(head):
        return ""
    if re.match(r"^(?:don vi tinh|dvt)$", head):
        return "unit"
    for kind, pattern in (
        ("time", _TIME), ("order", _ORDER), ("responsible", _RESPONSIBLE),
        ("content", _CONTENT), ("forms", _FORMS),
    ):  # fmt: skip
        if pattern.match(head):
            return kind
    return ""


def _covering(cells: list[Cell], first: int, after: int) -> int | None:
    best, most = None, 0
    for at, cell in enumerate(cells):
        shared = min(cell.after, after) - max(cell.first, first)
        if shared > most:
            best, most = at, shared
    return best
