"""Tags in Word files ("{{ma_hieu}}") that are filled in when a document is published.

Only the text of known tags is put in; nothing in a file is ever run.
"""

import copy
import difflib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from nep.foundation.printing.office_bounds import NotMade
from nep.kernel.office import OfficeRefused, open_office
from nep.kernel.text import shorten

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TEXTS = {
    "ma_hieu": "Mã hiệu", "ten_tai_lieu": "Tên tài liệu", "co_quan": "Cơ quan",
    "lan_ban_hanh": "Lần ban hành", "lan_sua_doi": "Lần sửa đổi",
    "ngay_ban_hanh": "Ngày ban hành", "ngay_hieu_luc": "Ngày hiệu lực",
    "so_quyet_dinh": "Số quyết định",
    "nguoi_soan": "Người soạn thảo", "chuc_vu_soan": "Chức vụ người soạn thảo",
    "ngay_soan": "Ngày soạn thảo",
    "nguoi_xem_xet": "Người xem xét", "chuc_vu_xem_xet": "Chức vụ người xem xét",
    "ngay_xem_xet": "Ngày xem xét",
    "nguoi_phe_duyet": "Người phê duyệt", "chuc_vu_phe_duyet": "Chức vụ người phê duyệt",
    "ngay_phe_duyet": "Ngày phê duyệt",
}  # fmt: skip
TABLES = {"bang_sua_doi": "Bảng theo dõi sửa đổi", "danh_sach_phan_phoi": "Danh sách phân phối"}
SIGNATURES = {
    "chu_ky:soan": "Chữ ký số của người soạn thảo",
    "chu_ky:xem_xet": "Chữ ký số của người xem xét",
    "chu_ky:phe_duyet": "Chữ ký số của người phê duyệt",
    "chu_ky:co_quan": "Chữ ký số của cơ quan",
}
UNSEEN = "FFFFFF"
_TAG = re.compile(r"\{\{\s*([^{}]{0,80}?)\s*\}\}")
_MARK = re.compile(r"\{\{chu_ky:[a-z_]{1,20}\}\}")
_TORN = re.compile(r"\{\{[^{}]{0,80}(?:\}(?!\})|$)|(?<!\{)\{[\w]{3,40}\}\}")
_PART = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_LINE_WIDTH = 9_300  # twips of a line of A4 between its margins; the table takes its own share
_NARROWEST = 4.0  # letters of the narrowest column
_DAY = (1980, 1, 1, 0, 0, 0)
Row = Sequence[str | None]
"""Cells of a row of a table; None where the cell before it goes on."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it stands in a file: its name and its place in words."""

    name: str
    place: str


def tags_in(data: bytes) -> tuple[Tag, ...]:
    """Return every tag of a Word file, torn ones by what is left of them. Raises NotMade."""
    return tuple(tag for part, root in _parts(data) for tag in _found(part, root))


