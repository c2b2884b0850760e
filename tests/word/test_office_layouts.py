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


def hours(one):
    """Return who does each step and in how many hours."""
    return [(step.responsible, step.time_hours, step.time_unit) for step in one.steps]


UNKNOWN = ("#", "Việc cần làm", "Ai làm", "Minh chứng", "Hạn xử lý")
PLAIN = (
    ("1", "Tiếp nhận hồ sơ", PEOPLE[0], "Giấy hẹn", "0,5 ngày"),
    ("2", "Thẩm định hồ sơ", PEOPLE[1], "Tờ trình", "12 giờ"),
    ("3", "Ký duyệt", "Giám đốc", "", "½ ngày"),
)


def test_heads_nobody_knows_are_told_by_their_cells():
    one = only(read(p(NAME), table(UNKNOWN, *PLAIN)))
    assert hours(one) == [
        (PEOPLE[0], 4, "ngày"), (PEOPLE[1], 12, "giờ"), ("Giám đốc", 4, "ngày"),
    ]  # fmt: skip
    assert [step.label for step in one.steps] == ["1", "2", "3"]


def test_a_name_of_a_form_among_the_heads_is_no_list_of_forms():
    head = ("TT", "Nội dung", "Người thực hiện", "Tên biểu mẫu", "Thời gian")
    assert len(only(read(p(NAME), table(head, *PLAIN))).steps) == 3


@pytest.mark.parametrize(
    "rows",
    [
        (("TT", "Nội dung công việc", "Đơn vị thực hiện", "Thời gian thực hiện"),
         ("1", "Niêm yết quy trình", "Văn phòng", "Tháng 12/2025"),
         ("2", "Tập huấn", "Phòng Nội vụ", "Quý I/2026")),
        (("Thứ", "Nội dung", "Lãnh đạo tiếp", "Thời gian"),
         ("Thứ Hai", "Tiếp công dân", "Chủ tịch", "Sáng 7h30 - 11h30")),
        (("TT", "Nội dung", "Cơ quan thực hiện", "Thời hạn giải quyết"),
         ("1", "Cấp giấy phép (1.000001)", "Sở", "05 ngày"),
         ("2", "Cấp lại giấy phép (1.000002)", "Sở", "03 ngày")),
    ],
)  # fmt: skip
def test_plans_rosters_and_lists_with_like_heads_hold_no_steps(rows):
    assert read(table(*rows)).procedures == ()


def test_the_unit_told_above_the_table_is_that_of_bare_numbers():
    rows = (("1", "Nhận", PEOPLE[0], "0,5"), ("2", "Duyệt", PEOPLE[1], "1,5"))
    one = only(read(p(NAME), p("(Đơn vị tính: ngày làm việc)"), table(HEAD, *rows)))
    assert hours(one) == [(PEOPLE[0], 4, "ngày làm việc"), (PEOPLE[1], 12, "ngày làm việc")]


def test_the_unit_may_stand_in_a_column_of_its_own():
    rows = (("1", "Nhận", PEOPLE[0], "0,5", "ngày"), ("2", "Duyệt", PEOPLE[1], "3", "giờ"))
    one = only(read(p(NAME), table((*HEAD, "ĐVT"), *rows)))
    assert hours(one) == [(PEOPLE[0], 4, "ngày"), (PEOPLE[1], 3, "giờ")]


def test_numbers_that_add_up_to_the_total_in_one_unit_only_have_it_and_are_asked():
    rows = (("1", "Nhận", PEOPLE[0], "4"), ("2", "Duyệt", PEOPLE[1], "12"))
    imported = read(p(NAME), table(HEAD, *rows, TOTAL))
    assert hours(only(imported)) == [(PEOPLE[0], 4, "giờ"), (PEOPLE[1], 12, "giờ")]
    assert "unit_inferred" in [one.code for one in imported.warnings]


def test_a_number_without_unit_among_times_with_one_is_asked_at_its_step():
    rows = (("1", "Nhận", PEOPLE[0], "2 ngày"), ("2", "Duyệt", PEOPLE[1], "3"))
    imported = read(p(NAME), table(HEAD, *rows))
    assert hours(only(imported))[1] == (PEOPLE[1], 24, "ngày")
    assert only(imported).steps[1].uncertain
    assert ("time_in_sentence", 2) in [(one.code, one.step) for one in imported.warnings]


