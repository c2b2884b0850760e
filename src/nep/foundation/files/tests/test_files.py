"""Files are kept by content, judged by content, and refused with a clear sentence."""

import io
import threading
import zipfile
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from nep.foundation.files import services as files
from nep.foundation.files.models import StoredFile
from nep.foundation.files.queries import damaged_files, facts, read
from nep.foundation.files.services import path_of, safe_name, store
from nep.kernel.errors import NotFound, Refusal

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n%%EOF"


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def keep(data: bytes, name: str = "tệp.pdf", **options):
    return store(data=data, name=name, agency_id=1, actor_id=2, at=NOW, **options)


@pytest.mark.django_db
def test_the_same_bytes_are_kept_once_and_read_back():
    one, two = keep(PDF, "một.pdf"), keep(PDF, "hai.pdf")
    assert one.sha256 == two.sha256
    assert read(one.id) == PDF
    assert facts(two.id).name == "hai.pdf"
    assert list(damaged_files()) == []


@pytest.mark.django_db(transaction=True)
def test_bytes_are_not_removed_while_somebody_stores_the_same():
    first = keep(PDF, "một.pdf")
    place, order, kept = path_of(first.sha256), [], []
    is_stored, may_commit = threading.Event(), threading.Event()

    def store_the_same() -> None:
        try:
            with transaction.atomic():
                kept.append(keep(PDF, "hai.pdf").id)
                is_stored.set()
                may_commit.wait(0.5)  # the removal has come and waits
                order.append("stored")
        finally:
            connection.close()

    StoredFile.objects.filter(pk=first.id).delete()
    other = threading.Thread(target=store_the_same)
    other.start()
    is_stored.wait(10)
    files._drop_unnamed(first.sha256)  # what `forget` does once its removal is durable
    order.append("looked")
    may_commit.set()
    other.join(10)

    assert order == ["stored", "looked"]
    assert place.exists()
    assert read(kept[0]) == PDF


@pytest.mark.django_db(transaction=True)
def test_bytes_go_with_the_last_row_that_names_them():
    one, two = keep(PDF, "một.pdf"), keep(PDF, "hai.pdf")
    for row, is_there in ((one, True), (two, False)):
        with transaction.atomic():
            files.forget(file_id=row.id)
            assert path_of(row.sha256).exists()
        assert path_of(row.sha256).exists() is is_there
    assert [*path_of(one.sha256).parent.iterdir()] == []


@pytest.mark.django_db
def test_a_damaged_or_lost_file_is_found():
    one, two = keep(PDF), keep(PDF + b" ")
    path_of(one.sha256).write_bytes(b"x")
    path_of(two.sha256).unlink()
    assert [row[0] for row in damaged_files()] == [one.id, two.id]
    with pytest.raises(NotFound):
        read(two.id)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "trống.pdf", "file_empty"),
        (b"MZ\x00\x01", "phần mềm.pdf", "file_kind"),
        (b"\xd0\xcf\x11\xe0rest", "cũ.docx", "file_old_or_encrypted"),
        (b"PK\x03\x04" + b"!" * 40, "hỏng.docx", "file_broken"),
        (package(**{"word/document.xml": b"<x/>", "word/vbaProject.bin": b"1"}), "m.docx",
         "file_macro"),
        (package(**{"khác.txt": b"1"}), "khác.docx", "file_kind"),
        (b"<html></html>", "trang.pdf", "file_kind"),
        (b"a,b\n1,2\n", "bảng.csv", "file_kind"),
    ],
)  # fmt: skip
def test_what_is_not_wanted_is_refused_with_a_sentence(data, name, code):
    with pytest.raises(Refusal) as refusal:
        keep(data, name)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"xin ch\xc3\xa0o", "a.pdf",
         "Tệp “a.pdf” mang đuôi .pdf nhưng nội dung là văn bản thường (.csv)."),
        (b"\x00\x01\x02", "a.PDF", "Tệp “a.PDF” hỏng hoặc đã bị đổi đuôi: nội dung không phải PDF."),
        (b"\x00\x01\x02", "a.exe", "Không nhận ra loại của tệp “a.exe”."),
        (b"\xff\xd8\xff\xe0" + b"0" * 40, "a.jpeg", "Tệp “a.jpeg” là ảnh JPG."),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_what_it_is_and_what_is_taken(data, name, said):
    with pytest.raises(Refusal) as refusal:
        files.check(data=data, name=name, kinds=("docx", "pdf", "xlsx"))
    assert refusal.value.message == f"{said} Ở đây nhận PDF, Word (.docx) hoặc Excel (.xlsx)."


@pytest.mark.django_db
def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("nep.foundation.files.kinds.MAX_UNPACKED", 1000)
    with pytest.raises(Refusal) as refusal:
        keep(package(**{"word/document.xml": b"0" * 2000}), "bom.docx")
    assert refusal.value.code == "file_bomb"


@pytest.mark.django_db
def test_a_file_over_the_limit_is_refused():
    with pytest.raises(Refusal) as refusal:
        keep(PDF, max_bytes=3)
    assert refusal.value.code == "file_too_large"


def test_names_lose_their_path_and_control_characters():
    assert safe_name("C:\\thư mục\\quy\x00 trình?.docx") == "quy trình .docx"
    assert safe_name("../../etc/passwd") == "passwd"
