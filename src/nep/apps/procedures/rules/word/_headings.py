"""Which procedure a step table belongs to: its code, name and case, read from the text above it."""

import re
from dataclasses import dataclass, field

from nep.apps.procedures.rules.word._document import Table
from nep.apps.procedures.rules.word._rows import is_case, without_number
from nep.apps.procedures.rules.word._times import parse_total
from nep.kernel.text import clean, fold, words

MAX_NAME = 900
LIKE_ENOUGH = 0.75
CLEAR = 0.15
_CODE = re.compile(r"(?<![\d.])(\d\.\d{6})((?:\.\d{2,3}){0,3}(?:\.[HG]\d{2,3})?)(?![\d])")
_CODE_WORDS = (
    r"(?:mã(?:\s*số)?(?:\s*(?:của\s*)?(?:TTHC|thủ\s*tục(?:\s*hành\s*chính)?|quy\s*trình))?"
    r"|số\s*hồ\s*sơ\s*TTHC)"
)
_CODE_PART = re.compile(
    rf"[\s,;–—-]*[(\[]?\s*(?:{_CODE_WORDS})?\s*:?\s*\d\.\d{{6}}[\d.HG]*"
    r"(?:[^()\[\]]{0,80}[)\]]+|\s*[)\]]+|\s*$)?",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:quy\s*trình(?:\s*số)?\s*:?\s*\d{1,3}|thủ\s*tục\s*(?:số\s*)?\d{1,3})\s*[.:)–-]\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^(?:[IVXLC]{1,6}|\d{1,3}(?:\.\d{1,2})*|[A-Za-z])\s*[.):]\s*(?=\D)")
_OUTER = re.compile(r"^(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*|[A-Za-zĐđ])\s?[.):](?!\d)\s*")
_PREFIX = re.compile(
    r"^(?:(?:quy\s*trình|lưu\s*đồ)[^:“\"]{0,90}?(?:TTHC|thủ\s*tục\s*hành\s*chính)\s*[:–-]?\s*(?=[“\":])"
    r"|quy\s*trình[^:“\"]{0,90}:\s*|tên\s*(?:TTHC|thủ\s*tục(?:\s*hành\s*chính)?)\s*:\s*"
    r"|(?:TTHC|thủ\s*tục\s*hành\s*chính)\s*:\s*)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^(?:(?:ten )?(?:thu tuc|tthc)\b|quy trinh (?!xu ly|giai quyet$|thuc hien$))")
_TITLED = re.compile(r"^(?:ten (?:thu tuc|tthc)|thu tuc\s?:|quy trinh noi bo[^:]{0,80}:)")
_NAME_KEY = re.compile(r"^ten (?:tthc|thu tuc(?: hanh chinh)?|quy trinh)\s?:?$")
_CODE_KEY = re.compile(r"^ma (?:so )?(?:tthc|thu tuc(?: hanh chinh)?)\s?:?$")
_LIMIT = re.compile(
    r"^(?:tong )?(?:thoi (?:han|gian)|thoi han,? thoi gian)"
    r"(?: (?:giai quyet|xu ly|thuc hien|thuc hien tthc))"
)
_SECTION = re.compile(
    r"^(?:co so phap ly|can cu|thanh phan|so luong|cach thuc|trinh tu|noi dung|dia diem|noi tiep|"
    r"le phi|phi|bieu mau|quy trinh (?:xu ly|giai quyet|thuc hien)|luu do|doi tuong|co quan|"
    r"ket qua|yeu cau|dieu kien|trach nhiem|muc do|ho so|cac bieu mau|thoi (?:han|gian))\b"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a step table; `codes` counts the codes in the heading's line."""

    code: str | None = None
    code_text: str | None = None
    name: str = ""
    codes: int = 0


@dataclass(slots=True)
class Place:
    """Where the reader is: the heading in force and the lines below it so far."""

    heading: Heading = field(default_factory=Heading)
    lines: list[str] = field(default_factory=list)
    variant: str = ""


def move_to(place: Place, lines: list[str]) -> None:
    """Take the lines between the table before and the next one; change `place` in place."""
    at = _heading_at(lines)
    if at is not None:
        place.heading = _read_heading(lines, at)
        place.lines = []
        lines = lines[at + 1 :]
    place.lines.extend(lines)
    place.variant = _variant(lines)


def code_in(text: str) -> tuple[str, str] | None:
    """Return the bare code of a procedure and the code as printed, or None."""
    found = _CODE.search(text)
    return (found[1], found[1] + found[2]) if found else None


def bare_name(text: str) -> str:
    """Return the name of a procedure without number, code, "Quy trình …:" and quotation marks."""
    text = _CODE_PART.sub(" ", clean(text))
    text = _LEADING.sub("", clean(text))
    while (found := _NUMBER.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    text = _PREFIX.sub("", text)
    return clean(text).strip(" :;–—-“”\"'").removesuffix("(").strip(" .")


def limits_in(lines: list[str], variant: str) -> list[str]:
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
        elif open_heading and (_SECTION.match(bare) or len(line) > 600):
            open_heading = False
        elif open_heading and parse_total(_after_case(line, variant)).hours is not None:
            found.append(line)
    if variant:
        own = [line for line in found if fold(variant)[:60] in fold(line)]
        found = own or [line for line in found if not is_case(line)]
    return found[::-1]


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


def _heading_at(lines: list[str]) -> int | None:
    for at in range(len(lines) - 1, -1, -1):
        if _CODE.search(lines[at]) and len(lines[at]) <= MAX_NAME:
            return at
    for at in range(len(lines) - 1, -1, -1):
        if _is_named(lines[at]):
            return at
    return None


def _is_named(line: str) -> bool:
    """Tell a numbered heading that names a procedure without its code."""
    if len(line) > MAX_NAME:
        return False
    if _TITLED.match(fold(line)):
        return len(bare_name(line)) > 10
    if not (_NUMBER.match(line) or _LEADING.match(line)):
        return False
    bare = fold(without_number(line))
    return bool(_NAMED.match(bare)) and not _SECTION.match(bare) and len(bare) > 20


def _read_heading(lines: list[str], at: int) -> Heading:
    line = lines[at]
    found = code_in(line)
    name = bare_name(line)
    if len(name) < 12 and at:
        name = bare_name(lines[at - 1])
    codes = len({match[1] for match in _CODE.finditer(line)})
    return Heading(found[0] if found else None, found[1] if found else None, name, codes)


def _variant(lines: list[str]) -> str:
    """Return the case named right above the table, limits and captions between left out."""
    for line in lines[:-4:-1]:
        numbered = without_number(line) != line or re.match(r"^trường hợp \d", line.lower())
        if numbered and is_case(line):
            return _case_name(line)
        bare = fold(without_number(line.lstrip("-+• ")))
        if not (_LIMIT.match(bare) or _SECTION.match(bare)):
            return ""
    return ""


def _case_name(line: str) -> str:
    """Return "a) Đối với …" out of "5.7.1. a) Đối với …": only the innermost number stays."""
    text = line
    while True:
        shorter = _strip_one(text)
        if shorter == text or without_number(shorter) == shorter:
            return text
        text = shorter


def _strip_one(text: str) -> str:
    found = _OUTER.match(text)
    return text[found.end() :] if found and found.end() < len(text) else text


def _after_case(line: str, variant: str) -> str:
    if not variant and not is_case(line):
        return line
    _, colon, tail = line.rpartition(":")
    return tail if colon and parse_total(tail).hours is not None else line
