"""Blanks of Word forms: found in order, filled as plain text, never run."""

import io
import zipfile

import docx
import pytest

from nep.foundation.printing.blanks import EMPTY, fill_blanks, read_blanks
from nep.kernel.errors import Refusal


def word(*paragraphs, cells=(), header=""):
    document = docx.Document()
    for one in paragraphs:
        paragraph = document.add_paragraph()
        for run in [one] if isinstance(one, str) else one:
            paragraph.add_run(run)
    if cells:
        table = document.add_table(rows=0, cols=2)
        for left, right in cells:
            row = table.add_row().cells
            row[0].text, row[1].text = left, right
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def texts(data):
    document = docx.Document(io.BytesIO(data))
    return [one.text for one in document.paragraphs] + [
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    ]


def test_blanks_come_in_the_order_of_the_document_with_what_stands_before_them():
    data = word(
        "1. Họ và tên: {{ho_ten}}  Ngày sinh: {{ngay_sinh}}",
        "Nội dung: {{noi_dung}}",
        "Nhắc lại {{ho_ten}}",
        cells=[("Số lượng", "{{so_luong}}"), ("Kết quả", "{{ket_qua | chọn Đạt; Không đạt}}")],
        header="Số phiếu: {{số phiếu}}",
    )

    found = [(one.name, one.kind, one.label, one.choices) for one in read_blanks(data)]

    assert found == [
        ("ho_ten", "text", "Họ và tên", ()),
        ("ngay_sinh", "date", "Ngày sinh", ()),
        ("noi_dung", "long", "Nội dung", ()),
        ("so_luong", "number", "Số lượng", ()),
        ("ket_qua", "choice", "Kết quả", ("Đạt", "Không đạt")),
        ("số phiếu", "text", "Số phiếu", ()),
    ]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("ngay_lap", "date"), ("so_ngay_nghi", "number"), ("so_cccd", "text"), ("tu_ngay", "date"),
        ("ly_do", "long"), ("ma | ngày", "date"), ("gia | tiền", "number"), ("y | đoạn", "long"),
        ("nganh_nghe", "text"),
    ],
)  # fmt: skip
def test_the_kind_comes_from_the_name_or_from_what_is_said_in_the_tag(tag, kind):
    (found,) = read_blanks(word("{{" + tag + "}}"))

    assert found.kind == kind


def test_a_tag_cut_into_runs_by_word_is_filled_whole_and_keeps_what_surrounds_it():
    data = word(["Tên: {", "{ho", "_ten}", "} hết", "."], cells=[("Lý do", "{{ly_do}}")])

    filled = fill_blanks(data, {"ho_ten": "Nguyễn Văn A & <b>", "ly_do": "Dòng một\nDòng hai"})

    assert texts(filled)[0] == "Tên: Nguyễn Văn A & <b> hết."
    assert texts(filled)[-1] == "Dòng một\nDòng hai"


def test_two_tags_in_one_run_and_an_empty_one():
    data = word("{{a1}} và {{b1}} và {{c1}}")

    assert texts(fill_blanks(data, {"a1": "x", "c1": "z"}))[0] == f"x và {EMPTY} và z"


@pytest.mark.parametrize(
    "text",
    ["{{ ''.__class__ }}", "{{ten", "ten}}", "{{1a}}", "{{a{b}}", "{{ }}", "{{ten.}}"],
)
def test_a_mistyped_tag_is_refused_with_its_place(text):
    with pytest.raises(Refusal, match="viết sai ở đoạn") as refused:
        read_blanks(word(f"Họ và tên: {text} hết"))
    assert "Họ và tên" in refused.value.message


def test_what_was_typed_is_never_read_as_a_tag_or_run():
    data = word("{{mot}} {{hai}}")

    filled = fill_blanks(data, {"mot": "{{hai}}", "hai": "{% for x in y %}{{ 7*7 }}"})

    assert texts(filled)[0] == "{{hai}} {% for x in y %}{{ 7*7 }}"