def unknown_tags(tags: Sequence[Tag], *, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return a sentence for every tag that nobody can fill, with its place and the nearest name.

    `more` are tags that this kind of file may have besides the usual ones. A tag in capitals is
    filled in capitals.
    """
    known = {*TEXTS, *TABLES, *SIGNATURES, *more}
    return tuple(_sentence(tag, known) for tag in tags if _key(tag.name) not in known)


def mark(name: str) -> str:
    """Return the text by which the place of a signature is found in the PDF later."""
    return f"{{{{{name}}}}}"


def without_marks(text: str) -> str:
    """Return a text without the places of signatures that nobody sees."""
    return _MARK.sub("", text)


def fill_tags(
    data: bytes, *, texts: Mapping[str, str], tables: Mapping[str, Sequence[Row]]
) -> bytes:
    """Return the Word file with its tags filled; a table stands in the place of its tag's line.

    The first row of a table is its head. The same answers give the same bytes. Raises NotMade.
    """
    made: dict[str, bytes] = {}
    for part, root in _parts(data):
        for paragraph in list(root.iter(f"{W}p")):
            _fill(paragraph, texts, tables)
        made[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            kept = zipfile.ZipInfo(entry.filename, _DAY)
            kept.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(kept, made.get(entry.filename) or old.read(entry.filename))
    return out.getvalue()


def _parts(data: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Yield the parts that carry text, read without entities and within the bounds of a package."""
    try:
        package = open_office(data)
        names = sorted(name for name in package.names if _PART.fullmatch(name))
        raw = {name: package.read(name) for name in names}
    except OfficeRefused as refused:
        raise NotMade(refused.code, refused.message) from refused
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for name, content in raw.items():
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise NotMade("xml_doctype", "Tệp Word khai báo thực thể (ENTITY) nên không được nhận.")
        try:
            yield name, etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise NotMade("file_broken", "Tệp Word bị hỏng. Hãy lưu lại bằng Word.") from error


def _found(part: str, root: etree._Element) -> Iterator[Tag]:
    number = 0
    for paragraph in root.iter(f"{W}p"):
        said = "".join(one.text or "" for one in _own_texts(paragraph))
        number += bool(said.strip())
        if "{" not in said:
            continue
        edge = {"h": "đầu trang", "f": "chân trang"}.get(part[5], f"đoạn {number}")
        place = f"{edge}, “{shorten(said.strip(), 60)}”"
        yield from (Tag(found[1].strip(), place) for found in _TAG.finditer(said))
        yield from (Tag(found[0].strip(), place) for found in _TORN.finditer(said))


def _sentence(tag: Tag, known: set[str]) -> str:
    if "{" in tag.name:
        return f"{tag.place}: thẻ “{tag.name}” thiếu dấu ngoặc; hãy viết {{{{ten_the}}}}."
    near = difflib.get_close_matches(tag.name.lower(), sorted(known), n=1, cutoff=0.6)
    hint = f"; có phải {{{{{near[0]}}}}} không?" if near else "."
    return f"{tag.place}: không có thẻ {{{{{tag.name}}}}}{hint}"


def _own_texts(paragraph: etree._Element) -> list[etree._Element]:
    """Return the texts of a paragraph without those of a text box that hangs on it."""
    return [
        one
        for one in paragraph.iter(f"{W}t")
        if next(one.iterancestors(f"{W}p"), None) is paragraph
    ]


def _key(name: str) -> str:
    """Return the name of a tag that may be written in capitals."""
    return name.lower() if name.isupper() else name


def _fill(
    paragraph: etree._Element,
    texts: Mapping[str, str],
    tables: Mapping[str, Sequence[Row]],
) -> None:
    pieces = _own_texts(paragraph)
    said = "".join(one.text or "" for one in pieces)
    for found in reversed(list(_TAG.finditer(said))):
        name = _key(found[1])
        if name in SIGNATURES:
            _hide(pieces, found.start(), found.end(), mark(name))
        elif name in texts:
            said_here = texts[name].upper() if name != found[1] else texts[name]
            _replace(pieces, found.start(), found.end(), said_here)
        elif name in tables:
            _replace(pieces, found.start(), found.end(), "")
            _put_table(
                _table(tables[name], paragraph), paragraph, is_alone=said.strip() == found[0]
            )


def _put_table(table: etree._Element, paragraph: etree._Element, *, is_alone: bool) -> None:
    """Put a table in the place of its tag's line; Word wants a line after a table, and one between
    two of them."""
    before = paragraph.getprevious()
    if is_alone and (before is None or before.tag != table.tag):
        paragraph.addprevious(table)
        return
    paragraph.addnext(etree.Element(f"{W}p"))
    paragraph.addnext(table)


def _replace(pieces: list[etree._Element], start: int, end: int, text: str) -> None:
    """Put a text in the place of a stretch that may reach over several runs."""
    at, is_put = 0, False
    for piece in pieces:
        own = piece.text or ""
        left, right = max(start - at, 0), min(end - at, len(own))
        at += len(own)
        if left < right:
            _say(piece, own[:left], "" if is_put else text, own[right:])
            is_put = True


def _say(piece: etree._Element, before: str, text: str, after: str) -> None:
    """Write a text into a piece, a line break where the text has one."""
    first, *more = text.split("\n")
    piece.text = before + first + ("" if more else after)
    piece.set(SPACE, "preserve")
    for number, said in enumerate(more, start=1):
        broken, rest = etree.Element(f"{W}br"), etree.Element(f"{W}t", {SPACE: "preserve"})
        rest.text = said + (after if number == len(more) else "")
        piece.addnext(broken)
        broken.addnext(rest)
        piece = rest


def _hide(pieces: list[etree._Element], start: int, end: int, text: str) -> None:
    """Put a text, white and small, in a run of its own in the place of a stretch."""
    at = 0
    for piece in pieces:
        own = piece.text or ""
        at += len(own)
        if at <= start:
            continue
        _replace(pieces, start, end, "")
        before = start - (at - len(own))
        run = piece.getparent()
        kept = (piece.text or "")[before:]
        piece.text = (piece.text or "")[:before]
        rest = etree.Element(f"{W}r")
        if (look := run.find(f"{W}rPr")) is not None:
            rest.append(copy.deepcopy(look))
        etree.SubElement(rest, f"{W}t", {SPACE: "preserve"}).text = kept
        unseen = etree.Element(f"{W}r")
        small = etree.SubElement(unseen, f"{W}rPr")
        etree.SubElement(small, f"{W}color", {f"{W}val": UNSEEN})
        etree.SubElement(small, f"{W}sz", {f"{W}val": "4"})
        etree.SubElement(unseen, f"{W}t").text = text
        run.addnext(unseen)
        unseen.addnext(rest)
        return


def _table(rows: Sequence[Row], like: etree._Element) -> etree._Element:
    table = etree.Element(f"{W}tbl")
    settings = etree.SubElement(table, f"{W}tblPr")
    etree.SubElement(settings, f"{W}tblW", {f"{W}w": "5000", f"{W}type": "pct"})
    borders = etree.SubElement(settings, f"{W}tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        etree.SubElement(borders, W + side, {f"{W}val": "single", f"{W}sz": "4"})
    shares = _shares(rows)
    grid = etree.SubElement(table, f"{W}tblGrid")
    for share in shares:
        etree.SubElement(grid, f"{W}gridCol", {f"{W}w": str(round(share * _LINE_WIDTH))})
    letters = next((run.find(f"{W}rPr") for run in like.iter(f"{W}r")), None)
    for index, row in enumerate(rows):
        line = etree.SubElement(table, f"{W}tr")
        look = etree.SubElement(line, f"{W}trPr")
        etree.SubElement(look, f"{W}cantSplit")
        if index == 0:
            etree.SubElement(look, f"{W}tblHeader")
        for start, cell in enumerate(row):
            if cell is None:
                continue
            wide = _reach(row, start)
            made = _cell(line, cell, letters, is_head=index == 0)
            _set_width(made, sum(shares[start : start + wide]), wide)
    return table


def _reach(row: Row, start: int) -> int:
    """Return over how many columns a cell goes."""
    return next(
        (n for n, one in enumerate(row[start + 1 :], 1) if one is not None), len(row) - start
    )


def _shares(rows: Sequence[Row]) -> list[float]:
    """Return the share of the width of each column: long texts get more, each its longest word."""
    widest = [_NARROWEST] * len(rows[0] if rows else ())
    for row in rows:
        for place, cell in enumerate(row):
            if cell is None or _reach(row, place) > 1:
                continue
            word = max(map(len, cell.split()), default=0)
            widest[place] = max(widest[place], word + 1.0, 2 * len(cell) ** 0.5)
    return [one / sum(widest) for one in widest]


def _cell(
    line: etree._Element, text: str, letters: etree._Element | None, *, is_head: bool
) -> etree._Element:
    cell = etree.SubElement(line, f"{W}tc")
    paragraph = etree.SubElement(cell, f"{W}p")
    settings = etree.SubElement(paragraph, f"{W}pPr")
    etree.SubElement(settings, f"{W}spacing", {f"{W}before": "20", f"{W}after": "20"})
    etree.SubElement(settings, f"{W}ind", {f"{W}left": "0", f"{W}firstLine": "0"})
    etree.SubElement(settings, f"{W}jc", {f"{W}val": "center" if is_head else "left"})
    run = etree.SubElement(paragraph, f"{W}r")
    look = etree.SubElement(run, f"{W}rPr") if letters is None else copy.deepcopy(letters)
    if letters is not None:
        run.append(look)
    if is_head and look.find(f"{W}b") is None:
        look.insert(0, etree.Element(f"{W}b"))
    _say(etree.SubElement(run, f"{W}t", {SPACE: "preserve"}), "", text, "")
    return cell


def _set_width(cell: etree._Element, share: float, columns: int) -> None:
    settings = etree.Element(f"{W}tcPr")
    wide = {f"{W}w": str(round(share * 5000)), f"{W}type": "pct"}
    etree.SubElement(settings, f"{W}tcW", wide)
    if columns > 1:
        etree.SubElement(settings, f"{W}gridSpan", {f"{W}val": str(columns)})
    cell.insert(0, settings)
