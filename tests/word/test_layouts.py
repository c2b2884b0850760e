"""Each trait of real step tables, in small Word files built here."""

from decimal import Decimal

from nep.apps.procedures.rules.word import read_procedures, to_json
from tests.word.build import GO_ON, C, W, docx, down, p, table, wide

HEAD = ("Bước", "Nội dung công việc", "Trách nhiệm", "Thời gian")
NAME = "1. Quy trình nội bộ giải quyết TTHC: “Cấp giấy phép mở lớp” (Mã TTHC: 1.234567.H99)"
TWO = (
    ("Bước 1", "Tiếp nhận hồ sơ", "Bộ phận một cửa", "0,5 ngày làm việc"),
    ("Bước 2", "Thẩm định", "Chuyên viên", "1,5 ngày làm việc"),
)
TOTAL = (wide("Tổng thời gian giải quyết TTHC", 3), "02 ngày làm việc")


def read(*blocks, file="quy-trinh.docx", parts=None):
    """Return what is read from a body of these blocks."""
    return read_procedures(docx(*blocks, parts=parts), file=file)


def only(imported):
    """Return the one procedure of a file."""
    assert len(imported.procedures) == 1, imported
    return imported.procedures[0]


def codes(imported):
    """Return the codes of the cautions."""
    return [caution.code for caution in imported.warnings]


def test_a_plain_procedure_is_read_without_any_question():
    imported = read(p(NAME), table(HEAD, *TWO, TOTAL))

    procedure = only(imported)
    assert imported.accepted
    assert imported.warnings == ()
    assert (procedure.tthc_code, procedure.tthc_code_text) == ("1.234567", "1.234567.H99")
    assert procedure.name == "Cấp giấy phép mở lớp"
    assert [(s.order, s.label, s.responsible, s.time_hours) for s in procedure.steps] == [
        (1, "Bước 1", "Bộ phận một cửa", Decimal(4)),
        (2, "Bước 2", "Chuyên viên", Decimal(12)),
    ]
    assert procedure.declared_total_hours == procedure.sum_hours == 16
    assert procedure.sum_matches_declared is True


def test_the_printed_json_has_the_agreed_shape():
    shape = to_json(read(p(NAME), table(HEAD, *TWO, TOTAL)))

    assert list(shape) == ["file", "accepted", "reasons", "warnings", "procedures"]
    assert list(shape["procedures"][0]) == [
        "tthc_code", "name", "variant", "steps", "declared_total_text", "declared_total_hours",
        "sum_hours", "sum_matches_declared",
    ]  # fmt: skip
    assert shape["procedures"][0]["steps"][1] == {
        "order": 2, "label": "Bước 2", "section": "", "content": "Thẩm định",
        "responsible": "Chuyên viên", "time_text": "1,5 ngày làm việc", "time_hours": 12.0,
        "time_unit": "ngày làm việc", "forms": "",
    }  # fmt: skip


def test_columns_are_known_by_their_words_in_any_order():
    body = table(
        (
            "STT",
            "Đơn vị/Người thực hiện",
            "Mức độ dịch vụ",
            "Thời hạn giải quyết",
            "Sản phẩm",
            "Trình tự",
        ),
        ("01", "Văn thư", "Toàn trình", "02 giờ", "Công văn", "Vào sổ"),
    )

    step = only(read(p(NAME), body)).steps[0]

    assert (step.label, step.content, step.responsible) == ("01", "Vào sổ", "Văn thư")
    assert (step.time_hours, step.time_unit, step.forms) == (2, "giờ", "Công văn")


def test_rows_below_one_step_number_are_steps_without_label():
    body = table(
        HEAD,
        (down("Bước 1"), down("Thẩm định"), "Phòng chuyên môn", "01 ngày làm việc"),
        (GO_ON, GO_ON, "Lãnh đạo Sở", "04 giờ làm việc"),
    )

    steps = only(read(p(NAME), body)).steps

    assert [(s.label, s.content, s.responsible) for s in steps] == [
        ("Bước 1", "Thẩm định", "Phòng chuyên môn"),
        ("", "Thẩm định", "Lãnh đạo Sở"),
    ]
    assert steps[1].merged == ("content",)
    assert [s.time_hours for s in steps] == [8, 4]


