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
    ["{{ ''.__class__ }}", "{{ten", "ten}}", "{{1a}}", "{{a{b}}", "{{ }}", "{{ten.truong}}"],
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
