"""A whole system in one file: every table and every stored file, as of one instant.

The archive is a ZIP: `manifest.json` (format, versions, SHA-256 and row count of every member),
`tables/<table>.jsonl` (one JSON array per row, columns named in the manifest) and
`files/<sha256>`, and `secret.key`, without which no second factor of the restored system could be
read: keep archives as safe as the machine itself. Its comment, the last 64 bytes, is the SHA-256 of every byte before them, so that
no damaged byte goes unseen. It is written in one read transaction, so it equals one instant, and it
is the documented way out of the product as well. Either engine can restore what the other wrote.
"""

import base64
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction

from nep.kernel.errors import Refusal

FORMAT = 1
_LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session"}
_BATCH = 500
_SEAL = 64
KEY = "secret.key"
RESTORED = "restored-at"  # beside the key: when this installation was filled from an archive
Progress = Callable[[str], None]


def archived_models() -> list[type[models.Model]]:
    """Return the models whose rows belong to the system, in a stable order."""
    found = apps.get_models(include_auto_created=True)
    kept = [m for m in found if m._meta.managed and m._meta.label_lower not in _LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.db_table)


@contextmanager
def one_instant(using: str) -> Iterator[None]:
    """Hold a read transaction that sees one instant and blocks no writer."""
    connection = connections[using]
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with transaction.atomic(using=using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.connection.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        connection.connection.execute("ROLLBACK")


def write_archive(
    target: Path,
    *,
    files: Path,
    key: Path | None = None,
    made_at: datetime,
    version: str,
    using: str = "default",
) -> dict[str, Any]:
    """Write the archive and return its manifest.

    `files` is the folder of content-addressed bytes, `key` the installation's own secret. The
    archive appears under its name only when it is whole, readable to its owner only.
    """
    partial = target.with_name(target.name + ".part")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "version": version,
        "made_at": made_at.isoformat(),
        "tables": {},
        "files": [],
        "key": "",
    }
    partial.touch(mode=0o600)
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        with one_instant(using):
            for model in archived_models():
                manifest["tables"][model._meta.db_table] = _write_table(archive, model, using)
        for path in sorted(files.rglob("*")) if files.exists() else ():
            if path.is_file() and len(path.name) == 64:
                archive.write(path, f"files/{path.name}")
                manifest["files"].append(path.name)
        if key is not None and key.exists():
            secret = key.read_bytes()
            archive.writestr(KEY, secret)
            manifest["key"] = hashlib.sha256(secret).hexdigest()
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        archive.comment = b"0" * _SEAL
    _seal(partial)
    partial.replace(target)
    return manifest


def _seal(archive: Path) -> None:
    """Write the hash of everything before it into the archive's comment, and make it durable."""
    digest = _digest_before_seal(archive)
    with archive.open("r+b") as out:
        out.seek(-_SEAL, os.SEEK_END)
        out.write(digest.encode())
        out.flush()
        os.fsync(out.fileno())


