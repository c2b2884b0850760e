"""The editions as shipped, read once a process, under the labels that administrators set."""

import re
import threading
import time
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from nep.apps.standards import rules
from nep.apps.standards.models import ClauseLabel
from nep.apps.standards.rules import Clause, Edition, Pair, Standards
from nep.kernel.decisions import ALLOWED, Decision, Refused

FRESH_SECONDS = 2.0
_CLAUSE = re.compile(r"((?P<edition>\d{4}):)?(?P<number>\d+(\.\d+)*)( ?[a-zđ]\)?(\.?\d+)?)?")
_lock = threading.Lock()
_labelled: dict[str, Edition] = {}
_read_at = float("-inf")


@lru_cache(maxsize=1)
def shipped() -> Standards:
    """Return the editions as shipped."""
    return rules.read_standards(settings.STANDARDS)


def editions() -> tuple[Edition, ...]:
    """Return every edition with the labels set here, oldest first; labels are read at most every
    two seconds."""
    global _read_at
    now = time.monotonic()
    with _lock:
        kept = tuple(_labelled.values()) if now - _read_at < FRESH_SECONDS else ()
    if kept:
        return kept
    labels: dict[str, dict[str, str]] = {}
    for code, number, label in ClauseLabel.objects.values_list("edition", "number", "label"):
        labels.setdefault(code, {})[number] = label
    made = {
        code: rules.with_labels(one, labels.get(code, {}))
        for code, one in shipped().editions.items()
    }
    with _lock:
        _labelled.update(made)
        _read_at = now
    return tuple(made.values())


def forget() -> None:
    """Drop the labels remembered; services call this with every change."""
    global _read_at
    with _lock:
        _labelled.clear()
        _read_at = float("-inf")


def edition_facts(edition: str) -> Edition | None:
    """Return an edition ("2008", "2015", "2026"), None when there is no such."""
    return next((one for one in editions() if one.code == edition), None)


def clauses(edition: str) -> tuple[Clause, ...]:
    """Return the clauses of an edition in their order, headings and parts among them."""
    found = edition_facts(edition)
    return found.clauses if found else ()


def clause(edition: str, number: str) -> Clause | None:
    """Return one clause, None when the edition has no such number."""
    found = edition_facts(edition)
    return found.numbers.get(number) if found else None


def decide_clause(text: str) -> Decision:
    """Decide whether a text names a clause that is shipped ("8.5.1", "2015:8.5.1", "9.3.2 c"), or
    none at all."""
    if not text.strip():
        return ALLOWED
    found = _CLAUSE.fullmatch(text.strip())
    if found is not None:
        code, number = found["edition"], found["number"]
        if any(number in one.numbers for one in editions() if code in (None, one.code)):
            return ALLOWED
    return Refused(
        "clause_unknown", "Tiêu chuẩn không có điều này. Hãy ghi số điều như 8.5.1.", field="clause"
    )


def clause_title(edition: str, number: str) -> str:
    """Return the Vietnamese title of a clause, empty when the edition has no such number."""
    found = clause(edition, number)
    return found.full_vi if found else ""


def clause_choices(edition: str) -> tuple[tuple[str, str], ...]:
    """Return ("2015:8.5.1", "8.5.1 Kiểm soát …") of every clause that evidence is counted for."""
    return tuple(
        (f"{edition}:{one.number}", f"{one.number} {one.full_vi}")
        for one in clauses(edition)
        if not one.is_heading and not one.is_part
    )


def edition_pair(a: str, b: str) -> Pair | None:
    """Return how two neighbouring editions answer to one another, None for others."""
    return shipped().pair(a, b)


@lru_cache(maxsize=16)
def mapping(a: str, b: str) -> Mapping[str, tuple[str, ...]]:
    """Return for every clause of one edition those of another that answer to it."""
    return rules.mapping_between(shipped(), a, b)


@lru_cache(maxsize=16)
def rows_between(a: str, b: str) -> Mapping[str, tuple[str, ...]]:
    """Return for every clause of one edition the rows of another that its evidence counts for.

    A part counts for the clause above it; a heading ("7.5") for every row under it, a whole chapter
    for none: it says too little.
    """
    target, through = shipped().editions[b], mapping(a, b)
    found: dict[str, tuple[str, ...]] = {}
    for one in shipped().editions[a].clauses:
        if one.is_heading and not one.depth:
            found[one.number] = ()
            continue
        rows = {row for number in through[one.number] for row in target.below(number)}
        found[one.number] = tuple(sorted(rows, key=rules.clause_order))
    return found


def source_text(key: str) -> str:
    """Return what a source's short name stands for."""
    return shipped().sources.get(key, "")
