"""LibreOffice turns files into PDF letter for letter, reads no other file and calls nobody."""

import io
import socket
import threading
import zipfile

import pytest
from docx import Document

from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.printing.office import missing_office_fonts, office_pdf, office_program
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.texts import text_of

needs_office = pytest.mark.skipif(office_program() is None, reason="LibreOffice is not installed")
KIND = "application/vnd.oasis.opendocument.text"
NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"),
    )
)  # fmt: skip
FACES = ("Times New Roman", "Arial", "Calibri", ".VnTime")
LETTERS = "Đường lối, nghị quyết, ưỡn ngực: ẵ ẫ ỗ ỡ ữ ỵ Ỷ Ỹ Đ đ"


def curious(secret: str, port: int) -> bytes:
    """Return a text that asks for a file of the server and for a picture of the network."""
    content = (
        f'<office:document-content {NAMES} xmlns:xlink="http://www.w3.org/1999/xlink" '
        'office:version="1.2"><office:body><office:text><text:p>Phần riêng</text:p>'
        f'<text:section text:name="s"><text:section-source xlink:href="file://{secret}" '
        'text:filter-name="Text"/><text:p>cũ</text:p></text:section>'
        '<text:p><draw:frame svg:width="5cm" svg:height="5cm"><draw:image '
        f'xlink:href="http://127.0.0.1:{port}/x.png" xlink:type="simple" xlink:show="embed" '
        'xlink:actuate="onLoad"/></draw:frame></text:p>'
        "</office:text></office:body></office:document-content>"
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", KIND)
        package.writestr("content.xml", content)
        package.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{manifest}"><m:file-entry m:full-path="/" m:media-type="{KIND}"/>'
            '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        )
    return out.getvalue()


@needs_office
def test_word_comes_out_letter_for_letter_in_the_usual_faces():
    document = Document()
    for face in FACES:
        document.add_paragraph().add_run(LETTERS).font.name = face
    out = io.BytesIO()
    document.save(out)

    made = office_pdf(out.getvalue(), kind="docx")
    said = dict(zip(FACES, text_of(made, name="a.pdf").splitlines(), strict=True))
    assert said == dict.fromkeys(FACES, LETTERS)
    assert b"<pdfaid:part>2</pdfaid:part>" in made  # PDF/A-2b: colours and faces lie in the file
    assert b"/OutputIntents" in made


@needs_office
def test_a_sheet_becomes_a_pdf_for_archives_too():
    columns = (SheetColumn("Mã hiệu", width=12), SheetColumn("Tên tài liệu", width=30))

    made = office_pdf(xlsx([("Danh mục", columns, [("QT-01", "Kiểm soát")])]), kind="xlsx")
    assert "Tên tài liệu" in text_of(made, name="a.pdf")
    assert b"<pdfaid:part>2</pdfaid:part>" in made


@needs_office
def test_a_file_reads_no_other_file_and_calls_nobody(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("BIMATCANHO", encoding="utf-8")
    called = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)

        def listen() -> None:
            try:
                called.append(server.accept()[1])
            except OSError:
                return

        threading.Thread(target=listen, daemon=True).start()
        made = office_pdf(curious(str(secret), server.getsockname()[1]), kind="odt")
    said = text_of(made, name="a.pdf")

    assert "Phần riêng" in said
    assert "BIMATCANHO" not in said
    assert called == []


def test_without_libreoffice_a_sentence_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "/khong-co")

    with pytest.raises(NotMade, match="chưa cài LibreOffice") as refused:
        office_pdf(b"x", kind="docx")
    assert refused.value.code == "office_missing"
    assert missing_office_fonts() == []


@needs_office
def test_a_file_that_libreoffice_cannot_open_is_told():
    with pytest.raises(NotMade) as refused:
        office_pdf(b"PK\x03\x04 hong", kind="xlsx")
    assert refused.value.code.startswith("convert_")
