"""Dates and numbers as offices write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from nep.kernel import vietnamese as vn
from nep.kernel.codes import check_mask, render_code, sequence_book
from nep.kernel.errors import Refusal


def test_the_fifth_of_january_is_not_the_first_of_may():
    assert vn.parse_date("05/01/2026") == date(2026, 1, 5)


@pytest.mark.parametrize("text", ["31/02/2026", "2026", "", "1/13/2026", "mai"])
def test_what_is_no_date_is_none(text):
    assert vn.parse_date(text) is None


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 9, 5), "ngày 05 tháng 9 năm 2026"),
        (date(2026, 1, 25), "ngày 25 tháng 01 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_days_below_ten_and_months_one_and_two_take_a_leading_zero(day, words):
    assert vn.date_long(day) == words


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", Decimal("1234.5")),
        ("1.234", Decimal(1234)),
        ("0,5", Decimal("0.5")),
        ("0.5", Decimal("0.5")),
        ("12", Decimal(12)),
        ("-5", Decimal(-5)),
        ("1 234", Decimal(1234)),
        ("98.55", Decimal("98.55")),
        ("x", None),
        ("NaN", None),
        ("1e5", None),
        ("1,234.5", None),
        ("1.23.4", None),
        ("1,2,3", None),
        ("", None),
    ],
)
def test_numbers_are_read_the_vietnamese_way(text, number):
    assert vn.parse_number(text) == number


def test_numbers_are_written_the_vietnamese_way():
    assert vn.number_text(Decimal("1234567.50")) == "1.234.567,5"
    assert vn.number_text(12.345, places=1) == "12,3"


def test_moments_are_shown_on_vietnams_clock():
    assert vn.datetime_text(datetime(2026, 1, 5, 20, 5, tzinfo=UTC)) == "03:05 ngày 06/01/2026"
    assert vn.time_long(datetime(2026, 1, 5, 1, 5, tzinfo=UTC)).startswith(
        "08 giờ 05 phút, ngày 05"
    )


def test_a_case_code_follows_the_agencys_mask():
    code = render_code("{agency}-{yymmdd}-{seq:04}", agency="H99.18", on=date(2026, 11, 21), seq=42)
    assert code == "H99.18-261121-0042"
    assert sequence_book("{agency}-{yymmdd}-{seq:04}", on=date(2026, 11, 21)) == "case:2026-11-21"


@pytest.mark.parametrize("mask", ["{agency}-{yymmdd}", "{name}-{seq}", "{seq"])
def test_a_mask_that_cannot_work_is_refused(mask):
    with pytest.raises(Refusal) as refusal:
        check_mask(mask)
    assert refusal.value.code == "mask_invalid"
