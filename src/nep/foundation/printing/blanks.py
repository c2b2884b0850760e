"""Forms in Word with tags: which blanks a file has, and the file with them filled in.

A tag is `{{name}}`, `{{name | kind}}` or `{{name | choose A; B}}`. Tags of one group,
`{{group.name}}`, stand in one row of a table, which repeats as often as rows are given;
`{{group.tt}}` numbers them. Nothing in a file is ever run: a tag is looked up by its name and what
was typed is laid in as text.
"""

import copy
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from nep.kernel.errors import Refusal
from nep.kernel.office import OfficeRefused, open_word
from nep.kernel.safexml import XmlRefused
from nep.kernel.text import clean, fold, shorten

TEXT, LONG, DATE, NUMBER, CHOICE, ROWS = "text", "long", "date", "number", "choice", "rows"
MOST_BLANKS, MOST_ROWS = 200, 100
COUNTED = frozenset({"tt", "stt", "so_thu_tu"})
EMPTY = "…" * 8
_TAG = re.compile(r"\{\{([^{}]{1,200})\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_NAME = re.compile(r"^[^\W\d]\w*(?: \w+)*(?:\.[^\W\d]\w*(?: \w+)*)?$")
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
    """One blank of a form; `label` is what the form itself writes before it.

    A blank of the kind ROWS is a table whose rows repeat; `columns` are asked in each of them.
    """

    name: str
    kind: str
    label: str
    choices: tuple[str, ...] = ()
    columns: tuple["Blank", ...] = ()


def read_blanks(data: bytes) -> tuple[Blank, ...]:
    """Return the blanks of a Word form, each once, in the order of the document.

    Raises Refusal for what is no Word file, "tag_wrong" with the place of a mistyped tag, and
    "rows_spread" for a group that does not stand in one row of a table.
    """
    document = _opened(data)
    rows = _rows(document)
    found: dict[str, Blank] = {}
    count = 0
    for paragraph, before in _paragraphs(document):
        for blank in _blanks_in(paragraph, before):
            group, dot, column = blank.name.partition(".")
            key = _key(group)
            if not dot and key not in found:
                found[key], count = blank, count + 1
            elif dot and _is_new_column(found.get(key), column):
                found[key] = _with_column(found.get(key), blank, rows[key])
                count += 1
        if count > MOST_BLANKS:
            raise Refusal("tags_many", f"Biểu mẫu có hơn {MOST_BLANKS} chỗ điền.")
    return tuple(found.values())


def fill_blanks(
    data: bytes,
    values: Mapping[str, str],
    rows: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
) -> bytes:
    """Return the Word file with every tag replaced by its value, dots where it is empty.

    `rows` are the rows of each group, by the names of its columns; without any, one row of dots
    stays for the pen. Names are compared without marks and case. Text keeps the face of the place
    where the tag began; a line break stays a line break. Raises Refusal as `read_blanks`,
    "rows_many".
    """
    given = {_key(name): value for name, value in values.items()}
    document = _opened(data)
    entries = {_key(name): list(lines) for name, lines in (rows or {}).items()}
    done: list[Any] = []  # what was typed there is never read as a tag
    for group, row in _rows(document).items():
        done += _repeat(row, group, entries.get(group, []), given)
    known = {id(paragraph) for paragraph in done}
    for paragraph, _before in _paragraphs(document):
        if id(paragraph) not in known:
            _fill(paragraph, given)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _blanks_in(paragraph: Any, before: str) -> Iterator[Blank]:
    """Yield the blanks of a paragraph, each named as the form itself names it."""
    text = "".join(node.text or "" for node in _texts(paragraph))
    end = 0
    for tag in _TAG.finditer(text):
        name, rest = _split(tag.group(1))
        if not _NAME.match(name):
            raise _wrong(text, tag.group(0))
        label = _label(text[end : tag.start()]) or (_label(before) if end == 0 else "")
        end = tag.end()
        yield _blank(name, rest, label)
    if _BRACES.search(_TAG.sub("", text)):
        raise _wrong(text, "{{ … }}")


def _is_new_column(group: Blank | None, column: str) -> bool:
    if group is not None and group.kind != ROWS:
        raise Refusal(
            "rows_spread",
            f"Thẻ {{{{{group.name}}}}} vừa là một chỗ điền vừa là tên nhóm của dòng lặp. Hãy đổi "
            "tên một trong hai.",
        )
    if _key(column) in COUNTED:
        return group is None
    return group is None or _key(column) not in {_key(one.name) for one in group.columns}


def _with_column(group: Blank | None, blank: Blank, row: Any) -> Blank:
    name, _dot, column = blank.name.partition(".")
    known = group or Blank(name, ROWS, _table_label(row, name))
    if _key(column) in COUNTED:
        return known
    label = _head_of(row, blank.name) or clean(column.replace("_", " "))
    made = Blank(column, blank.kind, label[:1].upper() + label[1:], blank.choices)
    return Blank(known.name, ROWS, known.label, (), (*known.columns, made))


def _rows(document: Any) -> dict[str, Any]:
    """Return the row of a table in which each group stands. Raises Refusal("rows_spread")."""
    found: dict[str, Any] = {}
    for paragraph, _before in _paragraphs(document):
        text = "".join(node.text or "" for node in _texts(paragraph))
        for tag in _TAG.finditer(text):
            name = _split(tag.group(1))[0]
            group, dot, _column = name.partition(".")
            if not dot or not _NAME.match(name):
                continue
            row = next(paragraph.iterancestors(qn("w:tr")), None)
            if row is None or found.setdefault(_key(group), row) is not row:
                raise Refusal(
                    "rows_spread",
                    f"Thẻ {tag.group(0)} phải nằm trong một dòng của bảng, cùng dòng với các thẻ "
                    f"khác của nhóm {clean(group)}.",
                )
    if len({id(row) for row in found.values()}) < len(found):
        raise Refusal("rows_spread", "Một dòng của bảng chỉ lặp theo một nhóm thẻ.")
    return found


def _repeat(
    row: Any, group: str, entries: Sequence[Mapping[str, str]], given: Mapping[str, str]
) -> list[Any]:
    """Put as many copies of a row in its place as there are entries, one of dots without any.

    Returns the paragraphs that were filled.
    """
    if len(entries) > MOST_ROWS:
        raise Refusal("rows_many", f"Bảng có tối đa {MOST_ROWS} dòng.")
    done: list[Any] = []
    for number, entry in enumerate(entries or [{}], start=1):
        made = copy.deepcopy(row)
        row.addprevious(made)
        own = {f"{group}.{_key(name)}": value for name, value in entry.items()}
        own |= {f"{group}.{name}": str(number) for name in COUNTED}
        for paragraph in made.iter(qn("w:p")):
            _fill(paragraph, {**given, **own})
            done.append(paragraph)
    row.getparent().remove(row)
    return done


def _table_label(row: Any, name: str) -> str:
    """Return the words over the table, else the name of the group."""
    table = next(row.iterancestors(qn("w:tbl")))
    before = table.getprevious()
    said = "" if before is None else " ".join(one.text or "" for one in before.iter(qn("w:t")))
    label = _label(_TAG.sub(" ", said)) or clean(name.replace("_", " "))
    return label[:1].upper() + label[1:]


def _head_of(row: Any, name: str) -> str:
    """Return what the head of the table writes over the column of a tag."""
    table = next(row.iterancestors(qn("w:tbl")))
    head = next(iter(table.iter(qn("w:tr"))))
    cells, heads = row.findall(qn("w:tc")), head.findall(qn("w:tc"))
    if head is row or len(cells) != len(heads):
        return ""
    for cell, over in zip(cells, heads, strict=True):
        said = "".join(node.text or "" for node in cell.iter(qn("w:t")))
        if any(_split(tag.group(1))[0] == name for tag in _TAG.finditer(said)):
            return _label(" ".join(node.text or "" for node in over.iter(qn("w:t"))))
    return ""


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
    kind, choices = _kind(_key(name.rpartition(".")[2]), rest)
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
        "số và dấu gạch dưới; trong dòng lặp của bảng là {{{{ten_nhom.ten_cot}}}}.",
    )
