"""Which form somebody needs: by its own words, and by those of the steps that name it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape

from nep.apps.documents import rules
from nep.apps.documents.models import Document
from nep.apps.documents.queries._access import visible
from nep.apps.documents.queries._library_words import words_asked
from nep.apps.documents.queries._search import KIND
from nep.apps.organization.rules import Actor
from nep.foundation.search.finding import Filters
from nep.foundation.search.lines import FittingLine, lines_fitting
from nep.foundation.search.queries import Hit, ask_loosely
from nep.foundation.search.sources import sight_of
from nep.foundation.search.words import folded_words

# texts that say in their steps which form is used where
WORK_KINDS = ("procedure", "system_procedure", "instruction", "manual", "plan")
_TOKEN = re.compile(r"[^\s,;|·()“”\"]+")
_PART = re.compile(r"[|·,;:()“”\"]")
_MOST_KEYS, _MOST_TITLES, _ALIKE_TITLES = 200, 12, 20


def forms_fitting(typed: str, *, actor: Actor, limit: int = 8) -> tuple[Hit, ...]:
    """Return the forms in force that fit a need told in own words, best first.

    A form whose own words say nothing of it is found by a step that names its code or title; the
    piece shown is then that step.
    """
    sight = sight_of(actor, agency_id=actor.agency_id)
    lines = lines_fitting(
        typed, sight=sight, filters=Filters(kinds=(KIND,), sorts=WORK_KINDS, states=("current",)),
        idle=rules.IDLE_WORDS, alike=rules.ALIKE,
    )  # fmt: skip
    naming = _named_in(lines, actor)
    hits = ask_loosely(
        typed, sight=sight, limit=limit,
        filters=Filters(kinds=(KIND,), sorts=("form",), states=("current",)),
        idle=rules.IDLE_WORDS, alike=rules.ALIKE, kind=KIND,
        beside={form_id: " ".join(one.folded for one in found) for form_id, found in naming.items()},
    )  # fmt: skip
    return tuple(_with_step(hit, naming.get(hit.object_id)) for hit in hits)


def _with_step(hit: Hit, lines: list[FittingLine] | None) -> Hit:
    if not lines or hit.snippet_html or "<mark>" in hit.title_html:
        return hit
    return replace(hit, snippet_html=f"{escape(lines[0].code)}: {lines[0].html}")


def _named_in(lines: tuple[FittingLine, ...], actor: Actor) -> dict[int, list[FittingLine]]:
    """Return the forms in force that lines name, by code or by title, with those lines."""
    forms = Document.objects.filter(visible(actor), kind=rules.FORM, status=rules.IN_FORCE)
    keys = list(dict.fromkeys(_keys(lines)))[:_MOST_KEYS]
    found: dict[int, list[FittingLine]] = {}
    by_key = {one.code_key: one.pk for one in forms.filter(code_key__in=keys)} if keys else {}
    below: dict[int, list[tuple[int, str]]] = {}
    parents = {line.object_id for line in lines}
    for pk, parent_id, title in forms.filter(parent_id__in=parents).values_list(
        "pk", "parent_id", "title"
    ):
        below.setdefault(parent_id, []).append((pk, folded_words(title)))
    titled = _titled(lines, actor)
    for line in lines:
        padded = f" {line.folded} "
        named = [by_key[key] for key in _keys((line,)) if key in by_key]
        named += [pk for pk, title in below.get(line.object_id, ()) if f" {title} " in padded]
        named += [pk for title, pk in titled.items() if f" {title} " in padded]
        for pk in dict.fromkeys(named):
            found.setdefault(pk, []).append(line)
    return found


def _keys(lines: tuple[FittingLine, ...]) -> Iterator[str]:
    """Yield what may be codes in lines, as `code_key` writes them: "BM-01", "BM 01"."""
    for line in lines:
        tokens = [one.strip(".:-") for one in _TOKEN.findall(line.text)]
        for at, token in enumerate(tokens):
            for text in (token, " ".join(tokens[at : at + 2])):
                if any(map(str.isdigit, text)) and any(map(str.isalpha, text)):
                    yield rules.code_key(text)


def _from_form_word(text: str) -> str:
    """Return the words of a text from where the name of a form may begin: "lập Phiếu …"."""
    words = folded_words(text).split()
    start = next((at for at, word in enumerate(words) if word in rules.FORM_WORDS), len(words))
    return " ".join(words[start:])


def _titled(lines: tuple[FittingLine, ...], actor: Actor) -> dict[str, int]:
    """Return forms that parts of lines name by their whole title, wherever the forms stand."""
    parts = dict.fromkeys(
        part
        for line in lines
        for part in map(_from_form_word, _PART.split(line.text))
        if 3 <= len(part.split()) <= 25
    )
    found: dict[str, int] = {}
    forms = Document.objects.filter(visible(actor), kind=rules.FORM, status=rules.IN_FORCE)
    for part in list(parts)[:_MOST_TITLES]:
        asked = words_asked(part, agency_id=actor.agency_id)
        alike = asked.keys(most=_ALIKE_TITLES) if asked else []
        for pk, title in forms.filter(pk__among=frozenset(alike)).values_list("pk", "title"):
            if folded_words(title) == part:
                found[part] = pk
    return found
