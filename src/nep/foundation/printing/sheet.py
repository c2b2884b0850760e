"""Excel sheets of figures. Text stays text: nothing a person typed becomes a formula or a link."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import xlsxwriter

from nep.foundation.printing.sheet_page import FONT, SIDE_MARGIN, Page, page, row_height, wish
from nep.kernel.vietnamese import local

Kind = Literal["text", "number", "percent", "date", "datetime"]
_FORMATS = {
    "text": "@",
    "number": "#,##0",
    "percent": "0.0%",
    "date": "dd/mm/yyyy",
    "datetime": "dd/mm/yyyy hh:mm",
}
_ALIGN = {"text": "left", "number": "right", "percent": "right", "date": "left", "datetime": "left"}
_GRID, _SHADE = "#9A9A9A", "#EFEFEF"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its head, what it holds, its width in characters."""

    title: str
    kind: Kind = "text"
    width: float = 18


Sheet = tuple[str, Sequence[SheetColumn], Iterable[Sequence[Any]]]


def xlsx(sheets: Iterable[Sheet], *, heading: str = "") -> bytes:
    """Return a workbook of (name, columns, rows); moments are written on Vietnam's clock.

    Printed, a sheet is as wide as its page in letters of at least 8 points, on A4 or, where that is
    too narrow, A3; its columns are narrowed for it. Every page bears `heading` (else the sheet's
    name), the sheet's head and its number.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    face = {
        "font_name": "Arial", "font_size": FONT, "valign": "top", "border": 1,
        "border_color": _GRID, "text_wrap": True,
    }  # fmt: skip
    head = book.add_format({**face, "bold": True, "bg_color": _SHADE, "align": "left"})
    kinds = {
        kind: book.add_format({**face, "num_format": text, "align": _ALIGN[kind]})
        for kind, text in _FORMATS.items()
    }
    for name, columns, rows in sheets:
        _sheet(book, (name, columns, list(rows)), heading or name, head, kinds)
    book.close()
    return out.getvalue()


def _sheet(book: Any, given: tuple, heading: str, head: Any, kinds: dict[str, Any]) -> None:
    name, columns, rows = given
    sheet = book.add_worksheet(name[:31])
    sheet.freeze_panes(1, 0)
    told = [[one for one in cells if isinstance(one, str)] for cells in zip(*rows, strict=True)]
    told = told or [[] for _ in columns]
    found = page(
        [
            wish(kind=one.kind, width=one.width, head=one.title, cells=cells)
            for one, cells in zip(columns, told, strict=True)
        ]
    )
    _on_paper(sheet, found, heading, name)
    for place, (column, width) in enumerate(zip(columns, found.widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, column.title, head)
    heads = [(one.title, width * 0.85) for one, width in zip(columns, found.widths, strict=True)]
    sheet.set_row(0, row_height(heads))
    for number, row in enumerate(rows, start=1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, number, place, column.kind, value, kinds)
        # not every program finds the height of wrapped words by itself
        texts = zip(row, found.widths, strict=True)
        height = row_height([(value, width) for value, width in texts if isinstance(value, str)])
        sheet.set_row(number, height)


def _on_paper(sheet: Any, found: Page, heading: str, name: str) -> None:
    """Say how the sheet is printed."""
    sheet.set_paper(found.paper)
    if found.is_landscape:
        sheet.set_landscape()
    if found.scale is None:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(found.scale)
        sheet.repeat_columns(0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=SIDE_MARGIN, right=SIDE_MARGIN, top=0.8, bottom=0.7)
    shown = heading.replace("&", "&&")[:200]
    sheet.set_header(f'&C&"Arial,Bold"&12{shown}', {"margin": 0.35})
    named = "" if heading == name else '&L&"Arial"&9&A'
    sheet.set_footer(f'{named}&R&"Arial"&9Trang &P/&N', {"margin": 0.35})


def _write(sheet: Any, row: int, place: int, kind: Kind, value: Any, formats: dict) -> None:
    if value is None or value == "":
        sheet.write_blank(row, place, None, formats[kind])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, local(value).replace(tzinfo=None), formats[kind])
    elif isinstance(value, date):
        sheet.write_datetime(
            row, place, datetime(value.year, value.month, value.day), formats[kind]
        )
    elif kind in {"number", "percent"}:
        sheet.write_number(row, place, float(value), formats[kind])
    else:
        sheet.write_string(row, place, str(value), formats["text"])
