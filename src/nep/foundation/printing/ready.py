"""Papers made ready before the transaction that needs them, kept by what they are made of.

They lie under `previews/ready/` of the data folder for a week and can be made again at any time.
"""

import contextlib
import os
import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings

KEPT = timedelta(days=7)


def ready_paper(key: str) -> bytes | None:
    """Return the paper that was made ready under a key (64 hex digits), or None."""
    with contextlib.suppress(FileNotFoundError):
        return (_folder() / f"{key}.pdf").read_bytes()
    return None


def ready_keep(key: str, data: bytes) -> None:
    """Keep a paper under its key, whole or not at all; what was laid there a week before goes."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        laid_at = Path(temporary).stat().st_mtime
        os.replace(temporary, folder / f"{key}.pdf")
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for old in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if laid_at - old.stat().st_mtime > KEPT.total_seconds():
                old.unlink()


def _folder() -> Path:
    return settings.NEP.data_folder / "previews" / "ready"