def _digest_before_seal(archive: Path) -> str:
    digest, left = hashlib.sha256(), archive.stat().st_size - _SEAL
    with archive.open("rb") as source:
        while left > 0 and (chunk := source.read(min(1 << 20, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


def _write_table(archive: zipfile.ZipFile, model, using: str) -> dict[str, Any]:
    columns = [field.attname for field in model._meta.concrete_fields]
    digest, rows = hashlib.sha256(), 0
    with archive.open(f"tables/{model._meta.db_table}.jsonl", "w", force_zip64=True) as out:
        query = model._base_manager.using(using).order_by("pk").values_list(*columns)
        for row in query.iterator(chunk_size=2000):
            line = (json.dumps(row, ensure_ascii=False, default=_text) + "\n").encode()
            digest.update(line)
            out.write(line)
            rows += 1
    return {"columns": columns, "rows": rows, "sha256": digest.hexdigest()}


def _text(value: Any) -> Any:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, Decimal):
        return str(value)
    return str(value)


def verify_archive(source: Path) -> dict[str, Any]:
    """Return the manifest of an archive whose every byte is as written.

    Raises Refusal("archive_damaged") naming the first member that is not.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            if archive.comment != _digest_before_seal(source).encode():
                raise _damaged("niêm phong không khớp")
            for table, facts in manifest["tables"].items():
                if _digest(archive, f"tables/{table}.jsonl") != facts["sha256"]:
                    raise _damaged(f"bảng {table}")
            for name in manifest["files"]:
                if _digest(archive, f"files/{name}") != name:
                    raise _damaged(f"tệp {name}")
            if manifest.get("key") and _digest(archive, KEY) != manifest["key"]:
                raise _damaged("khóa bí mật")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        raise _damaged(str(error)) from error
    except Exception as error:
        if isinstance(error, Refusal):
            raise
        raise _damaged(str(error)) from error  # zlib reports damage under many names
    if manifest.get("format") != FORMAT:
        raise Refusal("archive_format", "Bản sao lưu này do phiên bản khác tạo, không đọc được.")
    return manifest


def _damaged(what: str) -> Refusal:
    return Refusal("archive_damaged", f"Bản sao lưu bị hỏng ({what}). Hãy dùng bản sao lưu khác.")


def _digest(archive: zipfile.ZipFile, member: str) -> str:
    digest = hashlib.sha256()
    with archive.open(member) as source:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def note_restored(folder: Path, *, at: datetime) -> None:
    """Write down when the installation in `folder` was restored."""
    (folder / RESTORED).write_text(at.isoformat(), encoding="utf-8")


def restored_at(folder: Path) -> datetime | None:
    """Return when the installation in `folder` was restored, or None if it never was."""
    try:
        return datetime.fromisoformat((folder / RESTORED).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def read_archive(
    source: Path, *, files: Path, key: Path | None = None, using: str = "default"
) -> dict[str, Any]:
    """Fill an empty, migrated database and the file folder from an archive; all or nothing.

    The archive's key takes the place of the one at `key`, which is kept beside it: an empty
    database holds nothing that the target's own key protects.
    Raises Refusal when the archive is damaged or the database already holds rows.
    """
    manifest = verify_archive(source)
    models_ = archived_models()
    with zipfile.ZipFile(source) as archive, transaction.atomic(using=using):
        for model in models_:
            if model._base_manager.using(using).exists():
                raise Refusal(
                    "database_not_empty",
                    "Cơ sở dữ liệu đích đã có dữ liệu. Chỉ khôi phục vào cơ sở dữ liệu trống.",
                )
        for model in models_:
            facts = manifest["tables"].get(model._meta.db_table)
            if facts:
                _read_table(archive, model, facts, using)
        _reset_sequences(models_, using)
        _read_files(archive, manifest["files"], files)
        if key is not None and manifest.get("key"):
            _read_key(archive.read(KEY), key)
    return manifest


def _read_key(secret: bytes, target: Path) -> None:
    if target.exists() and target.read_bytes() != secret:
        target.replace(target.with_name(f"{target.name}.before-restore"))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(secret)


def _read_table(archive: zipfile.ZipFile, model, facts: dict[str, Any], using: str) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = [(index, name) for index, name in enumerate(facts["columns"]) if name in fields]
    rows: list[models.Model] = []
    with archive.open(f"tables/{model._meta.db_table}.jsonl") as source:
        for line in source:
            values = json.loads(line)
            rows.append(model(**{n: _value(fields[n], values[i]) for i, n in columns}))
            if len(rows) == _BATCH:
                model._base_manager.using(using).bulk_create(rows)
                rows = []
    model._base_manager.using(using).bulk_create(rows)


def _value(field: models.Field, value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"base64"}:
        return base64.b64decode(value["base64"])
    if value is None or isinstance(field, (models.JSONField, models.ForeignKey)):
        return value
    return field.to_python(value)


def _reset_sequences(models_, using: str) -> None:
    connection = connections[using]
    statements = connection.ops.sequence_reset_sql(no_style(), models_)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _read_files(archive: zipfile.ZipFile, names: list[str], folder: Path) -> None:
    for name in names:
        target = folder / name[:2] / name[2:4] / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as out:
            out.write(archive.read(f"files/{name}"))
        Path(out.name).replace(target)
