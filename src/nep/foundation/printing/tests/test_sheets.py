"""Excel files hold what was given: text as text, numbers as numbers, hours on Vietnam's clock."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
import python_calamine

from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.printing.sheet_page import (
    A3,
    A4,
    SMALLEST,
    letter_size,
    page,
    row_height,
    wish,
)

COLUMNS = (
    SheetColumn("Tên"),
    SheetColumn("Số hồ sơ", "number"),
    SheetColumn("Ngày", "date"),
    SheetColumn("Lúc", "datetime"),
)


def read(data: bytes) -> list[list]:
    return python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_what_looks_like_a_formula_or_a_link_stays_text():
    names = ["=1+1", "+84 912", "@x", "-5", "http://a.vn", '=HYPERLINK("http://a.vn")', "Hồ sơ"]

    rows = read(xlsx([("Hồ sơ", COLUMNS[:1], [[name] for name in names])]))

    assert [row[0] for row in rows[1:]] == names


def test_moments_are_written_on_vietnams_clock():
    at = datetime(2026, 2, 5, 20, 30, tzinfo=UTC)

    rows = read(xlsx([("A", COLUMNS, [["x", 12, date(2026, 2, 5), at]])]))

    assert rows[1][1] == 12
    assert rows[1][2] == date(2026, 2, 5)
    assert rows[1][3] == datetime(2026, 2, 6, 3, 30)


def test_missing_values_are_empty_cells():
    rows = read(xlsx([("A", COLUMNS, [["x", None, None, None]])]))

    assert rows[1] == ["x", "", "", ""]


def part(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def wishes(count: int, width: float = 24, cell: str = "") -> list:
    return [wish(kind="text", width=width, head="Nội dung", cells=[cell])] * count


@pytest.mark.parametrize(
    ("count", "width", "paper", "is_landscape", "is_whole"),
    [
        (4, 20, A4, False, True),
        (7, 24, A4, True, True),
        (9, 40, A4, True, True),
        (17, 30, A3, True, True),
        (60, 18, A3, True, False),
    ],
)
def test_more_columns_take_other_paper_and_never_smaller_letters(
    count, width, paper, is_landscape, is_whole
):
    found = page(wishes(count, width))

    assert (found.paper, found.is_landscape, found.scale is None) == (paper, is_landscape, is_whole)
    assert letter_size(found) >= SMALLEST


def test_columns_are_narrowed_but_keep_their_words_and_whole_texts():
    words, text = "H99.12-261122-000123", "Một việc phải làm " * 60
    columns = [
        wish(kind="text", width=60, head="Số", cells=[words]),
        wish(kind="date", width=12, head="Ngày", cells=[]),
        *(wish(kind="text", width=60, head="Nội dung", cells=[text]) for _ in range(4)),
    ]

    found = page(columns)

    assert found.widths[0] > len(words)
    assert 10 < found.widths[1] <= 12
    assert all(30 < width < 60 for width in found.widths[2:])
    assert row_height([(text, width) for width in found.widths]) < 409
    assert row_height([("dài " * 9000, 8)]) < 409


def test_every_printed_page_bears_heading_head_and_number():
    wide = [SheetColumn(f"Cột {n}", width=40) for n in range(8)]
    data = xlsx([("Rủi ro", wide, [["x"] * 8] * 3)], heading="Sổ rủi ro, Sở A & B")

    sheet, book = part(data, "xl/worksheets/sheet1.xml"), part(data, "xl/workbook.xml")
    assert 'paperSize="9"' in sheet and 'fitToHeight="0"' in sheet and '"landscape"' in sheet
    assert 'fitToPage="1"' in sheet
    assert "Sổ rủi ro, Sở A &amp;&amp; B" in sheet
    assert "Trang &amp;P/&amp;N" in sheet
    assert "'Rủi ro'!$1:$1" in book
    assert sheet.count('customHeight="1"') >= 4
