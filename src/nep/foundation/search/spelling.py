"""What may have been meant by a word that stands nowhere. Pure."""

import re
import string

SHORTEST, LONGEST = 3, 12
_DOUBLED = re.compile(r"([aeod])\1")
_TONE_KEYS = "sfrxj"


def alternatives(word: str) -> tuple[str, ...]:
    """Return the words one slip away from a word of the search form; the likeliest first.

    Keys that were meant as marks ("quyeetj" for quyết), a letter too many, too few, wrong or in
    the wrong place; a number with or without its leading nought.
    """
    if word.isdigit():
        other = [word.lstrip("0"), f"0{word}", f"00{word}"]
        return tuple(dict.fromkeys(one for one in other if one and one != word))
    if not word.isascii() or not SHORTEST <= len(word) <= LONGEST:
        return ()
    found = dict.fromkeys([*_without_keys(word), *_one_slip(word)])
    return tuple(one for one in found if one != word and len(one) > 1)


def _without_keys(word: str) -> list[str]:
    """Return the word as if typed for Telex without a keyboard that knows it."""
    bare = _DOUBLED.sub(r"\1", word.replace("w", ""))
    if bare[-1:] in _TONE_KEYS:
        return [bare[:-1], bare]
    inside = [bare[:at] + bare[at + 1 :] for at, key in enumerate(bare) if at and key in _TONE_KEYS]
    return [bare, *inside]


def _one_slip(word: str) -> list[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    swapped = [a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1]
    fewer = [a + b[1:] for a, b in cuts if b]
    more = [a + letter + b for a, b in cuts for letter in string.ascii_lowercase]
    other = [a + letter + b[1:] for a, b in cuts if b for letter in string.ascii_lowercase]
    return [*swapped, *fewer, *more, *other]
