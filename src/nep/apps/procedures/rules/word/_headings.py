"""Which procedure a step table belongs to: its code, name and case, read from the text above it."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from nep.apps.procedures.rules.word._document import Table
from nep.apps.procedures.rules.word._names import (
    MAX_NAME,
    bare_name,
    case_name,
    code_in,
    count_codes,
    is_case,
    is_section,
    names_procedure,
    without_number,
)
from nep.apps.procedures.rules.word._times import NO_TIME, head_unit, parse_total
from nep.kernel.text import fold, words

LIKE_ENOUGH = 0.75
CLEAR = 0.15
_NAME_KEY = re.compile(r"^ten (?:tthc|thu tuc(?: hanh chinh)?|quy trinh)\s?:?$")
_CODE_KEY = re.compile(r"^ma (?:so )?(?:tthc|thu tuc(?: hanh chinh)?)\s?:?$")
_LIMIT = re.compile(
    r"^(?:tong )?(?:thoi (?:han|gian)|thoi han,? thoi gian)"
    r"(?: (?:giai quyet|xu ly|thuc hien|thuc hien tthc))"
)
_TOLD = re.compile(
    r"^(?:tong )?thoi (?:han|gian)(?: (?:giai quyet|xu ly|thuc hien)"
    r"(?: (?:tthc|thu tuc(?: hanh chinh)?|ho so))?)?\s?:"
)
_BELOW = re.compile(
    r"^(?:tong (?:cong|so|thoi)\b|cong\s?:|(?:tong )?thoi (?:han|gian) (?:giai quyet|xu ly|thuc hien)\b)"
)
_UNIT_LINE = re.compile(
    r"\b(?:don vi tinh(?: thoi gian)?|dvt|don vi thoi gian|thoi gian (?:duoc )?tinh (?:bang|theo))"
    r"\s?[:=]?\s?([^).;]{2,40})"
)
_ACT = re.compile(
    r"^(?:thu tuc )?(?:cap|gia han|dang ky|cong nhan|phe duyet|tham dinh|xac nhan|chung thuc|ho tro|"
    r"giai quyet (?:che do|khieu nai|to cao|tro cap)|thanh lap|cho phep|dieu chinh|thay doi|"
    r"bo nhiem|mien nhiem|xoa|thu hoi|cong bo|khen thuong|tang|xet|dinh chinh|tach|cho thue|mua|"
    r"tro cap|hoc bong|tuyen|sap nhap|giai the|chuyen (?:doi|muc dich|truong|nhuong)|mo nganh|"
    r"thong bao|tiep nhan (?:ho so )?(?:cong bo|dang ky|hoc sinh|nguoi)|bao cao|sua doi|bo sung|"
    r"huong (?:che do|tro cap)|nhan (?:nuoi|cha)|khai bao|kiem tra)\b"
)
_SENTENCE_END = re.compile(r"(?<=[.;])\s+")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a step table; `codes` counts the codes in the heading's line.

    `is_told` tells that this line itself reads like a procedure's name.
    """

    code: str | None = None
    code_text: str | None = None
    name: str = ""
    codes: int = 0
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What is said of a case's limit outside its table.

    `lines` state it, nearest first; where none does, `told` are the sentences "Thời hạn: …" of the
    procedure, one for each limit. What a table beside the steps tells is in `told` in any case.
    """

    lines: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def line(self) -> str | None:
        """The line that gives the limit; None where there is none, or where several do."""
        if self.lines:
            return self.lines[0]
        return self.told[0] if len(self.told) == 1 else None


@dataclass(slots=True)
class Place:
    """Where the reader is: the heading in force, its line, and the lines below it so far.

    `tabled` are those lines, anywhere, that a table beside the steps gave as a limit.
    """

    heading: Heading = field(default_factory=Heading)
    line: str = ""
    lines: list[str] = field(default_factory=list)
    variant: str = ""
    tabled: set[str] = field(default_factory=set)


def move_to(place: Place, lines: list[str], at: int | None) -> None:
    """Take the lines between the table before and the next one; change `place` in place.

    `at` is the line that heads the next procedure, None where none does.
    """
    if at is not None:
        place.heading = _read_heading(lines, at)
        place.line = lines[at]
        place.lines = []
        lines = lines[at + 1 :]
    place.lines.extend(lines)
    place.variant = _variant(lines)


def limits_of(place: Place, variant: str) -> Limits:
    """Return what the lines under the heading, or else its sentences, say of the limit."""
    lines = _limits_in([line for line in place.lines if line not in place.tabled], variant)
    if variant:
        return Limits(tuple(lines))
    told = _limits_told(place)
    return Limits(tuple(lines), tuple(one for one in told if one in place.tabled or not lines))


def _limits_in(lines: list[str], variant: str) -> list[str]:
    """Return the lines that state the limit of this case, nearest first."""
    found: list[str] = []
    open_heading = False
    for line in lines:
        bare = fold(without_number(line.lstrip("-+• ")))
        if _LIMIT.match(bare):
            if parse_total(line).hours is not None:
                found.append(line)
                open_heading = False
            else:
                open_heading = True
        elif open_heading and (is_section(bare) or len(line) > 600):
            open_heading = False
        elif open_heading and parse_total(_after_case(line, variant)).hours is not None:
            found.append(line)
    if variant:
        own = [line for line in found if fold(variant)[:60] in fold(line)]
        found = own or [line for line in found if not is_case(line)]
    return found[::-1]


def _limits_told(place: Place) -> list[str]:
    """Return the sentences "Thời hạn: …" of the heading and below it, one for each limit told.

    More than one means that the document tells several limits, of which somebody must choose.
    """
    told: dict[tuple[Decimal, str | None], str] = {}
    for line in (place.line, *place.lines):
        is_tabled = line in place.tabled
        for sentence in (line,) if is_tabled else _SENTENCE_END.split(line):
            bare = without_number(sentence.lstrip("-+• ")).rstrip(" .;")
            limit = parse_total(bare) if is_tabled or _TOLD.match(fold(bare)) else NO_TIME
            if limit.hours is not None and not limit.uncertain and not is_case(bare):
                told.setdefault((limit.hours, limit.unit), bare)
    return list(told.values())


def limit_below(lines: list[str]) -> str:
    """Return the first of the lines right below a table that tells one limit, or ""."""
    for line in lines[:3]:
        bare = without_number(line.lstrip("-+•* "))
        if _BELOW.match(fold(bare)) and len(line) < 200:
            limit = parse_total(bare)
            return bare if limit.hours is not None and not is_case(bare) else ""
    return ""


def limit_value(line: str, variant: str) -> str:
    """Return the limit out of its line, as printed: without the number and the case before it."""
    value = _after_case(line, variant).strip()
    return value if value != line else without_number(line.lstrip("-+• "))


def title_in(table: Table) -> str:
    """Return "Tên thủ tục: … (Mã TTHC: …)" out of a table of keys and values, or ""."""
    name = code = ""
    for row in table.rows[:30]:
        for left, right in zip(row.cells, row.cells[1:], strict=False):
            key = fold(left.plain) if len(left.plain) < 40 else ""
            if _NAME_KEY.match(key):
                name = name or right.plain
            elif _CODE_KEY.match(key) and (found := code_in(right.plain)):
                code = code or found[1]
    if not name:
        return ""
    return f"Tên thủ tục: {name} (Mã TTHC: {code})" if code else f"Tên thủ tục: {name}"


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The codes that the lists of a document give, by folded name and by its words."""

    codes: dict[str, str]
    words: tuple[tuple[frozenset[str], str], ...]


