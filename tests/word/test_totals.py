"""Totals of a whole, of parts and of branches."""

import pytest

from nep.apps.procedures.rules.word import read_procedures
from tests.word.build import docx, p, table, wide
from tests.word.test_layouts import HEAD, NAME, codes, only


def read(*rows):
    """Return a file with one table of these rows."""
    return read_procedures(docx(p(NAME), table(HEAD, *rows)), file="a.docx")


def step(number, time):
    """Return one row."""
    return (f"Bước {number}", f"Việc {number}", "Chuyên viên", time)


def total(text, value):
    """Return one total row."""
    return (wide(text, 3), value)


@pytest.mark.parametrize("changed", ["0,5 ngày làm việc", "03 ngày làm việc", "2-3 ngày", "09 giờ"])
def test_a_changed_time_is_reported(changed):
    imported = read(
        step(1, "01 ngày làm việc"), step(2, changed), total("Tổng", "02 ngày làm việc")
    )

    wanted = "time_unreadable" if changed == "2-3 ngày" else "total_mismatch"
    assert wanted in codes(imported)
    assert only(imported).sum_matches_declared is not True


def test_the_message_of_a_mismatch_names_both_sums():
    imported = read(step(1, "01 ngày làm việc"), total("Tổng cộng", "1,5 ngày làm việc"))

    message = next(c.message for c in imported.warnings if c.code == "total_mismatch")
    assert "8 giờ (1 ngày)" in message
    assert "12 giờ (1,5 ngày)" in message


def test_the_total_may_stand_in_one_cell_over_the_whole_row():
    imported = read(
        step(1, "01 ngày làm việc"),
        (wide("Tổng thời gian: 01 ngày làm việc kể từ ngày nhận đủ hồ sơ.", 4),),
    )

    procedure = only(imported)
    assert procedure.declared_total_text == "01 ngày làm việc kể từ ngày nhận đủ hồ sơ."
    assert procedure.sum_matches_declared is True


def test_a_total_row_may_carry_a_number():
    procedure = only(
        read(step(1, "01 ngày làm việc"), ("2", "Tổng thời gian", "", "01 ngày làm việc"))
    )

    assert len(procedure.steps) == 1
    assert procedure.declared_total_hours == 8


def test_totals_of_levels_are_parts_of_the_grand_total():
    imported = read(
        step(1, "40 giờ làm việc"),
        total("Tổng thời gian tại cấp xã", "40 giờ làm việc"),
        step(2, "56 giờ làm việc"),
        total("Tổng thời gian tại cấp tỉnh", "56 giờ làm việc"),
        total("Tổng thời gian giải quyết", "96 giờ làm việc\ntrong đó: xã 40 giờ; tỉnh 56 giờ"),
    )

    procedure = only(imported)
    assert procedure.declared_total_hours == 96
    assert procedure.part_totals == ("40 giờ làm việc", "56 giờ làm việc")
    assert procedure.sum_matches_declared is True
    assert imported.warnings == ()


def test_a_level_that_does_not_add_up_is_asked():
    imported = read(
        step(1, "32 giờ làm việc"),
        total("Tổng thời gian tại cấp xã", "40 giờ làm việc"),
        step(2, "64 giờ làm việc"),
        total("Tổng thời gian giải quyết", "96 giờ làm việc"),
    )

    assert only(imported).sum_matches_declared is True
    assert codes(imported) == ["part_mismatch"]


def test_totals_of_branches_are_asked_and_not_compared():
    imported = read(
        step(1, "02 ngày làm việc"),
        step(2, "05 ngày làm việc"),
        total("Tổng thời gian khi hồ sơ đầy đủ", "02 ngày làm việc"),
        total("Tổng thời gian khi phải xác minh", "07 ngày làm việc"),
    )

    procedure = only(imported)
    assert procedure.declared_total_hours is None
    assert procedure.declared_total_text == "02 ngày làm việc | 07 ngày làm việc"
    assert procedure.sum_matches_declared is None
    assert codes(imported) == ["total_many"]


def test_a_total_nobody_can_read_is_asked():
    imported = read(step(1, "01 ngày làm việc"), total("Tổng thời gian", "theo quy định"))

    assert only(imported).declared_total_hours is None
    assert codes(imported) == ["total_unreadable"]


def test_a_table_without_total_is_asked_for_the_limit():
    assert codes(read(step(1, "01 ngày làm việc"))) == ["no_total"]


