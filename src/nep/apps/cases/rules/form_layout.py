"""The layout of a form of the law as data: lines, tables, code, signatures; checked and filled. Pure.

A line's text holds names in braces for what is printed: "Kính gửi: **{applicant_name}**[, địa chỉ
{applicant_address}]". Between ** it is bold, between * italic. What stands in square brackets is left
out when a name in it is empty; a whole line is left out when a name outside brackets is empty.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from nep.apps.cases.rules.form_fields import (
    COLUMNS,
    NUMBER_FIELDS,
    TABLES,
    WHOLE_TABLE,
    fields_of,
)

LINE, CODE, TABLE, SIGN = "line", "code", "table", "sign"
KIND_NAMES = {LINE: "Dòng chữ", TABLE: "Bảng", CODE: "Mã QR", SIGN: "Chữ ký"}
STYLE_NAMES = {"": "Căn đều", "left": "Căn trái", "center": "Căn giữa", "indent": "Thụt đầu dòng"}
ISSUER_NAMES = {"reception": "Bộ phận tiếp nhận và trả kết quả", "agency": "Cơ quan"}
SEEN = "S"
UNSEEN = "chưa xác minh"
ALIGNS = ("left", "center", "right")
MOST_BLOCKS = 60
_TOKEN = re.compile(r"(\*\*|\*|\[|\]|\{[a-z_]*\})")
_NAME = re.compile(r"\{([a-z_]*)\}")
_OPTIONAL = re.compile(r"\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its head, what it prints, its share of the width."""

    title: str
    field: str
    weight: float = 1.0
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Place:
    """A place to sign; `name` is text with names in braces, printed below."""

    title: str
    note: str = "(Ký và ghi rõ họ tên)"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a form. `source` names a table's rows; `mark` says whether the original was seen."""

    kind: str
    label: str = ""
    text: str = ""
    style: str = ""
    source: str = ""
    columns: tuple[TableColumn, ...] = ()
    places: tuple[Place, ...] = ()
    mark: str = SEEN


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole form. `number` is the pattern of its number, "{number}/HDHS"."""

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    subtitle: str = ""
    issuer: str = "reception"
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a filled line in one face."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a layout; `block` counts from 1, 0 is the head."""

    block: int
    message: str


@dataclass
class _Filling:
    values: Mapping[str, Any]
    pieces: list[Piece] = field(default_factory=list)
    held: list[Piece] | None = None  # what stands in brackets
    is_held_empty: bool = False
    is_empty: bool = False
    bold: bool = False
    italic: bool = False

    def put(self, text: str) -> None:
        target = self.pieces if self.held is None else self.held
        target.append(Piece(text, self.bold, self.italic))

    def value(self, name: str) -> None:
        text = str(self.values.get(name) or "")
        if text:
            self.put(text)
        elif self.held is None:
            self.is_empty = True
        else:
            self.is_held_empty = True

    def close(self) -> None:
        if self.held is not None and not self.is_held_empty:
            self.pieces.extend(self.held)
        self.held, self.is_held_empty = None, False


def filled(text: str, values: Mapping[str, Any]) -> tuple[Piece, ...] | None:
    """Return a line with its values in place, or None when it is to be left out.

    A value stays plain text, whatever stands in it.
    """
    made = _Filling(values)
    for part in _TOKEN.split(text):
        if part == "**":
            made.bold = not made.bold
        elif part == "*":
            made.italic = not made.italic
        elif part == "[":
            made.held = []
        elif part == "]":
            made.close()
        elif part.startswith("{") and part.endswith("}"):
            made.value(part[1:-1])
        elif part:
            made.put(part)
    made.close()
    return None if made.is_empty or not made.pieces else tuple(made.pieces)


def plain(text: str, values: Mapping[str, Any]) -> str:
    """Return a filled text without its faces; empty when it is left out."""
    return "".join(piece.text for piece in filled(text, values) or ())


def read_layout(content: Mapping[str, Any]) -> Layout:
    """Return a layout as it stands in a file or a row; what is missing takes its default."""
    blocks = tuple(
        Block(
            kind=one.get("kind", LINE), label=one.get("label", ""), text=one.get("text", ""),
            style=one.get("style", ""), source=one.get("source", ""),
            columns=tuple(
                TableColumn(c["title"], c["field"], float(c.get("weight", 1)), c.get("align", "left"))
                for c in one.get("columns", ())
            ),
            places=tuple(
                Place(p["title"], p.get("note", "(Ký và ghi rõ họ tên)"), p.get("name", ""))
                for p in one.get("places", ())
            ),
            mark=one.get("mark", SEEN),
        )
        for one in content.get("blocks", ())
    )  # fmt: skip
    return Layout(
        title=content["title"], blocks=blocks, number=content.get("number", ""),
        subtitle=content.get("subtitle", ""), issuer=content.get("issuer", "reception"),
        landscape=bool(content.get("landscape", False)),
    )  # fmt: skip


def layout_data(layout: Layout) -> dict[str, Any]:
    """Return a layout as plain data, the same for the same layout."""
    return asdict(layout)


def faults(form: str, layout: Layout) -> tuple[Fault, ...]:
    """Return everything that would keep a layout from being printed, in its order."""
    found = [Fault(0, message) for message in _head_faults(form, layout)]
    for place, block in enumerate(layout.blocks, start=1):
        found += [Fault(place, message) for message in _block_faults(form, block)]
    return tuple(found)


