"""Layouts that offices use and the first reading of unknown files got wrong."""

from decimal import Decimal

import pytest

from nep.apps.procedures.rules.word import parse_total
from tests.word.build import GO_ON, down, p, table, wide
from tests.word.test_layouts import HEAD, NAME, TOTAL, TWO, only, read

PEOPLE = ["Bộ phận một cửa", "Chuyên viên"]


def test_who_decides_heads_the_responsible():
    head = ("TT", "Trình tự thực hiện", "Thẩm quyền giải quyết", "Thời gian (ngày)")
    one = only(read(p(NAME), table(head, ("1", "Tiếp nhận", PEOPLE[0], "0,5"))))
    assert [(step.responsible, step.time_hours) for step in one.steps] == [(PEOPLE[0], Decimal(4))]


def test_those_who_assist_below_a_common_head_are_left_out():
    head = ("TT", "Nội dung", wide("Trách nhiệm thực hiện", 2), "Thời hạn")
    below = (GO_ON, GO_ON, "Chủ trì", "Phối hợp", GO_ON)
    rows = (("1", "Thẩm định", "Chuyên viên", "Phòng Tài chính", "02 ngày làm việc"),)
    one = only(
        read(
            p(NAME), table((down("TT"), down("Nội dung"), head[2], down("Thời hạn")), below, *rows)
        )
    )
    assert [step.responsible for step in one.steps] == ["Chuyên viên"]


def test_unit_and_person_in_two_columns_stay_told_apart():
    head = ("Bước", "Nội dung công việc", "Đơn vị thực hiện", "Người thực hiện", "Thời gian")
    one = only(read(p(NAME), table(head, ("1", "Duyệt", "Phòng Đất đai", "Trưởng phòng", "4 giờ"))))
    assert one.steps[0].responsible == "Phòng Đất đai, Trưởng phòng"


def test_a_level_with_its_own_time_is_no_step():
    one = only(
        read(
            p(NAME),
            table(
                ("TT", *HEAD[1:]),
                ("I", "Tại UBND cấp xã", "", "0,5 ngày làm việc"),
                ("1", "Tiếp nhận", "Một cửa", "0,5 ngày làm việc"),
                ("II", "Tại Sở", "", "1,5 ngày làm việc"),
                ("2", "Thẩm định", "Chuyên viên", "1,5 ngày làm việc"),
                ("", "Tổng cộng (I+II)", "", "02 ngày làm việc"),
            ),
        )
    )
    assert [(step.label, step.section.split(" (")[0]) for step in one.steps] == [
        ("1", "Tại UBND cấp xã"), ("2", "Tại Sở"),
    ]  # fmt: skip
    assert one.sum_matches_declared is True


def test_a_table_cut_in_two_may_print_its_head_again():
    imported = read(p(NAME), table(HEAD, TWO[0]), table(HEAD, TWO[1], TOTAL))
    one = only(imported)
    assert [step.label for step in one.steps] == ["Bước 1", "Bước 2"]
    assert one.sum_matches_declared is True


def test_short_names_across_a_common_table_head_their_steps():
    imported = read(
        table(
            HEAD,
            (wide("1. Đăng ký khai sinh (1.001193)", 4),), *TWO, TOTAL,
            (wide("2. Đăng ký kết hôn (1.000894)", 4),), *TWO, TOTAL,
        )
    )  # fmt: skip
    assert [(one.tthc_code, len(one.steps)) for one in imported.procedures] == [
        ("1.001193", 2), ("1.000894", 2),
    ]  # fmt: skip


def test_names_merged_down_their_steps_begin_procedures():
    head = ("STT", "Tên thủ tục hành chính", "Trình tự các bước", "Đơn vị thực hiện", "Thời gian")
    rows = [
        (
            down(str(n)) if first else GO_ON,
            down(f"Cấp giấy phép loại {n} (Mã: 1.00000{n})") if first else GO_ON,
            f"Bước {step + 1}. {TWO[step][1]}", TWO[step][2], TWO[step][3],
        )
        for n in (1, 2) for step, first in ((0, True), (1, False))
    ]  # fmt: skip
    imported = read(table(head, *rows))
    assert [one.tthc_code for one in imported.procedures] == ["1.000001", "1.000002"]
    assert [one.name for one in imported.procedures] == [f"Cấp giấy phép loại {n}" for n in (1, 2)]
    for one in imported.procedures:
        assert [(step.label, step.responsible) for step in one.steps] == [
            ("Bước 1", PEOPLE[0]), ("Bước 2", PEOPLE[1]),
        ]  # fmt: skip


def test_a_label_in_a_content_column_of_its_own_is_a_label():
    head = ("Trình tự", "Nội dung công việc", "Trách nhiệm", "Thời gian")
    one = only(read(p(NAME), table(head, *TWO)))
    assert [(step.label, step.content) for step in one.steps] == [
        ("Bước 1", "Tiếp nhận hồ sơ"), ("Bước 2", "Thẩm định"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["Tổng thời gian xử lý: 02 ngày làm việc.", "* Thời hạn giải quyết không quá 02 ngày "
             "làm việc kể từ ngày nhận hồ sơ.", "Cộng: 02 ngày làm việc."]
)  # fmt: skip
def test_a_limit_right_below_the_table_is_that_procedures(line):
    other = "2. Quy trình nội bộ giải quyết TTHC: “Cấp lại giấy phép” (Mã TTHC: 1.765432.H99)"
    imported = read(p(NAME), table(HEAD, *TWO), p(line), p(other), table(HEAD, *TWO))
    assert [one.declared_total_hours for one in imported.procedures] == [Decimal(16), None]
    assert [one.tthc_code for one in imported.procedures] == ["1.234567", "1.765432"]


def test_a_limit_below_the_last_table_is_read():
    one = only(read(p(NAME), table(HEAD, *TWO), p("Tổng thời gian: 02 ngày làm việc")))
    assert one.sum_matches_declared is True


def test_a_bare_total_has_the_unit_of_its_column():
    head = (*HEAD[:3], "Thời gian (ngày làm việc)")
    rows = (("1", "Tiếp nhận", "Một cửa", "0,5"), ("2", "Ký", "Lãnh đạo", "1,5"))
    one = only(read(p(NAME), table(head, *rows, (wide("Cộng", 3), "2"))))
    assert (one.declared_total_hours, one.sum_matches_declared) == (Decimal(16), True)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("05 ngày x 8 giờ = 40 giờ", 40), ("20 ngày làm việc x 08 giờ = 160 giờ.", 160)],
)
def test_days_told_in_hours_as_well_are_one_total(text, hours):
    assert parse_total(text).hours == Decimal(hours)
    assert not parse_total(text).uncertain


def test_a_line_of_code_and_limit_is_no_name():
    imported = read(
        p("Quy trình 1: Cấp giấy phép khai thác nước dưới đất"),
        p("Mã số TTHC: 1.004232. Thời gian giải quyết: 45 ngày."),
        table(HEAD, *TWO),
    )
    assert only(imported).name == "Cấp giấy phép khai thác nước dưới đất"
