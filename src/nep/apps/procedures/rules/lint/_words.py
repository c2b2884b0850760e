"""What checks read of a step's words: all of them, the law they name, steps as numbers."""

import re
from collections.abc import Iterable

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.paper import SECTIONS
from nep.apps.procedures.rules.table import Step, Table

_SYMBOL = re.compile(r"\b\d{1,5}(?:/\d{4})?/[A-ZĐ]{2,}[A-ZĐ0-9]*(?:-[A-ZĐ]{2,}[A-ZĐ0-9]*)*")


def step_words(step: Step) -> str:
    """Return everything a step says, on one line."""
    return " ".join((step.name, step.note, *step.forms))


def symbols(texts: Iterable[str]) -> frozenset[str]:
    """Return the symbols of legal texts that some words name, such as "61/2018/NĐ-CP"."""
    return frozenset(found for text in texts for found in _SYMBOL.findall(text))


def symbols_of(draft: Draft) -> frozenset[str]:
    """Return the symbols that the steps of a draft and the sections of its paper name."""
    return symbols([*map(step_words, draft.table.steps), *draft.paper.sections.values()])


def sections_naming(draft: Draft, symbol: str) -> tuple[str, ...]:
    """Return the numbers of the sections of the paper that name a legal text: ("3", "5.1")."""
    return tuple(
        head.number for head in SECTIONS if symbol in symbols([draft.paper.text(head.key)])
    )


def numbers(table: Table, ids: tuple[str, ...]) -> str:
    """Return the numbers of steps in words: "2, 3, 5" or "3–9"."""
    tasks = [step.id for step in table.steps if step.is_task]
    known = {node: place for place, node in enumerate(tasks, start=1)}
    places = [known[node] for node in ids if node in known]
    parts: list[str] = []
    at = 0
    while at < len(places):
        end = at
        while end + 1 < len(places) and places[end + 1] == places[end] + 1:
            end += 1
        parts.append(f"{places[at]}–{places[end]}" if end - at > 1 else f"{places[at]}")
        at = end + 1 if end - at > 1 else at + 1
    return ", ".join(parts)
