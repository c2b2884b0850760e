"""What a table read from Word means as a draft; likely roles."""

from decimal import Decimal

import pytest

from nep.apps.organization.rules import ROLE_NAMES
from nep.apps.procedures.rules.importing import draft_of, origin_of, split_content
from nep.apps.procedures.rules.proposals import RoleChoice, propose_role
from nep.apps.procedures.rules.word import (
    Caution,
    DocumentData,
    ImportedFile,
    ImportedProcedure,
    ImportedStep,
)
from nep.bpmn import Limit


def row(order: int, text: str, hours: str | None, unit: str | None, **more) -> ImportedStep:
    return ImportedStep(
        order=order,
        label=f"Bước {order}",
        section="",
        content=more.pop("content", f"Việc {order}"),
        responsible=more.pop("responsible", "Bộ phận Một cửa"),
        time_text=text,
        time_hours=None if hours is None else Decimal(hours),
        time_unit=unit,
        forms=more.pop("forms", ""),
        **more,
    )


def procedure(*steps: ImportedStep, **more) -> ImportedProcedure:
    return ImportedProcedure(
        tthc_code="1.009645",
        tthc_code_text="1.009645.H05",
        name="Cấp giấy phép",
        variant=more.pop("variant", ""),
        steps=steps,
        **more,
    )


def first(step: ImportedStep):
    return draft_of(procedure(step), process_id="t", mapping={}).table.steps[0]


@pytest.mark.parametrize(
    ("step", "limit"),
    [
        (row(1, "0,5 ngày làm việc", "4", "ngày làm việc"), ("0.5", "working_day")),
        (row(1, "04 giờ làm việc", "4", "giờ"), ("4", "working_hour")),
        (row(1, "10 ngày làm việc", "80", "ngày làm việc"), ("10", "working_day")),
    ],
)
def test_a_clear_time_keeps_its_own_unit(step, limit):
    found = first(step)

    assert found.limit == Limit(Decimal(limit[0]), limit[1])
    assert found.fact("ask") == ""


def test_a_time_in_days_of_an_unnamed_kind_is_asked():
    assert first(row(1, "02 ngày", "16", "ngày")).fact("ask") == "unit"


def test_a_step_whose_time_is_not_counted_is_untimed():
    found = first(row(1, "Không tính thời gian", None, None))

    assert found.untimed
    assert found.limit is None


@pytest.mark.parametrize("text", ["", "Giờ hành chính", "2-3 ngày"])
def test_an_unreadable_time_stays_open_with_its_words(text):
    found = first(row(1, text, None, None, uncertain=True))

    assert found.limit is None
    assert not found.untimed
    assert found.fact("time") == text


def test_a_merged_time_is_asked_in_the_rows_below():
    found = draft_of(
        procedure(
            row(1, "02 ngày làm việc", "16", "ngày làm việc"),
            row(2, "02 ngày làm việc", None, None, merged=("time", "forms"), forms="Báo cáo"),
        ),
        process_id="t",
        mapping={},
    )

    assert [step.fact("ask") for step in found.table.steps] == ["", "merged"]
    assert found.table.steps[1].forms == ()


def test_a_known_responsibility_gives_the_role_and_an_unknown_keeps_its_words():
    found = draft_of(
        procedure(row(1, "", None, None), row(2, "", None, None, responsible="Công an tỉnh")),
        process_id="t",
        mapping={"bo phan mot cua": "MC/reception"},
    )

    assert [step.role for step in found.table.steps] == ["MC/reception", ""]
    assert found.table.steps[1].fact("responsible") == "Công an tỉnh"


@pytest.mark.parametrize(
    ("hours", "unit", "expected"),
    [
        ("40", "ngày làm việc", (Decimal(5), "working_day")),
        ("40", "ngày", (Decimal(5), "")),
        ("4", "giờ", (Decimal(4), "working_hour")),
        (None, None, (None, "")),
    ],
)
def test_the_stated_total_is_the_limit_and_its_kind_of_day_is_never_guessed(hours, unit, expected):
    found = draft_of(
        procedure(
            row(1, "", None, None),
            declared_total_hours=None if hours is None else Decimal(hours),
            declared_total_unit=unit,
            declared_total_text="Tổng",
        ),
        process_id="t",
        mapping={},
    )

    assert (found.limit_amount, found.limit_unit) == expected


