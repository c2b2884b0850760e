"""Opening a file of the portal: an Excel list, or records as JSON lines (also packed)."""

import gzip
import io
import json
import lzma
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import python_calamine

from nep.apps.catalogue import rules
from nep.foundation.files.kinds import kind_of
from nep.kernel.errors import Refusal
from nep.kernel.text import clean

MOST_BYTES = 40_000_000
MOST_UNPACKED = 300_000_000
MOST_ROWS = 60_000
LIST, RECORD = "list", "record"
_XZ, _GZ, _ZIP = b"\xfd7zXZ\x00", b"\x1f\x8b", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """The rows of a file, raw: `source` is "list" or "record"; numbers count lines of the file."""

    source: str
    rows: tuple[tuple[int, Any], ...]
    columns: dict[str, int]

    def read(self, place: int) -> rules.Row:
        """Return what the row at this place says."""
        number, raw = self.rows[place]
        if self.source == LIST:
            return rules.read_list_row(number, raw, self.columns)
        if isinstance(raw, ValueError):
            said = raw.msg if isinstance(raw, json.JSONDecodeError) else "có số quá dài"
            fault = ("row_unreadable", f"Dòng không phải JSON: {said}.")
            return rules.Row(number, "", fault=fault)
        return rules.read_record(number, raw)

    def code(self, place: int) -> str:
        """Return the code a row names, as written."""
        raw = self.rows[place][1]
        if self.source == LIST:
            at = self.columns["code"]
            return clean(str(raw[at])) if at < len(raw) else ""
        return clean(str(raw.get("ma_thu_tuc", ""))) if isinstance(raw, dict) else ""


def open_file(data: bytes, *, name: str) -> OpenedFile:
    """Return the rows of a file. Raises Refusal with a sentence when it is none of these kinds."""
    if not data:
        raise Refusal("file_empty", f"Tệp “{name}” trống. Hãy chọn lại tệp.", field="files")
    if len(data) > MOST_BYTES:
        raise Refusal("file_size", f"Tệp “{name}” lớn hơn 40 MB. Hãy chia nhỏ.", field="files")
    if data.startswith(_ZIP):
        return _list(data, name)
    return _records(_unpacked(data, name), name)


def _list(data: bytes, name: str) -> OpenedFile:
    if kind_of(data, name=name).name != "xlsx":
        raise Refusal("file_kind", f"Tệp “{name}” không phải Excel (.xlsx).", field="files")
    try:
        sheet = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
        table: Sequence[Sequence[Any]] = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise Refusal(
            "file_broken", f"Tệp “{name}” bị hỏng, không mở được.", "", "files"
        ) from error
    head, columns = rules.find_head(table)
    if head < 0:
        raise Refusal(
            "columns_missing",
            f"Tệp “{name}” không có cột “Mã số” và “Tên” ở các dòng đầu. Hãy dùng tệp Excel xuất "
            "từ Cổng Dịch vụ công quốc gia.",
            field="files",
        )
    rows = tuple(
        (place, cells)
        for place, cells in enumerate(table[head + 1 :], start=head + 2)
        if any(clean(str(cell or "")) for cell in cells)
    )
    return OpenedFile(LIST, _bounded(rows, name), columns)


def _unpacked(data: bytes, name: str) -> bytes:
    try:
        if data.startswith(_XZ):
            found = lzma.LZMADecompressor(memlimit=256_000_000).decompress(
                data, max_length=MOST_UNPACKED + 1
            )
        elif data.startswith(_GZ):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as opened:
                found = opened.read(MOST_UNPACKED + 1)
        else:
            found = data
    except (lzma.LZMAError, OSError, EOFError, zlib.error) as error:
        raise Refusal(
            "file_broken", f"Tệp “{name}” bị hỏng, không mở được.", "", "files"
        ) from error
    if len(found) > MOST_UNPACKED:
        raise Refusal("file_bomb", f"Tệp “{name}” khi giải nén quá lớn.", field="files")
    return found


def _records(data: bytes, name: str) -> OpenedFile:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_ours(name) from error
    start = text.lstrip()[:1]
    if start == "[":
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _not_ours(name) from error
        return OpenedFile(RECORD, _bounded(tuple(enumerate(whole, start=1)), name), {})
    if start != "{":
        raise _not_ours(name)
    lines = enumerate(text.split("\n"), start=1)
    rows = tuple((number, _line(line)) for number, line in lines if line.strip())
    return OpenedFile(RECORD, _bounded(rows, name), {})


def _line(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as fault:
        return fault
    except RecursionError:
        return None


def _bounded(rows: tuple[tuple[int, Any], ...], name: str) -> tuple[tuple[int, Any], ...]:
    if not rows:
        raise Refusal("file_no_rows", f"Tệp “{name}” không có dòng dữ liệu nào.", field="files")
    if len(rows) > MOST_ROWS:
        raise Refusal(
            "too_many_rows", f"Tệp “{name}” quá {MOST_ROWS} dòng. Hãy chia nhỏ.", "", "files"
        )
    return rows


def _not_ours(name: str) -> Refusal:
    return Refusal(
        "file_kind",
        f"Tệp “{name}” không phải danh sách Excel (.xlsx) hay dòng JSON (.jsonl, .jsonl.xz).",
        field="files",
    )
