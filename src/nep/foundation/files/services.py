"""Keeping files: bytes under their SHA-256, one row for each time somebody gave them."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction

from nep.foundation.files.kinds import KIND_WORDS, Kind, ending_of, kind_of, kinds_said
from nep.foundation.files.models import StoredFile
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import number_text

_LOCKS = 0x4E45_5000_0000  # numbers of our advisory locks begin here; 4096 for hashes
_UNSAFE = re.compile(r"[\\/:*?\"<>|\x00-\x1f]+")


def store(
    *,
    data: bytes,
    name: str,
    agency_id: int | None,
    actor_id: int | None,
    at: datetime,
    kinds: Collection[str] = ("pdf", "docx", "xlsx", "png", "jpg"),
    max_bytes: int | None = None,
) -> StoredFile:
    """Keep the bytes and return their row.

    Raises Refusal when the file is too large, broken, or of another kind than `kinds`.
    """
    shown = safe_name(name)
    kind = check(data=data, name=name, kinds=kinds, max_bytes=max_bytes)
    return _keep(
        data, agency_id=agency_id, stored_by=actor_id, stored_at=at, name=shown,
        content_type=kind.content_type,
    )  # fmt: skip


def store_archive(
    *,
    data: bytes,
    name: str,
    agency_id: int | None,
    actor_id: int | None,
    at: datetime,
    max_bytes: int | None = None,
) -> StoredFile:
    """Keep a ZIP that a later action takes apart; whoever does bounds and judges its entries.

    Raises Refusal when it is too large or no ZIP.
    """
    limit, shown = max_bytes or settings.NEP.max_upload_bytes, safe_name(name)
    if len(data) > limit:
        raise Refusal(
            "file_too_large",
            f"Tệp “{shown}” nặng {number_text(len(data) / 1e6, places=1)} MB, quá giới hạn {limit / 1e6:.0f} MB.",
        )
    if data[:4] != b"PK\x03\x04":
        raise Refusal("file_kind", f"Tệp “{shown}” không phải tệp nén ZIP.")
    return _keep(
        data, agency_id=agency_id, stored_by=actor_id, stored_at=at, name=shown,
        content_type="application/zip",
    )  # fmt: skip


def store_written(
    *,
    write: Callable[[BinaryIO], None],
    name: str,
    content_type: str,
    agency_id: int | None,
    actor_id: int | None,
    at: datetime,
) -> StoredFile:
    """Keep a file made here that `write` puts on the disk piece by piece; none of it stays in memory.

    What `write` raises leaves nothing behind.
    """
    root = settings.NEP.data_folder / "files"
    root.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=root)
    try:
        with os.fdopen(handle, "w+b") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
            out.seek(0)
            digest = hashlib.file_digest(out, "sha256").hexdigest()
            size = out.seek(0, os.SEEK_END)
        with transaction.atomic():
            _hold(digest, is_alone=False)
            row = StoredFile.objects.create(
                size=size, sha256=digest, agency_id=agency_id, stored_by=actor_id, stored_at=at,
                name=safe_name(name), content_type=content_type,
            )  # fmt: skip
            target = path_of(digest)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return row


def check(*, data: bytes, name: str, kinds: Collection[str], max_bytes: int | None = None) -> Kind:
    """Judge a file without keeping it; refuse as `store` does."""
    limit = max_bytes or settings.NEP.max_upload_bytes
    shown = safe_name(name)
    if len(data) > limit:
        raise Refusal(
            "file_too_large",
            f"Tệp “{shown}” nặng {number_text(len(data) / 1e6, places=1)} MB, quá giới hạn {limit / 1e6:.0f} MB.",
        )
    accepted = f"Ở đây nhận {kinds_said(kinds)}."
    try:
        kind = kind_of(data, name=shown)
    except Refusal as refusal:
        if refusal.code == "file_kind":
            raise Refusal("file_kind", f"{refusal.message} {accepted}") from refusal
        raise
    if kind.name not in kinds:
        found, promised = KIND_WORDS[kind.name], ending_of(shown)
        is_named_so = promised in {"", kind.name}
        said = f"là {found}" if is_named_so else f"mang đuôi .{promised} nhưng nội dung là {found}"
        raise Refusal("file_kind", f"Tệp “{shown}” {said}. {accepted}")
    return kind


def safe_name(name: str) -> str:
    """Return a name fit for any disk and header: no path, no control characters."""
    bare = _UNSAFE.sub(" ", clean(name.replace("\\", "/").rsplit("/", 1)[-1]))
    return clean(bare)[:200] or "tep"


def forget(*, file_id: int) -> None:
    """Remove a file's row, and its bytes once no other row names them and the removal is durable.

    Part of another action, which journals it; call it inside its transaction. Raises NotFound.
    """
    row = StoredFile.objects.filter(pk=file_id).first()
    if row is None:
        raise NotFound()
    row.delete()
    transaction.on_commit(partial(_drop_unnamed, row.sha256))


def _drop_unnamed(digest: str) -> None:
    """Remove bytes that no row names, while nobody who stores the same bytes is under way."""
    with transaction.atomic():
        _hold(digest, is_alone=True)
        if not StoredFile.objects.filter(sha256=digest).exists():
            path_of(digest).unlink(missing_ok=True)


def path_of(digest: str) -> Path:
    """Return where the bytes of a hash lie."""
    return settings.NEP.data_folder / "files" / digest[:2] / digest[2:4] / digest


def _keep(data: bytes, **facts: Any) -> StoredFile:
    """Write row and bytes; until the row is committed nobody removes these bytes."""
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        _hold(digest, is_alone=False)
        row = StoredFile.objects.create(size=len(data), sha256=digest, **facts)
        _write(digest, data)
    return row


def _hold(digest: str, *, is_alone: bool) -> None:
    """Keep bytes of a hash from being removed, or from being stored, until the transaction ends.

    SQLite lets one transaction write at a time, so there is nothing to do there. Any number may
    store at once; the locks are few, for a transaction that stores many files.
    """
    if connection.vendor != "postgresql":
        return
    shared = "" if is_alone else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [_LOCKS + int(digest[:3], 16)])


def _write(digest: str, data: bytes) -> None:
    target = path_of(digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
