"""What a procedure in the ISO form says about itself."""

from nep.apps.procedures.rules.word import read_procedures
from tests.word.build import W, docx, p, table, wide
from tests.word.test_layouts import codes, only

COVER = (
    p("SỞ VÍ DỤ"),
    p("QUY TRÌNH"),
    p("CẤP GIẤY PHÉP MỞ LỚP NGHỀ"),
    table(("Mã hiệu", "Lần ban hành", "Ngày ban hành"), ("QT-07/VD", "02", "05/01/2026")),
    p("MỤC LỤC"),
    p("1. MỤC ĐÍCH"),
    p("5. NỘI DUNG QUY TRÌNH"),
    p("1. MỤC ĐÍCH"),
    p("Quy định trình tự thực hiện thủ tục “Cấp giấy phép mở lớp nghề”."),
)
STEPS = table(
    ("STT", "Trách nhiệm", "Nội dung công việc", "Biểu mẫu/Kết quả", "Thời gian thực hiện"),
    ("01", "Một cửa", "Nhận", "Mẫu số 01", "0,5 ngày làm việc"),
    ("02", "Chuyên viên", "Xét", "Mẫu số 06", "1,5 ngày làm việc"),
)
FORMS = table(("TT", "Mã hiệu", "Tên biểu mẫu"), ("1", "Mẫu số 01", "Giấy tiếp nhận"))


def in_paragraphs():
    """Return the form with section 5 in paragraphs."""
    return docx(
        *COVER,
        p("5. NỘI DUNG QUY TRÌNH"),
        p("5.1 Cơ sở pháp lý"),
        p("- Luật số 01/2025/QH15;"),
        p("- Nghị định số 02/2025/NĐ-CP."),
        p("5.2 Thành phần hồ sơ"),
        table(("TT", "Thành phần hồ sơ", "Bản chính", "Bản sao"), ("1", "Đơn đề nghị", "x", "")),
        p("5.4 Thời gian xử lý"),
        p("02 ngày làm việc"),
        p("5.7 Quy trình xử lý công việc"),
        STEPS,
        p("6. BIỂU MẪU"),
        FORMS,
    )


def test_cover_sections_papers_and_forms_are_read():
    about = read_procedures(in_paragraphs(), file="a.docx").document

    assert (about.code, about.issue, about.effective_date) == ("QT-07/VD", "02", "05/01/2026")
    assert about.title == "Cấp giấy phép mở lớp nghề"
    assert about.legal_basis == ("Luật số 01/2025/QH15;", "Nghị định số 02/2025/NĐ-CP.")
    assert about.required_papers == ("Đơn đề nghị",)
    assert about.forms == ("Mẫu số 01 – Giấy tiếp nhận",)
    assert about.limit_text == "02 ngày làm việc"
    assert [heading for heading, _ in about.sections] == [
        "1. MỤC ĐÍCH",
        "5. NỘI DUNG QUY TRÌNH",
        "5.1 Cơ sở pháp lý",
        "5.2 Thành phần hồ sơ",
        "5.4 Thời gian xử lý",
        "5.7 Quy trình xử lý công việc",
        "6. BIỂU MẪU",
    ]


def test_the_procedure_takes_the_title_and_the_limit_of_the_document():
    procedure = only(read_procedures(in_paragraphs(), file="a.docx"))

    assert procedure.name == "Cấp giấy phép mở lớp nghề"
    assert procedure.declared_total_text == "02 ngày làm việc"
    assert procedure.sum_matches_declared is True


def test_a_code_in_the_file_name_is_proposed_and_asked():
    imported = read_procedures(in_paragraphs(), file="QT-07_1.234567.docx")

    assert only(imported).tthc_code == "1.234567"
    assert codes(imported) == ["code_from_file_name"]


def test_section_five_may_be_one_table():
    body = table(
        ("5.1", wide("Cơ sở pháp lý", 4)),
        ("", wide("Luật số 01/2025/QH15;\nNghị định số 02/2025/NĐ-CP.", 4)),
        ("5.2", wide("Thành phần hồ sơ", 2), "Bản chính", "Bản sao"),
        ("-", wide("Đơn đề nghị", 2), "x", ""),
        ("5.4", wide("Thời gian xử lý", 4)),
        ("", wide("02 ngày làm việc", 4)),
        ("5.7", wide("Quy trình xử lý công việc", 4)),
        ("TT", "Trình tự", "Trách nhiệm", "Thời gian", "Biểu mẫu"),
        ("B1", "Nhận", "Một cửa", "02 ngày làm việc", "Mẫu số 01"),
    )

    imported = read_procedures(docx(*COVER, body, p("6. BIỂU MẪU"), FORMS), file="a.docx")

    assert imported.document.legal_basis == (
        "Luật số 01/2025/QH15;",
        "Nghị định số 02/2025/NĐ-CP.",
    )
    assert imported.document.required_papers == ("Đơn đề nghị",)
    assert only(imported).sum_matches_declared is True


def test_cases_with_limits_of_their_own_are_compared_each_with_its_own():
    imported = read_procedures(
        docx(
            *COVER,
            p("5.4 Thời gian xử lý"),
            p("a) Đối với trường hợp cấp mới: 02 ngày làm việc"),
            p("b) Đối với trường hợp cấp lại: 03 ngày làm việc"),
            p("5.7 Quy trình xử lý công việc"),
            p("5.7.1. a) Đối với trường hợp cấp mới"),
            STEPS,
            p("5.7.2. b) Đối với trường hợp cấp lại"),
            STEPS,
        ),
        file="a.docx",
    )

    assert [(x.variant, x.declared_total_hours, x.sum_matches_declared)
            for x in imported.procedures] == [
        ("a) Đối với trường hợp cấp mới", 16, True),
        ("b) Đối với trường hợp cấp lại", 24, False),
    ]  # fmt: skip


def test_headings_that_word_numbers_are_sections():
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="u2"><w:pPr><w:numPr><w:ilvl w:val="1"/>'
        '<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style></w:styles>'
    )
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="5"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:lvlText '
        'w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/>'
        "</w:num></w:numbering>"
    )
    style = '<w:pStyle w:val="u2"/>'

    about = read_procedures(
        docx(
            *COVER[:4],
            p("Cơ sở pháp lý", properties=style),
            p("- Luật số 01/2025/QH15;"),
            p("Lệ phí", properties=style),
            p("Không"),
            parts={"word/styles.xml": styles, "word/numbering.xml": numbering},
        ),
        file="a.docx",
    ).document

    assert about.sections == (
        ("5.1 Cơ sở pháp lý", "- Luật số 01/2025/QH15;"),
        ("5.2 Lệ phí", "Không"),
    )


def test_the_document_data_may_stand_in_the_footer():
    footer = (
        f'<w:ftr xmlns:w="{W}">'
        + p("Mã hiệu: QT-08/VD | Lần ban hành: 01 | Ngày ban hành: 22/12/2025 | Trang 1")
        + "</w:ftr>"
    )

    about = read_procedures(
        docx(p("QUY TRÌNH"), p("CẤP PHÉP"), parts={"word/footer1.xml": footer}), file="a.docx"
    ).document

    assert (about.code, about.issue, about.effective_date) == ("QT-08/VD", "01", "22/12/2025")


def test_a_decision_has_no_document_data():
    assert read_procedures(docx(p("QUYẾT ĐỊNH"), STEPS), file="a.docx").document is None
