"""Files that must be refused with a clear sentence, quickly, leaving nothing behind."""

import io
import os
import struct
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from nep.apps.procedures.rules.word import read_procedures
from nep.kernel.office import OfficeRefused, open_word
from tests.word.build import TYPES, W, docx, p, package, table

BODY = f'<w:document xmlns:w="{W}"><w:body/></w:document>'
GOOD = docx(p("Xin chào"))


def bomb() -> bytes:
    """Return a package that unpacks to far more than it weighs."""
    return package(
        {"[Content_Types].xml": TYPES, "word/document.xml": BODY, "word/x.bin": b"0" * 30_000_000}
    )


def lying_bomb() -> bytes:
    """Return a package whose directory states a small size for a large part."""
    data = package({"[Content_Types].xml": TYPES, "word/document.xml": b"0" * 40_000_000})
    return data.replace(struct.pack("<L", 40_000_000), struct.pack("<L", 1_000))


def with_flag(bit: int) -> bytes:
    """Return a package whose entries carry a general purpose flag."""
    data = bytearray(GOOD)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= bit
            at = data.find(signature, at + 4)
    return bytes(data)


def entry_named(name: str) -> bytes:
    """Return a package with an entry of any name."""
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    return out.getvalue()


def duplicate() -> bytes:
    """Return a package with two main parts."""
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", BODY)
    return out.getvalue()


HOSTILE = {  # what is big is made by the test that reads it
    "empty": (b"", "file_empty"),
    "old .doc or encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_old_or_encrypted"),
    "a PDF named .docx": (b"%PDF-1.7\n", "file_not_word"),
    "a web page named .docx": (b"<html><body>Quy tr", "file_not_word"),
    "cut in the middle": (GOOD[: len(GOOD) // 2], "file_broken"),
    "zip head only": (b"PK\x03\x04" + b"\xff" * 200, "file_broken"),
    "a spreadsheet": (package({"xl/workbook.xml": "<x/>"}), "file_not_word"),
    "an empty zip": (package({}), "file_not_word"),
    "macro part": (
        package({"[Content_Types].xml": TYPES, "word/document.xml": BODY, "word/vbaProject.bin": b"1"}),
        "file_macro",
    ),
    "macro content type": (
        package({
            "[Content_Types].xml": TYPES.replace("document.main", "document.macroEnabled.main"),
            "word/document.xml": BODY,
        }),
        "file_macro",
    ),
    "bomb": (bomb, "file_bomb"),
    "bomb that lies about its size": (lying_bomb, "file_broken"),
    "too many entries": (lambda: package({f"a/{n}.xml": "" for n in range(5_001)}), "file_bomb"),
    "too many tags": (
        lambda: docx("<w:p/>" * 900_000, parts={"word/media/1.bin": os.urandom(200_000)}),
        "file_bomb",
    ),
    "few bytes that unpack to many tags": (lambda: docx("<w:p/>" * 700_000), "file_bomb"),
    "encrypted entries": (with_flag(1), "file_encrypted"),
    "path to the outside": (entry_named("../../etc/cron.d/x"), "file_path"),
    "absolute path": (entry_named("/etc/x"), "file_path"),
    "drive path": (entry_named("C:/x"), "file_path"),
    "broken XML": (package({"word/document.xml": "<a><b></a>"}), "xml_broken"),
    "entities": (
        package({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "xml_doctype",
    ),
    "too deep": (docx("<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80), "xml_too_deep"),
    "no body": (package({"word/document.xml": f'<w:document xmlns:w="{W}"/>'}), "file_not_word"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_one_sentence_and_leaves_nothing(
    name, tmp_path, monkeypatch
):
    data, code = HOSTILE[name]
    if callable(data):
        data = data()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    start = time.process_time()
    imported = read_procedures(data, file="lạ.docx")
    spent = time.process_time() - start

    assert not imported.accepted
    assert [reason.code for reason in imported.reasons] == [code]
    assert imported.reasons[0].message.endswith(".")
    assert (imported.procedures, imported.warnings) == ((), ())
    assert spent < 2
    assert os.listdir(tmp_path) == []


def test_two_parts_of_one_name_are_refused():
    assert read_procedures(duplicate(), file="a.docx").reasons[0].code == "file_broken"


def test_a_damaged_part_is_refused():
    content = os.urandom(4000)
    data = package({"word/document.xml": BODY, "word/styles.xml": content})
    damaged = bytearray(data)
    damaged[data.find(content[200:220])] ^= 0xFF

    assert read_procedures(bytes(damaged), file="a.docx").reasons[0].code == "file_broken"


def test_a_file_without_tables_is_accepted_and_says_so():
    imported = read_procedures(GOOD, file="a.docx")

    assert imported.accepted
    assert imported.procedures == ()
    assert [caution.code for caution in imported.warnings] == ["no_procedure"]


def test_the_main_part_is_found_through_the_relations():
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="/word/document2.xml"/></Relationships>'
    )

    opened = open_word(package({"_rels/.rels": rels, "word/document2.xml": BODY}))

    assert opened.main == "word/document2.xml"
    assert opened.read(opened.main) == BODY.encode()


def test_a_part_that_is_not_there_is_refused():
    with pytest.raises(OfficeRefused, match="hỏng"):
        open_word(GOOD).read("word/khong-co.xml")


def test_huge_spans_and_nested_tables_cost_little():
    wide = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>'
        + p("x")
        + ("</w:tc></w:tr></w:tbl>")
    )
    nested = p("y" * 100_000)
    for _ in range(40):
        nested = f"<w:tbl><w:tr><w:tc>{nested}</w:tc></w:tr></w:tbl>"

    start = time.process_time()
    imported = read_procedures(docx(wide * 200, nested), file="a.docx")

    assert imported.accepted
    assert time.process_time() - start < 2


def test_long_runs_of_odd_signs_cost_little():
    lines = [
        "-" * 60_000,
        "(" * 60_000,
        "1." * 30_000,
        "ngày " * 12_000,
        "1/" * 30_000,
        " :" * 30_000,
    ]
    head = ("Bước", "Nội dung", "Trách nhiệm", "Thời gian")
    body = [p(line) for line in lines]
    body += [table(head, ("Bước 1", line, line, line)) for line in lines]
    body += [table(("1.234567", line)) for line in lines]

    start = time.process_time()
    imported = read_procedures(docx(*body), file="a.docx")

    assert imported.accepted
    assert time.process_time() - start < 2


def test_reading_touches_no_file_beside_its_bytes():
    before = set(Path(tempfile.gettempdir()).glob("*.docx"))

    read_procedures(GOOD, file="a.docx")

    assert set(Path(tempfile.gettempdir()).glob("*.docx")) == before
