"""The text of Excel workbooks, sheet by sheet and row by row."""

import io
from datetime import date, datetime, time

from python_calamine import CalamineError, CalamineWorkbook

from nep.kernel.difference import HEADING, ROW, Block
from nep.kernel.office import OfficeRefused, open_office
from nep.kernel.text import clean
from nep.kernel.vietnamese import date_text

MAX_ROWS, MAX_COLUMNS = 20_000, 120


def sheet_blocks(data: bytes) -> tuple[Block, ...]:
    """Return each sheet's name as a heading and its rows without the empty ones.

    Raises OfficeRefused when the package is not fit to be opened.
    """
    open_office(data)  # its bounds, before anything is unpacked
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise OfficeRefused(
            "file_broken", "Tệp Excel bị hỏng. Hãy mở bằng Excel và lưu lại."
        ) from error
    found: list[Block] = []
    for name, sheet in sheets:
        found.append(Block(HEADING, (clean(name),), 1))
        for row in sheet.to_python(skip_empty_area=True, nrows=MAX_ROWS):
            cells = [clean(_said(cell)) for cell in row[:MAX_COLUMNS]]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                found.append(Block(ROW, tuple(cells)))
        if len(found) > MAX_ROWS:
            break
    return tuple(found[: MAX_ROWS + 1])


def _said(value: object) -> str:
    if isinstance(value, datetime):
        has_time = value.time() != time(0)
        return date_text(value.date()) + (f" {value:%H:%M}" if has_time else "")
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