def test_what_the_total_is_made_of_may_follow_it_in_rows_of_its_own():
    imported = read(
        step(1, "40 giờ làm việc"),
        step(2, "56 giờ làm việc"),
        total("Tổng thời gian giải quyết", "96 giờ làm việc"),
        total("Trong đó: - Tại cấp xã", "40 giờ làm việc"),
        total("- Tại cấp tỉnh", "56 giờ làm việc"),
    )

    procedure = only(imported)
    assert len(procedure.steps) == 2
    assert procedure.declared_total_hours == 96
    assert procedure.sum_matches_declared is True
    assert imported.warnings == ()


def test_a_part_may_state_its_time_in_the_time_column():
    imported = read(
        total("I. Tại cấp xã", "40 giờ làm việc"),
        step(1, "40 giờ làm việc"),
        total("II. Tại cấp tỉnh", "56 giờ làm việc"),
        step(1, "48 giờ làm việc"),
    )

    assert [s.section for s in only(imported).steps] == [
        "I. Tại cấp xã (40 giờ làm việc)",
        "II. Tại cấp tỉnh (56 giờ làm việc)",
    ]
    assert "part_mismatch" in codes(imported)


SENTENCE = "Mã thủ tục: 1.234567. Thời hạn: 02 ngày làm việc. Lệ phí: không."


def beside(*lines, rows=(step(1, "01 ngày làm việc"), step(2, "01 ngày làm việc"))):
    """Return a file with these lines between the name and one table of these rows."""
    return read_procedures(docx(p(NAME), *map(p, lines), table(HEAD, *rows)), file="a.docx")


@pytest.mark.parametrize(
    ("line", "hours", "unit"),
    [
        (SENTENCE, 16, "ngày làm việc"),
        ("- Thời hạn: 02 ngày làm việc", 16, "ngày làm việc"),
        ("2. Thời gian: 16 giờ làm việc kể từ khi nhận đủ hồ sơ hợp lệ.", 16, "giờ"),
        ("Lệ phí: không; Thời hạn thực hiện thủ tục: hai ngày", 16, "ngày"),
    ],
)
def test_one_sentence_outside_the_table_is_the_limit_and_is_marked(line, hours, unit):
    imported = beside(line)

    procedure = only(imported)
    assert procedure.declared_total_hours == hours
    assert procedure.declared_total_unit == unit
    assert procedure.limit_text in line
    assert procedure.sum_matches_declared is True
    assert "limit_from_text" in codes(imported)
    assert "no_total" not in codes(imported)
    assert any(procedure.limit_text in one.message for one in imported.warnings)


def test_the_same_limit_told_twice_is_one_limit():
    assert only(beside(SENTENCE, "Thời hạn: 2 ngày làm việc")).declared_total_hours == 16


def test_several_limits_outside_the_table_are_asked_and_none_is_taken():
    imported = beside(SENTENCE, "Thời hạn: 05 ngày làm việc")

    assert only(imported).declared_total_hours is None
    assert only(imported).limit_text is None
    assert codes(imported) == ["limit_many"]


@pytest.mark.parametrize(
    "line",
    [
        "Thời hạn hiệu lực của giấy phép: 05 ngày làm việc",
        "Thời hạn: theo quy định của pháp luật",
        "Thời hạn: từ 02 đến 05 ngày làm việc",
        "Hồ sơ nộp trong thời hạn: 05 ngày làm việc",
    ],
)
def test_a_sentence_about_something_else_or_without_one_time_is_not_the_limit(line):
    imported = beside(line)

    assert only(imported).declared_total_hours is None
    assert codes(imported) == ["no_total"]


def test_a_total_in_the_table_stands_and_another_limit_beside_it_is_asked():
    rows = (step(1, "01 ngày làm việc"), total("Tổng", "01 ngày làm việc"))
    imported = beside(SENTENCE, rows=rows)

    assert only(imported).declared_total_hours == 8
    assert codes(imported) == ["limit_mismatch"]


def test_a_sentence_does_not_pass_to_the_next_procedure():
    imported = read_procedures(
        docx(
            p(NAME), p(SENTENCE), table(HEAD, step(1, "02 ngày làm việc")),
            p("Thủ tục cấp lại giấy chứng nhận (Mã: 1.765432)"),
            table(HEAD, step(1, "01 ngày làm việc")),
        ),
        file="a.docx",
    )  # fmt: skip

    first, second = imported.procedures
    assert first.declared_total_hours == 16
    assert second.declared_total_hours is None


def test_cases_under_one_sentence_are_asked_each():
    imported = read_procedures(
        docx(
            p(NAME), p(SENTENCE),
            p("a) Trường hợp cấp mới"), table(HEAD, step(1, "02 ngày làm việc")),
            p("b) Trường hợp cấp lại"), table(HEAD, step(1, "01 ngày làm việc")),
        ),
        file="a.docx",
    )  # fmt: skip

    assert [one.declared_total_hours for one in imported.procedures] == [None, None]
