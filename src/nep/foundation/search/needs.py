"""Which things fit a need told in own words. Pure.

Vietnamese words are mostly two syllables, so that two syllables side by side say more than both
apart; rare ones say more than common ones; a title says more than a text.
"""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from nep.foundation.search.words import folded_words
from nep.kernel.text import clean

_WORD = re.compile(r"[^\W_]+")
OTHER_WORDS = 0.7  # what another word for the same counts beside the word itself
IN_TITLE, IN_TEXT, SIDE_BY_SIDE = 3.0, 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody needs: syllables and pairs of them ("nghi phep") with what each counts."""

    weights: Mapping[str, float]

    @property
    def words(self) -> tuple[str, ...]:
        """Return the single syllables."""
        inside = (word for term in self.weights for word in term.split())
        return tuple(dict.fromkeys(inside))


def read_need(typed: str, *, idle: Collection[str], alike: Mapping[str, tuple[str, ...]]) -> Need:
    """Read a need: the telling syllables and pairs, and other words for them.

    Keys of `alike` with marks ("nghỉ") speak only of what was typed with them, others of both.
    """
    weights: dict[str, float] = {}
    said = _terms(folded_words(typed))
    for term in said:
        _add(weights, term, 1.0, idle)
    for term in dict.fromkeys([*said, *_terms(clean(typed).lower())]):
        for other in alike.get(term, ()):
            for part in _terms(other):
                _add(weights, part, OTHER_WORDS, idle)
    return Need(weights)


def _terms(text: str) -> list[str]:
    words = _WORD.findall(text)
    return [*words, *(f"{one} {two}" for one, two in pairwise(words))]


def _add(weights: dict[str, float], term: str, weight: float, idle: Collection[str]) -> None:
    if term in idle or all(word in idle for word in term.split()):
        return
    weights[term] = max(weights.get(term, 0.0), weight)


def best_first(need: Need, kept: Mapping[int, tuple[str, str]]) -> list[int]:
    """Return the keys of (words of the title, words of the text), what fits best first."""
    padded = {key: (f" {title} ", f" {text} ") for key, (title, text) in kept.items()}
    scores = dict.fromkeys(kept, 0.0)
    for term, weight in need.weights.items():
        place = f" {term} "
        holding = [key for key, both in padded.items() if place in both[0] or place in both[1]]
        rare = weight * math.log(1 + len(kept) / (1 + len(holding)))
        for key in holding:
            value = IN_TITLE if place in padded[key][0] else IN_TEXT
            scores[key] += rare * value * (SIDE_BY_SIDE if " " in term else 1.0)
    return sorted(scores, key=lambda key: (-scores[key], len(kept[key][0]), key))
