"""How far the demonstration is, in a small file that the frame of every page shows."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Progress:
    """One sentence, and whether everything is built."""

    text: str
    finished: bool


def _path() -> Path:
    return settings.NEP.data_folder / "demonstration.json"


def read_progress() -> Progress | None:
    """Return how far it is, or None where no demonstration was begun."""
    try:
        content = json.loads(_path().read_text(encoding="utf-8"))
        return Progress(str(content["text"]), bool(content["finished"]))
    except (OSError, ValueError, KeyError):
        return None


def write_progress(text: str, *, finished: bool = False) -> None:
    """Keep how far it is; a reader never sees half a file."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text(
        json.dumps({"text": text, "finished": finished}, ensure_ascii=False), encoding="utf-8"
    )
    partial.replace(path)
