"""What a management review takes in and gives out, by edition; and the frozen content's hash.

Source: TCVN ISO 9001:2015 điều 9.3.2, 9.3.3; TCVN ISO 9001:2008 điều 5.6.2, 5.6.3 (numbers only).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

EDITION_NAMES: dict[str, str] = {
    "2008": "TCVN ISO 9001:2008",
    "2015": "TCVN ISO 9001:2015",
    "2026": "ISO 9001:2026",
}
NOTHING_ELSE = "Không có ý kiến khác."


@dataclass(frozen=True, slots=True)
class InputKind:
    """One input an edition asks for; `sources` name the topics that fill it."""

    key: str
    number: str
    title: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutputKind:
    """One output an edition asks for."""

    key: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Demands:
    """What one edition asks of a review, with its source and mark."""

    edition: str
    source: str
    verified: str
    clause: str
    out_clause: str
    inputs: tuple[InputKind, ...]
    outputs: tuple[OutputKind, ...]

    @property
    def mark(self) -> str:
        """Return the mark as a page shows it, empty for what was read in a source."""
        return "" if self.verified == "S" else "chưa xác minh"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of an input: now, in the period before (for the trend), where its rows stand."""

    label: str
    value: str
    before: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """What one topic says: a sentence and its figures."""

    told: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One input as it is frozen."""

    key: str
    number: str
    title: str
    told: tuple[str, ...]
    facts: tuple[Fact, ...]


def read_demands(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Demands]:
    """Return what each edition asks for, from the shipped file."""
    return {
        edition: Demands(
            edition, one["source"], one["verified"], one["clause"], one["out_clause"],
            tuple(
                InputKind(each["key"], each["number"], each["title"], tuple(each["from"]))
                for each in one["inputs"]
            ),
            tuple(OutputKind(each["key"], each["number"], each["title"])
                  for each in one["outputs"]),
        )
        for edition, one in values.items()
    }  # fmt: skip


def compiled(demands: Demands, topics: Mapping[str, Topic]) -> tuple[Input, ...]:
    """Return the inputs of an edition in its order, each from its topics."""
    found = []
    for kind in demands.inputs:
        parts = [topics[name] for name in kind.sources if name in topics]
        facts = tuple(fact for part in parts for fact in part.facts)
        told = tuple(part.told for part in parts if part.told)
        found.append(Input(kind.key, kind.number, kind.title, told, facts))
    return tuple(found)


def to_content(inputs: tuple[Input, ...]) -> list[dict[str, Any]]:
    """Return inputs as the table keeps them."""
    return [asdict(one) for one in inputs]


def from_content(content: list[dict[str, Any]]) -> tuple[Input, ...]:
    """Return kept inputs as values."""
    return tuple(
        Input(one["key"], one["number"], one["title"], tuple(one["told"]),
              tuple(Fact(**fact) for fact in one["facts"]))
        for one in content
    )  # fmt: skip


def digest(content: Any) -> str:
    """Return the SHA-256 of content in one way of writing, whatever order a database keeps."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
