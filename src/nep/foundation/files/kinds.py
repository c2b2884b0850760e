"""What a file is, told by its content and never by its name alone."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass

from nep.kernel.errors import Refusal

_OOXML = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "png": "image/png",
    "jpg": "image/jpeg",
    "csv": "text/csv",
    "bpmn": "application/xml",
    "xml": "application/xml",
}
KIND_WORDS = {
    "pdf": "PDF", "docx": "Word (.docx)", "xlsx": "Excel (.xlsx)", "pptx": "PowerPoint (.pptx)",
    "odt": "OpenDocument (.odt)", "png": "ảnh PNG", "jpg": "ảnh JPG", "csv": "văn bản thường (.csv)",
    "bpmn": "lưu đồ BPMN (.bpmn)", "xml": "luồng xử lý XML (.xml)",
}  # fmt: skip
_ENDINGS = {"jpeg": "jpg"}
MAX_ENTRIES = 5000
MAX_UNPACKED = 300_000_000
MAX_RATIO, RATIO_FREE = 200, 20_000_000
MAX_POINTS = 60_000_000
_FLOW = re.compile(r"<(?:process|form)[\s>]")
_SCRIPTS = ("basic/", "scripts/")


@dataclass(frozen=True, slots=True)
class Kind:
    """A short name ("pdf") and its media type."""

    name: str
    content_type: str


def kind_of(data: bytes, *, name: str) -> Kind:
    """Judge the kind of a file by its first bytes and, for packages, by their parts.

    Raises Refusal with a sentence for empty, encrypted, macro-bearing, bomb-like or unknown files,
    for packages with paths that lead outside, and for pictures of far too many points.
    """
    if not data:
        raise Refusal("file_empty", f"Tệp “{name}” trống. Hãy chọn lại tệp.")
    if data[:5] == b"%PDF-":
        short = "pdf"
    elif data[:8] == b"\x89PNG\r\n\x1a\n":
        short = "png"
    elif data[:3] == b"\xff\xd8\xff":
        short = "jpg"
    elif data[:4] == b"PK\x03\x04":
        short = _package_kind(data, name)
    elif data[:4] == b"\xd0\xcf\x11\xe0":
        raise Refusal(
            "file_old_or_encrypted",
            f"Tệp “{name}” là bản Office cũ hoặc có mật khẩu. Hãy bỏ mật khẩu và lưu lại dạng "
            ".docx, .xlsx hoặc PDF.",
        )
    else:
        short = _text_kind(data, name)
    if short in {"png", "jpg"} and picture_points(data, kind=short) > MAX_POINTS:
        raise Refusal(
            "picture_size",
            f"Ảnh “{name}” có quá nhiều điểm ảnh (hơn 60 triệu) nên không được nhận. "
            "Hãy thu nhỏ ảnh rồi tải lại.",
        )
    return Kind(short, CONTENT_TYPES[short])


def kinds_said(kinds: Collection[str]) -> str:
    """Return kinds in words: "PDF, Word (.docx) hoặc ảnh PNG"."""
    said = [words for kind, words in KIND_WORDS.items() if kind in kinds]
    return " hoặc ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def ending_of(name: str) -> str:
    """Return the kind that a file's ending promises, "" for an ending that says nothing."""
    ending = name.rpartition(".")[2].lower()
    ending = _ENDINGS.get(ending, ending)
    return ending if ending in KIND_WORDS else ""


def _unknown(name: str) -> Refusal:
    """Return what is said of a file whose content is of no known kind."""
    promised = ending_of(name)
    if not promised:
        return Refusal("file_kind", f"Không nhận ra loại của tệp “{name}”.")
    return Refusal(
        "file_kind",
        f"Tệp “{name}” hỏng hoặc đã bị đổi đuôi: nội dung không phải {KIND_WORDS[promised]}.",
    )


def picture_points(data: bytes, *, kind: str) -> int:
    """Return how many points a picture says to have, without opening it."""
    if kind == "png":
        wide, high = struct.unpack(">II", data[16:24]) if len(data) >= 24 else (0, 0)
        return wide * high
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            high, wide = struct.unpack(">HH", data[at + 5 : at + 9])
            return wide * high
        at += 2 + length
    return 0


def _package_kind(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_bounds(entries, len(data), name)
            is_active = _is_active(package, entries)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        raise Refusal("file_broken", f"Tệp “{name}” bị hỏng, không mở được.") from error
    if is_active:
        raise Refusal(
            "file_macro", f"Tệp “{name}” có macro nên không được nhận. Hãy lưu lại không có macro."
        )
    names = {entry.filename for entry in entries}
    for part, short in _OOXML.items():
        if part in names:
            return short
    if "content.xml" in names and "mimetype" in names:
        return "odt"
    raise _unknown(name)


def _check_bounds(entries: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED
        or (unpacked > RATIO_FREE and unpacked > MAX_RATIO * packed)
    ):
        raise Refusal("file_bomb", f"Tệp “{name}” khi giải nén quá lớn nên không được nhận.")
    for entry in entries:
        parts = entry.orig_filename.replace("\\", "/").split("/")
        if entry.orig_filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            raise Refusal(
                "file_path",
                f"Tệp “{name}” chứa đường dẫn trỏ ra ngoài tài liệu nên không được nhận.",
            )
        if entry.flag_bits & 0x1:
            raise Refusal(
                "file_old_or_encrypted",
                f"Tệp “{name}” có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.",
            )


def _is_active(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bool:
    """Say whether a package carries macros, under whatever name it comes."""
    names = [entry.filename.lower() for entry in entries]
    if any(one.endswith(("vbaproject.bin", "vbadata.xml")) for one in names):
        return True
    if "content.xml" in names:
        return any(one.startswith(_SCRIPTS) and not one.endswith("/") for one in names)
    if "[content_types].xml" not in names:
        return False
    with package.open(entries[names.index("[content_types].xml")]) as part:
        return b"macroenabled" in part.read(2_000_000).lower()


def _text_kind(data: bytes, name: str) -> str:
    try:
        start = data[:4096].decode("utf-8-sig", errors="strict" if len(data) <= 4096 else "ignore")
    except UnicodeDecodeError:
        start = "\x00"
    if "\x00" in start:
        raise _unknown(name)
    if start.lstrip().startswith("<"):
        if "BPMN" in start and "definitions" in start:
            return "bpmn"
        if start.lstrip().startswith(("<?xml", "<process")) and _FLOW.search(start):
            return "xml"
        raise _unknown(name)
    return "csv"
