"""Excel sheets of figures. Text stays text: nothing a person typed becomes a formula or a link."""

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import xlsxwriter

from nep.kernel.vietnamese import local

Kind = Literal["text", "number", "percent", "date", "datetime"]
_FORMATS = {
    "text": "@",
    "number": "#,##0",
    "percent": "0.0%",
    "date": "dd/mm/yyyy",
    "datetime": "dd/mm/yyyy hh:mm",
}


_A4 = 9
_LINE, _MOST_LINES = 14.5, 27  # points; a row is at most 409 points high


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its head, what it holds, its width in characters."""

    title: str
    kind: Kind = "text"
    width: float = 18


def xlsx(
    sheets: Iterable[tuple[str, Sequence[SheetColumn], Iterable[Sequence[Any]]]],
) -> bytes:
    """Return a workbook of (name, columns, rows); moments are written on Vietnam's clock.

    Printed, it stands on A4 turned, as wide as a page, its head on every page.
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
    head = book.add_format(
        {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "font_name": "Arial"}
    )
    kinds = {
        kind: book.add_format(
            {"num_format": text, "font_name": "Arial", "valign": "top", "text_wrap": kind == "text"}
        )
        for kind, text in _FORMATS.items()
    }
    for name, columns, rows in sheets:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        sheet.set_footer("&L&9&A&R&9Trang &P/&N")
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, head)
        for number, row in enumerate(rows, start=1):
            lines = 1
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write(sheet, number, place, column.kind, value, kinds)
                if isinstance(value, str):
                    lines = max(lines, _lines(value, column.width))
            if lines > 1:  # not every program finds the height of wrapped words by itself
                sheet.set_row(number, _LINE * min(lines, _MOST_LINES))
    book.close()
    return out.getvalue()


def _lines(text: str, width: float) -> int:
    """Return about how many lines a text takes in a column so many characters wide."""
    return sum(max(1, math.ceil(len(line) / width)) for line in text.split("\n"))


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