def test_a_merged_time_is_repeated_but_counted_once_and_asked():
    body = table(
        HEAD,
        ("Bước 1", "Nhận", "Văn phòng", down("07 ngày làm việc")),
        ("Bước 2", "Duyệt", "Lãnh đạo", GO_ON),
        ("Bước 3", "Trả", "Một cửa", GO_ON),
        (wide("Tổng thời gian", 3), "07 ngày làm việc"),
    )

    imported = read(p(NAME), body)

    steps = only(imported).steps
    assert [s.time_text for s in steps] == ["07 ngày làm việc"] * 3
    assert [s.time_hours for s in steps] == [56, None, None]
    assert [s.time_unit for s in steps] == ["ngày làm việc", None, None]
    assert only(imported).sum_matches_declared is True
    assert [(c.code, c.procedure, c.step) for c in imported.warnings] == [("merged_time", 0, 1)]


def test_a_row_with_nothing_but_content_goes_on_with_the_step_above():
    body = table(
        HEAD,
        ("Bước 1", "1. Nộp hồ sơ", "Một cửa", "04 giờ làm việc"),
        ("", "2. Kiểm tra hồ sơ", "", ""),
        ("Bước 2", "Trả kết quả", "Một cửa", "Không tính thời gian"),
    )

    steps = only(read(p(NAME), body)).steps

    assert [s.content for s in steps] == ["1. Nộp hồ sơ 2. Kiểm tra hồ sơ", "Trả kết quả"]


def test_parts_inside_a_table_become_sections():
    body = table(
        HEAD,
        ("I", "Quy trình tại cấp xã (0,5 ngày làm việc)", "", ""),
        TWO[0],
        ("II", wide("Quy trình tại cấp tỉnh (1,5 ngày làm việc)", 3)),
        ("Bước 1", *TWO[1][1:]),
        TOTAL,
    )

    imported = read(p(NAME), body)

    procedure = only(imported)
    assert [s.section for s in procedure.steps] == [
        "Quy trình tại cấp xã (0,5 ngày làm việc)",
        "Quy trình tại cấp tỉnh (1,5 ngày làm việc)",
    ]
    assert procedure.sum_matches_declared is True
    assert imported.warnings == ()


def test_a_part_that_does_not_add_up_is_asked():
    body = table(HEAD, ("I", wide("Tại cấp xã (02 ngày làm việc)", 3)), *TWO[:1])

    assert "part_mismatch" in codes(read(p(NAME), body))


def test_cases_inside_one_table_become_variants():
    body = table(
        HEAD,
        (wide("1.1. Trường hợp cấp mới", 4),),
        *TWO,
        TOTAL,
        (wide("1.2. Trường hợp cấp lại", 4),),
        TWO[0],
        (wide("Tổng thời gian giải quyết", 3), "0,5 ngày làm việc"),
    )

    procedures = read(p(NAME), body).procedures

    assert [(x.variant, len(x.steps), x.sum_matches_declared) for x in procedures] == [
        ("1.1. Trường hợp cấp mới", 2, True),
        ("1.2. Trường hợp cấp lại", 1, True),
    ]
    assert {x.tthc_code for x in procedures} == {"1.234567"}


def test_several_tables_under_one_code_are_variants():
    imported = read(
        p(NAME),
        p("a) Đối với trường hợp cấp mới"),
        table(HEAD, *TWO, TOTAL),
        p("b) Đối với trường hợp cấp lại"),
        table(HEAD, *TWO, TOTAL),
    )

    assert [(x.tthc_code, x.variant) for x in imported.procedures] == [
        ("1.234567", "a) Đối với trường hợp cấp mới"),
        ("1.234567", "b) Đối với trường hợp cấp lại"),
    ]


def test_the_limit_in_the_column_head_is_the_total():
    body = table((*HEAD[:3], "THỜI GIAN GIẢI QUYẾT\n(02 ngày làm việc)"), *TWO)

    procedure = only(read(p(NAME), body))

    assert procedure.declared_total_text == "02 ngày làm việc"
    assert procedure.sum_matches_declared is True


def test_a_limit_above_the_table_is_the_total_where_no_row_says_it():
    imported = read(p(NAME), p("a. Thời hạn giải quyết: 02 ngày làm việc."), table(HEAD, *TWO))

    procedure = only(imported)
    assert procedure.declared_total_hours == 16
    assert procedure.sum_matches_declared is True
    assert "no_total" not in codes(imported)


