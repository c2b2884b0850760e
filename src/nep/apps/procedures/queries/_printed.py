"""A procedure's revision as its controlled paper prints it: sections 1–7, table 5.7, diagram."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nep.apps.documents.ports import OwnPaper
from nep.apps.procedures.models import Definition, PaperTemplate
from nep.apps.procedures.queries._mapping import role_texts
from nep.apps.procedures.queries._procedures import draft_of_row
from nep.apps.procedures.queries._tthc import TthcFacts, tthc
from nep.apps.procedures.rules.by_hand import spare_lanes
from nep.apps.procedures.rules.condition_words import labels_of, with_words
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.either import parted
from nep.apps.procedures.rules.figure import sheets_of
from nep.apps.procedures.rules.grouping import headed, ungrouped
from nep.apps.procedures.rules.paper import (
    CONTENT_HEAD,
    HEADS,
    ROW,
    SECTIONS,
    STEPS_HEAD,
    Paper,
    first_words,
    listed,
)
from nep.apps.procedures.rules.printing import limit_said, role_said, time_said
from nep.apps.procedures.rules.table import Step, node_rows, unwired, with_lanes
from nep.apps.procedures.rules.template_tags import FIGURE_TAG, SECTION_TAGS
from nep.apps.procedures.rules.ways import way_lines
from nep.foundation.files import queries as files
from nep.foundation.printing.paper import (
    Cell,
    Column,
    Figure,
    Line,
    Run,
    Table,
    bold,
    italic,
    line,
    placed,
)
from nep.kernel.text import fold

Block = Line | Table
_STEPS = (
    Column("TT", 0.75, "center"), Column("Trình tự", 3.6), Column("Trách nhiệm", 1.7),
    Column("Thời gian", 1.15, "center"), Column("Biểu mẫu/Kết quả", 1.7),
)  # fmt: skip
_LISTS: dict[str, tuple[Column, ...]] = {
    "definitions": (Column("Chữ viết tắt", 1), Column("Nội dung", 3)),
    "forms": (Column("TT", 0.35, "center"), Column("Mã hiệu", 1), Column("Tên biểu mẫu", 3)),
    "records": (Column("TT", 0.35, "center"), Column("Hồ sơ lưu", 4)),
}
NOBODY = "Tự động"
"""Who is responsible for a row that nobody in the office does."""
_LABELLED = re.compile(r"^(?:\d+(?:\.\d+)*[.)]|[a-zđ][).])\s")
_PAPERS = (
    Column("TT", 0.4, "center"), Column("Thành phần hồ sơ", 4),
    Column("Bản chính", 0.7, "center"), Column("Bản sao", 0.7, "center"),
)  # fmt: skip


def procedure_paper(revision_id: int, agency_id: int) -> OwnPaper | None:
    """Return what the paper of a revision says under its cover, None where it has no content."""
    row = (
        Definition.objects.filter(revision_id=revision_id, agency_id=agency_id)
        .select_related("procedure", "revision__document")
        .first()
    )
    if row is None:
        return None
    draft = draft_of_row(row)
    facts = tthc(tthc_id=row.procedure.tthc_id, agency_id=agency_id)
    keys = [step.role for step in draft.table.steps] + [*spare_lanes(draft.places)]
    roles = role_texts(agency_id=agency_id, keys=keys)
    title = row.revision.document.title
    words = section_words(draft, facts, title=title)
    template = PaperTemplate.objects.filter(agency_id=agency_id).first()
    return OwnPaper(
        blocks=tuple(paper_blocks(draft, facts, words, roles, variant=row.procedure.variant)),
        figures=figures_of(draft, roles),
        changes=tuple(_change(cells) for cells in draft.paper.changes),
        recipients=tuple(place for place, _note in draft.paper.recipients),
        template=files.read(template.file_id) if template else None,
        texts=_tag_texts(facts, words, variant=row.procedure.variant) if template else {},
        tables=_tag_tables(draft, facts, words, roles) if template else {},
        figure_tag=FIGURE_TAG,
    )


def _tag_texts(facts: TthcFacts, words: Mapping[str, str], *, variant: str) -> dict[str, str]:
    said = {tag: words.get(key, "") for tag, key in SECTION_TAGS.items()}
    return {**said, "ten_thu_tuc": facts.name, "ma_thu_tuc": facts.code, "truong_hop": variant}


def _tag_tables(
    draft: Draft, facts: TthcFacts, words: Mapping[str, str], roles: Mapping[str, str]
) -> dict[str, list[tuple[str | None, ...]]]:
    """Return the tables of a template's tags, head first."""
    tables = {"bang_buoc": steps_table(draft, roles), "thanh_phan_ho_so": papers_table(facts)}
    for tag, key in (
        ("dinh_nghia", "definitions"),
        ("bieu_mau", "forms"),
        ("ho_so_luu", "records"),
    ):
        columns = _LISTS[key]
        rows = listed(words.get(key, ""))
        tables[tag] = Table(
            columns, tuple(_row(columns, place, row) for place, row in enumerate(rows, 1))
        )
    return {tag: [_head(table), *map(_flat, _whole(table))] for tag, table in tables.items()}


