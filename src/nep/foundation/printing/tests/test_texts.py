"""The text of every kind of file, and of files that mean harm."""

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from hashlib import sha256

import pypdfium2
import pytest
import xlsxwriter
from docx import Document
from docx.oxml import OxmlElement

from nep.foundation.files.services import path_of
from nep.foundation.printing import Paper, line, paper_pdf
from nep.foundation.printing import preview as previews
from nep.foundation.printing.pdf import LAYOUTS, pdf
from nep.foundation.printing.texts import NotMade, blocks_of, pdfium, text_of
from nep.kernel.difference import HEADING, PARAGRAPH, ROW

AT = datetime(2026, 12, 10, 3, tzinfo=UTC)
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"


def word(build) -> bytes:
    document = Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def package(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def slides(*texts: str) -> bytes:
    shown = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(len(texts)))
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/slide" Target="slides/slide{n}.xml"/>'
        for n in range(len(texts))
    )
    return package({
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{REL}"><Relationship Id="a" Type="{R}/officeDocument"'
        ' Target="ppt/presentation.xml"/></Relationships>',
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{shown}'
        "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{REL}">{links}</Relationships>',
        **{
            f"ppt/slides/slide{n}.xml": f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><p:txBody><a:p><a:r>'
            f"<a:t>{text}</a:t></a:r></a:p></p:txBody></p:sld>"
            for n, text in enumerate(texts)
        },
    })  # fmt: skip


def open_document(content: str) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    return package({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {names}><office:body><office:text>{content}"
        "</office:text></office:body></office:document-content>",
    })  # fmt: skip


def test_word_gives_headings_paragraphs_tables_and_the_edges_of_the_page():
    def build(document):
        document.add_heading("Nội dung quy trình", 1)
        document.add_paragraph("Bộ phận Một cửa tiếp nhận hồ sơ.")
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Bước 1", "Tiếp nhận"
        document.sections[0].header.paragraphs[0].text = "QT-01 lần 02"
        document.add_paragraph("Công việc thứ nhất", style="List Number")
        document.add_paragraph("Công việc thứ hai", style="List Number")

    blocks = blocks_of(word(build), name="quy-trinh.docx")

    assert [(b.kind, b.cells) for b in blocks[:3]] == [
        (HEADING, ("Nội dung quy trình",)),
        (PARAGRAPH, ("Bộ phận Một cửa tiếp nhận hồ sơ.",)),
        (ROW, ("Bước 1", "Tiếp nhận")),
    ]
    assert [b.label for b in blocks[3:5]] == ["1.", "2."]
    assert blocks[-1].cells == ("QT-01 lần 02",)


def test_what_was_struck_out_in_word_is_not_read():
    def build(document):
        paragraph = document.add_paragraph("Giữ lại")
        gone = OxmlElement("w:del")
        run = OxmlElement("w:r")
        text = OxmlElement("w:delText")
        text.text = "đã xóa"
        run.append(text)
        gone.append(run)
        paragraph._p.append(gone)

    assert text_of(word(build), name="a.docx") == "Giữ lại"


def test_excel_powerpoint_open_document_csv_and_pdf_are_read():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Danh mục")
        sheet.write_row(0, 0, ["Mã", "Tên", 5, 2.5])
        sheet.write_datetime(1, 0, datetime(2026, 1, 5))
    paper = {"title": "x", "subtitle": "", "above": "", "issuer": "Sở Nội vụ", "number": "",
             "place_date": "", "form": "", "landscape": False, "nation": "N", "motto": "M",
             "blocks": []}  # fmt: skip

    assert text_of(out.getvalue(), name="a.xlsx") == "Danh mục\nMã | Tên | 5 | 2.5\n05/01/2026"
    assert text_of(slides("Đầu", "Sau"), name="a.pptx") == "Trang chiếu 1\nĐầu\nTrang chiếu 2\nSau"
    assert (
        text_of(
            open_document(
                '<text:h text:outline-level="2">Mục đích</text:h><text:p>Một<text:s/>hai</text:p>'
                "<table:table><table:table-row><table:table-cell><text:p>Ô</text:p></table:table-cell>"
                "</table:table-row></table:table>"
            ),
            name="a.odt",
        )
        == "Mục đích\nMột hai\nÔ"
    )
    assert text_of("mã;tên\n1;Đất đai".encode(), name="a.csv") == "mã;tên\n1;Đất đai"
    made = pdf(LAYOUTS / "form.typ", paper, made_at=AT)
    assert "SỞ NỘI VỤ" in text_of(made, name="a.pdf")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7 broken", "pdf_broken"),
        (b"PK\x03\x04 broken", "file_broken"),
        (b"\xd0\xcf\x11\xe0old", "file_old_or_encrypted"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, code):
    with pytest.raises(NotMade) as refused:
        text_of(data, name="tep.docx")
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_entities_in_a_package_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><office:x>&b;</office:x>'
    data = package({"mimetype": "x", "content.xml": bomb})

    with pytest.raises(NotMade) as refused:
        text_of(data, name="a.odt")
    assert refused.value.code == "xml_doctype"