def test_days_and_hours_in_two_columns_are_one_time():
    top = (down("TT"), down("Nội dung"), down("Người thực hiện"), wide("Thời gian", 2))
    low = (GO_ON, GO_ON, GO_ON, "Ngày", "Giờ")
    rows = (
        ("1", "Nhận", PEOPLE[0], "", "4"), ("2", "Xét", PEOPLE[1], "2", ""),
        ("3", "Duyệt", "Giám đốc", "1", "4"), ("4", "Trả", PEOPLE[0], "1", "8"),
    )  # fmt: skip
    one = only(read(p(NAME), table(top, low, *rows)))
    assert [step.time_hours for step in one.steps] == [4, 16, 12, 8]


def test_a_mark_under_a_persons_head_names_that_person():
    top = (down("TT"), down("Nội dung"), wide("Trách nhiệm", 3), down("Thời gian"))
    low = (GO_ON, GO_ON, "Một cửa", "Chuyên viên", "Lãnh đạo", GO_ON)
    rows = (("1", "Nhận", "x", "", "", "4 giờ"), ("2", "Xét", "", "x", "", "1 ngày"))
    one = only(read(p(NAME), table(top, low, *rows)))
    assert [step.responsible for step in one.steps] == ["Một cửa", "Chuyên viên"]


def test_a_row_that_sums_up_the_rows_below_it_heads_them():
    rows = (
        ("1", "Nhận", PEOPLE[0], "4 giờ"), ("2", "Xử lý", "Phòng Đất đai", "3 ngày"),
        ("2.1", "Phân công", "Trưởng phòng", "1 ngày"), ("2.2", "Xét", PEOPLE[1], "2 ngày"),
    )  # fmt: skip
    one = only(read(p(NAME), table(HEAD, *rows)))
    assert [(step.label, step.section) for step in one.steps] == [
        ("1", ""), ("2.1", "2 Xử lý"), ("2.2", "2 Xử lý"),
    ]  # fmt: skip
    assert one.sum_hours == 28


def test_a_row_numbered_above_others_that_does_not_add_up_stays_a_step():
    rows = (("2", "Xử lý", "Phòng Đất đai", "3 ngày"), ("2.1", "Xét", PEOPLE[1], "2 ngày"))
    assert len(only(read(p(NAME), table(HEAD, *rows))).steps) == 2


@pytest.mark.parametrize("name", ["Toàn bộ quy trình", "Tổng TG", "Cộng chung", ""])
def test_a_total_in_any_words_or_none_is_no_step(name):
    one = only(read(p(NAME), table(HEAD, *TWO, ("", name, "", "02 ngày làm việc"))))
    assert len(one.steps) == 2
    assert one.sum_matches_declared is True


def test_levels_in_tables_of_their_own_are_one_procedure_when_numbers_go_on():
    imported = read(
        p(NAME), p("I. Quy trình tại UBND cấp xã"), table(HEAD, TWO[0]),
        p("II. Quy trình tại Sở"), table(HEAD, TWO[1]),
    )  # fmt: skip
    assert [(step.label, step.section) for step in only(imported).steps] == [
        ("Bước 1", "I. Quy trình tại UBND cấp xã"), ("Bước 2", "II. Quy trình tại Sở"),
    ]  # fmt: skip


def test_tables_that_together_take_the_limit_are_one_procedure():
    again = ("Bước 1", *TWO[1][1:])
    limit = p("Thời hạn giải quyết: 02 ngày làm việc")
    one = only(read(p(NAME), limit, table(HEAD, TWO[0]), p("Tại Sở:"), table(HEAD, again)))
    assert len(one.steps) == 2
    assert one.sum_matches_declared is True


def test_a_second_table_without_a_name_is_asked():
    imported = read(p(NAME), table(HEAD, *TWO, TOTAL), p("Quy trình:"), table(HEAD, *TWO, TOTAL))
    assert [(one.code, one.procedure) for one in imported.warnings] == [("heading_shared", 1)]


def test_a_name_nothing_announces_begins_a_procedure_without_the_code_before():
    imported = read(
        p(NAME), table(HEAD, *TWO, TOTAL),
        p("CẤP LẠI GIẤY PHÉP MỞ LỚP NGHỀ"), table(HEAD, *TWO, TOTAL),
    )  # fmt: skip
    assert [one.tthc_code for one in imported.procedures] == ["1.234567", None]
    assert imported.procedures[1].name == "CẤP LẠI GIẤY PHÉP MỞ LỚP NGHỀ"
    assert ("code_missing", 1) in [(one.code, one.procedure) for one in imported.warnings]


