"""What the demonstration is made of, read from the data files beside this module."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent / "data"


@cache
def read(name: str) -> dict[str, Any]:
    """Return one data file as a dict."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def agencies() -> list[dict[str, Any]]:
    """Return the agencies with their units and people."""
    return read("agencies")["agency"]


def password() -> str:
    """Return the one password of every demonstration account; it is public on purpose."""
    return read("agencies")["password"]


def procedures(agency: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the procedures of an agency."""
    return read(agency["procedures"])["procedure"]


def procedures_source(agency: dict[str, Any]) -> str:
    """Return where the facts of an agency's procedures come from."""
    return read(agency["procedures"])["source"]
