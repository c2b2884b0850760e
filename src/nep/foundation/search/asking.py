"""What somebody asks for, read from what was typed. Pure.

"quy trinh", "Quy Trình" and "quy trình" ask the same; words in quotes must stand side by side; the
word being typed is found by its beginning; 12/QĐ-UBND asks for its parts side by side.
"""

import re
from dataclasses import dataclass

from nep.kernel.text import fold

_QUOTED = re.compile(r'["“”]([^"“”]+)["“”]?')
_WORD = re.compile(r"[^\W_]+")
_SYMBOL = re.compile(r"[^\s\"“”]*[^\W_][/\-._][^\W_][^\s\"“”]*")
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Words of the search form that must all be there, and runs of words that stand together.

    The last word, still being typed, is found by its beginning; `marked` are the words typed with marks, as typed.
    """

    words: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def is_begun(self) -> bool:
        """Say whether the last word stands for all that begin so; one letter alone does not."""
        return len(self.words) > 1 or len(self.words[-1]) > 1


def folded_words(text: str) -> str:
    """Return the words of a text in its search form, one blank between them."""
    return " ".join(_WORD.findall(fold(text)))


def read_question(typed: str) -> Asked:
    """Read what was typed; nothing but blanks and signs asks for nothing."""
    phrases = [folded_words(found.group(1)) for found in _QUOTED.finditer(typed)]
    rest = _QUOTED.sub(" ", typed)
    phrases += [folded_words(found.group()) for found in _SYMBOL.finditer(rest)]
    words = folded_words(typed.replace('"', " ")).split()
    marked = {word.lower() for word in _WORD.findall(rest) if fold(word) != word.lower()}
    return Asked(
        words=tuple(dict.fromkeys(words))[:MOST_WORDS],
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if " " in phrase)),
        marked=tuple(sorted(marked)),
    )