def _head(table: Table) -> tuple[str, ...]:
    return tuple(column.title for column in table.columns)


def _whole(table: Table) -> Iterator[list[str | Cell | None]]:
    """Yield the rows of a table, cells that span given once: None to the right, blank below."""
    for placed_row in placed(table):
        row: list[str | Cell | None] = [""] * len(table.columns)
        for start, cell in placed_row:
            row[start : start + cell.columns] = [cell, *[None] * (cell.columns - 1)]
        yield row


def _flat(row: list[str | Cell | None]) -> tuple[str | None, ...]:
    return tuple(
        one
        if one is None or isinstance(one, str)
        else "\n".join("".join(run.text for run in said.runs) for said in one.lines)
        for one in row
    )


def _change(cells: Sequence[str]) -> tuple[str, str, str]:
    where, what, number, day = (*cells, "", "", "", "")[:4]
    return number, day, f"{where}: {what}" if where and what else where or what


def section_words(draft: Draft, facts: TthcFacts, *, title: str) -> dict[str, str]:
    """Return the text of every section: what was written, else what the TTHC and the steps say."""
    paper = draft.paper
    words = {**first_words(title=title), **_known(draft, facts), **paper.sections}
    words["time"] = limit_said(draft) or facts.limit_words
    words["forms"] = "\n".join(_with_forms(paper, draft))
    words["records"] = "\n".join(_with_records(paper, draft))
    return words


def _known(draft: Draft, facts: TthcFacts) -> dict[str, str]:
    basis = "\n".join(f"{ROW}{one}" for one in facts.legal_basis.split("\n") if one.strip())
    return {"basis": basis, "fee": facts.fee}


def _with_forms(paper: Paper, draft: Draft) -> Iterator[str]:
    """Yield the forms written, then those that steps name and nobody wrote."""
    text = paper.text("forms")
    yield from filter(None, text.split("\n"))
    seen = {cell for row in text.split("\n") for cell in _cells(row)}
    named = [
        (form.code, form.title)
        for step in draft.table.steps
        if step.id in draft.carried
        for form in draft.carried[step.id].forms
    ]
    if not text:
        named += [("", form) for step in draft.table.steps for form in step.forms]
    for code, title in dict.fromkeys(named):
        if fold(code or title) not in seen:
            yield f"{ROW}{code or '–'} | {title}"


def _cells(row: str) -> Iterator[str]:
    """Yield the parts of a written row, and the whole of it, as names are compared."""
    bare = row.removeprefix(ROW)
    yield fold(bare).strip()
    for cell in re.split(r"[|,;:()]| [-–] ", bare):
        yield fold(cell).strip()


def _with_records(paper: Paper, draft: Draft) -> Iterator[str]:
    text = paper.text("records")
    yield from filter(None, text.split("\n"))
    seen = {cell for row in text.split("\n") for cell in _cells(row)}
    for step in draft.table.steps:
        kept = draft.carried[step.id].record if step.id in draft.carried else None
        if kept and fold(kept.name) not in seen:
            said = [kept.name, f"lưu tại {kept.place}" if kept.place else "", kept.term]
            yield ROW + ", ".join(filter(None, said))


def paper_blocks(
    draft: Draft,
    facts: TthcFacts,
    words: Mapping[str, str],
    roles: Mapping[str, str],
    *,
    variant: str,
) -> Iterator[Block]:
    """Yield the seven sections as lines and tables."""
    for head in SECTIONS:
        if head.key == "basis":
            yield line(bold(CONTENT_HEAD), level=1, align="left")
        if head.key == "forms":
            yield from steps_blocks(draft, facts, roles, variant=variant)
        level = 2 if "." in head.number else 1
        yield line(bold(head.printed), level=level, align="left")
        if head.key == "papers" and facts.papers:
            yield papers_table(facts)
        else:
            yield from section_blocks(head.key, words.get(head.key, ""))


def papers_table(facts: TthcFacts) -> Table:
    """Return the papers that an applicant hands in."""
    return Table(
        _PAPERS,
        tuple(
            (str(place), one.name, _mark(one.originals), _mark(one.copies))
            for place, one in enumerate(facts.papers, start=1)
        ),
    )


def _mark(count: int) -> str:
    return "x" if count == 1 else str(count or "")


def section_blocks(key: str, text: str) -> Iterator[Block]:
    """Yield the paragraphs of a section, its list as a table where the section has columns."""
    columns = _LISTS.get(key)
    rows = listed(text) if columns else ()
    if columns and rows:
        yield Table(columns, tuple(_row(columns, place, row) for place, row in enumerate(rows, 1)))
    for said in text.split("\n"):
        if said and not (columns and said.startswith(ROW)):
            yield line(said, indent=not said.startswith(ROW))
    if not text:
        yield line("Không quy định.", indent=True)


