"""Short surveys by link or QR: questions, answers, results. Pure.

Source: TCVN ISO 9001:2015 điều 9.1.2 (sự hài lòng của khách hàng).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean, clean_lines

SCALE, CHOICE, WORDS = "scale", "choice", "words"
KIND_NAMES: dict[str, str] = {
    SCALE: "Thang 5 mức hài lòng",
    CHOICE: "Chọn một trong các ý",
    WORDS: "Viết lời",
}
DEGREES: dict[str, str] = {
    "5": "Rất hài lòng",
    "4": "Hài lòng",
    "3": "Bình thường",
    "2": "Không hài lòng",
    "1": "Rất không hài lòng",
}
SATISFIED = frozenset({"4", "5"})
DRAFT, OPEN, CLOSED = "draft", "open", "closed"
STATE_NAMES: dict[str, str] = {DRAFT: "Đang soạn", OPEN: "Đang nhận trả lời", CLOSED: "Đã đóng"}
LIFE: dict[tuple[str, str], str] = {(DRAFT, "open"): OPEN, (OPEN, "close"): CLOSED}
MOST_QUESTIONS, MOST_OPTIONS, MOST_WORDS = 10, 8, 500
MOST_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `options` are those of a choice."""

    kind: str
    text: str
    options: tuple[str, ...] = ()

    def names(self) -> dict[str, str]:
        """Return what may be answered, by the value that is kept."""
        if self.kind == SCALE:
            return DEGREES
        return {str(place): one for place, one in enumerate(self.options, start=1)}


@dataclass(frozen=True, slots=True)
class Result:
    """What was answered to one question: (words, count, percent) each, or the words themselves."""

    question: Question
    answered: int
    shares: tuple[tuple[str, int, float], ...]
    satisfied: float | None
    said: tuple[str, ...]


def read_questions(stored: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return the questions of a stored list."""
    return tuple(Question(one["kind"], one["text"], tuple(one["options"])) for one in stored)


def decide_survey(*, title: str, questions: Sequence[Question], closes_on: date | None, today: date) -> Decision:  # fmt: skip
    """Decide whether a survey may be kept: one to ten questions, choices with two to eight ideas."""
    if len(clean(title)) < 5:
        return Refused("title_missing", "Hãy đặt tên cho cuộc khảo sát.", field="title")
    if not questions:
        return Refused("questions_none", "Hãy viết ít nhất một câu hỏi.", field="questions")
    if len(questions) > MOST_QUESTIONS:
        return Refused(
            "questions_many", f"Tối đa {MOST_QUESTIONS} câu: khảo sát ngắn mới có người trả lời.",
            field="questions",
        )  # fmt: skip
    for one in questions:
        if one.kind == CHOICE and not 2 <= len(one.options) <= MOST_OPTIONS:
            return Refused(
                "options_count", f"Câu “{one.text}” cần từ 2 đến {MOST_OPTIONS} ý để chọn.",
                field="questions",
            )  # fmt: skip
    if closes_on is not None and closes_on < today:
        return Refused("closes_past", "Ngày đóng phải từ hôm nay trở đi.", field="closes_on")
    return ALLOWED


def typed_questions(text: str) -> tuple[Question, ...]:
    """Return the questions of a typed list, one a line.

    A line "Câu hỏi | ý một | ý hai" is a choice, one that ends with "…" or "..." asks for words,
    any other is answered on the scale of five.
    """
    found = []
    for line in clean_lines(text).splitlines():
        first, *options = [clean(part) for part in line.split("|")]
        if not first:
            continue
        if options:
            found.append(Question(CHOICE, first[:200], tuple(one[:100] for one in options if one)))
        elif first.endswith(("…", "...")):
            found.append(Question(WORDS, first.rstrip(".… ")[:200]))
        else:
            found.append(Question(SCALE, first[:200]))
    return tuple(found)


def questions_text(questions: Iterable[Question]) -> str:
    """Return questions as `typed_questions` reads them."""
    lines = []
    for one in questions:
        ending = " …" if one.kind == WORDS else "".join(f" | {option}" for option in one.options)
        lines.append(f"{one.text}{ending}")
    return "\n".join(lines)


def kept_answers(questions: Sequence[Question], given: Mapping[str, str]) -> dict[str, str]:
    """Return what is kept of an answer, by the question's place; what no question offers is left."""
    kept = {}
    for place, one in enumerate(questions):
        value = given.get(str(place), "")
        if one.kind == WORDS:
            said = clean_lines(value)[:MOST_WORDS]
            if said:
                kept[str(place)] = said
        elif value in one.names():
            kept[str(place)] = value
    return kept


def is_open(state: str, *, closes_on: date | None, today: date) -> bool:
    """Say whether a survey takes answers today."""
    return state == OPEN and (closes_on is None or today <= closes_on)


def results(
    questions: Sequence[Question], answers: Iterable[Mapping[str, str]]
) -> tuple[Result, ...]:
    """Return what was answered to each question."""
    kept = list(answers)
    found = []
    for place, one in enumerate(questions):
        values = [answer[str(place)] for answer in kept if str(place) in answer]
        if one.kind == WORDS:
            found.append(Result(one, len(values), (), None, tuple(values)))
            continue
        counted, total = Counter(values), len(values)
        shares = tuple(
            (name, counted[key], 100 * counted[key] / total if total else 0.0)
            for key, name in one.names().items()
        )
        liked = sum(counted[key] for key in SATISFIED)
        satisfied = 100 * liked / total if one.kind == SCALE and total else None
        found.append(Result(one, total, shares, satisfied, ()))
    return tuple(found)
