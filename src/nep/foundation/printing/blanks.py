"""Forms in Word with tags: which blanks a file has, and the file with them filled in.

A tag is `{{name}}`, `{{name | kind}}` or `{{name | choose A; B}}`. Nothing in a file is ever run:
a tag is looked up by its name and what was typed is laid in as text.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from nep.kernel.errors import Refusal
from nep.kernel.office import OfficeRefused, open_word
from nep.kernel.safexml import XmlRefused
from nep.kernel.text import clean, fold, shorten

TEXT, LONG, DATE, NUMBER, CHOICE = "text", "long", "date", "number", "choice"
MOST_BLANKS = 200
EMPTY = "…" * 8
_TAG = re.compile(r"\{\{([^{}]{1,200})\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_NAME = re.compile(r"^[^\W\d]\w*(?: \w+)*$")
_PARTS = re.compile(r"^/word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
_KINDS = {
    "chu": TEXT, "text": TEXT, "doan": LONG, "doan van": LONG, "dai": LONG,
    "ngay": DATE, "date": DATE, "so": NUMBER, "tien": NUMBER, "number": NUMBER,
}  # fmt: skip
_DATE_NAME = re.compile(r"(^|_)ngay(_(?!(nghi|cong|lam)\b)|$)")
_NUMBER_NAME = re.compile(r"(^|_)(so_luong|so_tien|so_ngay|thanh_tien|don_gia|tong_so|sl)($|_)")
_LONG_NAME = re.compile(r"(^|_)(noi_dung|ly_do|nhan_xet|ket_luan|y_kien|ghi_chu|mo_ta)($|_)")


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank of a form; `label` is what the form itself writes before it."""

    name: str
    kind: str
    label: str
    choices: tuple[str, ...] = ()


def read_blanks(data: bytes) -> tuple[Blank, ...]:
    """Return the blanks of a Word form, each once, in the order of the document.

    Raises Refusal for what is no Word file, and "tag_wrong" with the place of a mistyped tag.
    """
    found: dict[str, Blank] = {}
    for paragraph, before in _paragraphs(_opened(data)):
        text = "".join(node.text or "" for node in _texts(paragraph))
        end = 0
        for tag in _TAG.finditer(text):
            name, rest = _split(tag.group(1))
            if not _NAME.match(name):
                raise _wrong(text, tag.group(0))
            label = _label(text[end : tag.start()]) or (_label(before) if end == 0 else "")
            end = tag.end()
            if _key(name) not in found:
                found[_key(name)] = _blank(name, rest, label)
        if _BRACES.search(_TAG.sub("", text)):
            raise _wrong(text, "{{ … }}")
        if len(found) > MOST_BLANKS:
            raise Refusal("tags_many", f"Biểu mẫu có hơn {MOST_BLANKS} chỗ điền.")
    return tuple(found.values())


def fill_blanks(data: bytes, values: Mapping[str, str]) -> bytes:
    """Return the Word file with every tag replaced by its value, dots where it is empty.

    Names are compared without marks and case. Text keeps the face of the place where the tag
    began; a line break stays a line break. Raises Refusal as `read_blanks`.
    """
    given = {_key(name): value for name, value in values.items()}
    document = _opened(data)
    for paragraph, _before in _paragraphs(document):
        _fill(paragraph, given)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _opened(data: bytes) -> Any:
    try:
        package = open_word(data)
        for name in package.names:
            if _PARTS.match(f"/{name}"):
                package.xml(name)  # refuses document types, bombs and depth before lxml reads it
        return docx.Document(io.BytesIO(data))
    except (OfficeRefused, XmlRefused) as refused:
        raise Refusal(refused.code, refused.message) from refused
    except (KeyError, ValueError, OSError) as error:
        raise Refusal("file_broken", "Tệp biểu mẫu bị hỏng, không mở được.") from error


def _paragraphs(document: Any) -> Iterator[tuple[Any, str]]:
    """Yield every paragraph with the text of the cell before it, the body first."""
    parts = {
        str(part.partname): part
        for part in document.part.package.iter_parts()
        if _PARTS.match(str(part.partname)) and hasattr(part, "element")
    }
    for name in sorted(parts, key=lambda one: (not one.endswith("document.xml"), one)):
        for paragraph in parts[name].element.iter(qn("w:p")):
            yield paragraph, _cell_before(paragraph)