def _head_faults(form: str, layout: Layout) -> Iterator[str]:
    if not layout.title.strip():
        yield "Hãy ghi tên của mẫu."
    if not layout.blocks:
        yield "Mẫu chưa có dòng nào. Hãy thêm ít nhất một dòng."
    if len(layout.blocks) > MOST_BLOCKS:
        yield f"Một mẫu có nhiều nhất {MOST_BLOCKS} phần."
    if layout.issuer not in ISSUER_NAMES:
        yield "Hãy chọn nơi ban hành trong danh sách."
    yield from _text_faults(layout.number, NUMBER_FIELDS, "Kiểu số")
    yield from _text_faults(layout.subtitle, fields_of(form), "Dòng phụ")


def _block_faults(form: str, block: Block) -> Iterator[str]:
    if block.kind not in KIND_NAMES:
        yield "Hãy chọn loại phần trong danh sách."
    elif block.kind == TABLE:
        yield from _table_faults(form, block)
    elif block.kind == SIGN:
        if not 1 <= len(block.places) <= 3:
            yield "Phần chữ ký có từ một đến ba nơi ký."
        for place in block.places:
            yield from _text_faults(place.name, fields_of(form), f"Nơi ký “{place.title}”")
    elif block.kind == CODE and "lookup" not in fields_of(form):
        yield "Mẫu này không có địa chỉ tra cứu nên không in mã QR."
    else:
        if not (block.text.strip() or block.label.strip()):
            yield "Dòng còn trống. Hãy ghi nội dung hoặc bỏ dòng."
        yield from _text_faults(block.text, fields_of(form), "Nội dung")
    if block.style not in STYLE_NAMES:
        yield "Hãy chọn cách căn dòng trong danh sách."
    if not block.mark.strip():
        yield "Hãy ghi dấu: đã thấy bản gốc, hay chưa xác minh."


def _table_faults(form: str, block: Block) -> Iterator[str]:
    if block.source not in TABLES[form]:
        yield "Mẫu này không có bảng ấy. Hãy chọn bảng trong danh sách."
        return
    known = COLUMNS[block.source]
    if not block.columns:
        yield "Bảng chưa có cột nào."
    for column in block.columns:
        if column.field not in known:
            yield f"Cột “{column.title}” in “{column.field}” mà bảng không có. Có: {', '.join(known)}."
        if not 0.2 <= column.weight <= 20:
            yield f"Độ rộng của cột “{column.title}” phải từ 0,2 đến 20."
        if column.align not in ALIGNS:
            yield f"Cột “{column.title}” chỉ căn được left, center hoặc right."
    if block.source in WHOLE_TABLE and [one.field for one in block.columns] != list(known):
        yield f"Bảng này giữ đủ các cột theo thứ tự: {', '.join(known)}; chỉ đổi tên và độ rộng."


def _text_faults(text: str, known: Mapping[str, str], where: str) -> Iterator[str]:
    for name in _NAME.findall(text):
        if name not in known:
            yield f"{where}: không có trường {{{name}}}. Hãy chọn trong bảng các trường."
    bare = _NAME.sub("", text)
    if "{" in bare or "}" in bare:
        yield f"{where}: dấu {{ }} phải bao đúng một tên trường."
    if text.count("**") % 2 or text.replace("**", "").count("*") % 2:
        yield f"{where}: dấu * phải có đủ hai đầu."
    if re.search(r"[\[\]]", _OPTIONAL.sub("", text)):
        yield f"{where}: dấu [ ] phải có đủ hai đầu và không lồng nhau."


def columns_text(columns: Sequence[TableColumn]) -> str:
    """Return columns as they are typed: one a line, "Tên cột | trường | độ rộng | căn"."""
    return "\n".join(f"{one.title} | {one.field} | {one.weight:g} | {one.align}" for one in columns)


def read_columns(text: str) -> tuple[TableColumn, ...]:
    """Return columns that were typed one a line. Raises ValueError with a sentence."""
    made = []
    for typed in filter(None, (row.strip() for row in text.splitlines())):
        parts = [part.strip() for part in typed.split("|")]
        if len(parts) < 2 or not parts[0] or not parts[1]:
            raise ValueError(f"Dòng “{typed}”: ghi tên cột | trường | độ rộng | căn.")
        try:
            weight = float(parts[2].replace(",", ".")) if len(parts) > 2 and parts[2] else 1.0
        except ValueError as error:
            raise ValueError(f"Dòng “{typed}”: độ rộng phải là số.") from error
        align = parts[3] if len(parts) > 3 and parts[3] else "left"
        made.append(TableColumn(parts[0], parts[1], weight, align))
    return tuple(made)


def places_text(places: Sequence[Place]) -> str:
    """Return places to sign as they are typed: one a line, "Chức danh | ghi chú | {tên}"."""
    return "\n".join(f"{one.title} | {one.note} | {one.name}" for one in places)


def read_places(text: str) -> tuple[Place, ...]:
    """Return places to sign that were typed one a line."""
    made = []
    for typed in filter(None, (row.strip() for row in text.splitlines())):
        title, note, name = ([part.strip() for part in typed.split("|", 2)] + ["", ""])[:3]
        made.append(Place(title, note, name))
    return tuple(made)
