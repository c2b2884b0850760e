"""What a file is, told by its content and never by its name alone."""

import io
import zipfile
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
}
MAX_ENTRIES = 5000
MAX_UNPACKED = 300_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A short name ("pdf") and its media type."""

    name: str
    content_type: str


def kind_of(data: bytes, *, name: str) -> Kind:
    """Judge the kind of a file by its first bytes and, for packages, by their parts.

    Raises Refusal with a sentence for empty, encrypted, macro-bearing, bomb-like or unknown files.
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
    return Kind(short, CONTENT_TYPES[short])


def _package_kind(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refusal("file_broken", f"Tệp “{name}” bị hỏng, không mở được.") from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refusal("file_bomb", f"Tệp “{name}” khi giải nén quá lớn nên không được nhận.")
    names = {entry.filename for entry in entries}
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise Refusal(
            "file_macro", f"Tệp “{name}” có macro nên không được nhận. Hãy lưu lại không có macro."
        )
    for part, short in _OOXML.items():
        if part in names:
            return short
    if "content.xml" in names and "mimetype" in names:
        return "odt"
    raise Refusal("file_kind", f"Tệp “{name}” không phải tài liệu mà hệ thống nhận.")


def _text_kind(data: bytes, name: str) -> str:
    try:
        start = data[:4096].decode("utf-8-sig", errors="strict" if len(data) <= 4096 else "ignore")
    except UnicodeDecodeError:
        start = "\x00"
    if "\x00" in start:
        raise Refusal("file_kind", f"Không nhận ra loại của tệp “{name}”.")
    if start.lstrip().startswith("<"):
        if "BPMN" in start and "definitions" in start:
            return "bpmn"
        raise Refusal("file_kind", f"Tệp “{name}” không phải tài liệu mà hệ thống nhận.")
    return "csv"