def test_the_limit_of_the_tthc_stands_before_the_files_own():
    found = draft_of(
        procedure(
            row(1, "", None, None),
            declared_total_hours=Decimal(80),
            declared_total_unit="ngày làm việc",
            sum_matches_declared=False,
        ),
        process_id="t",
        mapping={},
        legal_amount=Decimal(5),
        legal_unit="working_day",
    )

    assert found.limit_amount == 5
    assert found.declared_hours == 80


def test_a_total_that_cannot_be_compared_is_not_asked_about():
    found = draft_of(
        procedure(row(1, "", None, None), declared_total_hours=Decimal(80)),
        process_id="t",
        mapping={},
    )

    assert found.declared_hours is None


def test_a_code_that_was_inferred_counts_only_when_confirmed():
    caution = Caution("code_from_file_name", "Mã lấy từ tên tệp", 0)
    imported = ImportedFile("a.docx", True, warnings=(caution,), procedures=(procedure(),))

    assert origin_of(imported, 0).tthc_code == ""
    assert origin_of(imported, 0, confirmed_code="1.009645").tthc_code == "1.009645"


def test_document_data_belong_to_the_first_procedure():
    imported = ImportedFile(
        "a.docx",
        True,
        procedures=(procedure(), procedure(variant="cấp lại")),
        document=DocumentData(code="QT-07", issue="02/01", required_papers=("Đơn", " ")),
    )

    assert origin_of(imported, 0).document_code == "QT-07"
    assert (origin_of(imported, 0).issue, origin_of(imported, 0).amendment) == ("02", "01")
    assert origin_of(imported, 0).papers == ("Đơn",)
    assert origin_of(imported, 1).document_code == ""


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Tiếp nhận hồ sơ", "Tiếp nhận hồ sơ"),
        ("Tiếp nhận hồ sơ:\n- Kiểm tra", "Tiếp nhận hồ sơ"),
        ("Thẩm định nội dung. " + "Rất dài " * 40, "Thẩm định nội dung"),
    ],
)
def test_the_first_line_or_sentence_names_the_step(content, name):
    assert split_content(content)[0] == name


CHOICES = tuple(
    RoleChoice(
        key, unit, key.split("/")[1], f"{ROLE_NAMES[key.split('/')[1]]}, {unit}", posts, also
    )
    for key, unit, posts, also in (
        ("LD/leader", "Ban lãnh đạo", ("Phó Giám đốc",), ""),
        ("MC/reception", "Bộ phận Một cửa", (), "Trung tâm Phục vụ hành chính công"),
        ("PKH/unit_head", "Phòng Kế hoạch", ("Trưởng phòng",), ""),
        ("PKH/specialist", "Phòng Kế hoạch", ("Chuyên viên",), ""),
        ("PTC/unit_head", "Phòng Tài chính", ("Trưởng phòng",), ""),
        ("PTC/specialist", "Phòng Tài chính", ("Chuyên viên",), ""),
    )
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Lãnh đạo Sở", "LD/leader"),
        ("Giám đốc hoặc Phó Giám đốc", "LD/leader"),
        ("Công chức tiếp nhận hồ sơ tại Trung tâm Phục vụ hành chính công", "MC/reception"),
        ("BỘ PHẬN MỘT CỬA", "MC/reception"),
        ("Chuyên viên phòng Tài chính", "PTC/specialist"),
        ("Lãnh đạo phòng Kế hoạch", "PKH/unit_head"),
        ("Trưởng phòng Tài chính", "PTC/unit_head"),
        ("Chuyen vien Phong Ke hoach", "PKH/specialist"),
    ],
)
def test_the_likeliest_role_is_proposed(text, key):
    assert propose_role(text, CHOICES).key == key


@pytest.mark.parametrize(
    "text",
    [
        "", "Kho bạc Nhà nước khu vực", "Ngân hàng thương mại", "Bộ CHQS tỉnh", "Phòng Chính trị",
        "Phòng Văn hóa - Xã hội",
    ],
)  # fmt: skip
def test_nothing_is_proposed_for_strangers(text):
    assert propose_role(text, CHOICES) is None


@pytest.mark.parametrize(
    ("text", "role"),
    [("Chuyên viên được phân công", "specialist"), ("Lãnh đạo phòng", "unit_head")],
)
def test_a_text_that_tells_a_role_is_proposed_its_likeliest_unit(text, role):
    assert propose_role(text, CHOICES).role == role
