"""Reading stored files and checking them against their hashes."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.conf import settings

from nep.foundation.db import Mark, Prepared
from nep.foundation.files.models import StoredFile
from nep.foundation.files.services import path_of
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file without opening it; size in bytes."""

    id: int
    agency_id: int | None
    name: str
    content_type: str
    size: int
    sha256: str
    stored_at: datetime


_FILE = Prepared(lambda: StoredFile.objects.filter(pk=Mark("file")))


def facts(file_id: int) -> FileFacts:
    """Return what is known of a file. Raises NotFound."""
    row = _FILE.first(file=file_id)
    if row is None:
        raise NotFound()
    return _facts(row)


def facts_of(file_ids: Collection[int]) -> dict[int, FileFacts]:
    """Return what is known of many files by id, without those that are not there. One query."""
    return {row.id: _facts(row) for row in StoredFile.objects.filter(pk__in=file_ids)}


def _facts(row: StoredFile) -> FileFacts:
    return FileFacts(
        row.id, row.agency_id, row.name, row.content_type, row.size, row.sha256, row.stored_at
    )


def read(file_id: int) -> bytes:
    """Return the bytes of a file. Raises NotFound when row or bytes are missing."""
    with opened(file_id) as file:
        return file.read()


def opened(file_id: int) -> BinaryIO:
    """Return a file opened to be read piece by piece; the caller closes it. Raises as `read`."""
    try:
        return path_of(facts(file_id).sha256).open("rb")
    except FileNotFoundError as error:
        raise NotFound(
            "file_lost", "Tệp này không còn trên đĩa; quản trị cần khôi phục."
        ) from error


def damaged_files() -> Iterator[tuple[int, str, bool]]:
    """Yield (id, name, is missing) of every stored file whose bytes are gone or not its hash's."""
    for row in StoredFile.objects.order_by("id").iterator():
        path = path_of(row.sha256)
        if not path.exists():
            yield row.id, row.name, True
        elif hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
            yield row.id, row.name, False


def unnamed_files(*, before: datetime) -> Iterator[tuple[str, int]]:
    """Yield (path inside the store, size in bytes) of what lies there and no row names.

    Younger files are left out: their rows may not be committed yet. A refused upload leaves such
    a file, and so does a power cut; none is ever removed on its own.
    """
    root = settings.NEP.data_folder / "files"
    named = set(StoredFile.objects.values_list("sha256", flat=True))
    for path in sorted(root.rglob("*")):
        if not path.is_file() or (path.name in named and path == path_of(path.name)):
            continue
        facts_ = path.stat()
        if facts_.st_mtime < before.timestamp():
            yield path.relative_to(root).as_posix(), facts_.st_size
