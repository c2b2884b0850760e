"""The rows below a head: steps, parts, cases, totals, and what is none of these."""

import re
from decimal import Decimal

from nep.apps.procedures.rules.word._columns import Columns, columns_without_head, find_columns
from nep.apps.procedures.rules.word._document import Cell, Row, Table
from nep.apps.procedures.rules.word._evidence import LABEL, MARK
from nep.apps.procedures.rules.word._names import (
    heads_procedure,
    is_case,
    without_number,
)
from nep.apps.procedures.rules.word._raw import RawCase, RawStep, RawTotal, StepTable, settled
from nep.apps.procedures.rules.word._times import DAY, parse_time, with_unit
from nep.kernel.text import clean, fold

MAX_HEADING = 320
BETWEEN = ", "
_ZERO = Decimal(0)
_SUM = re.compile(
    r"^tong(?:$|\s?[:.(]|\s(?:cong|thoi|ngay|gio|so (?:cong|ngay|gio|thoi)|cac (?:buoc|thoi))\b)"
)
_TOTAL = re.compile(r"^cong\s?:?$|^thoi (?:gian|han) (?:giai quyet|thuc hien|xu ly)")
_WEAK_SUM = re.compile(  # a total where nobody is named in the row
    r"^(?:tổng\b(?!\s(?:hợp|kết|quan|cục|giám|công ty|liên|kiểm|duyệt|đài|hội))|cộng\b|toàn bộ|"
    r"cả quy trình|chung cả)",
    re.IGNORECASE,
)
_DITTO = re.compile(r"^[-–\s]*(?:nt|như trên|[\"”“〃]{1,2}|''|//)[-–\s.]*$", re.IGNORECASE)
_STEP_LABEL = re.compile(r"^(?:bước|b)\s?\d", re.IGNORECASE)
_PART_LABEL = re.compile(r"^(?:[IVXLC]{1,5}|[A-ZĐ]|\d{1,2}\.\d{1,2})[.)]?$")
_ROMAN = re.compile(r"^[IVX]{1,5}[.)]?$")
_BARE_LABEL = re.compile(r"^\(?(?:(?:Bước|BƯỚC|B)\s?)?\d{1,2}(?:\.\d{1,2})?[.:)]?$")
_NUMBER_LABEL = re.compile(r"^\d{1,2}(?:\.\d{1,2})*[.)]?$")
_COLUMN_NUMBER = re.compile(r"^\(?\d{1,2}\)?$")
_CLOSING = re.compile(
    r"^(?:bieu mau|cac bieu mau|ho so luu|ho so can luu|luu ho so|luu tru|phu luc|danh muc bieu mau)\b"
)
_NOTE = re.compile(r"^(?:luu y|ghi chu|chu y|\*|-|\+)")
_INLINE_LABEL = re.compile(r"^((?:Bước|BƯỚC|B)\s?\d{1,2}(?:\.\d{1,2})?[a-z]?)\s?[:.)\-–]\s*")


def read_step_tables(table: Table, *, columns: Columns | None = None) -> list[StepTable]:
    """Return the step tables inside a table, none where no row heads steps.

    `columns` are those of the table before, for a table that a page break has cut in two.
    """
    if columns is None and (turned := _turned(table)) and (read := read_step_tables(turned)):
        return read
    found: list[StepTable] = []
    lines: list[str] = []
    reader = _Reader(columns, big=False) if columns else None
    at = 0
    while at < len(table.rows):
        row, head = table.rows[at], find_columns(table, at)
        if head and not (reader and head[0].heads == reader.columns.heads):
            _close(found, reader, lines)
            reader = _Reader(head[0], big=bool(found) or len(lines) > 1)
        if head:
            at = head[1]
        elif reader is None or not reader.take(row):
            _close(found, reader, lines)
            reader = None
            lines.append(row.text)
            at += 1
        else:
            at += 1
    _close(found, reader, lines)
    if found or columns:
        return found
    guessed = columns_without_head(table)
    return read_step_tables(table, columns=guessed) if guessed else []


