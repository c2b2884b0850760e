"""Print how many steps of the real Word files are read as their oracles say.

Run: python tests/word/measure.py [folder]. Files that were kept unread until the rules
were first measured on them are reported apart.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from nep.apps.procedures.rules.word import read_procedures, to_json  # noqa: E402

UNREAD = (
    "QD-3854", "QT-05_", "QT-10_", "QT-14_", "QT-19_", "QT-23_",
)  # fmt: skip
COMPARED = ("order", "responsible", "time_hours", "time_unit")


def data_folder() -> Path:
    """Return the folder of the Word files, from NEP_TEST_DATA or beside the repository."""
    base = Path(os.environ.get("NEP_TEST_DATA", ROOT.parent / "shared" / "data"))
    return base / "quy_trinh_docx"


@dataclass
class Figure:
    """How one file was read."""

    file: str
    steps: int = 0
    equal: int = 0
    invented: int = 0
    procedures: int = 0
    wanted_procedures: int = 0
    seconds: float = 0.0
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def oracles(folder: Path, *, unread: bool) -> Iterator[tuple[Path, Path]]:
    """Yield (Word file, oracle) of the read or the unread set."""
    for oracle in sorted(folder.glob("*.oracle.json")):
        if oracle.name.startswith(UNREAD) == unread:
            yield oracle.with_name(oracle.name.replace(".oracle.json", ".docx")), oracle


def compare(word: Path, oracle: Path, *, reading: Any = None) -> Figure:
    """Read one file, unless its `reading` is given, and compare it with its oracle."""
    wanted = json.loads(oracle.read_text(encoding="utf-8"))["procedures"]
    figure = Figure(word.name, wanted_procedures=len(wanted))
    data = word.read_bytes()
    start = time.perf_counter()
    read = to_json(reading or read_procedures(data, file=word.name))
    figure.seconds = time.perf_counter() - start
    figure.procedures = len(read["procedures"])
    if not read["accepted"]:
        figure.differences.append(f"refused: {read['reasons']}")
    for place, expected in enumerate(wanted):
        found = read["procedures"][place] if place < len(read["procedures"]) else {"steps": []}
        _compare_procedure(figure, place, expected, found)
    for extra in read["procedures"][len(wanted) :]:
        figure.invented += len(extra["steps"])
    return figure


def _compare_procedure(
    figure: Figure, place: int, expected: dict[str, Any], found: dict[str, Any]
) -> None:
    steps = found["steps"]
    figure.invented += max(0, len(steps) - len(expected["steps"]))
    for at, wanted in enumerate(expected["steps"]):
        figure.steps += 1
        got = steps[at] if at < len(steps) else {}
        wrong = [key for key in COMPARED if got.get(key) != wanted.get(key)]
        if wrong:
            pairs = [(key, wanted.get(key), got.get(key)) for key in wrong]
            figure.differences.append(f"[{place}] step {wanted['order']}: {pairs}")
        else:
            figure.equal += 1
        for key in ("label", "content", "time_text", "forms", "section"):
            one, other = wanted.get(key) or "", got.get(key) or ""
            if one[:80].strip() != other[:80].strip():
                figure.notes.append(f"[{place}] step {wanted['order']} {key}: {one!r} / {other!r}")
    for key in (
        "tthc_code", "name", "variant", "declared_total_text", "declared_total_hours", "sum_hours",
        "sum_matches_declared",
    ):  # fmt: skip
        if expected.get(key) != found.get(key):
            figure.notes.append(f"[{place}] {key}: {expected.get(key)!r} / {found.get(key)!r}")


def report(folder: Path, *, unread: bool) -> tuple[int, int]:
    """Print one set; return (steps, equal)."""
    print(f"\n{'Unread' if unread else 'Read'} set")
    print(f"{'file':52} {'proc.':>7} {'steps':>6} {'equal':>6} {'extra':>6} {'%':>6} {'s':>6}")
    steps = equal = 0
    for word, oracle in oracles(folder, unread=unread):
        one = compare(word, oracle)
        steps, equal = steps + one.steps, equal + one.equal
        share = f"{100 * one.equal / one.steps:6.1f}" if one.steps else "     –"
        print(
            f"{one.file:52} {one.procedures:3}/{one.wanted_procedures:<3} {one.steps:6} "
            f"{one.equal:6} {one.invented:6} {share} {one.seconds:6.2f}"
        )
        for line in [*one.differences, *(one.notes if "-v" in sys.argv else [])]:
            print("   ", line[:300])
    print(f"{'sum':52} {'':7} {steps:6} {equal:6} {'':6} {100 * equal / max(steps, 1):6.1f}")
    return steps, equal


if __name__ == "__main__":
    where = data_folder()
    if not where.is_dir():
        raise SystemExit(f"No test data at {where}; set NEP_TEST_DATA.")
    report(where, unread=False)
    if "--read-only" not in sys.argv:
        report(where, unread=True)