def test_a_package_that_unpacks_to_far_too_much_is_refused():
    with pytest.raises(NotMade) as refused:
        text_of(package({"mimetype": "x", "content.xml": " " * 60_000_000}), name="a.odt")
    assert refused.value.code == "file_bomb"


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Put a Tesseract on the path that reads every picture alike and says which languages."""
    program = tmp_path / "tesseract"
    program.write_text('#!/bin/sh\nprintf "Biên bản bàn giao %s" "$4" > "$2.txt"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def scan(pages: int) -> bytes:
    made = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        made.new_page(300, 400)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_scanned_pages_and_pictures_are_read_where_tesseract_is(reader):
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    assert text_of(scan(2), name="quet.pdf", with_scans=True) == (
        "Biên bản bàn giao vie+eng\nBiên bản bàn giao vie+eng"
    )
    assert text_of(scan(2), name="quet.pdf") == ""
    assert text_of(picture, name="quet.png") == "Biên bản bàn giao vie+eng"


def test_what_was_read_of_a_scan_is_kept_for_its_page_and_read_once(reader, monkeypatch):
    data = scan(3)
    digest = sha256(data).hexdigest()
    before = previews.text_blocks(digest)
    text_of(data, name="quet.pdf", with_scans=True)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    path_of(digest).parent.mkdir(parents=True, exist_ok=True)
    path_of(digest).write_bytes(data)
    previews.make(sha256=digest, name="quet.pdf")
    shown = previews.preview(sha256=digest, name="quet.pdf", now=AT)

    assert before == ()
    assert [block.text for block in previews.text_blocks(digest)] == [
        "Biên bản bàn giao vie+eng"
    ] * 3
    assert (shown.state, shown.has_text, shown.is_scan) == ("ready", True, True)
    assert text_of(data, name="quet.pdf", with_scans=True).count("bàn giao") == 3


def _reads_vietnamese() -> bool:
    if shutil.which("tesseract") is None:
        return False
    said = subprocess.run(
        ["tesseract", "--list-langs"], capture_output=True, text=True, check=False
    )
    return "vie" in said.stdout.split()


@pytest.mark.skipif(not _reads_vietnamese(), reason="Tesseract with Vietnamese is not installed")
def test_a_scanned_page_is_read_with_its_marks(tmp_path):
    said = "Kế hoạch đào tạo, bồi dưỡng công chức, viên chức năm 2026"
    paper = Paper(
        title="Kế hoạch",
        issuer="Sở Tư pháp",
        blocks=(line(said), line("Thời gian: ngày 05 tháng 02")),
    )
    (tmp_path / "in.pdf").write_bytes(paper_pdf(paper, made_at=AT))
    pdfium("pages", "in.pdf", ".", "2200", "1", folder=tmp_path)
    (picture,) = tmp_path.glob("[0-9]*.png")

    text = text_of(picture.read_bytes(), name="quet.png")

    assert said in text
    assert "ngày 05 tháng 02" in text


def test_without_tesseract_or_when_it_fails_a_scan_has_no_text(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert text_of(scan(1), name="quet.pdf", with_scans=True) == ""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    assert text_of(scan(1), name="quet.pdf", with_scans=True) == ""