def _turned(table: Table) -> Table | None:
    """Return a table whose first row holds "Bước 1", "Bước 2" … with its columns as rows."""
    width = len(table.rows[0].cells) if table.rows else 0
    if not 3 <= len(table.rows) <= 12 or width < 3 or any(any(row.above) for row in table.rows):
        return None
    if any(len(row.cells) != width for row in table.rows):
        return None
    if not all(LABEL.match(fold(cell.plain)) for cell in table.rows[0].cells[1:]):
        return None
    columns = [[row.cells[at].text for row in table.rows] for at in range(width)]
    rows = [[Cell(text, at, at + 1) for at, text in enumerate(texts)] for texts in columns]
    if not rows[0][0].text:
        rows[0][0].text = "Bước"
    return Table([Row(cells, [False] * len(cells)) for cells in rows])


def _close(found: list[StepTable], reader: "_Reader | None", lines: list[str]) -> None:
    if reader and (cases := reader.finish()):
        found.append(StepTable([line for line in lines if line], reader.columns, cases))
        lines.clear()


class _Reader:
    """Take the rows one by one."""

    def __init__(self, columns: Columns, *, big: bool) -> None:
        self.columns = columns
        self._big = big
        self._cases = [RawCase()]
        self._section = ""
        self._seen: set[int] = set()
        self._counted_in: RawCase | None = None
        self._counted = (0, _ZERO, _ZERO)

    def take(self, row: Row) -> bool:
        """Read one row; False where the steps end and something else begins."""
        place = self.columns.place(row)
        own = [
            cell
            for cell, above in zip(row.cells, row.above, strict=True)
            if not above and cell.text
        ]
        if not own or _is_column_numbers(row):
            return True
        self._take_name(row, place)
        label = self._label(row, place)
        if self._total(row, place, own, label) or self._adds_up(row, place, own, label):
            return True
        if self._take_title(row, place, own, label):
            return True
        if heading := self._heading(row, place, own, label):
            return self._take_heading(label, heading)
        if self._is_wide(row, place, label) and not self._is_short_step(row, place, label):
            if self._big and self._cases[-1].steps and not _is_note(own[0].text):
                return False
            self._cases[-1].skipped.append(row.text)
            return True
        if not self._part_with_time(row, place, label):
            self._step(row, place, label)
        return True

    def finish(self) -> list[RawCase]:
        """Return the cases that have steps; parts of one process stay one case."""
        finished: list[RawCase] = []
        group: list[RawCase] = []
        for case in self._cases:
            if case.title or case.unnamed:
                finished.extend(settled(group))
                group = []
            group.append(case)
        return [*finished, *settled(group)]

    def _label(self, row: Row, place: list[int | None]) -> str:
        at = place[self.columns.label] if self.columns.label is not None else None
        if at is None or row.above[at] or at == place[self.columns.time]:
            return ""
        text = row.cells[at].plain
        return text if len(text) <= 40 else ""

    def _total(self, row: Row, place: list[int | None], own: list[Cell], label: str) -> bool:
        timed = place[self.columns.time]
        named = [cell for cell in own if timed is None or cell is not row.cells[timed]]
        texts = [cell.plain for cell in (*named, *(one for one in own if one not in named))]
        if label == texts[0] and len(texts) > 1 and re.search(r"\d|^.{1,3}$", label):
            if _STEP_LABEL.match(label) or not _SUM.match(fold(without_number(texts[1]))):
                return False
            texts = texts[1:]
        first = texts[0]
        bare = fold(without_number(first))
        weak = _WEAK_SUM.match(without_number(first)) and self._names_no_one(row, place, first)
        if not (_SUM.match(bare) or _TOTAL.match(bare) or weak):
            return False
        text, above = self._time(row, place)
        text = "" if above else text
        if not text or text == first:
            text = texts[-1] if len(texts) > 1 else first.partition(":")[2].strip()
        if not text and (found := re.search(r"\d", first)):
            text = first[found.start() :]
        case = self._cases[-1]
        case.totals.append(RawTotal(first, text, len(case.steps)))
        return True

    def _names_no_one(self, row: Row, place: list[int | None], first: str) -> bool:
        """Tell a row whose cells for who does it are empty or belong to its first cell."""
        cells = [row.cells[at].plain for column in self.columns.responsible
                 if (at := place[column]) is not None and not row.above[at]]  # fmt: skip
        return all(text in ("", first) for text in cells)

    def _adds_up(self, row: Row, place: list[int | None], own: list[Cell], label: str) -> bool:
        """Take a row with no name but a time that is the sum of the steps above it."""
        case = self._cases[-1]
        time, shared = self._time(row, place)
        content = place[self.columns.content[0]]
        texts = {cell.plain for cell in own} - {time}
        if not time or shared or label or texts or len(case.steps) < 2 or content is None:
            return False
        unit = self.columns.time_unit or DAY
        wanted = parse_time(time, head_unit=unit).hours
        if wanted is None or wanted not in self._sums(case, unit):
            return False
        case.totals.append(RawTotal("Tổng", time, len(case.steps)))
        return True

    def _sums(self, case: RawCase, unit: str) -> tuple[Decimal, Decimal]:
        """Return the hours of all steps of the case, and of those since its last total."""
        counted, whole, part = self._counted if self._counted_in is case else (0, _ZERO, _ZERO)
        for at in range(counted, len(case.steps)):
            if any(total.after == at for total in case.totals[-1:]):
                part = _ZERO
            hours = parse_time(case.steps[at].time, head_unit=unit).hours or _ZERO
            shared = "time" in case.steps[at].merged
            whole, part = (whole, part) if shared else (whole + hours, part + hours)
        self._counted_in, self._counted = case, (len(case.steps), whole, part)
        return whole, part

    def _time(self, row: Row, place: list[int | None]) -> tuple[str, bool]:
        """Return the time of a row, and whether its cell goes on from the row above.

        Days and hours in two columns are put together, a number beside its unit too.
        """
        columns = self.columns
        at = place[columns.time]
        text, above = (row.cells[at].plain, row.above[at]) if at is not None else ("", False)
        if columns.unit is not None and (unit := place[columns.unit]) is not None:
            return with_unit(text, row.cells[unit].plain), above
        other = place[columns.hours] if columns.hours is not None else None
        if other is None or other == at:
            return text, above
        days = with_unit(text, columns.time_unit or DAY)
        hours = with_unit(row.cells[other].plain, "giờ")
        filled = [one for one in (days, hours) if parse_time(one).hours]
        if len(filled) == 2 and parse_time(days).hours == parse_time(hours).hours:
            filled = [days]
        return " ".join(filled) or text or row.cells[other].plain, above and row.above[other]

    def _take_name(self, row: Row, place: list[int | None]) -> None:
        """Begin another procedure where the column of names holds a new one."""
        at = place[self.columns.title] if self.columns.title is not None else None
        if at is None or row.above[at] or not row.cells[at].text:
            return
        if self._is_wide(row, place, ""):
            return
        self._cases.append(RawCase(title=f"Tên thủ tục: {row.cells[at].plain}"))
        self._section = ""

    def _take_title(self, row: Row, place: list[int | None], own: list[Cell], label: str) -> bool:
        """Take a row that names another procedure inside the table."""
        texts = [cell.plain for cell in own if cell.plain != label]
        if len(texts) != 1 or not self._is_wide(row, place, label):
            return False
        if not heads_procedure(texts[0]):
            return False
        number = f"{label.rstrip('.)')}. " if label else ""
        self._cases.append(RawCase(title=f"{number}{texts[0]}"))
        self._section = ""
        return True

    def _heading(self, row: Row, place: list[int | None], own: list[Cell], label: str) -> str:
        """Return the text of a row that heads a part, a case or what follows the steps."""
        texts = [cell.plain for cell in own if cell.plain != label]
        if len(texts) > 1 or len(texts[0] if texts else label) > MAX_HEADING:
            return ""
        text = texts[0] if texts else label
        if _is_note(text):
            return ""
        if self._is_wide(row, place, label):
            return text
        alone = not any(
            row.cells[at].text
            for column in (*self.columns.responsible, self.columns.time)
            if (at := place[column]) is not None
        )
        return text if texts and alone and _PART_LABEL.match(label) else ""

    def _is_wide(self, row: Row, place: list[int | None], label: str) -> bool:
        """Tell whether one cell stands in the responsible and the time column at once."""
        content = place[self.columns.content[0]]
        responsible, time = place[self.columns.responsible[0]], place[self.columns.time]
        if content == responsible == time:
            return True
        if responsible is None or time is None:
            return not _STEP_LABEL.match(label)
        return responsible == time and not _STEP_LABEL.match(label)

    def _part_with_time(self, row: Row, place: list[int | None], label: str) -> bool:
        """Take a row that states the time of a part: above its steps, or below the total."""
        content, time = place[self.columns.content[0]], place[self.columns.time]
        if content is None or time is None or not self._names_nobody(row, place, label):
            return False
        if label not in ("", row.cells[content].plain) and not _PART_LABEL.match(label):
            return False
        name, text, case = row.cells[content].plain, row.cells[time].plain, self._cases[-1]
        if case.totals and case.totals[-1].after == len(case.steps):
            case.totals.append(RawTotal(name, text, len(case.steps)))
        else:
            self._take_heading(label, f"{name} ({text})" if text else name)
        return True

    def _names_nobody(self, row: Row, place: list[int | None], label: str) -> bool:
        """Tell a row without a cell of its own for who does it, or "I | Tại xã | | 09 ngày"."""
        at = place[self.columns.responsible[0]]
        if at is None or at == place[self.columns.content[0]]:
            return at is not None
        return bool(_ROMAN.match(label)) and not row.cells[at].text and not row.above[at]

    def _is_short_step(self, row: Row, place: list[int | None], label: str) -> bool:
        """Tell a step whose responsible and time share a cell, or whose last cells are missing."""
        content, time = place[self.columns.content[0]], place[self.columns.time]
        if content is None or content == time or not re.search(r"\d", label):
            return False
        return bool(row.cells[content].text)

    def _take_heading(self, label: str, heading: str) -> bool:
        steps = self._cases[-1].steps
        bare = fold(without_number(heading))
        if steps and _CLOSING.match(bare):
            return False
        if steps and self._big and _NUMBER_LABEL.match(label) and not is_case(heading):
            return False
        if is_case(heading):
            self._section = ""
            prefix = f"{label} " if _PART_LABEL.match(label) or _NUMBER_LABEL.match(label) else ""
            self._cases.append(RawCase(heading=f"{prefix}{heading}"))
            return True
        self._section = heading
        self._cases[-1].sections.append(heading)
        return True

    def _step(self, row: Row, place: list[int | None], label: str) -> None:
        columns = self.columns
        content, above_content = self._value(row, place, columns.content)
        responsible, above_responsible = self._responsible(row, place)
        time = self._time(row, place)[0]
        times = (columns.time,) if columns.hours is None else (columns.time, columns.hours)
        above_time = self._value(row, place, times)[1]
        forms, above_forms = self._value(row, place, columns.forms)
        told, listed = (_broken(row, place, one) for one in (columns.content, columns.forms))
        if time and place[columns.time] == place[columns.responsible[0]]:
            responsible, time = ("", time) if not parse_time(time).uncertain else (time, "")
        self._begin_anew(label)
        steps = self._cases[-1].steps
        same_person = not responsible or above_responsible
        same_time = not time or above_time
        if steps and not label and same_person and same_time and not above_content:
            if content:
                steps[-1].content = clean(f"{steps[-1].content} {content}")
                steps[-1].told = f"{steps[-1].told}\n{told}"
            if forms and not above_forms:
                steps[-1].forms = clean(f"{steps[-1].forms} {forms}")
                steps[-1].listed = f"{steps[-1].listed}\n{listed}"
            return
        if columns.label is None and (found := _INLINE_LABEL.match(content)):
            label, content, told = found[1], content[found.end() :], told[found.end() :]
        elif columns.label is None and (first := self._bare_label(row, place)):
            label, content = first, content[len(first) :].strip()
            told = told[len(first) :].strip()
        flags = {
            "content": above_content,
            "responsible": above_responsible,
            "forms": above_forms,
            "time": above_time,
        }
        texts = {"content": content, "responsible": responsible, "forms": forms, "time": time}
        merged = tuple(name for name, above in flags.items() if above and steps and texts[name])
        steps.append(
            RawStep(label, content, responsible, time, forms, self._section, merged, told, listed)
        )

    def _responsible(self, row: Row, place: list[int | None]) -> tuple[str, bool]:
        """Return who does a step; "x" under a person's head names that person, "nt" those above."""
        columns = self.columns
        marked = [
            columns.names[column]
            for column in columns.responsible
            if (at := place[column]) is not None and MARK.match(row.cells[at].plain)
        ]
        if marked:
            below = any(columns.names[at] != columns.heads[at] for at in columns.responsible)
            return (BETWEEN.join(marked) if below or len(columns.responsible) > 1 else ""), False
        text, above = self._value(row, place, columns.responsible, BETWEEN, whole=True)
        steps = self._cases[-1].steps
        if steps and _DITTO.match(text):
            return steps[-1].responsible, True
        return text, above

    def _under(self, row: Row, column: int, at: int | None) -> list[Cell]:
        """Return the cells that the head of a column covers where it covers more than one."""
        first, after = self.columns.spans[column]
        if at is None or len(row.cells) <= len(self.columns.spans):
            return []
        return [cell for cell in row.cells if first <= cell.first and cell.after <= after]

    def _bare_label(self, row: Row, place: list[int | None]) -> str:
        """Return "Bước 1" where the first of several content columns holds nothing else."""
        at = place[self.columns.content[0]] if len(self.columns.content) > 1 else None
        text = row.cells[at].plain if at is not None and not row.above[at] else ""
        return text if _BARE_LABEL.match(text) else ""

    def _begin_anew(self, label: str) -> None:
        """Start an unnamed case where the numbers begin again right after a total."""
        case = self._cases[-1]
        if not case.steps or not case.totals or case.totals[-1].after != len(case.steps):
            return
        first = case.steps[0].label
        if first and first == label and self._section == case.steps[-1].section:
            self._cases.append(RawCase(unnamed=True))
            self._section = ""

    def _value(
        self, row: Row, place: list[int | None], columns: tuple[int, ...], between: str = " ",
        *, whole: bool = False,
    ) -> tuple[str, bool]:  # fmt: skip
        """Return the text of some columns, and whether it was said in an earlier step.

        With `whole`, a head over several cells of the row stands for all of them.
        """
        cells: list[Cell] = []
        for column in columns:
            at = place[column]
            for cell in self._under(row, column, at) if whole else ():
                if cell not in cells:
                    cells.append(cell)
            if at is not None and row.cells[at] not in cells:
                cells.append(row.cells[at])
        texts: list[str] = []
        for cell in cells:
            if cell.text and (text := cell.plain) not in texts:
                texts.append(text)
        above = bool(cells) and all(id(cell) in self._seen for cell in cells)
        self._seen.update(id(cell) for cell in cells)
        return between.join(texts), above


def _broken(row: Row, place: list[int | None], columns: tuple[int, ...]) -> str:
    """Return the texts of some columns with their line breaks, each once."""
    cells = [row.cells[at] for column in columns if (at := place[column]) is not None]
    return "\n".join(dict.fromkeys(cell.text for cell in cells if cell.text))


def _is_note(text: str) -> bool:
    return bool(_NOTE.match(fold(text)))


def _is_column_numbers(row: Row) -> bool:
    texts = [cell.plain for cell in row.cells]
    return len(texts) > 2 and all(_COLUMN_NUMBER.match(text) for text in texts)