def test_a_limit_that_differs_from_the_total_row_is_asked():
    imported = read(p(NAME), p("Thời hạn giải quyết: 05 ngày làm việc"), table(HEAD, *TWO, TOTAL))

    assert codes(imported) == ["limit_mismatch"]


def test_the_steps_may_be_rows_of_one_big_table():
    body = table(
        ("1", wide("KÝ HIỆU", 2), wide("QT.01", 2)),
        ("2.1", wide("Thành phần hồ sơ", 2), "Bản chính", "Bản sao"),
        ("-", wide("Đơn đề nghị", 2), "x", ""),
        ("2.2", wide("Thời hạn giải quyết: 02 ngày làm việc.", 4)),
        ("2.3", wide("Quy trình xử lý công việc:", 4)),
        ("TT", "Trình tự", "Trách nhiệm", "Thời gian", "Biểu mẫu/Kết quả"),
        ("B1", "Nhận", "Một cửa", "Giờ hành chính", "Mẫu 01"),
        ("B2", "Duyệt", "Lãnh đạo", "02 ngày làm việc", "Mẫu 05"),
        ("", wide("Trường hợp hồ sơ quá hạn, cơ quan giải quyết có phiếu xin lỗi. " * 6, 4)),
        ("3", wide("BIỂU MẪU", 4)),
        ("", "Mẫu 01", wide("Giấy tiếp nhận hồ sơ", 3)),
        ("4", wide("HỒ SƠ LƯU", 4)),
        (wide("Hồ sơ được lưu 02 năm.", 5),),
    )

    procedure = only(read(p("1. Thủ tục cấp giấy phép mở lớp nghề"), body))

    assert procedure.name == "Thủ tục cấp giấy phép mở lớp nghề"
    assert [(s.label, s.time_hours, s.forms) for s in procedure.steps] == [
        ("B1", None, "Mẫu 01"),
        ("B2", 16, "Mẫu 05"),
    ]
    assert procedure.sum_matches_declared is True


def test_lists_and_plans_are_no_procedures():
    imported = read(
        p("DANH MỤC THỦ TỤC HÀNH CHÍNH"),
        table(
            ("TT", "Mã TTHC", "Tên TTHC", "Thời hạn giải quyết", "Cơ quan thực hiện", "Nội dung"),
            ("1", "1.234567", "Cấp giấy phép", "02 ngày", "Sở", "Sửa đổi"),
        ),
        table(
            ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian hoàn thành"),
            ("1", "Niêm yết công khai", "Văn phòng", "Tháng 12"),
        ),
    )

    assert imported.accepted
    assert imported.procedures == ()
    assert codes(imported) == ["no_procedure"]


def test_a_code_missing_at_the_procedure_is_proposed_from_the_list_and_asked():
    imported = read(
        table(("TT", "Tên thủ tục"), ("1", "Thủ tục cấp giấy phép mở lớp nghề\nMã TTHC: 2.345678")),
        p("1. Thủ tục cấp giấy phép mở lớp nghề"),
        table(HEAD, *TWO, TOTAL),
    )

    assert only(imported).tthc_code == "2.345678"
    assert codes(imported) == ["code_from_list"]


def test_a_procedure_without_code_is_asked_for_it():
    imported = read(p("1. Thủ tục cấp giấy phép mở lớp nghề"), table(HEAD, *TWO, TOTAL))

    assert only(imported).tthc_code is None
    assert codes(imported) == ["code_missing"]


def test_what_a_row_lacks_or_repeats_is_asked_at_that_row():
    body = table(
        HEAD,
        ("Bước 1", "Nhận", "", "01 ngày làm việc"),
        ("Bước 1", "Xét", "Chuyên viên", "2-3 ngày"),
        ("Bước 2", "Trả", "Một cửa", ""),
    )

    imported = read(p(NAME), body)

    assert {(c.code, c.step) for c in imported.warnings} == {
        ("no_total", None),
        ("responsible_missing", 1),
        ("label_duplicate", 2),
        ("time_unreadable", 2),
        ("time_missing", 3),
    }
    assert all(c.message.endswith(".") for c in imported.warnings)


