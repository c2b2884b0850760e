"""Reading a table out of a CSV or Excel file of another system."""

import csv
import io
from typing import Any

import python_calamine

from nep.foundation.files.kinds import kind_of
from nep.kernel.errors import Refusal

MOST_ROWS = 300_000
MOST_COLUMNS = 200
KINDS = ("csv", "xlsx")
Table = list[list[Any]]


def read_table(data: bytes, *, name: str) -> Table:
    """Return the cells of the first sheet, or of the CSV text, row by row.

    Raises Refusal("file_kind", "file_broken", "file_encoding", "file_no_rows", "too_many_rows"),
    and what `kind_of` raises.
    """
    kind = kind_of(data, name=name).name
    if kind not in KINDS:
        raise Refusal(
            "file_kind",
            f"Tệp “{name}” không phải CSV hay Excel (.xlsx). Hãy xuất lại từ hệ thống một cửa.",
            field="file",
        )
    table = _from_excel(data, name) if kind == "xlsx" else _from_text(data, name)
    while table and not any(str(cell or "").strip() for cell in table[-1]):
        table.pop()
    if len(table) < 2:
        raise Refusal("file_no_rows", f"Tệp “{name}” không có dòng dữ liệu nào.", field="file")
    if len(table) > MOST_ROWS:
        raise Refusal(
            "too_many_rows",
            f"Tệp “{name}” có {len(table)} dòng, quá {MOST_ROWS}. Hãy chia theo tháng.",
            field="file",
        )
    return table


def _from_excel(data: bytes, name: str) -> Table:
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = (book.get_sheet_by_index(place) for place in range(len(book.sheet_names)))
        tables = ([row[:MOST_COLUMNS] for row in sheet.to_python()] for sheet in sheets)
        return next((table for table in tables if table), [])
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refusal(
            "file_broken", f"Tệp “{name}” bị hỏng, không mở được.", field="file"
        ) from error


def _from_text(data: bytes, name: str) -> Table:
    text = _decoded(data, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(";\t,|", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        return [list(row[:MOST_COLUMNS]) for row in rows]
    except csv.Error as error:
        raise Refusal("file_broken", f"Tệp “{name}” không đúng dạng CSV.", field="file") from error


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            "file_encoding",
            f"Tệp “{name}” không lưu dạng UTF-8 nên chữ có dấu bị sai. Hãy lưu lại "
            "“CSV UTF-8” hoặc .xlsx.",
            field="file",
        ) from error
