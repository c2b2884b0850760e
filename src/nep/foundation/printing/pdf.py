"""PDF by Typst: one compiler a process, our fonts only, no file outside the layouts' folder."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from nep.foundation.printing.fonts import FOLDER
from nep.foundation.printing.paper import (
    MOTTO,
    NATION,
    UPRIGHT,
    Block,
    Cell,
    Code,
    Column,
    Line,
    NewPage,
    Paper,
    Run,
    Signature,
    Signatures,
    Table,
    alignment,
    heading_name,
    is_heading,
    keeps_rows,
    placed,
    stays,
)
from nep.foundation.printing.paper_parts import column_widths, places_data, tells_what_about
from nep.foundation.printing.qr import qr_svg, whole_side

LAYOUTS = Path(__file__).resolve().parent / "layouts"
_one_at_a_time = threading.Lock()


def pdf(template: Path, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Compile a Typst layout with its data (`json(bytes(sys.inputs.data))`) to PDF/A-2.

    The layout may import others of the folder and nothing else. The same data and moment give the same
    bytes.
    """
    with _one_at_a_time:
        made = _compiler().compile(
            input=template.read_bytes(),
            format="pdf",
            sys_inputs={"data": json.dumps(dict(data), ensure_ascii=False)},
            pdf_standards=["a-2u"],
            timestamp=made_at.astimezone(UTC).replace(microsecond=0),
        )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def picture(template: Path, data: Mapping[str, Any], *, dots: int) -> bytes:
    """Compile a Typst layout of one page to PNG with so many dots an inch."""
    with _one_at_a_time:
        made = _compiler().compile(
            input=template.read_bytes(),
            format="png",
            ppi=dots,
            sys_inputs={"data": json.dumps(dict(data), ensure_ascii=False)},
        )
    if not isinstance(made, bytes):
        raise TypeError("a drawing is one page")
    return made


def paper_pdf(paper: Paper, *, made_at: datetime) -> bytes:
    """Return an administrative paper as PDF."""
    return pdf(LAYOUTS / "form.typ", paper_data(paper), made_at=made_at)


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    )
    return typst.Compiler(root=str(LAYOUTS), font_paths=fonts, ignore_system_fonts=True)


def paper_data(paper: Paper) -> dict[str, Any]:
    """Return a paper as plain data, for a layout or a page that draws it."""
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "about": tells_what_about(paper),
        "above": heading_name(paper.above),
        "issuer": heading_name(paper.issuer),
        "number": paper.number,
        "place_date": paper.place_date,
        "form": paper.form,
        "landscape": paper.landscape,
        "nation": NATION,
        "motto": MOTTO,
        "blocks": [
            block_data(block, stays=stays(paper.blocks, place), width=paper.width)
            for place, block in enumerate(paper.blocks)
        ],
    }


def paper_of(data: Mapping[str, Any]) -> Paper:
    """Return a paper from its plain data, as it was kept: the inverse of `paper_data`.

    A code is not kept as text and is left out.
    """
    return Paper(
        title=data["title"], subtitle=data["subtitle"], above=data["above"], issuer=data["issuer"],
        number=data["number"], place_date=data["place_date"], form=data["form"],
        landscape=data["landscape"],
        blocks=tuple(_block_of(one) for one in data["blocks"] if one["kind"] != "code"),
    )  # fmt: skip


def _block_of(data: Mapping[str, Any]) -> Block:
    if data["kind"] == "line":
        return _line_of(data)
    if data["kind"] == "table":
        columns = tuple(Column(**one) for one in data["columns"])
        return Table(columns, tuple(tuple(_cell_of(one) for one in row) for row in data["rows"]))
    if data["kind"] == "page":
        return NewPage()
    places = ((one["title"], one["note"], one["name"]) for one in data["places"])
    return Signatures(tuple(Signature(*one) for one in places))


def _line_of(data: Mapping[str, Any]) -> Line:
    return Line(
        tuple(Run(**one) for one in data["runs"]), align=data["align"], indent=data["indent"],
        after=data["after"], level=data.get("level", 0),
    )  # fmt: skip


def _cell_of(data: Mapping[str, Any]) -> Cell:
    lines = tuple(_line_of(one) for one in data["lines"])
    return Cell(lines, align=data["align"], rows=data["rows"], columns=data["columns"])


def block_data(block: Block, *, stays: bool = False, width: float = UPRIGHT) -> dict[str, Any]:
    """Return a block as plain data; `stays` keeps it on the page of what follows, `width` is that of
    the text in millimetres."""
    if isinstance(block, Line):
        said = {**asdict(block), "align": alignment(block)}
        return {"kind": "line", "stays": stays or is_heading(block), **said}
    if isinstance(block, NewPage):
        return {"kind": "page"}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "whole": keeps_rows(block),
            "columns": [asdict(column) for column in block.columns],
            "widths": column_widths(block, width),
            "rows": [[asdict(cell) for _start, cell in row] for row in placed(block)],
        }
    if isinstance(block, Code):
        return {
            "kind": "code",
            "svg": qr_svg(block.text),
            "side": whole_side(block.text, block.millimetres),
            "beside": [asdict(one) for one in block.beside],
        }
    return {"kind": "signatures", "places": places_data(block.places)}
