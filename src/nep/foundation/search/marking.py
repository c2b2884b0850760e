"""Showing where the words stand: a short piece of the text with the words marked. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape, unescape

AROUND = 90
MOST_SPOTS = 400
_TONES = re.compile("[\u0300-\u036f]+")
_MARKED = re.compile("<mark>(.*?)</mark>")
_SIGNS = re.compile(r"[^\w\s]{5,}|_{5,}")  # rows of dots to be filled in say nothing
_ROWS = (".....", "……", "_____", "-----")
Spot = tuple[int, int, str]


def same_length_fold(text: str) -> str:
    """Return the text without marks and in small letters, each character in its place (NFC in)."""
    if text.isascii():
        return text.lower()
    bare = _TONES.sub("", unicodedata.normalize("NFD", text))
    bare = bare.replace("đ", "d").replace("Đ", "d").lower()
    return bare if len(bare) == len(text) else "".join(map(_bare, text))


def _bare(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0].lower()
    return "d" if base == "đ" else base if len(base) == 1 else char


def marked_title(
    title: str, words: tuple[str, ...], beginnings: frozenset[str] = frozenset()
) -> str:
    """Return the whole title as HTML with the words marked."""
    return _marked(title, _spots(same_length_fold(title), words, beginnings))


def snippet(
    text: str,
    words: tuple[str, ...],
    beginnings: frozenset[str],
    *,
    is_begin: bool = True,
    is_end: bool = True,
) -> str:
    """Return a piece of the text around the place with the most different words, as HTML.

    `text` is a piece itself unless it is begin and end of what there is. An empty answer means
    that no word stands in it.
    """
    spots = _spots(same_length_fold(text), words, beginnings)
    if not spots:
        return ""
    first = spots[_densest(spots)][0]
    start, end = max(0, first - AROUND // 2), min(len(text), first + 2 * AROUND)
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    inside = [(a - start, b - start, word) for a, b, word in spots if start <= a and b <= end]
    marked = _marked(text[start:end], inside)
    if any(row in marked for row in _ROWS):
        marked = _SIGNS.sub("…", marked)
    shown = " ".join(marked.split())
    before = "… " if start or not is_begin else ""
    return before + shown + (" …" if end < len(text) or not is_end else "")


def marked_words(shown: str) -> dict[str, str]:
    """Return the words marked in HTML in small letters, by their search form."""
    found = [unescape(one).lower() for one in _MARKED.findall(shown)]
    return {same_length_fold(one): one for one in found}


def _densest(spots: list[Spot]) -> int:
    """Return the place from which the most different words follow within reach."""
    best, most = 0, 0
    every = len({word for _start, _end, word in spots})
    for at, (start, _end, _word) in enumerate(spots):
        near = {word for place, _, word in spots[at : at + 12] if place - start <= 2 * AROUND}
        if len(near) > most:
            best, most = at, len(near)
        if most == every:
            break
    return best


def _spots(bare: str, words: tuple[str, ...], beginnings: frozenset[str]) -> list[Spot]:
    """Return where the words stand, in order, none over another."""
    found = sorted(
        spot for word in words for spot in _places(bare, word, is_begun=word in beginnings)
    )
    kept: list[Spot] = []
    for spot in found[:MOST_SPOTS]:
        if not kept or spot[0] >= kept[-1][1]:
            kept.append(spot)
    return kept


def _places(bare: str, word: str, *, is_begun: bool) -> Iterator[Spot]:
    """Yield the places of one word: of letters between no letters, of digits between no digits."""
    same = str.isdigit if word.isdigit() else str.isalpha
    at = bare.find(word)
    while at >= 0:
        end = at + len(word)
        if not (at and same(bare[at - 1])) and (
            is_begun or end == len(bare) or not same(bare[end])
        ):
            yield at, end, word
        at = bare.find(word, end)


def _marked(text: str, spots: list[Spot]) -> str:
    out, at = [], 0
    for start, end, _word in spots:
        out.append(f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>")
        at = end
    return "".join(out) + escape(text[at:])
