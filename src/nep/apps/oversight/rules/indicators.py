"""Indicators as formulas over counts: read, checked and computed. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TERM = re.compile(r"([+-]?)\s*([a-z_][a-z0-9_]*)\s*")
Terms = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `part` and `whole` are signed names of inputs.

    `full` is the percentage from which all `most` points are given; `verified` and
    `points_verified` are the marks of the formula and of its points.
    """

    code: str
    group: str
    label: str
    part: tuple[tuple[int, str], ...]
    whole: tuple[tuple[int, str], ...]
    is_reverse: bool
    full: float
    most: float
    source: str
    verified: str
    points_verified: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the names of its inputs, each once."""
        return tuple(dict.fromkeys(name for _, name in (*self.part, *self.whole)))


@dataclass(frozen=True, slots=True)
class Score:
    """What an indicator comes to: percent and points, None where an input is not known."""

    indicator: Indicator
    percent: float | None
    points: float | None
    missing: tuple[str, ...]


class BadFormula(ValueError):
    """A formula that names an unknown input or cannot be read."""


def read_indicators(data: Mapping[str, Any]) -> tuple[dict[str, str], tuple[Indicator, ...]]:
    """Return the inputs by name and the indicators of a configuration. Raises BadFormula."""
    inputs = {str(name): str(label) for name, label in data["inputs"].items()}
    return inputs, tuple(_indicator(row, inputs) for row in data["indicator"])


def _indicator(row: Mapping[str, Any], inputs: Mapping[str, str]) -> Indicator:
    made = Indicator(
        code=str(row["code"]), group=str(row["group"]), label=str(row["label"]),
        part=read_sum(row["part"]), whole=read_sum(row["whole"]),
        is_reverse=bool(row.get("reverse", False)), full=float(row["full"]),
        most=float(row["max"]), source=str(row["source"]), verified=str(row["verified"]),
        points_verified=str(row["points_verified"]),
    )  # fmt: skip
    unknown = [name for name in made.inputs if name not in inputs]
    if unknown or made.full <= 0 or made.most < 0:
        raise BadFormula(f"{made.code}: {', '.join(unknown) or 'full, max'}")
    return made


def read_sum(text: str) -> Terms:
    """Return the signed names of a formula such as "a + b - c". Raises BadFormula."""
    terms: list[tuple[int, str]] = []
    place = 0
    while place < len(text):
        found = _TERM.match(text, place)
        if found is None or (terms and not found[1]):
            raise BadFormula(text)
        terms.append((-1 if found[1] == "-" else 1, found[2]))
        place = found.end()
    if not terms:
        raise BadFormula(text)
    return tuple(terms)


def sum_of(terms: Terms, inputs: Mapping[str, int]) -> int:
    """Return what signed names come to; an absent one counts nothing."""
    return sum(sign * inputs.get(name, 0) for sign, name in terms)


def score(indicator: Indicator, inputs: Mapping[str, int]) -> Score:
    """Return what an indicator comes to; an input that is absent is not known, never nought.

    Source: Quyết định 766/QĐ-TTg ngày 23/6/2022 (nhiều chỉ số cho điểm tối đa từ 80%).
    """
    missing = tuple(name for name in indicator.inputs if name not in inputs)
    if missing:
        return Score(indicator, None, None, missing)
    part, whole = sum_of(indicator.part, inputs), sum_of(indicator.whole, inputs)
    if whole <= 0:
        return Score(indicator, None, None, ())
    share = min(100.0, max(0.0, 100 * part / whole))
    percent = 100 - share if indicator.is_reverse else share
    return Score(indicator, percent, min(1.0, percent / indicator.full) * indicator.most, ())


def known_points(scores: Sequence[Score]) -> tuple[float, float]:
    """Return the points of the indicators that have a value, and the most these could give."""
    found = [one for one in scores if one.points is not None]
    return sum(one.points or 0 for one in found), sum(one.indicator.most for one in found)
