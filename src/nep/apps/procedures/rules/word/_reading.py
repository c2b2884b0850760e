"""Read a Word file from its bytes to the procedures in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nep.apps.procedures.rules.word._assembly import Assembled, assemble, declares
from nep.apps.procedures.rules.word._cautions import cautions_of, cautions_of_part
from nep.apps.procedures.rules.word._columns import Columns
from nep.apps.procedures.rules.word._document import (
    Block,
    Document,
    Paragraph,
    Table,
    read_document,
)
from nep.apps.procedures.rules.word._evidence import evidence, kinds_of
from nep.apps.procedures.rules.word._facts import Facts, facts_in
from nep.apps.procedures.rules.word._headings import (
    Heading,
    KnownNames,
    Limits,
    Place,
    code_of_name,
    heading_at,
    known_names,
    limit_below,
    limits_of,
    move_to,
    section_told,
    title_at,
    title_in,
    unit_told,
)
from nep.apps.procedures.rules.word._iso import read_document_data
from nep.apps.procedures.rules.word._model import (
    Caution,
    DocumentData,
    ImportedFile,
    Reason,
)
from nep.apps.procedures.rules.word._names import code_in
from nep.apps.procedures.rules.word._pages import MAX_PAGES, document_of, is_scan
from nep.apps.procedures.rules.word._parts import Part, add_steps, counts_on, joined_parts
from nep.apps.procedures.rules.word._raw import StepTable
from nep.apps.procedures.rules.word._rows import read_step_tables
from nep.kernel.office import OfficeRefused, open_word
from nep.kernel.text import clean, fold

Progress = Callable[[int, int], None]
SCANNED = (
    "Tệp PDF này là bản quét: chỉ có hình của trang, không có lớp chữ nên không đọc được bảng. "
    "Hãy nhập từ tệp Word, hoặc xuất lại PDF từ Word."
)
_RUNNING = re.compile(
    r"^(?:(?:trang )?\d{1,3}(?:\s?/\s?\d{1,3})?|-\s?\d{1,3}\s?-|\(?(?:tiep theo|tiep|con tiep).{0,20})$"
)


def read_procedures(data: bytes, *, file: str, progress: Progress | None = None) -> ImportedFile:
    """Read the procedures of one Word file; a file that cannot be read is refused with reasons.

    `file` is the name to report. `progress` is called with (blocks done, blocks in all).
    """
    try:
        document = read_document(open_word(data))
    except OfficeRefused as refusal:
        return ImportedFile(file, False, (Reason(refusal.code, refusal.message),))
    return procedures_of(document, file=file, progress=progress)


def read_pages(
    pages: Sequence[Mapping[str, Any]], *, file: str, progress: Progress | None = None
) -> ImportedFile:
    """Read the procedures of a PDF out of the words and ruled lines of its pages.

    A scanned PDF, which has no text layer, and one of too many pages are refused.
    """
    if len(pages) > MAX_PAGES:
        message = f"Tệp PDF có {len(pages)} trang, nhiều hơn {MAX_PAGES}. Hãy tách thành nhiều tệp."
        return ImportedFile(file, False, (Reason("pdf_long", message),))
    if is_scan(pages):
        return ImportedFile(file, False, (Reason("pdf_scanned", SCANNED),))
    return procedures_of(document_of(pages), file=file, progress=progress)


def procedures_of(
    document: Document, *, file: str, progress: Progress | None = None
) -> ImportedFile:
    """Return the procedures of a document, wherever its paragraphs and tables came from."""
    tables = {
        id(block): read_step_tables(block) for block in document.blocks if isinstance(block, Table)
    }
    lists = [b for b in document.blocks if isinstance(b, Table) and not tables[id(b)]]
    found = _Found(known_names(lists), tables)
    _walk(document.blocks, found, progress)
    _take_limit_below(found, found.waiting)
    about = read_document_data(document)
    parts = joined_parts(found.read)
    read, cautions = _named(parts, found.names, about, file)
    for place, part in enumerate(parts):
        cautions.extend(cautions_of_part(place, part))
    for place, procedure in enumerate(read):
        cautions.extend(cautions_of(place=place, read=procedure))
    if not read:
        cautions.append(
            Caution(
                "no_procedure",
                "Không tìm thấy bảng các bước nào trong tệp (bảng có cột nội dung, người thực hiện "
                "và thời gian), nên không có quy trình để nhập.",
            )
        )
    procedures = tuple(one.procedure for one in read)
    return ImportedFile(file, True, (), tuple(cautions), procedures, about)


@dataclass(slots=True)
class _Found:
    """What was met so far; `waiting` are the lines since the last step table.

    `codes` are those that tables since then give, each with the number of lines before it.
    """

    names: KnownNames
    tables: dict[int, list[StepTable]]
    place: Place = field(default_factory=Place)
    waiting: list[str] = field(default_factory=list)
    read: list[Part] = field(default_factory=list)
    columns: Columns | None = None
    codes: list[tuple[int, tuple[str, str]]] = field(default_factory=list)


def _walk(blocks: list[Block], found: _Found, progress: Progress | None) -> None:
    for done, block in enumerate(blocks, start=1):
        if isinstance(block, Paragraph):
            if block.text:
                found.waiting.append(clean(block.text))
        else:
            _take_table(block, found)
        if progress:
            progress(done, len(blocks))


def _take_table(table: Table, found: _Found) -> None:
    tables = found.tables.get(id(table))
    if tables is None:
        tables = read_step_tables(table)
    is_near = all(_is_running(line) for line in found.waiting)
    if found.columns and is_near and _goes_on(table, tables, found):
        found.waiting = []
        return
    for step_table in tables:
        found.waiting.extend(step_table.lines)
        _add(step_table, found)
    if not tables:
        _take_facts(table, found, is_near=is_near)
        found.columns = None
        for row in table.rows:
            for cell, above in zip(row.cells, row.above, strict=True):
                if not above and cell.tables:
                    _take_cell(cell.text, cell.tables, found)


def _take_facts(table: Table, found: _Found, *, is_near: bool) -> None:
    """Take what a table without steps tells: a name, a limit, a code, or steps cut off."""
    title, facts = title_in(table), facts_in(table)
    if title:
        found.waiting.append(title)
    if facts.code:
        found.codes.append((len(found.waiting), facts.code))
    found.place.tabled.update(facts.limits)
    found.waiting.extend(facts.limits)
    nothing_told = not title and facts == Facts()
    if nothing_told and found.read and _is_rest(table, found.columns, is_near=is_near):
        found.read[-1].rests.append(table.rows[0].text)


def _is_rest(table: Table, columns: Columns | None, *, is_near: bool) -> bool:
    """Tell a table without a head whose cells look like further steps of the table before."""
    if columns is None or not table.rows or len(table.rows[0].cells) < 3:
        return False
    first = frozenset[str]().union(*(kinds_of(cell.text) for cell in table.rows[0].cells))
    if not first & {"label", "time", "number"}:
        return False
    told = evidence(table, 0, tuple((cell.first, cell.after) for cell in table.rows[0].cells))
    kinds = {
        kind
        for kind in ("label", "who", "deed", "time", "number")
        if any(getattr(seen, kind) >= 0.5 for seen in told)
    }
    if any(seen.code >= 0.5 for seen in told) or not kinds & {"who", "deed"}:
        return False
    if "time" in kinds:
        return True
    return is_near and len(told) == len(columns.spans) and len(kinds) > 1


def _is_running(line: str) -> bool:
    """Tell a page number or "(tiếp theo)", which a page break leaves between two tables."""
    return bool(_RUNNING.match(fold(line)))


def _take_cell(text: str, tables: tuple[Table, ...], found: _Found) -> None:
    """Look for step tables inside a cell, with the lines of the cell above them."""
    inner = {row.text for table in tables for row in table.rows}
    found.waiting.extend(line for line in map(clean, text.split("\n")) if line not in inner)
    for table in tables:
        _take_table(table, found)


def _goes_on(table: Table, tables: list[StepTable], found: _Found) -> bool:
    """Join a table that a page break has cut off from the step table right above it.

    Its head may be printed again.
    """
    if found.columns is None or not found.read:
        return False
    if len(table.rows[0].cells if table.rows else ()) != len(found.columns.spans) and (
        table.width != found.columns.spans[-1][1]
    ):
        return False
    tables = [one for one in tables if any(one.columns.heads)]
    if any(one.columns.heads != found.columns.heads for one in tables):
        return False
    rest = tables or read_step_tables(table, columns=found.columns)
    if len(rest) != 1 or len(rest[0].cases) != 1 or rest[0].lines:
        return False
    case, more = found.read[-1].case, rest[0].cases[0]
    last, first = case.steps[-1].label, more.steps[0].label
    unlabelled = bool(tables) and not last and not first and not case.totals
    if more.heading or not (unlabelled or counts_on(last, first)):
        return False
    add_steps(case, more)
    return True


def _take_limit_below(found: _Found, lines: list[str]) -> None:
    """Give the procedure above the limit told right below its table, where nothing else tells it."""
    if not found.read or not (line := limit_below(lines)):
        return
    last, tabled = found.read[-1], found.place.tabled
    limits = last.limits
    is_told = limits.line is not None and limits.line not in tabled
    if last.shared or is_told or declares(last):
        return
    if line not in tabled:
        last.limits = Limits((line,), tuple(one for one in limits.told if one in tabled))
    elif not limits.told:
        last.limits = Limits(told=(line,))


def _add(step_table: StepTable, found: _Found) -> None:
    at = heading_at(found.waiting)
    if at is None:
        at = title_at(found.waiting)
    if at is not None:
        told = [line for line in found.waiting[:at] if line not in found.place.tabled]
        _take_limit_below(found, told)
    before = found.place.heading
    move_to(found.place, found.waiting, at)
    _take_code(found, at)
    unit = unit_told(found.waiting)
    part_of = section_told(found.waiting[at + 1 :] if at is not None else found.waiting)
    found.waiting, found.codes = [], []
    for case in step_table.cases:
        if case.title:
            move_to(found.place, [case.title], 0)
        variant = case.heading or found.place.variant
        found.read.append(
            Part(
                heading=found.place.heading,
                variant=variant,
                columns=step_table.columns,
                case=case,
                limits=limits_of(found.place, variant),
                unit=step_table.columns.time_unit or unit,
                section=part_of,
                shared=len(step_table.cases) > 1,
                borrowed=bool(found.read) and found.place.heading is before and not variant
                and case is step_table.cases[0],
            )
        )  # fmt: skip
    found.columns = step_table.columns


def _take_code(found: _Found, at: int | None) -> None:
    """Give the heading in force the one code of the tables below it, where it has none itself.

    Another code than that of the heading before begins another procedure.
    """
    codes = {code for place, code in found.codes if at is None or place > at}
    heading = found.place.heading
    if len(codes) != 1 or (at is not None and heading.code):
        return
    code, printed = codes.pop()
    if heading.code is None:
        found.place.heading = replace(heading, code=code, code_text=printed, is_told=False)
    elif heading.code != code:
        found.place.heading = Heading(code, printed)
        found.place.line = ""


def _named(
    parts: list[Part], names: KnownNames, about: DocumentData | None, file: str
) -> tuple[list[Assembled], list[Caution]]:
    """Give each procedure its name and code, from lists or the file's name where need be."""
    read: list[Assembled] = []
    cautions: list[Caution] = []
    in_file_name = code_in(file)
    is_one = len({part.heading.code for part in parts}) == 1
    for place, part in enumerate(parts):
        one, heading = assemble(part), part.heading
        procedure = one.procedure
        name = procedure.name or (about.title if about else "")
        if about and (not heading.code or (is_one and not heading.is_told)):
            name = about.title or name
        code, why = procedure.tthc_code, ""
        if code is None:
            code, why = code_of_name(name, names), "code_from_list"
        if code is None and in_file_name and about:
            code, why = in_file_name[0], "code_from_file_name"
        read.append(replace(one, procedure=replace(procedure, name=name, tthc_code=code)))
        cautions.extend(_about_name(place, name, code, why, heading))
    return read, cautions


def _about_name(
    place: int, name: str, code: str | None, why: str, heading: Heading
) -> list[Caution]:
    cautions = []
    if code is None:
        message = "Tài liệu không ghi mã thủ tục hành chính; cần chọn thủ tục."
        cautions.append(Caution("code_missing", message, place))
    elif why == "code_from_list":
        message = f"Mã {code} lấy từ danh mục trong cùng tài liệu theo tên thủ tục; cần xác nhận."
        cautions.append(Caution(why, message, place))
    elif why == "code_from_file_name":
        message = f"Tài liệu không ghi mã thủ tục; mã {code} lấy từ tên tệp, cần xác nhận."
        cautions.append(Caution(why, message, place))
    if heading.codes > 1:
        message = f"Tiêu đề ghi {heading.codes} mã thủ tục; đã lấy mã {code}, cần xác nhận."
        cautions.append(Caution("code_many", message, place))
    if not name:
        message = "Không đọc ra tên thủ tục phía trên bảng các bước; cần nhập."
        cautions.append(Caution("name_missing", message, place))
    return cautions
