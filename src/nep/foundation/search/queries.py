"""Asking the index: every word, the last by its beginning; best first; only what may be seen."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from nep.foundation.search import asking, marking, needs, spelling
from nep.foundation.search.asking import Asked
from nep.foundation.search.finding import Filters, best, heads_and_texts, named, pieces
from nep.foundation.search.words import WORD, folded_words
from nep.kernel.text import clean

Judge = Callable[[Collection[int]], Collection[int]]
Row = tuple[Any, ...]
_MOST = 200
_KIND, _OBJECT, _OPEN = 1, 2, 10
_NO_TEXT = ("", True, True)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the asker may see: the open things of one agency, and what the judges let through.

    A judge is asked for each kind at the moment of the question; a kind without one shows nothing
    that is not open.
    """

    agency_id: int
    judges: Mapping[str, Judge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer; the HTML fields carry <mark> around the words and are escaped otherwise."""

    entry_id: int
    kind: str
    object_id: int
    sort: str
    state: str
    code: str
    title: str
    detail: str
    link: str
    at: date | None
    title_html: str = ""
    snippet_html: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """What comes near to a question that nothing answers; `wording` is what was meant, if seen."""

    hits: tuple[Hit, ...] = ()
    wording: str = ""


def ask(
    typed: str,
    *,
    sight: Sight,
    filters: Filters = Filters(),
    limit: int = 20,
    offset: int = 0,
    with_texts: bool = True,
) -> tuple[Hit, ...]:
    """Return the best answers that hold every word, the best first.

    The last word is found by its beginning; when no answer holds the others as they stand, all
    words are. Without `with_texts` no piece of the text is shown, as suggestions need none.
    """
    asked = asking.read_question(typed)
    if not asked:
        return ()
    limit = min(limit, _MOST)
    look = partial(seen, sight=sight, filters=filters)
    rows = look(asked, limit=limit, offset=offset, with_texts=with_texts)
    is_end = bool(offset and not rows and look(asked, limit=1))
    if not rows and asked.whole and not is_end:
        asked = asked.widened()
        rows = look(asked, limit=limit, offset=offset, with_texts=with_texts)
    return _hits(asked, rows)


def seen(
    asked: Asked,
    *,
    sight: Sight,
    filters: Filters,
    limit: int,
    offset: int = 0,
    with_texts: bool = False,
) -> list[Row]:
    """Return the rows from `offset` on that the asker may see, best first (see `finding.best`)."""
    wanted, found, taken = offset + limit, [], 0
    size = wanted
    while True:
        rows = best(
            asked, agency_id=sight.agency_id, filters=filters, limit=size, offset=taken,
            with_texts=with_texts,
        )  # fmt: skip
        found += _shown(rows, sight)
        if len(found) >= wanted or len(rows) < size:
            return found[offset:wanted]
        taken += size
        size = max(_MOST, 4 * size)


def _shown(rows: list[Row], sight: Sight) -> list[Row]:
    """Return the rows that are open or that their part shows the asker; one question a kind."""
    closed: dict[str, list[int]] = {}
    for row in rows:
        if not row[_OPEN]:
            closed.setdefault(row[_KIND], []).append(row[_OBJECT])
    if not closed:
        return rows
    shown = {
        (kind, one)
        for kind, ids in closed.items()
        if kind in sight.judges
        for one in sight.judges[kind](ids)
    }
    return [row for row in rows if row[_OPEN] or (row[_KIND], row[_OBJECT]) in shown]


def ask_near(typed: str, *, sight: Sight, filters: Filters = Filters(), limit: int = 8) -> Near:
    """Return what comes near to words that nothing holds: one letter apart, or one word fewer."""
    asked = asking.read_question(typed)
    if not asked:
        return Near()
    unknown = {word for word in asked.words if not _occurs(word, sight, filters)}
    meant = {word: spelling.alternatives(word) for word in asked.words if word in unknown}
    for attempt in _attempts(asked.words, {word: said for word, said in meant.items() if said}):
        rows = seen(attempt, sight=sight, filters=filters, limit=limit, with_texts=True)
        if rows:
            hits = _hits(attempt, rows)
            return Near(hits, _wording(typed, meant, hits[0]) if attempt.any_of and meant else "")
    return Near()


def _occurs(word: str, sight: Sight, filters: Filters) -> bool:
    one = Asked(begun=(word,)) if len(word) > 1 else Asked(whole=(word,))
    return bool(seen(one, sight=sight, filters=filters, limit=1))


def _attempts(words: tuple[str, ...], meant: Mapping[str, tuple[str, ...]]) -> list[Asked]:
    """Return what is asked instead, the nearest first."""
    known = tuple(word for word in words if word not in meant)
    tries = []
    if meant:
        tries.append(Asked(begun=tuple(w for w in known if len(w) > 1), any_of=(*meant.values(),)))
        tries += [Asked(any_of=(one,)) for one in meant.values() if len(meant) > 1 or known]
    if len(known) > 1 and not meant:
        tries += [Asked(whole=tuple(w for w in known if w != left)) for left in reversed(known)]
    if known:
        tries.append(Asked(any_of=(known,)))
    return tries


def _wording(typed: str, meant: Mapping[str, tuple[str, ...]], hit: Hit) -> str:
    """Return what was typed with the unknown words as the best answer writes them."""
    code = marking.marked_title(hit.code, tuple(word for one in meant.values() for word in one))
    written = marking.marked_words(f"{code} {hit.title_html} {hit.snippet_html}")

    def as_written(found: re.Match[str]) -> str:
        others = meant.get(folded_words(found.group()), ())
        return next((written[one] for one in others if one in written), found.group())

    wording = WORD.sub(as_written, clean(typed))
    return wording if wording != clean(typed) else ""


def ask_loosely(
    typed: str,
    *,
    sight: Sight,
    filters: Filters = Filters(),
    limit: int = 10,
    idle: Collection[str] = (),
    alike: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    kind: str = "",
    beside: Mapping[int, str] = MappingProxyType({}),
) -> tuple[Hit, ...]:
    """Return what fits own words best; rare words count more, not every word need be there.

    `idle` words say nothing; `alike` gives other words for a word or for two side by side, all in
    the search form. `beside` are words that others say about things of a kind, by their ids: they
    count like those of the text.
    """
    need = needs.read_need(typed, idle=idle, alike=alike)
    if not need.weights:
        return ()
    asked = Asked(any_of=(tuple(need.words),))
    rows = seen(asked, sight=sight, filters=filters, limit=_MOST)
    others = beside.keys() - {row[_OBJECT] for row in rows if row[_KIND] == kind}
    rows += _shown(named(kind, others, agency_id=sight.agency_id, filters=filters), sight)
    said = {row[0]: beside.get(row[_OBJECT], "") for row in rows if row[_KIND] == kind}
    kept = {
        key: (head, f"{text} {said.get(key, '')}")
        for key, (head, text) in heads_and_texts([row[0] for row in rows])
    }
    order = needs.best_first(need, kept)
    place = {entry_id: at for at, entry_id in enumerate(order[:limit])}
    found = sorted((row for row in rows if row[0] in place), key=lambda row: place[row[0]])
    texts = pieces([row[0] for row in found], asked.needles)
    return _hits(asked, [(*row, *texts[row[0]]) for row in found])


def _hits(asked: Asked, rows: list[Row]) -> tuple[Hit, ...]:
    words, beginnings = asked.words, asked.beginnings
    hits = []
    for row in rows:
        text, is_begin, is_end = row[_OPEN + 1 :] or _NO_TEXT
        entry_id, kind, object_id, sort, state, code, title, detail, link, day = row[:_OPEN]
        hits.append(
            Hit(
                entry_id, kind, object_id, sort, state, code, title, detail, link,
                date.fromisoformat(day) if isinstance(day, str) else day,
                marking.marked_title(title, words, beginnings),
                marking.snippet(text, words, beginnings, is_begin=bool(is_begin), is_end=bool(is_end)),
            )
        )  # fmt: skip
    if asked.marked:  # typed with marks: what carries them goes first, else the order stays
        hits.sort(key=lambda hit: -_carried(asked.marked, hit))
    return tuple(hits)


def _carried(marked: tuple[str, ...], hit: Hit) -> int:
    """Return how many of the words typed with marks stand so among those shown."""
    shown = f"{hit.title} {hit.snippet_html}".lower()
    return sum(word in shown for word in marked)
