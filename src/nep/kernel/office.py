"""Open Office packages (.docx, .xlsx) of strangers from memory: nothing is written to disk.

What a package may hold is bounded before anything is unpacked, and each part again while it is
unpacked, since the sizes stated in the directory may be wrong.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass

from nep.kernel.safexml import Element, XmlRefused, parse_xml

MAX_ENTRIES = 5_000
MAX_UNPACKED = 200_000_000
MAX_PART = 20_000_000
MAX_TAGS = 800_000
MAX_RATIO = 120
RATIO_FREE = 2_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RELATION_ENDING = "/relationships/officeDocument"
_MAINS = ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml")


class OfficeRefused(Exception):
    """Say why a package was not opened: a code and a full Vietnamese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of an opened package; `main` is the name of the main document part."""

    data: bytes
    names: frozenset[str]
    main: str

    def read(self, name: str) -> bytes:
        """Return one part unpacked.

        Raises OfficeRefused: `file_bomb` beyond MAX_PART bytes, `file_broken`.
        """
        with _opened(self.data) as archive:
            return _read(archive, name)

    def xml(self, name: str) -> Element:
        """Return one part as elements.

        Raises OfficeRefused: what `read` raises, and the codes of `safexml.parse_xml`.
        """
        return _parse(self.read(name))


def open_word(data: bytes) -> Package:
    """Open a Word document from its bytes.

    Raises OfficeRefused: `file_empty`, `file_old_or_encrypted`, `file_not_word`, `file_broken`,
    `file_encrypted`, `file_path`, `file_bomb`, `file_macro`.
    """
    _check_start(data)
    with _opened(data) as archive:
        entries = archive.infolist()
        _check_entries(entries, len(data))
        names = frozenset(entry.filename for entry in entries)
        _check_kind(archive, names)
        main = _main_part(archive, names)
    return Package(data, names, main)


def open_office(data: bytes) -> Package:
    """Open a Word, Excel, PowerPoint or OpenDocument text from its bytes, under the same bounds.

    Raises OfficeRefused: what `open_word` raises.
    """
    _check_start(data)
    with _opened(data) as archive:
        entries = archive.infolist()
        _check_entries(entries, len(data))
        names = frozenset(entry.filename for entry in entries)
        _check_kind(archive, names)
        is_open_document = {"mimetype", "content.xml"} <= names
        main = "content.xml" if is_open_document else _main_part(archive, names, _MAINS)
    return Package(data, names, main)


def _check_start(data: bytes) -> None:
    if not data:
        raise OfficeRefused("file_empty", "Tệp trống, không có nội dung. Hãy chọn lại tệp.")
    if data.startswith(_OLE):
        raise OfficeRefused(
            "file_old_or_encrypted",
            "Tệp là bản Word cũ (.doc) hoặc có mật khẩu. Hãy mở bằng Word, bỏ mật khẩu và lưu lại "
            "dạng .docx.",
        )
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise OfficeRefused(
            "file_not_word",
            "Tệp không phải tài liệu Word .docx, dù tên tệp có thể ghi như vậy. Hãy mở bằng "
            "chương trình đã tạo ra tệp và lưu lại dạng .docx.",
        )


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _broken() from error


def _broken() -> OfficeRefused:
    return OfficeRefused(
        "file_broken", "Tệp Word bị hỏng hoặc tải lên chưa hết. Hãy lấy lại tệp gốc và thử lại."
    )


def _bomb() -> OfficeRefused:
    return OfficeRefused(
        "file_bomb",
        "Tệp khi giải nén quá lớn nên không được nhận. Hãy bỏ bớt hình ảnh hoặc tách tệp.",
    )


def _check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise _bomb()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FREE and unpacked > MAX_RATIO * packed):
        raise _bomb()
    if len({entry.filename for entry in entries}) != len(entries):
        raise _broken()
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise OfficeRefused(
                "file_encrypted", "Tệp có mật khẩu. Hãy bỏ mật khẩu rồi lưu lại dạng .docx."
            )
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _broken()
        if _leaves_package(entry.orig_filename):
            raise OfficeRefused(
                "file_path",
                "Tệp chứa đường dẫn trỏ ra ngoài tài liệu nên không được nhận.",
            )


def _leaves_package(name: str) -> bool:
    parts = name.split("/")
    return (
        name.startswith("/") or "\\" in name or "\x00" in name or ":" in parts[0] or ".." in parts
    )


def _check_kind(archive: zipfile.ZipFile, names: frozenset[str]) -> None:
    macro = any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names)
    if "[Content_Types].xml" in names:
        types = _parse(_read(archive, "[Content_Types].xml"))
        macro = macro or any(
            "macroenabled" in str(child.get("ContentType", "")).lower() for child in types
        )
    if macro:
        raise OfficeRefused(
            "file_macro", "Tệp Word có macro nên không được nhận. Hãy lưu lại dạng .docx thường."
        )


def _main_part(
    archive: zipfile.ZipFile, names: frozenset[str], mains: tuple[str, ...] = _MAINS[:1]
) -> str:
    main = next((one for one in mains if one in names), mains[0])
    if "_rels/.rels" in names:
        for relation in _parse(_read(archive, "_rels/.rels")):
            if str(relation.get("Type", "")).endswith(_RELATION_ENDING):
                main = str(relation.get("Target", "")).lstrip("/")
    folders = tuple(one.partition("/")[0] + "/" for one in mains)
    if main not in names or not main.startswith(folders):
        raise OfficeRefused(
            "file_not_word",
            "Tệp không chứa tài liệu Word (thiếu phần word/document.xml). Hãy chọn tệp .docx.",
        )
    return main


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as part:
            content = part.read(MAX_PART + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise _broken() from error
    if len(content) > MAX_PART:
        raise _bomb()
    return content


def _parse(content: bytes) -> Element:
    if content.count(b"<") > MAX_TAGS:
        raise _bomb()
    try:
        return parse_xml(content, max_bytes=MAX_PART)
    except XmlRefused as error:
        raise OfficeRefused(error.code, error.message) from error
