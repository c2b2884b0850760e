"""Single lines of texts that fit a need told in own words: the step of a procedure, not all of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nep.foundation.search import marking, needs
from nep.foundation.search.asking import Asked
from nep.foundation.search.finding import Filters, texts_of
from nep.foundation.search.queries import Sight, seen
from nep.foundation.search.words import folded_words

TEXTS, READ, LINES = 12, 30_000, 12
_OBJECT, _CODE = 2, 5


@dataclass(frozen=True, slots=True)
class FittingLine:
    """A line of a thing's text; `html` carries <mark> around the words and is escaped otherwise."""

    object_id: int
    code: str
    text: str
    folded: str
    html: str


def lines_fitting(
    typed: str,
    *,
    sight: Sight,
    filters: Filters,
    idle: Collection[str],
    alike: Mapping[str, tuple[str, ...]],
) -> tuple[FittingLine, ...]:
    """Return the lines that fit own words best, out of the texts that do, the best first."""
    need = needs.read_need(typed, idle=idle, alike=alike)
    if not need.weights:
        return ()
    rows = seen(Asked(any_of=(need.words,)), sight=sight, filters=filters, limit=TEXTS)
    texts, words = texts_of([row[0] for row in rows], most=READ), frozenset(need.words)
    lines: list[tuple[str, str, int, str]] = []
    for row in rows:
        for text in texts.get(row[0], "").splitlines():
            folded = folded_words(text)
            if not words.isdisjoint(folded.split()):
                lines.append((text, folded, row[_OBJECT], row[_CODE]))
    order = needs.best_first(need, {at: ("", line[1]) for at, line in enumerate(lines)})
    best = [lines[at] for at in order[:LINES]]
    return tuple(
        FittingLine(object_id, code, text, folded, marking.snippet(text, need.words, frozenset()))
        for text, folded, object_id, code in best
    )