def test_days_that_may_be_calendar_days_are_asked():
    body = table(
        HEAD,
        ("Bước 1", "Nhận", "Một cửa", "01 ngày"),
        ("Bước 2", "Xét", "Chuyên viên", "01 ngày làm việc"),
        (wide("Tổng thời gian", 3), "02 ngày"),
    )

    imported = read(p(NAME), body)

    assert codes(imported) == ["unit_ambiguous", "unit_ambiguous"]
    assert [s.time_unit for s in only(imported).steps] == ["ngày", "ngày làm việc"]


def test_days_are_not_asked_where_the_column_head_says_working_days():
    body = table(
        (*HEAD[:3], "Thời hạn (ĐVT: ngày làm việc)"),
        ("Bước 1", "Nhận", "Một cửa", "1/2 ngày"),
        ("Bước 2", "Xét", "Chuyên viên", "1,5"),
        (wide("Tổng thời gian", 3), "02 ngày làm việc"),
    )

    imported = read(p(NAME), body)

    assert codes(imported) == []
    assert only(imported).day_meaning == "ngày làm việc"
    assert [s.time_unit for s in only(imported).steps] == ["ngày", "ngày làm việc"]


def test_a_table_cut_by_a_page_break_is_one_table():
    imported = read(p(NAME), table(HEAD, TWO[0]), p(""), table(TWO[1], TOTAL))

    procedure = only(imported)
    assert [s.label for s in procedure.steps] == ["Bước 1", "Bước 2"]
    assert procedure.sum_matches_declared is True


def test_a_head_repeated_on_the_next_page_is_no_step():
    procedure = only(read(p(NAME), table(HEAD, TWO[0], HEAD, TWO[1], TOTAL)))

    assert len(procedure.steps) == 2


def test_a_head_of_two_rows_and_numbered_columns_are_read():
    body = table(
        (down("STT"), down("Nội dung"), down("Người thực hiện"), wide("Thời gian", 2)),
        (GO_ON, GO_ON, GO_ON, "Theo quy định", "Sau cắt giảm thực hiện"),
        ("(1)", "(2)", "(3)", "(4)", "(5)"),
        ("1", "Nhận", "Một cửa", "02 ngày làm việc", "01 ngày làm việc"),
    )

    imported = read(p(NAME), body)

    assert [(s.label, s.time_hours) for s in only(imported).steps] == [("1", 8)]
    assert "time_columns" in codes(imported)


def test_a_column_merged_from_its_head_down_swallows_no_step():
    body = table(
        (*HEAD, down("Mức độ")),
        (*TWO[0], GO_ON),
        (*TWO[1], GO_ON),
    )

    assert len(only(read(p(NAME), body)).steps) == 2


def test_the_label_may_stand_in_the_content():
    body = table(
        ("Các bước thực hiện", "Người thực hiện", "Thời gian"),
        ("Bước 1: Tiếp nhận hồ sơ", "Một cửa", "04 giờ"),
    )

    step = only(read(p(NAME), body)).steps[0]

    assert (step.label, step.content) == ("Bước 1", "Tiếp nhận hồ sơ")


def test_a_step_table_inside_a_cell_is_found():
    inner = table(HEAD, *TWO, TOTAL)

    procedure = only(read(table((C(inner=p(NAME) + inner + p("")),))))

    assert (procedure.tthc_code, len(procedure.steps)) == ("1.234567", 2)


def test_a_table_inside_a_step_belongs_to_its_content():
    inner = C(inner=p("Kiểm tra theo bảng:") + table(("Đơn", "Bản chính")) + p(""))

    step = only(read(p(NAME), table(HEAD, ("Bước 1", inner, "Một cửa", "04 giờ")))).steps[0]

    assert step.content == "Kiểm tra theo bảng: Đơn Bản chính"


