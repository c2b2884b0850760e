"""Vietnamese text: one written form, one search form, one sort order.

Both ways of placing the tone mark ("hoá", "hóa") and both Unicode forms (composed, decomposed)
fold to the same search form; đ is a letter of its own and folds to d.
"""

import re
import unicodedata

_INVISIBLE = re.compile("[\\x00\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060\\ufeff]")
_BLANKS = re.compile(r"\s{2,}|[^\S ]")  # what is not a single blank yet
_WORD = re.compile(r"\w+")
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{index:02d}" for index, letter in enumerate(_LETTERS, start=10)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
LARGEST_KEY = 2**63 - 1
_KEPT = 0x2000


class _Bare(dict[int, str]):
    """What each letter is without its marks; those of Latin scripts are kept once met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        bare = "".join(part for part in parts if not unicodedata.combining(part))
        found = bare.replace("đ", "d")
        if code < _KEPT:
            self[code] = found
        return found


_BARE = _Bare()


def clean(text: str) -> str:
    """Return the text in NFC, without invisible characters, with blanks made single."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable() and "  " not in composed:  # no invisible character, no other blank
        return composed.strip()
    visible = _INVISIBLE.sub("", composed)
    return _BLANKS.sub(" ", visible).strip()


def clean_lines(text: str) -> str:
    """Do as `clean`, but keep the line breaks."""
    if "\n" not in text:
        return clean(text)
    lines = (clean(line) for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip("\n")


def fold(text: str) -> str:
    """Return the search form: lower case, without marks, đ as d, blanks single."""
    if text.isascii():
        return _BLANKS.sub(" ", text.lower()).strip()
    letters = clean(text).lower().translate(_BARE).strip()
    if "  " in letters:  # a mark stood alone between blanks
        letters = _BLANKS.sub(" ", letters)
    return letters if letters.isascii() else unicodedata.normalize("NFC", letters)


def named_once(kind: str, name: str) -> str:
    """Return a name after its kind, once: "thủ tục" with "Thủ tục đăng ký" is "thủ tục đăng ký"."""
    known = clean(name)
    if known.lower().startswith(f"{kind.lower()} "):
        return f"{kind}{known[len(kind) :]}"
    return f"{kind} {known}"


def words(text: str) -> tuple[str, ...]:
    """Return the words of the search form, in order."""
    return tuple(_WORD.findall(fold(text)))


def likeness(one: str, other: str) -> float:
    """Return how alike two short texts are, from 0 to 1 (shared words over all words)."""
    left, right = set(words(one)), set(words(other))
    if not left or not right:
        return 0.0
    return len(left & right) / len(left | right)


def sort_key(text: str) -> str:
    """Return a key that orders as a Vietnamese dictionary does (An, Ăn, Ân … Dũng, Đặng).

    Letters decide first, tone marks only between equal letters.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", clean(text).lower()):
        marks = unicodedata.normalize("NFD", char)
        tone = "".join(_TONES.get(mark, "") for mark in marks[1:])
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES))
        letters.append(_RANK.get(base) or (f"0{base}" if base.isalnum() else "00"))
        tones.append(tone or "0")
    return "".join(letters) + " " + "".join(tones)


def same_words(one: str, other: str) -> bool:
    """Say whether two texts are the same but for case, blanks and where a tone mark stands (hoà, hòa)."""
    return _spelled(one) == _spelled(other)


def _spelled(text: str) -> list[tuple[str, list[str]]]:
    keys = (sort_key(word).split() for word in clean(text).split())
    return [(letters, sorted(tones)) for letters, tones in keys]


def shorten(text: str, length: int) -> str:
    """Return at most `length` characters, cut at a word, with an ellipsis where cut."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def whole_number(text: str) -> int:
    """Return the key or count that an address holds; 0 for anything else and what no key can be."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= LARGEST_KEY else 0
