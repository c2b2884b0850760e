"""The words of a text in its search form; the index and the questions cut them alike. Pure.

Marks and case are dropped, đ is d. Letters and digits are words of their own, so that QT-07, QT07
and "qt 07" are the same two words side by side. A name written together, such as
QuyTrinhCapPhep.docx, is kept whole and its parts are added, so that it is found by either.
"""

import re
import unicodedata

from nep.kernel.text import fold

LONGESTWORD = 60
WORD = re.compile(rf"[^\W\d_]{{1,{LONGESTWORD}}}|\d{{1,{LONGESTWORD}}}")
_LETTERS = [chr(code) for code in range(0x2000) if chr(code).isalpha()]
_SMALL = "".join(char for char in _LETTERS if char.islower())
_LARGE = "".join(char for char in _LETTERS if char.isupper())
_HUMP = re.compile(f"[{_SMALL}](?=[{_LARGE}])")
_SEAM = re.compile(f"(?<=[{_SMALL}])(?=[{_LARGE}])|(?<=[{_LARGE}])(?=[{_LARGE}][{_SMALL}])")
_END = re.compile(r"[^\W_]*")


def folded_words(text: str) -> str:
    """Return the words of a text in its search form, one blank between them."""
    return " ".join(WORD.findall(fold(text)))


def index_form(text: str, *, most: int | None = None) -> str:
    """Return what the index keeps of a text: its words, then the parts of names written together.

    `most` cuts at a word, the words themselves first.
    """
    form = " ".join(filter(None, [folded_words(text), folded_words(parts_of_names(text))]))
    if most is None or len(form) <= most:
        return form
    return form[: most + 1].rsplit(" ", 1)[0][:most]


def parts_of_names(text: str) -> str:
    """Return the parts of the words with a large letter inside: "Quy Trinh" of QuyTrinh.docx."""
    text = unicodedata.normalize("NFC", text)
    parts, done = [], 0
    for hump in _HUMP.finditer(text):
        if hump.start() < done:
            continue
        start = _start_of(text, hump.start(), done)
        ended = _END.match(text, hump.end())
        done = ended.end() if ended else hump.end()
        parts.append(" ".join(_SEAM.split(text[start:done])))
    return " ".join(parts)


def _start_of(text: str, at: int, least: int) -> int:
    while at > least and text[at - 1].isalnum():
        at -= 1
    return at