def test_numbers_written_by_word_are_labels():
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Bước %1"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>'
    )
    auto = C(inner=p("", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'))

    procedure = only(
        read(
            p(NAME),
            table(HEAD, (auto, *TWO[0][1:]), (auto, *TWO[1][1:])),
            parts={"word/numbering.xml": numbering},
        )
    )

    assert [s.label for s in procedure.steps] == ["Bước 1", "Bước 2"]


def test_deleted_text_of_tracked_changes_is_left_out():
    changed = (
        "<w:p><w:del><w:r><w:delText>05 ngày</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>09 ngày</w:t></w:r></w:moveFrom>"
        "<w:ins><w:r><w:t>02 ngày</w:t></w:r></w:ins></w:p>"
    )

    step = only(
        read(p(NAME), table(HEAD, ("Bước 1", "Xét", "Chuyên viên", C(inner=changed))))
    ).steps[0]

    assert step.time_text == "02 ngày"


def test_a_step_that_sums_up_opinions_is_no_total():
    body = table(HEAD, TWO[0], ("Bước 2", "Tổng hợp ý kiến", "Chuyên viên", "01 ngày làm việc"))

    assert only(read(p(NAME), body)).steps[1].content == "Tổng hợp ý kiến"


def test_progress_counts_every_block():
    seen = []

    read_procedures(
        docx(p(NAME), table(HEAD, *TWO, TOTAL)),
        file="a.docx",
        progress=lambda done, total: seen.append((done, total)),
    )

    assert seen == [(1, 2), (2, 2)]


def test_responsible_and_time_printed_in_one_cell_lose_no_step():
    body = table(
        HEAD,
        ("1", "Trả kết quả", wide("Không tính thời gian", 2)),
        ("2", "Lưu hồ sơ", wide("Văn thư cơ quan", 2)),
    )

    steps = only(read(p(NAME), body)).steps

    assert [(s.responsible, s.time_text) for s in steps] == [
        ("", "Không tính thời gian"),
        ("Văn thư cơ quan", ""),
    ]


def test_name_and_code_may_stand_in_a_table_of_their_own():
    imported = read(
        table(("Tên thủ tục:", "Cấp giấy phép mở lớp nghề"), ("Mã TTHC", "3.456789.H10")),
        table(HEAD, *TWO, TOTAL),
    )

    procedure = only(imported)
    assert (procedure.name, procedure.tthc_code) == ("Cấp giấy phép mở lớp nghề", "3.456789")


def test_a_column_for_those_who_assist_is_not_responsible():
    body = table(
        ("TT", "Nội dung", "Đơn vị phối hợp", "Đơn vị thực hiện", "Thời gian"),
        ("1", "Xét", "Các phòng", "Văn phòng", "01 giờ"),
    )

    assert only(read(p(NAME), body)).steps[0].responsible == "Văn phòng"


def test_one_table_may_hold_several_procedures():
    long = "Thủ tục giải quyết trợ cấp một lần đối với " + "người tham gia và gia đình, " * 12
    body = table(
        HEAD,
        ("1", wide(f"{long}(Mã TTHC: 2.111111)", 3)),
        *TWO,
        TOTAL,
        ("2", wide(f"{long}đối với thân nhân (Mã TTHC: 2.222222)", 3)),
        *TWO,
        TOTAL,
    )

    imported = read(body)

    assert [(x.tthc_code, len(x.steps), x.sum_matches_declared) for x in imported.procedures] == [
        ("2.111111", 2, True),
        ("2.222222", 2, True),
    ]
    assert imported.procedures[1].name.endswith("đối với thân nhân")
    assert imported.warnings == ()


def test_steps_that_begin_anew_after_a_total_are_apart_and_asked():
    imported = read(p(NAME), table(HEAD, *TWO, TOTAL, *TWO, TOTAL))

    assert [len(x.steps) for x in imported.procedures] == [2, 2]
    assert [(c.code, c.procedure) for c in imported.warnings] == [("case_unnamed", 1)]


def test_a_row_that_is_no_step_is_told():
    body = table(HEAD, TWO[0], (wide("Lưu ý: gửi kèm bản điện tử.", 4),), TWO[1], TOTAL)

    imported = read(p(NAME), body)

    assert len(only(imported).steps) == 2
    assert codes(imported) == ["row_skipped"]


def test_a_numbered_row_that_lacks_its_last_cells_is_a_step_to_be_asked():
    imported = read(p(NAME), table(HEAD, TWO[0], ("Bước 2", "Trả kết quả")))

    assert [s.content for s in only(imported).steps] == ["Tiếp nhận hồ sơ", "Trả kết quả"]
    assert {"responsible_missing", "time_missing"} <= set(codes(imported))
