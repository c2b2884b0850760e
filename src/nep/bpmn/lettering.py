"""How wide a text is drawn, so that boxes fit their words without a browser."""

import unicodedata
from functools import lru_cache

_CLASSES = {
    20: "`'", 23: " ", 26: "Iil", 27: "j", 28: "!", 29: ".:", 30: ",;", 32: '"', 38: "1", 39: "fr",
    41: "|", 43: "t{}", 44: "()", 46: "J[]", 47: "~", 48: "\\", 50: "*/z", 51: "s", 56: "<>^kx",
    57: "?nu", 58: "hvy", 59: "7", 60: "e", 61: "+-c", 62: "EL", 63: "8F", 64: "$PSago",
    65: "2TbdpqđĐ", 66: "35YZ", 67: "BR", 68: "069K", 70: "_", 71: "4HV", 72: "UX", 73: "=DN",
    74: "&A", 78: "CG", 81: "#", 82: "Q", 83: "O", 85: "%M", 87: "w–", 89: "m", 100: "@W—…",
}  # fmt: skip
"""Advance widths of Be Vietnam Pro in hundredths of the letter size."""
_WIDTHS = {letter: width for width, letters in _CLASSES.items() for letter in letters}
_USUAL = 65
_HORN = 4


@lru_cache(maxsize=4_096)
def text_width(text: str, size: float = 13) -> float:
    """Return the width of a text in pixels at a letter size in pixels."""
    hundredths = 0
    for letter in unicodedata.normalize("NFD", text):
        if letter == "\u031b":
            hundredths += _HORN
        elif not unicodedata.combining(letter):
            hundredths += _WIDTHS.get(letter, _USUAL)
    return hundredths * size / 100


def wrap(text: str, width: float, *, size: float = 13, lines: int = 3) -> tuple[str, ...]:
    """Break a text into at most `lines` lines no wider than `width` pixels.

    A longer text ends with an ellipsis; a single word too wide is cut likewise.
    """
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and text_width(longer, size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    shown = found[:lines]
    if len(found) > lines:
        shown[-1] += " …"
    return tuple(_cut(line, width, size) for line in shown)


def _cut(line: str, width: float, size: float) -> str:
    if text_width(line, size) <= width:
        return line
    kept = line.removesuffix(" …")
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"
