"""Showing where the words stand: a short piece of the text with the words marked. Pure."""

import re
import unicodedata
from html import escape

_FIRST, _LAST = 0x80, 0x1EFF
SCANNED = 120_000
AROUND = 90


def _bare(char: str) -> str:
    if char in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


_BARE = {code: _bare(chr(code)) for code in range(_FIRST, _LAST + 1)}
_BARE |= {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}


def same_length_fold(text: str) -> str:
    """Return the text without marks and in small letters, each character in its place (NFC in)."""
    return text.translate(_BARE)


def marked_title(title: str, words: tuple[str, ...]) -> str:
    """Return the whole title as HTML with the words marked."""
    return _mark(title, words)


def snippet(text: str, words: tuple[str, ...]) -> str:
    """Return a piece of the text around the place with the most different words, as HTML.

    An empty answer means that no word stands in the text.
    """
    scanned = text[:SCANNED]
    pattern = _pattern(words)
    if pattern is None:
        return ""
    bare = same_length_fold(scanned)
    spots = [(found.start(), found.group()) for found in pattern.finditer(bare)][:400]
    if not spots:
        return ""
    best = max(
        range(len(spots)),
        key=lambda at: (
            len(
                {word for place, word in spots[at : at + 12] if place - spots[at][0] <= 2 * AROUND}
            ),
            -at,
        ),
    )
    start = max(0, spots[best][0] - AROUND // 2)
    end = min(len(scanned), spots[best][0] + 2 * AROUND)
    while start > 0 and not scanned[start - 1].isspace():
        start -= 1
    while end < len(scanned) and not scanned[end].isspace():
        end += 1
    piece = " ".join(scanned[start:end].split())
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return before + _mark(piece, words) + after


def _mark(text: str, words: tuple[str, ...]) -> str:
    pattern = _pattern(words)
    if pattern is None:
        return escape(text)
    out, at = [], 0
    for found in pattern.finditer(same_length_fold(text)):
        out.append(escape(text[at : found.start()]))
        out.append(f"<mark>{escape(text[found.start() : found.end()])}</mark>")
        at = found.end()
    return "".join(out) + escape(text[at:])


def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, longest_first)) + ")")