def _row(columns: tuple[Column, ...], place: int, cells: Sequence[str]) -> tuple[str, ...]:
    numbered = [str(place), *cells] if columns[0].title == "TT" else list(cells)
    wide = len(columns)
    if len(numbered) > wide:
        numbered = [*numbered[: wide - 1], " – ".join(numbered[wide - 1 :])]
    if columns[0].title == "TT" and len(numbered) < wide:
        numbered = [numbered[0], *[""] * (wide - len(numbered)), *numbered[1:]]
    return tuple((*numbered, *[""] * wide)[:wide])


def steps_blocks(
    draft: Draft, facts: TthcFacts, roles: Mapping[str, str], *, variant: str
) -> Iterator[Block]:
    """Yield heading and table 5.7: what is done, by whom, how long, with which forms."""
    yield line(bold(STEPS_HEAD.printed), level=2, align="left")
    code = f" (Mã TTHC: {facts.code})" if facts.code else ""
    yield line(f"Tên thủ tục: {facts.name}{code}", indent=True)
    if variant:
        labelled = variant if _LABELLED.match(variant) else f"a) {variant}"
        yield line(italic(labelled), indent=True)
    yield steps_table(draft, roles)


def steps_table(draft: Draft, roles: Mapping[str, str]) -> Table:
    """Return table 5.7; a time that several steps share stands in one cell.

    What was drawn is printed as rows wherever rows can say all of it.
    """
    rows: list[tuple[str | Cell, ...]] = []
    above = headed(draft.table)
    bare = ungrouped(draft.table) or unwired(draft.table)
    said = replace(draft, table=parted(bare) or bare)
    for number, step in enumerate(said.table.steps, start=1):
        rows += [
            (Cell((line(bold(heading), align="left", after=0),), columns=5),)
            for heading in above[number - 1]
        ]
        rows.append(_step_row(said, number, step, roles, above))
    if limit := limit_said(draft):
        rows.append(
            (
                Cell((line(bold("Tổng thời gian giải quyết"), align="left", after=0),), columns=3),
                Cell((line(bold(limit), align="left", after=0),), columns=2),
            )
        )
    return Table(_STEPS, tuple(rows))


def _step_row(
    draft: Draft,
    number: int,
    step: Step,
    roles: Mapping[str, str],
    above: Sequence[tuple[str, ...]],
) -> tuple[str | Cell, ...]:
    ways = [italic(one) for one in way_lines(draft.table, step, labels_of(draft.carried))]
    is_begun = step.name.endswith("…") and step.note.startswith(step.name[:-1].rstrip())
    content = _lines(("" if is_begun else step.name, *step.note.split("\n"), *ways))
    who = role_said(step, roles) if step.is_task else NOBODY
    row: list[str | Cell] = [f"B{draft.table.label(step.id)}", content, who]
    steps = draft.table.steps
    if _shares_time(draft, number - 1, above):
        return (*row, _lines(step.forms))
    shared = number
    while shared < len(steps) and _shares_time(draft, shared, above):
        shared += 1
    time = Cell((line(time_said(step), align="center", after=0),), rows=shared - number + 1)
    return (*row, time if shared > number else time_said(step), _lines(step.forms))


def _shares_time(draft: Draft, place: int, above: Sequence[tuple[str, ...]]) -> bool:
    """Say whether a step's time stands in the cell of the row above."""
    steps = draft.table.steps
    if not 0 < place < len(steps) or steps[place].fact("ask") != "merged":
        return False
    return not above[place]


def _lines(texts: Iterable[str | Run]) -> str | Cell:
    said = [one for one in texts if one]
    if len(said) == 1 and isinstance(said[0], str):
        return said[0]
    return Cell(tuple(line(one, align="left", after=0) for one in said))


def figures_of(draft: Draft, roles: Mapping[str, str]) -> tuple[Figure, ...]:
    """Return the diagram as an annex, a lane a role where it fits."""
    names: dict[str, str] = {}
    lanes: dict[str, str] = {}
    for step in draft.table.steps:
        said = role_said(step, roles) or "Chưa giao"
        lanes[step.id] = step.role or f"~{said}"
        names[lanes[step.id]] = said
    names |= {role: roles.get(role, role) for role in spare_lanes(draft.places)}
    process = with_words(draft.drawn, labels_of(draft.carried))
    nodes = tuple(replace(one, role=lanes.get(one.id, one.role)) for one in process.nodes)
    drawn = with_lanes(replace(process, nodes=nodes), names, spare=spare_lanes(draft.places))
    sheets = sheets_of(drawn, names, moved=draft.places, rows=node_rows(draft.table))
    many = len(sheets) > 1
    return tuple(
        Figure(
            sheet.svg, sheet.width, sheet.height,
            "PHỤ LỤC: LƯU ĐỒ" + (f" ({place}/{len(sheets)})" if many else ""),
            sheet.is_landscape,
        )
        for place, sheet in enumerate(sheets, start=1)
    )  # fmt: skip


__all__ = ["HEADS", "figures_of", "paper_blocks", "procedure_paper", "section_words"]
