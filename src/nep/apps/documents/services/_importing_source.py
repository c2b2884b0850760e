"""Where imported files come from: a folder of the server, or a ZIP of a stranger.

Nothing is written to disk while reading; what an archive may hold is bounded before and while it
is unpacked.
"""

import hashlib
import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import number_text

MOST_FILES = 20_000
MOST_UNPACKED = 8_000_000_000
MOST_RATIO, RATIO_FREE = 200, 20_000_000
_JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a source: its path inside, its size in bytes, why it is not taken."""

    path: str
    size: int
    code: str = ""
    reason: str = ""


@dataclass(slots=True)
class ImportSource:
    """The files of a folder or archive by path; `read` gives the bytes of one, bounded."""

    name: str
    files: dict[str, Found]
    read_bytes: Callable[[str, int], bytes]
    key: str = ""
    by_path: dict[str, list[str]] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=dict)
    lines: list[Any] = field(default_factory=list)
    coming: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Index the files by their bare names and name the whole by what it holds."""
        digest = hashlib.sha256(self.name.encode())
        for path, found in sorted(self.files.items()):
            self.by_path.setdefault(_plain(path), []).append(path)
            self.by_name.setdefault(_plain(path.rsplit("/", 1)[-1]), []).append(path)
            digest.update(f"{path}\x1f{found.size}\x1e".encode())
        self.key = self.key or digest.hexdigest()

    def find(self, wanted: str) -> str:
        """Return the path that a row means: the whole path, else the only file of that name."""
        plain = _plain(wanted)
        named = self.by_path.get(plain) or [
            path
            for path in self.by_name.get(plain.rsplit("/", 1)[-1], [])
            if _plain(path).endswith(plain)
        ]
        return named[0] if len(named) == 1 else ""

    def read(self, path: str, *, limit: int) -> bytes:
        """Return the bytes of a file. Raises Refusal with a sentence."""
        found = self.files[path]
        if found.code:
            raise Refusal(found.code, found.reason)
        if found.size > limit:
            raise _too_large(path, found.size, limit)
        data = self.read_bytes(path, limit)
        if len(data) > limit:
            raise _too_large(path, len(data), limit)
        return data


def _plain(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold().strip()


def _too_large(path: str, size: int, limit: int) -> Refusal:
    return Refusal(
        "file_too_large",
        f"Tệp “{path}” nặng {number_text(size / 1e6, places=1)} MB, quá giới hạn {limit / 1e6:.0f} MB.",
    )


def _is_junk(path: str) -> bool:
    plain = path.lower()
    name = plain.rsplit("/", 1)[-1]
    return plain.startswith(_JUNK[0]) or name in _JUNK or name.startswith(("~$", "._"))


def folder_source(folder: Path) -> ImportSource:
    """Return the files below a folder; links are refused, never followed."""
    files: dict[str, Found] = {}
    for path in sorted(folder.rglob("*")):
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if path.is_symlink():
            files[name] = Found(
                name, 0, "file_link", f"“{name}” là đường dẫn tắt nên không được nhận."
            )
        elif path.is_file() and not _is_junk(name):
            files[name] = Found(name, path.stat().st_size)
        if len(files) > MOST_FILES:
            raise _too_many()
    places = {
        unicodedata.normalize("NFC", path.relative_to(folder).as_posix()): path
        for path in folder.rglob("*")
    }

    def read(name: str, limit: int) -> bytes:
        try:
            with places[name].open("rb") as opened:
                return opened.read(limit + 1)
        except OSError as error:
            raise Refusal("file_unreadable", f"Không đọc được tệp “{name}”.") from error

    return ImportSource(folder.name or "thư mục", files, read)


def _too_many() -> Refusal:
    return Refusal(
        "too_many_files", f"Quá {MOST_FILES} tệp trong một lần nhập. Hãy chia nhỏ.", field="file"
    )


def archive_source(name: str, opened: io.BufferedIOBase | io.BytesIO) -> ImportSource:
    """Return the files of a ZIP. Raises Refusal when it is no ZIP or too much lies in it.

    Single entries that lead outside, are locked or unpack to far more than they weigh stay in the
    list with the reason why they are refused.
    """
    try:
        archive = zipfile.ZipFile(opened)  # type: ignore[arg-type]
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refusal(
            "archive_broken",
            f"Tệp “{name}” không phải tệp nén ZIP hoặc bị hỏng. Hãy nén lại thành .zip.",
            field="file",
        ) from error
    if len(entries) > MOST_FILES:
        raise _too_many()
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refusal(
            "archive_bomb",
            f"Tệp “{name}” khi giải nén quá lớn nên không được nhận.",
            field="file",
        )
    files: dict[str, Found] = {}
    held: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        path = _entry_path(entry)
        if _is_junk(path):
            continue
        if path in held:
            path = f"{path} (trùng tên)"
            files[path] = Found(path, 0, "file_double", "Hai tệp trong gói cùng một tên.")
            continue
        files[path] = _judged(entry, path)
        held[path] = entry

    def read(path: str, limit: int) -> bytes:
        try:
            with archive.open(held[path]) as part:
                return part.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError,
                NotImplementedError) as error:  # fmt: skip
            raise Refusal("file_broken", f"Tệp “{path}” trong gói bị hỏng.") from error

    return ImportSource(name, files, read)


def _entry_path(entry: zipfile.ZipInfo) -> str:
    """Return the entry's name; archives of old tools write UTF-8 without saying so."""
    name = entry.orig_filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = entry.orig_filename
    return unicodedata.normalize("NFC", name).replace("\x00", "")[:380]


def _judged(entry: zipfile.ZipInfo, path: str) -> Found:
    def no(code: str, reason: str) -> Found:
        return Found(path, entry.file_size, code, reason)

    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\\" in path:
        return no("file_path", f"“{path}” có đường dẫn trỏ ra ngoài gói nên không được nhận.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return no("file_link", f"“{path}” là đường dẫn tắt nên không được nhận.")
    if entry.flag_bits & 0x1:
        return no("file_encrypted", f"Tệp “{path}” có mật khẩu. Hãy bỏ mật khẩu rồi nén lại.")
    unpacked, packed = entry.file_size, max(1, entry.compress_size)
    if unpacked > RATIO_FREE and unpacked > MOST_RATIO * packed:
        return no("file_bomb", f"Tệp “{path}” khi giải nén quá lớn nên không được nhận.")
    return Found(path, unpacked)