def _cell_before(paragraph: Any) -> str:
    cell = next(paragraph.iterancestors(qn("w:tc")), None)
    if cell is None or next(cell.iter(qn("w:p")), None) is not paragraph:
        return ""
    before = cell.getprevious()
    while before is not None and before.tag != qn("w:tc"):
        before = before.getprevious()
    if before is None:
        return ""
    return " ".join(node.text or "" for node in before.iter(qn("w:t")))


def _texts(paragraph: Any) -> list[Any]:
    """Return the text nodes of a paragraph, without those of text boxes inside it."""
    return [
        node
        for node in paragraph.iter(qn("w:t"))
        if next(node.iterancestors(qn("w:p")), None) is paragraph
    ]


def _fill(paragraph: Any, given: Mapping[str, str]) -> None:
    nodes = _texts(paragraph)
    whole = "".join(node.text or "" for node in nodes)
    for tag in reversed(list(_TAG.finditer(whole))):
        value = given.get(_key(_split(tag.group(1))[0]), "") or EMPTY
        _replace(nodes, tag.start(), tag.end(), value)


def _replace(nodes: list[Any], start: int, end: int, value: str) -> None:
    """Put a value in the place of some letters, in the node where they begin."""
    place = 0
    for node in nodes:
        text = node.text or ""
        first, last = max(start - place, 0), min(end - place, len(text))
        if first < last:
            is_first = place <= start
            _write(node, text[:first], value if is_first else "", text[last:])
        place += len(text)


def _write(node: Any, before: str, value: str, after: str) -> None:
    lines = value.split("\n")
    node.text = before + lines[0] + (after if len(lines) == 1 else "")
    node.set(qn("xml:space"), "preserve")
    last = node
    for number, text in enumerate(lines[1:], start=1):
        broken, more = OxmlElement("w:br"), OxmlElement("w:t")
        more.text = text + (after if number == len(lines) - 1 else "")
        more.set(qn("xml:space"), "preserve")
        last.addnext(broken)
        broken.addnext(more)
        last = more


def _split(inside: str) -> tuple[str, str]:
    name, _bar, rest = inside.partition("|")
    return clean(name), clean(rest)


def _key(name: str) -> str:
    return fold(name).replace(" ", "_")


def _blank(name: str, rest: str, label: str) -> Blank:
    kind, choices = _kind(_key(name), rest)
    shown = label or clean(name.replace("_", " "))
    return Blank(name, kind, shown[:1].upper() + shown[1:], choices)


def _kind(key: str, rest: str) -> tuple[str, tuple[str, ...]]:
    said = fold(rest)
    if said.startswith(("chon ", "choose ")):
        options = tuple(filter(None, (clean(one) for one in rest.partition(" ")[2].split(";"))))
        return (CHOICE, options) if len(options) > 1 else (TEXT, ())
    if said in _KINDS:
        return _KINDS[said], ()
    if _NUMBER_NAME.search(key):
        return NUMBER, ()
    if _DATE_NAME.search(key):
        return DATE, ()
    return (LONG if _LONG_NAME.search(key) else TEXT), ()


def _label(text: str) -> str:
    """Return the words before a blank, without dots, numbers of the list and colons."""
    bare = clean(re.sub(r"[.…_]{2,}", " ", text)).strip(" :.,;-–()")
    bare = re.sub(r"^(?:\d+[.)]|[a-zđ][.)]|[-–+*])\s*", "", bare)
    return bare if len(bare) <= 90 else shorten(bare[-90:].partition(" ")[2], 90)


def _wrong(text: str, tag: str) -> Refusal:
    place = shorten(clean(text), 80)
    return Refusal(
        "tag_wrong",
        f"Thẻ {tag} viết sai ở đoạn “{place}”. Thẻ đúng có dạng {{{{ten_truong}}}}, chỉ gồm chữ, "
        "số và dấu gạch dưới.",
    )