def known_names(tables: list[Table]) -> KnownNames:
    """Return the names and codes in the lists of procedures of a document."""
    names: dict[str, str] = {}
    for table in tables:
        for row in table.rows:
            texts = [cell.plain for cell in row.cells if cell.text]
            codes = {found[0] for text in texts if (found := code_in(text))}
            if len(codes) != 1:
                continue
            for text in texts:
                name = _without_kind(fold(bare_name(text))) if len(text) <= MAX_NAME else ""
                if len(name) >= 12:
                    names.setdefault(name, next(iter(codes)))
    told = tuple((frozenset(words(name)), code) for name, code in names.items())
    return KnownNames(names, told)


def code_of_name(name: str, names: KnownNames) -> str | None:
    """Return the code a list gives for a name: the same words, or the only name clearly alike."""
    wanted = _without_kind(fold(name))
    if wanted in names.codes:
        return names.codes[wanted]
    own = frozenset(words(wanted))
    best: dict[str, float] = {}
    for known, code in names.words:
        share = len(own & known) / len(own | known) if own else 0.0
        best[code] = max(best.get(code, 0.0), share)
    ranked = sorted(best.items(), key=lambda pair: -pair[1])[:2]
    if not ranked or ranked[0][1] < LIKE_ENOUGH:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[1][1] <= ranked[0][1] - CLEAR else None


