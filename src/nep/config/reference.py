"""Reference matter shipped with the product, found on disk and handed to the parts that own it."""

import tomllib
from pathlib import Path
from typing import Any

from nep.config.env import PROJECT

FOLDER = PROJECT / "reference"


def read_toml(folder: str) -> dict[str, dict[str, Any]]:
    """Return {file stem: content} of one folder of reference/."""
    paths = sorted((FOLDER / folder).glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}


def reference_path(name: str) -> Path:
    """Return where one reference file lies."""
    return FOLDER / name
