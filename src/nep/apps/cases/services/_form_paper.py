"""A form of the law put together: an edition's layout with the values of one paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from nep.apps.cases.rules.form_fields import form_title
from nep.apps.cases.rules.form_layout import (
    CODE,
    SIGN,
    TABLE,
    Block,
    Layout,
    TableColumn,
    filled,
    plain,
)
from nep.foundation.printing import (
    Cell,
    Code,
    Column,
    Line,
    Paper,
    Run,
    Signature,
    Signatures,
    Table,
    bold,
    italic,
    line,
)
from nep.foundation.printing.paper import Block as Part

QR_MILLIMETRES = 24
CODE_IN_A_LINE = 19  # letters of a case's code that fit the column of the register
MAY_BREAK = "\u200b"
_NO_ROWS = {"papers": "Không có giấy tờ kèm theo", "cases": "Chưa có hồ sơ nào"}
_WAYS: Mapping[str, dict[str, Any]] = {
    "": {}, "left": {"align": "left"}, "center": {"align": "center"}, "indent": {"indent": True},
}  # fmt: skip


def paper_of(
    *, form: str, layout: Layout, values: Mapping[str, Any], number_text: str = ""
) -> Paper:
    """Return a form with its values, ready to be printed; the same for the same of each."""
    parts: list[Part] = []
    for block in layout.blocks:
        parts += _parts(block, values)
    is_agency = layout.issuer == "agency"
    return Paper(
        title=layout.title,
        subtitle=plain(layout.subtitle, values),
        above=values.get("parent", "") if is_agency else values.get("agency", ""),
        issuer=values.get("agency", "") if is_agency else values.get("reception_name", ""),
        number=f"Số: {number_text}" if number_text else "",
        place_date=values.get("place_date", ""),
        form=form_title(form),
        landscape=layout.landscape,
        blocks=tuple(parts),
    )


def _parts(block: Block, values: Mapping[str, Any]) -> list[Part]:
    if block.kind == TABLE:
        return [_table(block, values)]
    if block.kind == SIGN:
        places = (
            Signature(one.title, note=one.note, name=plain(one.name, values))
            for one in block.places
        )
        return [Signatures(tuple(places))]
    lines = _lines(block, values)
    if block.kind == CODE:
        where = values.get("lookup", "")
        beside = tuple(Line(one.runs, align="left") for one in lines)
        return [Code(where, QR_MILLIMETRES, beside)] if where else []
    return list(lines)


def _lines(block: Block, values: Mapping[str, Any]) -> list[Line]:
    found = []
    for number, text in enumerate(block.text.splitlines() or [""]):
        pieces = filled(text, values)
        if pieces is None and not (block.label and not block.text):
            continue
        runs = [Run(one.text, bold=one.bold, italic=one.italic) for one in pieces or ()]
        if block.label and number == 0:
            runs.insert(0, Run(f"{block.label}: " if runs else block.label))
        found.append(Line(tuple(runs), **_WAYS.get(block.style, {})))
    return found


def _table(block: Block, values: Mapping[str, Any]) -> Table:
    columns = tuple(
        Column(one.title, one.weight, one.align)  # type: ignore[arg-type]
        for one in block.columns
    )
    rows: Sequence[Mapping[str, str]] = values.get(block.source) or ()
    if block.source == "handovers":
        return Table(columns, tuple(row for one in rows for row in _handover(one)))
    made = tuple(tuple(_cell(one, row) for one in block.columns) for row in rows)
    return Table(columns, made or (_empty(block),))


def _cell(column: TableColumn, row: Mapping[str, str]) -> str:
    text = row.get(column.field, "")
    return _code(text) if column.field == "code" else text


def _empty(block: Block) -> tuple[str, ...]:
    """Return the one row of a table without rows: said where the widest column is."""
    widest = max(range(len(block.columns)), key=lambda at: block.columns[at].weight)
    return tuple(
        _NO_ROWS.get(block.source, "") if at == widest else "" for at in range(len(block.columns))
    )


def _handover(row: Mapping[str, str]) -> tuple[tuple[str | Cell, ...], ...]:
    """Return the two rows of one giving and receiving, or the one row of a pause."""
    if row.get("span"):
        what = Cell((line(italic(row["step"]), after=0),))
        return (("", what, Cell((_small(row["span"]),), columns=2), "", row["note"]),)
    times = [
        line("1. Giao: ", row["given"], align="left", after=0),
        line("2. Nhận: ", row["received"], align="left", after=0),
    ]
    if row["closed"]:
        times.append(line("Xong: ", row["closed"], align="left", after=0))
    what_lines = [line(bold(row["step"]), align="left", after=0)]
    if row["minutes"]:
        what_lines.append(_small(row["minutes"]))
    return (
        (
            Cell((line(row["place"], align="center", after=0),), rows=2),
            Cell(tuple(what_lines), rows=2),
            Cell(tuple(times), columns=2),
            Cell((line(row["result"], align="center", after=0),), rows=2),
            Cell((line(row["note"], align="left", after=0),), rows=2),
        ),
        (row["giver"], row["receiver"]),
    )


def _small(text: str) -> Line:
    return Line((Run(text, italic=True),), align="left", after=0)


def _code(code: str) -> str:
    """Let a code that is longer than its column go on in the next line, after a dot or dash."""
    if len(code) <= CODE_IN_A_LINE:
        return code
    return code.replace("-", f"-{MAY_BREAK}").replace(".", f".{MAY_BREAK}")
