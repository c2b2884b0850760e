"""What a printed time means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.procedures.rules.word import ParsedTime, parse_time, parse_total
from nep.apps.procedures.rules.word._times import head_unit

READ = [
    ("0,5 ngày", "4", "ngày"),
    ("0.5 ngày", "4", "ngày"),
    ("0,25 ngày làm việc", "2", "ngày làm việc"),
    ("½ ngày", "4", "ngày"),
    ("½ngày", "4", "ngày"),
    ("1/4 ngày", "2", "ngày"),
    ("1 1/2 ngày", "12", "ngày"),
    ("01ngày làm việc", "8", "ngày làm việc"),
    ("02 ngàylàm việc", "16", "ngày làm việc"),
    ("04 giờ làm việc", "4", "giờ"),
    ("0,5 giờ", "0.5", "giờ"),
    ("8h", "8", "giờ"),
    ("30 phút", "0.5", "giờ"),
    ("01 ngày 04 giờ", "12", "giờ"),
    ("01 (một) ngày làm việc", "8", "ngày làm việc"),
    ("Nửa ngày", "4", "ngày"),
    ("Năm ngày làm việc", "40", "ngày làm việc"),
    ("1 ngày rưỡi", "12", "ngày"),
    ("Không quá 17 ngày kể từ ngày nhận được hồ sơ hợp lệ.", "136", "ngày"),
    ("03 ngày làm việc\n(kể từ ngày nhận đủ hồ sơ)", "24", "ngày làm việc"),
    ("04 giờ (0,5 ngày)", "4", "giờ"),
    ("1 giờ 30 phút", "1.5", "giờ"),
    ("1h30", "1.5", "giờ"),
    ("2 ngày 4 giờ 30 phút", "20.5", "giờ"),
    ("45’", "0.75", "giờ"),
    ("Mười lăm ngày làm việc", "120", "ngày làm việc"),
    ("hai mươi mốt ngày", "168", "ngày"),
    ("05 NLV", "40", "ngày làm việc"),
    ("02 ngày LV", "16", "ngày làm việc"),
    ("≤ 5 ngày", "40", "ngày"),
    ("0 ngày", "0", "ngày"),
    ("0.125 ngày", "1", "ngày"),
    ("1,125 ngày", "9", "ngày"),
    ("1.25 ngày", "10", "ngày"),
]
NOT_COUNTED = ["", "  ", "-", "Không tính thời gian", "không tính vào thời hạn", "Giờ hành chính",
               "Không", "Theo phiếu hẹn", "Theo ngày hẹn"]  # fmt: skip
ASKED = [
    "2-3 ngày",
    "02 đến 03 ngày làm việc",
    "2 – 3 ngày",
    "Trước 16h30 cùng ngày",
    "7h30 - 11h30",
    "2 ngày hoặc 3 ngày",
    "0,5 - 01 ngày",
    "10 ngày; 30 ngày",
    "3",
    "02 tuần",
    "01 buổi",
    "Theo quy định",
    "Ngay sau khi nhận đủ hồ sơ",
    "sau ngày nhận hồ sơ",
    "theo Quyết định số 62 ngày 09/11/2011",
    "O,5 ngày",
    "1/0 ngày",
    "99999 ngày",
    "1.500 giờ làm việc",
    "1.125 ngày (một nghìn một trăm hai mươi lăm)",
]


@pytest.mark.parametrize(("text", "hours", "unit"), READ)
def test_a_plain_time_is_read_with_its_unit(text, hours, unit):
    assert parse_time(text) == ParsedTime(Decimal(hours), unit)


@pytest.mark.parametrize("text", NOT_COUNTED)
def test_time_that_is_not_counted_is_no_question(text):
    assert parse_time(text) == ParsedTime(None, None, False, "")


@pytest.mark.parametrize("text", ASKED)
def test_what_cannot_be_told_is_asked_and_never_guessed(text):
    time = parse_time(text)

    assert (time.hours, time.unit, time.uncertain) == (None, None, True)
    assert time.reason


def test_a_time_inside_a_sentence_is_taken_but_asked():
    text = (
        "Đơn vị có trách nhiệm tiếp nhận ngay và hoàn thiện hồ sơ trong 10 ngày làm việc, trường "
        "hợp kéo dài quá 10 ngày làm việc phải báo cáo cấp trên"
    )

    time = parse_time(text)

    assert (time.hours, time.unit, time.uncertain) == (80, "ngày làm việc", True)


def test_a_total_is_read_without_what_it_is_made_of():
    text = "96 giờ làm việc (12 ngày làm việc) trong đó: - Tại xã: 40 giờ; - Tại Sở: 56 giờ"

    assert parse_total(text) == ParsedTime(Decimal(96), "giờ")
    assert parse_time(text).uncertain


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("Thời hạn giải quyết (ĐVT: Ngày làm việc)", "ngày làm việc"),
        ("Thời gian (ngày)", "ngày"),
        ("Thời gian (giờ)", "giờ"),
        ("Thời gian thực hiện", None),
        ("Số ngày", "ngày"),
        ("TG (NLV)", "ngày làm việc"),
        ("Thời hạn (tính bằng phút)", "phút"),
        ("Thời gian (ngày/giờ làm việc)", None),
        ("Thời gian theo giờ hành chính", None),
        ("Thời gian kể từ ngày nhận hồ sơ", None),
        ("Thời gian giải quyết (03 ngày làm việc)", None),
    ],
)
def test_the_column_head_gives_the_unit_of_bare_numbers(head, unit):
    assert head_unit(head) == unit


def test_a_bare_number_takes_the_unit_of_its_column():
    assert parse_time("0,5", head_unit="ngày làm việc") == ParsedTime(Decimal(4), "ngày làm việc")
    assert parse_time("4", head_unit="giờ") == ParsedTime(Decimal(4), "giờ")
    assert parse_time("30", head_unit="phút") == ParsedTime(Decimal("0.5"), "giờ")
    assert parse_time("1.500", head_unit="phút").uncertain


def test_a_unit_in_the_cell_wins_over_the_column():
    assert parse_time("1/2 ngày", head_unit="ngày làm việc").unit == "ngày"


@given(st.text(max_size=400))
def test_no_text_makes_the_reader_fail(text):
    time = parse_time(text)

    assert time.hours is None or time.hours >= 0
    assert (time.hours is None) == (time.unit is None)
    assert bool(time.reason) == time.uncertain


@given(st.lists(st.sampled_from([
    "1", "0,5", "1/2", "02", "½", " ", "-", "(", ")", "ngày", "làm việc", "giờ", "đến", "không",
    "hoặc", "/", ",", ".", "trong đó", "phút", "rưỡi", "năm", "9" * 30,
]), max_size=14).map(" ".join))  # fmt: skip
def test_no_heap_of_time_words_makes_the_reader_fail(text):
    for read in (parse_time, parse_total):
        time = read(text)
        assert (time.hours is None) == (time.unit is None)


@given(
    st.integers(1, 400),
    st.sampled_from([("ngày", 8), ("ngày làm việc", 8), ("giờ", 1)]),
    st.sampled_from(["{n} {u}", "{n:02d} {u}", "Không quá {n} {u}", "{n}{u}", "Tối đa {n} {u}."]),
)
def test_every_whole_amount_is_read_in_every_wording(number, unit, wording):
    name, hours = unit

    time = parse_time(wording.format(n=number, u=name))

    assert time == ParsedTime(Decimal(number * hours), name)