def test_hostile_files_are_refused_with_a_sentence():
    data = word("{{ten}}")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            body = old.read(entry)
            if entry.filename == "word/document.xml":
                body = body.replace(
                    b"<w:document",
                    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><w:document',
                    1,
                )
            new.writestr(entry, body)

    for bad in (out.getvalue(), b"", b"PK\x03\x04 none", data[:200]):
        with pytest.raises(Refusal):
            read_blanks(bad)


# Rows that repeat


def supplies(*tags, heads=("TT", "Tên vật tư", "Số lượng", "Ngày nhận"), over="Danh mục vật tư:"):
    document = docx.Document()
    document.add_paragraph("Đơn vị: {{don_vi}}")
    document.add_paragraph(over)
    table = document.add_table(rows=1, cols=len(heads))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for cell, tag in zip(table.add_row().cells, tags, strict=True):
        cell.text = tag
    for cell in table.add_row().cells:
        cell.text = "Cộng"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


SUPPLIES = supplies(
    "{{vat_tu.tt}}", "{{vat_tu.ten}} ({{don_vi}})", "{{vat_tu.so_luong}}", "{{vat_tu.ngay_nhan}}"
)


def rows_of(data):
    (table,) = docx.Document(io.BytesIO(data)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_a_row_of_tags_is_one_blank_whose_columns_are_named_by_the_head_of_the_table():
    plain, group = read_blanks(SUPPLIES)

    assert (plain.name, group.name, group.kind, group.label) == (
        "don_vi", "vat_tu", "rows", "Danh mục vật tư",
    )  # fmt: skip
    assert [(one.name, one.kind, one.label) for one in group.columns] == [
        ("ten", "text", "Tên vật tư"), ("so_luong", "number", "Số lượng"),
        ("ngay_nhan", "date", "Ngày nhận"),
    ]  # fmt: skip


def test_the_row_repeats_as_often_as_rows_are_given_and_is_numbered():
    filled = fill_blanks(
        SUPPLIES, {"don_vi": "Văn phòng"},
        {"vat_tu": [{"ten": "Giấy A4", "so_luong": "12"}, {"ten": "Bút {{x}}", "so_luong": "3"}]},
    )  # fmt: skip

    assert rows_of(filled) == [
        ["TT", "Tên vật tư", "Số lượng", "Ngày nhận"],
        ["1", "Giấy A4 (Văn phòng)", "12", EMPTY],
        ["2", "Bút {{x}} (Văn phòng)", "3", EMPTY],
        ["Cộng"] * 4,
    ]


def test_without_rows_one_row_of_dots_stays_for_the_pen():
    assert rows_of(fill_blanks(SUPPLIES, {"don_vi": "Văn phòng"}))[1] == [
        "1", f"{EMPTY} (Văn phòng)", EMPTY, EMPTY,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (word("Ngoài bảng {{vat_tu.ten}}"), "trong một dòng của bảng"),
        (supplies("{{vat_tu.tt}}", "{{vat_tu.ten}}", "{{khac.sl}}", ""), "theo một nhóm thẻ"),
        (word(cells=[("{{vat_tu.ten}}", "a"), ("{{vat_tu.sl}}", "b")]), "cùng dòng"),
        (word("{{vat_tu}}", cells=[("{{vat_tu.ten}}", "a")]), "vừa là một chỗ điền"),
    ],
)
def test_a_group_that_cannot_repeat_is_told_in_a_sentence(data, said):
    with pytest.raises(Refusal, match=said) as refused:
        read_blanks(data)
    assert refused.value.code == "rows_spread"


def test_a_table_has_an_end():
    with pytest.raises(Refusal, match="tối đa 100 dòng"):
        fill_blanks(SUPPLIES, {}, {"vat_tu": [{"ten": "Giấy"}] * 101})
