"""What somebody asks for, read from what was typed. Pure.

"quy trinh", "Quy Trình" and "quy trình" ask the same; words in quotes must stand side by side, and
so must the parts of a code such as 12/QĐ-UBND or QT07; the word being typed is found by its
beginning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nep.foundation.search.words import folded_words
from nep.kernel.text import clean, fold

_QUOTED = re.compile(r'["“”]([^"“”]*)(["“”]?)')
_RUN = re.compile(r"[\w/\-.@]+")
_TYPED = re.compile(r"[^\W_]+")
MOST_PIECES = 12
MOST_NEEDLES = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side; the last one found by its beginning while it is being typed."""

    words: tuple[str, ...]
    is_begun: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Words of the search form that must all be there; phrases must stand as they are.

    `whole` are found as they are, `begun` by their beginnings, of each group of `any_of` one is
    enough; none repeats the words of `phrases`. `marked` are the words typed with marks, as typed.
    """

    whole: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    marked: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.whole or self.begun or self.phrases or self.any_of)

    @property
    def words(self) -> tuple[str, ...]:
        """Return every word asked for, each once."""
        inside = [word for phrase in self.phrases for word in phrase.words]
        either = [word for group in self.any_of for word in group]
        return tuple(dict.fromkeys([*self.whole, *inside, *self.begun, *either]))

    @property
    def beginnings(self) -> frozenset[str]:
        """Return the words that stand for all that begin so."""
        return frozenset(self.begun) | {one.words[-1] for one in self.phrases if one.is_begun}

    @property
    def needles(self) -> tuple[str, ...]:
        """Return where a piece of the text is looked for, the most telling first."""
        run = " ".join([*self.whole, *self.begun])
        phrases = [" ".join(phrase.words) for phrase in self.phrases]
        longest = sorted(self.words, key=len, reverse=True)[:MOST_NEEDLES]
        return tuple(dict.fromkeys([*phrases, *([run] if run else []), *longest]))

    def widened(self) -> "Asked":
        """Return the same with every word found by its beginning; one letter stays whole."""
        letters = tuple(word for word in self.whole if len(word) < 2)
        longer = tuple(word for word in self.whole if len(word) > 1)
        return replace(self, whole=letters, begun=longer + self.begun)


def read_question(typed: str) -> Asked:
    """Read what was typed; nothing but blanks and signs asks for nothing."""
    typed = clean(typed)
    pieces = [piece for piece in _pieces(typed) if piece.words][:MOST_PIECES]
    if not pieces:
        return Asked()
    *before, last = pieces
    closed = [replace(piece, is_begun=False) for piece in before]
    is_letter = len(pieces) == 1 and len("".join(last.words)) == 1
    phrases = tuple(dict.fromkeys(one for one in [*closed, last] if len(one.words) > 1))
    inside = {word for phrase in phrases for word in phrase.words}
    whole = dict.fromkeys(one.words[0] for one in closed if len(one.words) == 1)
    begun: tuple[str, ...] = ()
    if len(last.words) == 1 and last.words[0] not in inside | whole.keys():
        if last.is_begun and not is_letter:
            begun = last.words
        else:
            whole[last.words[0]] = None
    marked = {word.lower() for word in _TYPED.findall(typed) if fold(word) != word.lower()}
    return Asked(
        tuple(word for word in whole if word not in inside), begun, phrases, tuple(sorted(marked))
    )


def _pieces(typed: str) -> Iterator[Phrase]:
    """Read quotations and, outside them, words and codes; what is not closed may go on."""
    at = 0
    for found in _QUOTED.finditer(typed):
        yield from _outside(typed[at : found.start()])
        yield Phrase(tuple(folded_words(found.group(1)).split()), not found.group(2))
        at = found.end()
    yield from _outside(typed[at:])


def _outside(text: str) -> Iterator[Phrase]:
    for run in _RUN.findall(text):
        yield Phrase(tuple(folded_words(run).split()), True)
