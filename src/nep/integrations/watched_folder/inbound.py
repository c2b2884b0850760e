"""Files that another system puts into its folder: taken when they rest, moved when they are in.

Below the watched folder every agency has a folder named by its code, and in it one for each source;
a folder named by a code that the agency had before is looked into where it still stands.
A file whose size has rested is handed to the worker; when it is in, it moves to `xong/` with a
report beside it, or to `loi/` where nothing of it could be taken. Nothing is remembered but in the
database, under the hash of the file: killed at any moment, the next round goes on.
"""

import hashlib
import json
import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from nep.apps.cases.queries.sources import FolderSource, folder_sources
from nep.apps.cases.services.deliveries import QueueFull, Receipt, delivery_take
from nep.foundation.outbox.registry import periodic
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import number_text

DONE, FAILED = "xong", "loi"
REST_SECONDS = 10
MOST_NAME = 220  # bytes; a file system takes 255
AT_ONCE = 50
log = logging.getLogger("nep.intake")


@periodic("integrations.watched_folder", every_seconds=15)
def look(now: datetime) -> None:
    """Look into the folder of every source that sends files this way."""
    if settings.NEP.intake_folder is not None:
        look_into(settings.NEP.intake_folder, now=now)


def look_into(root: Path, *, now: datetime, rest_seconds: float = REST_SECONDS) -> None:
    """Take what rests in the folders of the sources; move what is in.

    A folder that is not there yet is made, so that whoever sends sees where. An agency whose queue
    is full waits for the next round; the others do not wait for it.
    """
    full: set[str] = set()
    for source in folder_sources():
        for folder in _folders(root, source):
            for place in (folder, folder / DONE, folder / FAILED):
                place.mkdir(parents=True, exist_ok=True)
            if source.agency_code not in full and not _take(source, folder, now, rest_seconds):
                full.add(source.agency_code)


def _folders(root: Path, source: FolderSource) -> list[Path]:
    before = (root / code / source.folder for code in source.former_codes)
    return [root / source.agency_code / source.folder, *filter(Path.is_dir, before)]


def _take(source: FolderSource, folder: Path, now: datetime, rest_seconds: float) -> bool:
    """Take what rests in the folder of a source; say whether the queue of its agency had room."""
    for path in _resting(folder, now, rest_seconds)[:AT_ONCE]:
        try:
            _one(source, folder, path, now)
        except QueueFull:
            return False
        except OSError as error:
            log.warning("watched folder: %s: %s", _named(path), error)
        except Exception:  # the others of the folder, and other agencies' folders, go on
            log.exception("watched folder: %s", _named(path))
    return True


def _named(path: Path) -> str:
    """Return a file's name as text, signs of another encoding replaced."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _resting(folder: Path, now: datetime, rest_seconds: float) -> list[Path]:
    """Return the plain files that nobody has written to for a while, oldest first."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "~")) or not entry.is_file(follow_symlinks=False):
                continue
            changed = entry.stat(follow_symlinks=False).st_mtime
            if now.timestamp() - changed >= rest_seconds:
                found.append((changed, entry.name))
    return [folder / name for _, name in sorted(found)]


def _one(source: FolderSource, folder: Path, path: Path, now: datetime) -> None:
    size = path.stat().st_size
    most = settings.NEP.max_upload_bytes
    if size > most:
        message = (
            f"Tệp nặng {number_text(size / 1e6, places=1)} MB, quá giới hạn {most / 1e6:.0f} MB."
        )
        _move(path, folder / FAILED, {"message": message}, now)
        return
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        taken = delivery_take(
            source_id=source.id, now=now, name=_named(path), data=data,
            idempotency_key=f"{_named(path)[:100]}:{digest}",
        )  # fmt: skip
    except QueueFull:
        raise
    except Refusal as refusal:
        _move(path, folder / FAILED, {"code": refusal.code, "message": refusal.message}, now)
        return
    if taken.state in {"done", "failed"}:
        _move(path, folder / (DONE if _is_good(taken) else FAILED), taken.report, now)


def _is_good(taken: Receipt) -> bool:
    """Say whether something of a file was taken, now or before."""
    report = taken.report
    return taken.state == "done" and bool(report.get("events") or report.get("unchanged"))


def _move(path: Path, to: Path, report: dict[str, Any], now: datetime) -> None:
    """Put the report beside the file's new place, then move the file: a stop between the two only
    writes the report again."""
    stem = f"{now:%Y%m%d-%H%M%S}-{_fitting(_named(path))}"
    content = json.dumps(
        {"file": _named(path), "at": now.isoformat(), **report}, ensure_ascii=False, indent=1
    )
    (to / f"{stem}.bao-cao.json").write_text(content, encoding="utf-8")
    os.replace(path, to / stem)


def _fitting(name: str) -> str:
    """Return a file's name short enough for a date before and a report's ending after it."""
    stem, ending = os.path.splitext(name)
    kept = stem.encode()[: MOST_NAME - len(ending.encode())].decode("utf-8", "ignore")
    return f"{kept}{ending}" if len(ending.encode()) < MOST_NAME else kept[:20]