def _without_kind(name: str) -> str:
    return name.removeprefix("thu tuc ").strip(" .,;:")


def heading_at(lines: list[str]) -> int | None:
    """Return which line heads the next procedure, or None."""
    for at in range(len(lines) - 1, -1, -1):
        if len(lines[at]) <= MAX_NAME and code_in(lines[at]):
            return at
    for at in range(len(lines) - 1, -1, -1):
        if names_procedure(lines[at]):
            return at
    return None


def title_at(lines: list[str]) -> int | None:
    """Return the last line that reads like a procedure's name though nothing says so, or None."""
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        marked = without_number(line) != line or line.isupper() or line.startswith(("“", '"'))
        if marked and 12 <= len(line) <= 320 and _ACT.match(fold(bare_name(line))):
            return at
    return None


def unit_told(lines: list[str]) -> str | None:
    """Return the unit that "ĐVT: …" right above a table gives, or None."""
    for line in lines[:-5:-1]:
        found = _UNIT_LINE.search(fold(line))
        if found and len(line) < 120:
            return head_unit(f"({found[1]})")
    return None


def section_told(lines: list[str]) -> str:
    """Return the line right above a table that names a part of the procedure, or ""."""
    for line in lines[:-4:-1]:
        bare = fold(without_number(line.lstrip("-+• ")))
        if len(line) < 200 and not (_UNIT_LINE.search(bare) or _LIMIT.match(bare) or is_case(line)):
            return line
    return ""


def _read_heading(lines: list[str], at: int) -> Heading:
    line = lines[at]
    found = code_in(line)
    name = bare_name(line)
    is_told = names_procedure(line) or bool(_ACT.match(fold(name)))
    if len(name) < 12 or _LIMIT.match(fold(name)):
        before = (bare_name(one) for one in reversed(lines[max(at - 4, 0) : at]))
        name = next((one for one in before if len(one) > 4 and not is_section(fold(one))), "")
        is_told = False
    return Heading(
        code=found[0] if found else None,
        code_text=found[1] if found else None,
        name=name,
        codes=count_codes(line),
        is_told=is_told,
    )


def _variant(lines: list[str]) -> str:
    """Return the case named right above the table, limits and captions between left out."""
    for line in lines[:-4:-1]:
        numbered = without_number(line) != line or re.match(r"^trường hợp \d", line.lower())
        if numbered and is_case(line):
            return case_name(line)
        bare = fold(without_number(line.lstrip("-+• ")))
        if not (_LIMIT.match(bare) or is_section(bare)):
            return ""
    return ""


def _after_case(line: str, variant: str) -> str:
    if not variant and not is_case(line):
        return line
    _, colon, tail = line.rpartition(":")
    return tail if colon and parse_total(tail).hours is not None else line
