"""Excel files hold what was given: text as text, numbers as numbers, hours on Vietnam's clock."""

import io
from datetime import UTC, date, datetime

import python_calamine

from nep.foundation.printing import SheetColumn, xlsx

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
