"""Files that mean harm, sent to the upload of a draft: refused in words, quickly, without a trace.

Source of the list: hạng mục “Input” của tiêu chí chất lượng (loại theo nội dung, giải nén có chặn,
không XXE, không zip slip, không pixel flood, không macro).
"""

import html
import io
import struct
import tempfile
import time
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nep.apps.documents.models import Revision
from nep.apps.documents.tests.test_publication import a_pdf, draft
from nep.foundation.files.models import StoredFile

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'


def package(parts: dict[str, bytes | str], *, types: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(types))
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def png(wide: int, high: int) -> bytes:
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )


def encrypted(data: bytes) -> bytes:
    """Return a package whose directory says that its parts are encrypted."""
    raw = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + place] |= 1
            at = raw.find(mark, at + 4)
    return bytes(raw)


MACRO = package({"word/document.xml": BODY, "word/vbaProject.bin": b"x"})
HIDDEN_MACRO = package(
    {"word/document.xml": BODY, "word/kho.bin": b"x"},
    types='<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
)
ATTACKS = {  # what is big is made by the test that sends it
    "an empty file": (b"", "", "a.docx"),
    "a program under a document's name": (b"MZ\x90\x00" + b"\x00" * 200, "đã bị đổi đuôi", "a.docx"),
    "a web page": (b"<html><script>alert(1)</script></html>", "đã bị đổi đuôi", "a.pdf"),
    "a picture that is a web page": (b"<svg onload=alert(1)>", "đã bị đổi đuôi", "a.png"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "Office cũ", "a.doc"),
    "macros": (MACRO, "macro", "a.docx"),
    "macros under another name": (HIDDEN_MACRO, "macro", "a.docx"),
    "macros of an open document": (
        package({"mimetype": "x", "content.xml": "<x/>", "Basic/Standard/Module1.xml": "x"}),
        "macro", "a.odt",
    ),
    "a bomb": (
        lambda: package({"word/document.xml": b" " * 90_000_000}),
        "khi giải nén quá lớn", "a.docx",
    ),
    "too many parts": (
        lambda: package({"word/document.xml": BODY, **{f"word/{n}.xml": "" for n in range(5100)}}),
        "khi giải nén quá lớn", "a.docx",
    ),
    "a path that leads outside": (
        package({"word/document.xml": BODY, "../../etc/cron.d/x": "x"}), "trỏ ra ngoài", "a.docx"
    ),
    "a Windows path": (
        package({"word/document.xml": BODY, "..\\..\\x.dll": "x"}), "trỏ ra ngoài", "a.docx"
    ),
    "an encrypted package": (
        encrypted(package({"word/document.xml": BODY})), "mật khẩu", "a.docx"
    ),
    "a torn package": (package({"word/document.xml": BODY})[:-30], "bị hỏng", "a.docx"),
    "an archive that is no document": (package({"x.txt": "x"}), "Không nhận ra loại", "a.zip"),
    "a picture of too many points": (png(60_000, 60_000), "quá nhiều điểm ảnh", "a.png"),
    "a BPMN file": (
        b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        "nội dung là lưu đồ BPMN", "a.docx",
    ),
}  # fmt: skip


@pytest.fixture
def draft_of(agency):
    return draft(agency, a_pdf(), "qt.pdf")


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_the_upload_refuses_in_words_and_keeps_nothing(
    agency, client, draft_of, attack, tmp_path, monkeypatch
):
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(work))
    data, said, name = ATTACKS[attack]
    if callable(data):
        data = data()
    document_id, revision_id = draft_of
    before = Revision.objects.get(pk=revision_id)
    known = StoredFile.objects.count()
    agency.sign_in(client, "lan")
    start = time.process_time()
    answer = client.post(
        reverse("documents:draft_file", args=[document_id]),
        {"file": SimpleUploadedFile(name, data), "version": before.version},
    )

    assert answer.status_code == 422, attack
    assert said in html.unescape(answer.content.decode())
    assert time.process_time() - start < 2
    assert Revision.objects.get(pk=revision_id).original_file_id == before.original_file_id
    assert StoredFile.objects.count() == known
    assert list(work.iterdir()) == []
