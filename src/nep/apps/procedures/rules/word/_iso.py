"""What a procedure in the ISO form says about itself: cover, sections, papers, forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nep.apps.procedures.rules.word._document import Document, Paragraph, Table
from nep.apps.procedures.rules.word._model import DocumentData
from nep.apps.procedures.rules.word._names import bare_name, without_number
from nep.apps.procedures.rules.word._paper import paper_in
from nep.kernel.text import clean, clean_lines, fold

MAX_SECTION_HEAD = 160
_KIND = frozenset({"quy trinh", "quy trinh giai quyet cong viec"})
_KEYS = {
    "code": re.compile(r"^(?:ma hieu|ma so tai lieu|ky hieu(?: quy trinh)?|ma tai lieu)\s*:?"),
    "issue": re.compile(r"^lan (?:ban hanh|soat xet)\s*:?"),
    "effective_date": re.compile(r"^ngay (?:ban hanh|hieu luc|co hieu luc|ap dung)\s*:?"),
}
_VALUES = {
    "code": re.compile(r"(?:Mã hiệu|Ký hiệu)\s*:\s*([^|;\n]{2,40})", re.IGNORECASE),
    "issue": re.compile(r"Lần ban hành\s*:\s*([^|;\n]{1,12})", re.IGNORECASE),
    "effective_date": re.compile(
        r"Ngày (?:ban hành|hiệu lực)\s*:\s*([\d/.\-]{6,12})", re.IGNORECASE
    ),
}
_SECTION = re.compile(
    r"^(?:muc dich|pham vi|tai lieu vien dan|dinh nghia|tu viet tat|thuat ngu|noi dung quy trinh|"
    r"noi dung|co so phap ly|can cu phap ly|thanh phan ho so|so luong ho so|thoi (?:gian|han) "
    r"(?:xu ly|giai quyet|thuc hien)|noi tiep nhan|dia diem|le phi|phi|quy trinh xu ly|"
    r"quy trinh thuc hien|luu do|bieu mau|ho so luu|ho so|luu tru|phu luc|dieu kien|cach thuc|"
    r"co quan thuc hien|doi tuong|ket qua|trach nhiem|yeu cau)\b"
)
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2}){0,2}\.?\s+\S")
_ROW_NUMBER = re.compile(r"^\d{1,2}(?:\.\d{1,2}){0,2}\.?$")
_QUOTED = re.compile(r"[“\"]([^“”\"]{10,900})[”\"]")
_BULLET = re.compile(r"^(?:[-+•*–]|\d{1,2}[.)](?!\d))\s*")
_COUNT = re.compile(r"^(?:x|\d{1,2})?$")
_NOT_A_PAPER = re.compile(
    r"^(?:khong quy dinh|thanh phan ho so|ten ho so|ten giay to|tt|stt|luu y)\b"
)


@dataclass(slots=True)
class _Section:
    heading: str
    rows: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(" | ".join(cell for cell in row if cell) for row in self.rows).strip()


def read_document_data(document: Document) -> DocumentData | None:
    """Return the document data, or None where no document code is printed as in the ISO form."""
    facts = _cover(document)
    if not facts.get("code") or not facts.get("issue"):
        return None
    sections = _sections(document)
    return DocumentData(
        code=facts["code"],
        issue=facts["issue"],
        effective_date=facts.get("effective_date", ""),
        title=_title(document),
        limit_text="; ".join(_lines(sections, ("thoi gian", "thoi han"))),
        sections=tuple((section.heading, section.text) for section in sections),
        legal_basis=_lines(sections, ("co so phap ly", "can cu phap ly")),
        required_papers=_papers(sections),
        forms=_forms(sections),
        paper=paper_in(document, sections),
        quantities=_quantities(sections),
    )


def _cover(document: Document) -> dict[str, str]:
    facts: dict[str, str] = {}
    for block in document.blocks:
        if isinstance(block, Table):
            for name, value in _keyed(block):
                facts.setdefault(name, value)
    texts = [*document.margins, *(b.text for b in document.blocks if isinstance(b, Paragraph))]
    for name, pattern in _VALUES.items():
        for text in texts:
            if name not in facts and (found := pattern.search(text)):
                facts[name] = clean(found[1])
    return facts


def _keyed(table: Table) -> Iterator[tuple[str, str]]:
    """Yield the facts of a table whose keys head columns or stand left of their values."""
    for at, row in enumerate(table.rows[:4]):
        keys = [_key(cell.text) for cell in row.cells]
        below = table.rows[at + 1].cells if at + 1 < len(table.rows) else []
        for place, key in enumerate(keys):
            if key is None:
                continue
            name, inline = key
            if inline:
                yield name, inline
            elif sum(1 for other in keys if other) >= 2 and len(below) == len(row.cells):
                yield name, clean(below[place].text)
            elif place + 1 < len(keys) and keys[place + 1] is None:
                yield name, clean(row.cells[place + 1].text)


def _key(text: str) -> tuple[str, str] | None:
    if len(text) > 80:
        return None
    for name, pattern in _KEYS.items():
        if pattern.match(fold(text)):
            return name, clean(text.partition(":")[2])
    return None


def _title(document: Document) -> str:
    """Return the title on the cover, in the letters in which the text quotes it."""
    texts = [clean(b.text) for b in document.blocks if isinstance(b, Paragraph) and b.text]
    at = next((at for at, text in enumerate(texts[:40]) if fold(text) in _KIND), None)
    title = texts[at + 1] if at is not None and at + 1 < len(texts) else ""
    for text in texts:
        for found in _QUOTED.finditer(text):
            if not title or _letters(found[1]) == _letters(title):
                return clean(found[1])
    return bare_name(title)


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _sections(document: Document) -> list[_Section]:
    sections: list[_Section] = []
    for level, cells in _flat(document):
        heading = _section_head(level, cells)
        if heading:
            sections.append(_Section(heading))
        elif sections and any(cells):
            sections[-1].rows.append(cells)
    listed: dict[str, _Section] = {}
    for section in sections:
        key = fold(without_number(section.heading))
        if section.rows or not listed.get(key, section).rows:
            listed.pop(key, None)
            listed[key] = section
    return list(listed.values())


def _flat(document: Document) -> Iterator[tuple[int, tuple[str, ...]]]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if block.text:
                yield block.level, (clean(block.text),)
        else:
            for row in block.rows:
                pairs = zip(row.cells, row.above, strict=True)
                yield 0, tuple(clean_lines(cell.text) for cell, above in pairs if not above)


def _section_head(level: int, cells: tuple[str, ...]) -> str:
    texts = [cell for cell in cells if cell]
    if not texts or len(texts[0]) > MAX_SECTION_HEAD:
        return ""
    if len(cells) == 1:
        known = _NUMBERED.match(texts[0]) and _SECTION.match(fold(without_number(texts[0])))
        return texts[0] if level or known else ""
    if _ROW_NUMBER.match(cells[0]) and len(texts) > 1 and "." in cells[0].rstrip("."):
        return clean(f"{cells[0]} {texts[1]}") if _SECTION.match(fold(texts[1])) else ""
    return ""


def _named(sections: list[_Section], starts: tuple[str, ...]) -> _Section | None:
    return next(
        (s for s in sections if fold(without_number(s.heading)).startswith(starts) and s.rows), None
    )


def _lines(sections: list[_Section], starts: tuple[str, ...]) -> tuple[str, ...]:
    section = _named(sections, starts)
    if section is None:
        return ()
    printed = (" ".join(cell for cell in row if cell).split("\n") for row in section.rows)
    bare = (_BULLET.sub("", line) for lines in printed for line in lines)
    return tuple(line for line in bare if line)


def _papers(sections: list[_Section]) -> tuple[str, ...]:
    section = _named(sections, ("thanh phan ho so",))
    if section is None:
        return ()
    papers = (max(row, key=len) for row in section.rows)
    bare = (_BULLET.sub("", clean(paper)) for paper in papers)
    return tuple(p for p in bare if p and not _NOT_A_PAPER.match(fold(p)))


def _quantities(sections: list[_Section]) -> tuple[tuple[int, int], ...]:
    """Return (originals, copies) of each required paper, () where no columns say so."""
    section = _named(sections, ("thanh phan ho so",))
    told: list[tuple[int, int]] = []
    for row in section.rows if section else ():
        paper = _BULLET.sub("", clean(max(row, key=len)))
        if not paper or _NOT_A_PAPER.match(fold(paper)):
            continue
        marks = [_COUNT.match(fold(cell)) for cell in row[-2:]]
        if len(row) < 4 or not all(marks):
            return ()
        told.append((_many(row[-2]), _many(row[-1])))
    return tuple(told)


def _many(cell: str) -> int:
    text = cell.strip()
    return int(text) if text.isdecimal() else int(bool(text))


def _forms(sections: list[_Section]) -> tuple[str, ...]:
    section = _named(sections, ("bieu mau",))
    forms = []
    for row in section.rows if section else ():
        texts = [cell for cell in row if cell and not _ROW_NUMBER.match(cell)]
        if texts and fold(texts[0]) not in ("tt", "stt"):
            forms.append(clean(" – ".join(texts)))
    return tuple(forms)