def test_a_table_without_a_head_is_known_by_its_cells_and_asked():
    rows = [(f"Bước {row[0]}", *row[1:3], row[4]) for row in PLAIN]
    imported = read(p(NAME), table(*rows))
    assert [step.responsible for step in only(imported).steps] == [*PEOPLE, "Giám đốc"]
    assert "head_missing" in [one.code for one in imported.warnings]


def test_steps_may_be_columns():
    turned = zip(("Các bước", "Nội dung", "Người thực hiện", "Thời gian"), *TWO, strict=True)
    one = only(read(p(NAME), table(*turned)))
    assert hours(one) == [(PEOPLE[0], 4, "ngày làm việc"), (PEOPLE[1], 12, "ngày làm việc")]


def test_a_table_cut_by_a_page_goes_on_past_the_page_number_and_a_subtotal():
    part = (wide("Cộng phần I", 3), "0,5 ngày làm việc")
    one = only(read(p(NAME), table(HEAD, TWO[0], part), p("(tiếp theo)"), table(TWO[1], TOTAL)))
    assert [step.label for step in one.steps] == ["Bước 1", "Bước 2"]


def test_like_above_names_the_one_above():
    rows = (("1", "Nhận", PEOPLE[0], "1 giờ"), ("2", "Trả", "-nt-", "1 giờ"))
    one = only(read(p(NAME), table(HEAD, *rows)))
    assert [step.responsible for step in one.steps] == [PEOPLE[0], PEOPLE[0]]


@pytest.mark.parametrize("over", ["Thực hiện", "Trách nhiệm", "Thẩm quyền", "Tổ chức thực hiện"])
@pytest.mark.parametrize(
    "low", [("Đơn vị", "Cá nhân"), ("Phòng, ban", "Người"), ("Đơn vị", "Cán bộ"),
            ("Cơ quan", "Chức danh"), ("Đầu mối", "Nhân sự"),
            ("Tên đơn vị", "Họ và tên")],
)  # fmt: skip
def test_unit_and_person_under_one_head_are_both_responsible(over, low):
    top = (down("TT"), down("Các bước"), wide(over, 2), down("Thời gian (ngày làm việc)"))
    rows = (
        ("1", "Thẩm tra hồ sơ", "Chi cục Thủy sản", "Nguyễn Văn An", "5"),
        ("2", "Họp xét duyệt", wide("Hội đồng xét duyệt", 2), "4"),
        ("3", "Ký duyệt", "Ủy ban nhân dân tỉnh", "Phó Chủ tịch", "1"),
    )
    one = only(read(p(NAME), table(top, (GO_ON, GO_ON, *low, GO_ON), *rows)))
    assert [step.responsible for step in one.steps] == [
        "Chi cục Thủy sản, Nguyễn Văn An", "Hội đồng xét duyệt",
        "Ủy ban nhân dân tỉnh, Phó Chủ tịch",
    ]  # fmt: skip


def test_sub_columns_are_read_where_the_cells_beside_them_are_blank_not_merged():
    top = ("TT", "Các bước", wide("Thực hiện", 2), "Thời gian")
    rows = (("1", "Thẩm tra", "Chi cục Thủy sản", "Chuyên viên", "5 ngày"),)
    one = only(read(p(NAME), table(top, ("", "", "Đơn vị", "Cá nhân", ""), *rows)))
    assert hours(one) == [("Chi cục Thủy sản, Chuyên viên", 40, "ngày")]


def test_a_head_over_two_cells_names_those_in_both():
    top = ("TT", "Các bước", wide("Thực hiện", 2), "Thời gian")
    rows = (
        ("1", "Thẩm tra", "Chi cục Thủy sản", "Chuyên viên", "5 ngày"),
        ("2", "Họp", wide("Hội đồng", 2), "1 ngày"),
    )
    one = only(read(p(NAME), table(top, *rows)))
    assert hours(one) == [("Chi cục Thủy sản, Chuyên viên", 40, "ngày"), ("Hội đồng", 8, "ngày")]


def test_those_who_assist_beside_a_unit_and_a_person_stay_left_out():
    top = (down("TT"), down("Các bước"), wide("Thực hiện", 3), down("Thời gian"))
    low = (GO_ON, GO_ON, "Đơn vị", "Cá nhân", "Đơn vị phối hợp", GO_ON)
    rows = (("1", "Thẩm tra", "Chi cục Thủy sản", "Chuyên viên", "Sở Tài chính", "5 ngày"),)
    one = only(read(p(NAME), table(top, low, *rows)))
    assert one.steps[0].responsible == "Chi cục Thủy sản, Chuyên viên"


