"""Papers come out letter for letter, in our own fonts, the same in PDF and Word."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn

from nep.foundation.printing import (
    Cell,
    Code,
    Column,
    Line,
    NewPage,
    Paper,
    Signature,
    Signatures,
    Table,
    bold,
    line,
    paper_data,
    paper_docx,
    paper_of,
    paper_pdf,
    pdf,
    qr_matrix,
    qr_png,
    qr_svg,
)
from nep.foundation.printing.paper import alignment, keeps_rows, placed
from nep.foundation.printing.paper_parts import column_widths, recipients
from nep.foundation.printing.qr import whole_side
from nep.foundation.printing.texts import text_of

AT = datetime(2026, 2, 5, 3, tzinfo=UTC)
LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
TEXTS = (
    "Nguyễn Thị Hường, Đặng Ngọc Bích, thủ tục đăng ký lại khai sinh",
    LETTERS,
    LETTERS.upper(),
    "Thỏa thuận – “trích dẫn” … 20 % ≥ 5 m² và \\ # $ * _ ` < > @ [ ] = - / //",
)


def a_paper(**changes) -> Paper:
    facts = {
        "title": "Giấy tiếp nhận hồ sơ",
        "above": "Ủy ban nhân dân xã Tân Lập",
        "issuer": "Trung tâm Phục vụ hành chính công",
        "number": "Số: 31/TNHS",
        "place_date": "Tân Lập, ngày 05 tháng 02 năm 2026",
        "blocks": (
            Code("https://example.vn/tra-cuu/k/AbCdEf/", 22, (line("Mã: ", bold("H99-0031")),)),
            *(line(text, align="left") for text in TEXTS),
            Table(
                (Column("TT", 0.5, "center"), Column("Tên giấy tờ", 4), Column("Bản chính")),
                (("1", "Tờ khai", "1"), ("2", "Căn cước", "0")),
            ),
            Signatures((Signature("Người nộp", name="Hường"), Signature("Người nhận"))),
        ),
    }
    return Paper(**{**facts, **changes})


def pages_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_of_a_pdf_extracts_letter_for_letter(text):
    pages = pages_of(paper_pdf(a_paper(), made_at=AT))

    assert squeezed(text) in squeezed("".join(pages))


def test_only_our_fonts_are_embedded_whatever_the_machine_has():
    data = paper_pdf(a_paper(), made_at=AT)

    names = set(re.findall(rb"/FontName\s*/([A-Z]{6}\+)?([A-Za-z0-9-]+)", data))
    assert names
    assert all(name.startswith(b"Tinos") for _subset, name in names)
    assert data.count(b"/FontFile") >= len(names)


def test_the_same_paper_and_moment_give_the_same_bytes():
    assert paper_pdf(a_paper(), made_at=AT) == paper_pdf(a_paper(), made_at=AT)


def test_a_paper_is_a4_and_a_long_table_repeats_its_head():
    rows = tuple((str(n), f"Giấy số {n}", "1") for n in range(1, 90))
    columns = (Column("TT"), Column("Tên giấy tờ", 4), Column("Bản chính"))
    data = paper_pdf(a_paper(blocks=(Table(columns, rows),)), made_at=AT)

    document = pypdfium2.PdfDocument(data)
    assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [210, 297]
    pages = pages_of(data)
    assert len(pages) > 1
    assert all("Tên giấy tờ" in page for page in pages)


def test_a_layout_cannot_read_files_outside_its_folder(tmp_path):
    layout = tmp_path / "x.typ"
    layout.write_text('#read("/../qr.py")', encoding="utf-8")

    with pytest.raises(RuntimeError, match=r"outside|not found|access|escape"):
        pdf(layout, {}, made_at=AT)


def test_word_holds_the_same_text_in_times_new_roman():
    document = Document(io.BytesIO(paper_docx(a_paper())))

    body = squeezed("".join(document.element.body.itertext()))
    for text in (*TEXTS, "GIẤY TIẾP NHẬN HỒ SƠ", "Tờ khai", "Độc lập - Tự do - Hạnh phúc"):
        assert squeezed(text) in body
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert round(document.sections[0].page_width.mm) == 210
    assert len(document.inline_shapes) == 1


def test_the_code_in_word_is_as_large_as_asked():
    paper = a_paper()
    document = Document(io.BytesIO(paper_docx(paper)))

    assert document.inline_shapes[0].width.mm == pytest.approx(
        whole_side(paper.blocks[0].text, 22), abs=0.1
    )
    assert whole_side(paper.blocks[0].text, 22) > 22


def test_the_last_row_of_a_table_in_word_stays_with_the_one_before():
    rows = tuple((str(number), "việc") for number in range(3))
    table = Table((Column("TT", 1), Column("Việc", 3)), rows)
    document = Document(io.BytesIO(paper_docx(Paper(title="X", issuer="Y", blocks=(table,)))))
    kept = [
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next
        for row in document.tables[-1].rows
    ]

    assert kept == [None, None, True, None]


def test_word_files_hold_no_macro_and_no_link_outside():
    with zipfile.ZipFile(io.BytesIO(paper_docx(a_paper()))) as package:
        names = package.namelist()
        links = b"".join(package.read(name) for name in names if name.endswith(".rels"))

    assert not [name for name in names if "vba" in name.lower()]
    assert b'TargetMode="External"' not in links


def test_spanned_cells_leave_out_what_they_cover():
    both = Cell((line("chung"),), rows=2)
    wide = Cell((Line((bold("rộng"),)),), columns=2)
    table = Table(
        (Column("A"), Column("B"), Column("C")), ((both, "1", "2"), ("3", "4"), (wide, "5"))
    )

    starts = [[(at, cell.lines[0].runs[0].text) for at, cell in row] for row in placed(table)]

    assert starts == [
        [(0, "chung"), (1, "1"), (2, "2")], [(1, "3"), (2, "4")], [(0, "rộng"), (2, "5")],
    ]  # fmt: skip
    assert "chung" in pages_of(paper_pdf(a_paper(blocks=(table,)), made_at=AT))[0]


def test_vector_and_picture_draw_the_same_code():
    text = "https://example.vn/tra-cuu/k/AbCdEf/"
    dark = qr_matrix(text)
    side = len(dark)

    assert all(len(row) == side for row in dark)
    assert f'viewBox="0 0 {side + 8} {side + 8}"' in qr_svg(text)
    assert drawn_by(qr_svg(text)) == {
        (x + 4, y + 4) for y, row in enumerate(dark) for x, is_dark in enumerate(row) if is_dark
    }
    width = int.from_bytes(qr_png(text, scale=3)[16:20], "big")
    assert width == 3 * (side + 8)


def drawn_by(svg: str) -> set[tuple[int, int]]:
    """Return the dark modules that the strokes of an SVG cover."""
    path = re.search(r'stroke="#000"[^>]*? d="([^"]+)"|d="([^"]+)"[^>]*? stroke="#000"', svg)
    commands = re.findall(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?", path[1] or path[2])
    x = y = 0.0
    dark = set()
    for name, first, second in commands:
        if name == "M":
            x, y = float(first), float(second)
        elif name == "m":
            x, y = x + float(first), y + float(second)
        else:
            dark |= {(int(x) + step, int(y)) for step in range(int(float(first)))}
            x += float(first)
    return dark


def test_a_long_name_breaks_before_its_place():
    paper = a_paper(above="Ủy ban nhân dân tỉnh Lam Sơn", issuer="UBND phường Sông Nhuận")
    page = pypdfium2.PdfDocument(paper_pdf(paper, made_at=AT))[0].get_textpage().get_text_range()
    lines = [one.replace("\u00a0", " ").strip() for one in page.splitlines()]
    assert lines[:2] == ["ỦY BAN NHÂN DÂN", "TỈNH LAM SƠN"]
    word = Document(io.BytesIO(paper_docx(paper)))
    assert word.tables[0].cell(0, 0).paragraphs[0].text == "ỦY BAN NHÂN DÂN TỈNH\u00a0LAM\u00a0SƠN"


def test_a_heading_goes_with_its_table_to_the_next_page():
    table = Table((Column("TT"), Column("Việc")), (("1", "Dòng đầu của bảng"),))
    for above in range(36, 48):
        blocks = (*(line(f"Dòng {n}") for n in range(above)), line(bold("Đầu mục")), table)
        file = pypdfium2.PdfDocument(paper_pdf(a_paper(blocks=blocks), made_at=AT))
        pages = [page.get_textpage().get_text_range() for page in file]
        assert [("Đầu mục" in one, "Dòng đầu của bảng" in one) for one in pages] in (
            [(True, True)], [(False, False), (True, True)],
        ), above  # fmt: skip
    word = Document(io.BytesIO(paper_docx(a_paper(blocks=(line(bold("Đầu mục")), table)))))
    heading = next(one for one in word.paragraphs if one.text == "Đầu mục")
    assert heading.paragraph_format.keep_with_next


def test_a_paper_comes_back_from_its_plain_data():
    long = Cell((line("một", after=2), line(bold("hai"), indent=True)), rows=2)
    table = Table((Column("A"), Column("B", 2)), (("1", long), ("2",)))
    paper = a_paper(blocks=(line("Chữ ", bold("đậm"), level=2), table, NewPage(),
                            Signatures((Signature("Người ký", name="An"),))))  # fmt: skip
    data = json.loads(json.dumps(paper_data(paper)))

    assert json.loads(json.dumps(paper_data(paper_of(data)))) == data


def test_short_rows_stay_whole_and_an_annex_begins_a_page():
    rows = tuple((str(n), "Bước thẩm định hồ sơ có bốn dòng chữ để đọc. " * 4) for n in range(40))
    table = Table((Column("TT", 0.5), Column("Việc", 5)), rows)
    signed = Signatures((Signature("Người lập", name="Lý Thị Thư"),))
    paper = Paper(
        title="Phiếu", issuer="Sở Tư pháp",
        blocks=(table, line("Mã băm:"), signed, NewPage(), line(bold("PHỤ LỤC"))),
    )  # fmt: skip
    file = pypdfium2.PdfDocument(paper_pdf(paper, made_at=AT))
    pages = [page.get_textpage().get_text_range() for page in file]
    word = Document(io.BytesIO(paper_docx(paper)))

    for page in pages:
        assert page.count("Bước thẩm định") % 4 == 0
    assert "Mã băm:" in pages[-2]
    assert pages[-1].split() == [str(len(pages)), "PHỤ", "LỤC"]
    assert len(word.tables[1]._tbl.findall(".//" + qn("w:cantSplit"))) == 41
    long = replace(table, rows=(("1", "chữ " * 500),))
    assert (keeps_rows(table), keeps_rows(long)) == (True, False)
    assert alignment(line("SHA-256: " + "a" * 64)) == "left"
    assert alignment(line("Câu thường.")) == "justify"


NARROW = Table(
    (Column("TT", 0.2, "center"), Column("Việc phải làm", 6), Column("Hạn", 0.5, "center")),
    (("1", "Giao một người đối chiếu bảng niêm yết mỗi khi có quyết định mới", "23/09/2026"),),
)


def test_a_narrow_column_has_room_for_its_longest_word():
    widths = column_widths(NARROW, 165)
    data = paper_data(a_paper(blocks=(NARROW,)))["blocks"][0]
    document = Document(io.BytesIO(paper_docx(a_paper(blocks=(NARROW,)))))

    assert sum(widths) == pytest.approx(165)
    assert widths[0] > 8 and widths[2] > 23
    assert data["widths"] == widths
    written = [round(cell.width.mm, 1) for cell in document.tables[-1].rows[0].cells]
    assert written == pytest.approx(widths, abs=0.1)


def test_recipients_stand_in_a_list_at_the_left_of_who_signs():
    places = (Signature("Nơi nhận", note="Như Điều 3; lưu: VT"), Signature("Giám đốc", name="An"))
    paper = a_paper(subtitle="Về việc lập đoàn", blocks=(line("x"), Signatures(places)))

    assert recipients(places[0]) == ("- Như Điều 3;", "- Lưu: VT.")
    assert recipients(places[1]) == ()
    assert paper_of(paper_data(paper)).blocks == paper.blocks
    said = text_of(paper_pdf(paper, made_at=AT), name="x.pdf")
    assert "Nơi nhận:" in said and "- Lưu: VT." in said and "NƠI NHẬN" not in said
    document = Document(io.BytesIO(paper_docx(paper)))
    left, right = document.tables[-1].rows[0].cells
    assert left.text.split("\n") == ["Nơi nhận:", "- Như Điều 3;", "- Lưu: VT."]
    assert right.text.startswith("GIÁM ĐỐC")
    about = next(one for one in document.paragraphs if one.text == "Về việc lập đoàn")
    assert about.runs[0].bold


def test_a_word_file_numbers_its_pages_and_keeps_places_to_sign_whole():
    data = paper_docx(a_paper(blocks=(line("x"), Signatures((Signature("Người lập"),)))))

    archive = zipfile.ZipFile(io.BytesIO(data))
    heads = [archive.read(one).decode() for one in archive.namelist() if "header" in one]
    body = archive.read("word/document.xml").decode()
    assert any(">PAGE<" in head for head in heads)
    assert "w:titlePg" in body
    assert body.rindex("w:cantSplit") > body.rindex("<w:tbl>")


def test_a_dotted_space_is_not_stretched():
    assert alignment(line("7. Hiệu lực: ", "…" * 15, " ", "…" * 15)) == "left"
