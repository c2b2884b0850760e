"""What officers wrote of an applicant in their own words, and what of it goes at an erasure. Pure.

Reasons, notes and answers are an officer's work and stay; a name, a number or an address in them is
the applicant's and goes. What is plainly theirs is found here; the two people who decide see every
text, mark more of it or keep what was found by mistake.
Source: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import fold

BLACK = "[đã xóa theo quy định]"
PARTS = frozenset({"contact", "applicant"})
OWN_WORDS = frozenset({"reason", "note", "late_reason", "answer", "text", "ask"})
LEAST, MOST = 2, 300
_CALLED = ("ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "cháu", "cụ", "bé")
_LEAST_DIGITS = 8
_EDGE_BEFORE, _EDGE_AFTER = r"(?<!\w)", r"(?!\w)"


@dataclass(frozen=True, slots=True)
class Known:
    """What the system holds of an applicant before the erasure, as far as the run takes it."""

    name: str = ""
    identity: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


def texts_of(data: Any) -> Iterator[str]:
    """Yield what officers wrote in an event's data."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name in OWN_WORDS and isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                yield from texts_of(value)
    elif isinstance(data, list):
        for one in data:
            yield from texts_of(one)


def replaced(data: Any, replace: Callable[[str], str]) -> Any:
    """Return an event's data with what officers wrote replaced."""
    if isinstance(data, dict):
        return {
            name: replace(value)
            if name in OWN_WORDS and isinstance(value, str)
            else replaced(value, replace)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [replaced(one, replace) for one in data]
    return data


def found_in(text: str, known: Known) -> tuple[str, ...]:
    """Return the pieces of a text that are plainly the applicant's, as they stand in it.

    The whole name with or without marks, the given name after a word of address ("bà Hoa"), the
    numbers however they are spaced, e-mail and address.
    """
    bare = "".join(fold(char) if len(fold(char)) == 1 else char for char in text)
    pieces: dict[str, None] = {}
    for pattern in _patterns(known):
        for match in re.finditer(pattern, bare, re.IGNORECASE):
            pieces[text[match.start() : match.end()]] = None
    return tuple(pieces)


def _patterns(known: Known) -> Iterator[str]:
    name = fold(known.name).split()
    if len(name) > 1:
        yield _whole(r"\s+".join(map(re.escape, name)))
        called = "|".join(fold(one) for one in _CALLED)
        yield _whole(rf"(?:{called})\s+{re.escape(name[-1])}")
    for number in (known.identity, known.phone):
        digits = [char for char in number if char.isalnum()]
        if len(digits) >= _LEAST_DIGITS:
            yield _whole(r"[\s.\-]*".join(map(re.escape, digits)))
    for words in (known.email, known.address):
        if len(words.strip()) > LEAST:
            yield _whole(r"\s+".join(map(re.escape, fold(words).split())))


def _whole(pattern: str) -> str:
    return f"{_EDGE_BEFORE}{pattern}{_EDGE_AFTER}"


def blackened(text: str, pieces: Iterable[str]) -> str:
    """Return a text with pieces of it replaced, the longest first."""
    for piece in sorted(set(pieces), key=len, reverse=True):
        if piece:
            text = text.replace(piece, BLACK)
    return text


def going(found: Iterable[str], *, marked: Collection[str], kept: Collection[str]) -> set[str]:
    """Return the pieces that go: what was found and not kept, and what people marked."""
    return (set(found) - set(kept)) | set(marked)


def parts_of(text: str, pieces: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Return a text cut into (words, goes) for a page."""
    ordered = sorted(filter(None, set(pieces)), key=len, reverse=True)
    if not ordered:
        return ((text, False),)
    cut = re.split(f"({'|'.join(map(re.escape, ordered))})", text)
    return tuple((one, place % 2 == 1) for place, one in enumerate(cut) if one)


def decide_marking(
    actor: Actor, *, people: Collection[int], state: str, takes_words: bool
) -> Decision:
    """Decide whether the actor may see and mark the words of a proposed erasure."""
    if actor.person_id not in people or not may(actor, "case.privacy"):
        return Refused(
            "not_of_the_two", "Chỉ người đề nghị và người duyệt xem và đánh dấu lời ghi của cán bộ."
        )
    if state != "asked":
        return Refused("erasure_decided", "Đề nghị này đã được quyết định rồi.")
    if not takes_words:
        return Refused("no_words", "Quy tắc này không xóa người nộp nên lời ghi giữ nguyên.")
    return ALLOWED


def decide_piece(piece: str, texts: Iterable[str]) -> Decision:
    """Decide whether a piece can be marked: it stands in what officers wrote of the case."""
    if not LEAST <= len(piece) <= MOST or piece in BLACK:
        return Refused(
            "piece_short", "Hãy chép đúng đoạn cần xóa, từ 2 đến 300 chữ.", field="piece"
        )
    if not any(piece in text for text in texts):
        return Refused(
            "piece_unknown", "Đoạn này không có trong lời ghi của hồ sơ. Hãy chép đúng từng chữ.",
            field="piece",
        )  # fmt: skip
    return ALLOWED