def test_unit_and_individual_in_two_plain_columns_are_both_responsible():
    head = ("Bước", "Nội dung công việc", "Đơn vị thực hiện", "Cá nhân thực hiện", "Thời gian")
    one = only(read(p(NAME), table(head, ("1", "Duyệt", "Phòng Đất đai", "Trưởng phòng", "4 giờ"))))
    assert one.steps[0].responsible == "Phòng Đất đai, Trưởng phòng"


PLACE = "Trung tâm Phục vụ hành chính công"
BESIDE = {
    "one value below its head": (
        ("Nơi tiếp nhận và trả kết quả", "Thời gian xử lý", "Lệ phí"),
        (PLACE, "02 ngày làm việc kể từ ngày nhận đủ hồ sơ", "50.000 đồng"),
    ),
    "a label left of its value": (
        ("Cách thức thực hiện", "Trực tiếp, trực tuyến"),
        ("3. Thời hạn giải quyết:", "02 ngày làm việc"),
        ("Mã thủ tục", "1.234567"),
    ),
    "a label and its value in one cell": (
        ("1. Mã TTHC: 1.234567", "2. Thời hạn: 02 ngày làm việc\n3. Lệ phí: không"),
    ),
    "a long value": (
        ("Thời hạn giải quyết", "Không quá 02 ngày làm việc, kể từ ngày nhận đủ hồ sơ hợp lệ quy "
         "định tại Điều 5 Nghị định số 12/2025/NĐ-CP ngày 03 tháng 4 năm 2025 của Chính phủ"),
    ),
    "numbered labels over their values": (
        ("5.2", "Mã số TTHC"), ("", "1.234567"), ("5.3", "Thời gian xử lý"),
        ("", "02 ngày làm việc"), ("5.4", "Lệ phí"), ("", "Không"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rows", BESIDE.values(), ids=BESIDE)
def test_the_limit_in_a_table_beside_the_steps_is_taken_and_asked(rows):
    imported = read(p(NAME), table(*rows), p("Trình tự xử lý công việc"), table(HEAD, *TWO))
    one = only(imported)
    assert (one.declared_total_hours, one.sum_matches_declared) == (16, True)
    assert (one.tthc_code, one.name) == ("1.234567", "Cấp giấy phép mở lớp")
    assert [caution.code for caution in imported.warnings] == ["limit_from_text"]
    assert "02 ngày làm việc" in imported.warnings[0].message


def test_the_total_row_goes_before_the_limit_in_a_table_and_a_difference_is_asked():
    about = (("Thời hạn giải quyết", "05 ngày làm việc"),)
    imported = read(p(NAME), table(*about), table(HEAD, *TWO, TOTAL))
    assert only(imported).declared_total_hours == 16
    assert [one.code for one in imported.warnings] == ["limit_mismatch"]


def test_a_limit_in_a_table_that_differs_from_the_line_above_the_steps_is_asked():
    about = (("Thời hạn giải quyết", "05 ngày làm việc"),)
    line = p("Thời hạn giải quyết TTHC: 02 ngày làm việc")
    imported = read(p(NAME), line, table(*about), table(HEAD, *TWO))
    assert only(imported).declared_total_hours == 16
    assert [one.code for one in imported.warnings] == ["limit_mismatch"]


def test_a_total_told_right_below_the_steps_goes_before_the_limit_in_a_table():
    about = (("Thời hạn giải quyết", "05 ngày làm việc"),)
    below = p("Tổng thời gian xử lý: 02 ngày làm việc.")
    imported = read(p(NAME), table(*about), table(HEAD, *TWO), below)
    assert only(imported).declared_total_hours == 16
    assert [one.code for one in imported.warnings] == ["limit_mismatch"]


def test_a_limit_in_a_table_below_the_steps_is_taken_and_asked():
    imported = read(p(NAME), table(HEAD, *TWO), table(("Thời hạn giải quyết", "2 ngày làm việc")))
    assert only(imported).declared_total_hours == 16
    assert [one.code for one in imported.warnings] == ["limit_from_text"]


def test_each_procedure_has_the_limit_and_the_code_of_its_own_table():
    blocks = [
        block
        for number, days in ((1, 2), (2, 3))
        for block in (
            p(f"Quy trình {number}. Thủ tục cấp giấy phép hoạt động loại {number}"),
            table(("Mã TTHC", f"1.00000{number}"), ("Thời hạn giải quyết", f"0{days} ngày làm việc")),
            table(HEAD, *TWO),
        )
    ]  # fmt: skip
    imported = read(*blocks)
    assert [(one.tthc_code, one.declared_total_hours) for one in imported.procedures] == [
        ("1.000001", 16), ("1.000002", 24),
    ]  # fmt: skip
    assert imported.procedures[1].name.endswith("cấp giấy phép hoạt động loại 2")


def test_another_code_in_a_table_below_the_steps_begins_another_procedure():
    about = (("Mã thủ tục", "1.765432"), ("Thời hạn giải quyết", "03 ngày làm việc"))
    imported = read(p(NAME), table(HEAD, *TWO, TOTAL), table(*about), table(HEAD, *TWO, TOTAL))
    assert [one.tthc_code for one in imported.procedures] == ["1.234567", "1.765432"]
    assert ("name_missing", 1) in [(one.code, one.procedure) for one in imported.warnings]


def test_several_limits_in_a_table_are_asked_and_none_is_taken():
    about = (("Thời hạn giải quyết", "- Cấp mới: 05 ngày làm việc\n- Cấp lại: 02 ngày làm việc"),)
    imported = read(p(NAME), table(*about), table(HEAD, *TWO))
    assert only(imported).declared_total_hours is None
    assert "limit_many" in [one.code for one in imported.warnings]


@pytest.mark.parametrize(
    "rows",
    [
        (("TT", "Tên thủ tục", "Thời hạn giải quyết"), ("1", "Cấp giấy phép", "02 ngày làm việc"),
         ("2", "Cấp lại giấy phép", "03 ngày làm việc")),
        (("TT", "Hồ sơ lưu", "Thời hạn lưu"), ("1", "Kết quả", "02 ngày làm việc")),
        (("Thời hạn giải quyết", "Theo quy định của pháp luật"),),
    ],
)  # fmt: skip
def test_a_list_of_limits_or_another_time_is_no_limit_of_the_procedure(rows):
    assert only(read(p(NAME), table(*rows), table(HEAD, *TWO))).declared_total_hours is None


REST = ("5", "Trả kết quả", PEOPLE[0], "01 ngày làm việc")


@pytest.mark.parametrize(
    ("between", "rows"),
    [
        ([], [REST]),
        ([], [("5", "Trả kết quả", PEOPLE[0], "")]),
        ([p("Ghi chú: hồ sơ nộp trực tuyến xử lý như trên.")], [REST]),
        ([], [("", *REST[1:], "Giấy hẹn", "")]),
    ],
    ids=["numbers do not go on", "no time", "a line between", "another width"],
)
def test_steps_behind_a_table_that_cannot_be_joined_are_asked(between, rows):
    other = "2. Quy trình nội bộ giải quyết TTHC: “Cấp lại giấy phép” (Mã TTHC: 1.765432.H99)"
    imported = read(p(NAME), table(HEAD, *TWO), *between, table(*rows), p(other), table(HEAD, *TWO))
    assert [len(one.steps) for one in imported.procedures] == [2, 2]
    told = [one for one in imported.warnings if one.code == "rest_not_joined"]
    assert [one.procedure for one in told] == [0]
    assert "Trả kết quả" in told[0].message


@pytest.mark.parametrize(
    "rows",
    [
        (("TT", "Mã hiệu", "Tên biểu mẫu", "Ghi chú"), ("1", "BM 01", "Giấy hẹn", "")),
        (("TT", "Tài liệu lưu", "Nơi lưu", "Thời gian lưu"), ("1", "Hồ sơ", "Văn thư", "05 năm")),
        (("Nơi nhận", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),),
        (("Nơi tiếp nhận", "Thời gian xử lý", "Lệ phí"), (PLACE, "02 ngày làm việc", "Không")),
    ],
)
def test_forms_papers_and_signatures_behind_the_steps_are_no_rest(rows):
    imported = read(p(NAME), table(HEAD, *TWO, TOTAL), table(*rows))
    assert "rest_not_joined" not in [one.code for one in imported.warnings]


def test_a_code_within_a_sentence_of_the_iso_form_leaves_the_title_its_name():
    imported = read(
        p("QUY TRÌNH"), p("CÔNG NHẬN NGHỀ TRUYỀN THỐNG"),
        table(("Mã hiệu", "Lần ban hành", "Ngày ban hành"), ("QT-08", "01", "30/03/2026")),
        p("Áp dụng đối với các đơn vị khi giải quyết thủ tục có mã số 1.003712."),
        table(HEAD, *TWO, TOTAL),
    )  # fmt: skip
    assert (only(imported).tthc_code, only(imported).name) == (
        "1.003712", "CÔNG NHẬN NGHỀ TRUYỀN THỐNG",
    )  # fmt: skip
