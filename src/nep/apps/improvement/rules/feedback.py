"""Feedback: opinions, petitions, complaints; their limits are data.

Source: TCVN ISO 9001:2015 điều 8.2.1 c, 9.1.2; Quyết định 766/QĐ-TTg ngày 23/6/2022 (phản ánh, kiến
nghị xử lý trong 15 ngày làm việc); Luật Khiếu nại 2011 (chưa xác minh).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

RECEIVED, ACCEPTED, ANSWERED = "received", "accepted", "answered"
CLOSED, REFUSED, WITHDRAWN = "closed", "refused", "withdrawn"
STATE_NAMES: dict[str, str] = {
    RECEIVED: "Mới nhận",
    ACCEPTED: "Đã thụ lý",
    ANSWERED: "Đã trả lời",
    CLOSED: "Đã xong",
    REFUSED: "Không thụ lý",
    WITHDRAWN: "Người gửi rút",
}
ENDED = frozenset({CLOSED, REFUSED, WITHDRAWN})
OPEN_STATES = (RECEIVED, ACCEPTED, ANSWERED)
WAITING = (RECEIVED, ACCEPTED)
ASSIGN, ACCEPT, REFUSE, ANSWER, CLOSE, WITHDRAW, ERASE = (
    "assign", "accept", "refuse", "answer", "close", "withdraw", "erase"
)  # fmt: skip
MOVE_NAMES: dict[str, str] = {
    "open": "Ghi sổ",
    ASSIGN: "Giao người xử lý",
    ACCEPT: "Thụ lý",
    REFUSE: "Không thụ lý",
    ANSWER: "Trả lời",
    CLOSE: "Kết thúc",
    WITHDRAW: "Người gửi rút",
    ERASE: "Xóa thông tin người gửi",
}
MOVES = tuple(move for move in MOVE_NAMES if move != "open")
LIFE: dict[tuple[str, str], str] = {
    (RECEIVED, ASSIGN): RECEIVED,
    (ACCEPTED, ASSIGN): ACCEPTED,
    (RECEIVED, ACCEPT): ACCEPTED,
    (RECEIVED, REFUSE): REFUSED,
    (RECEIVED, ANSWER): ANSWERED,
    (ACCEPTED, ANSWER): ANSWERED,
    (ANSWERED, CLOSE): CLOSED,
    (RECEIVED, WITHDRAW): WITHDRAWN,
    (ACCEPTED, WITHDRAW): WITHDRAWN,
    **{(state, ERASE): state for state in (CLOSED, REFUSED, WITHDRAWN)},
}
CHANNEL_NAMES: dict[str, str] = {
    "counter": "Trực tiếp",
    "letter": "Đơn, thư",
    "phone": "Điện thoại",
    "mail": "Thư điện tử",
    "portal": "Cổng thông tin, Cổng Dịch vụ công",
    "box": "Hòm thư góp ý",
}
FOUNDED_NAMES: dict[str, str] = {"co": "Đúng", "mot-phan": "Đúng một phần", "khong": "Không đúng"}
LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a kind of feedback may take, from the day it came; 0 asks for no acceptance."""

    kind: str
    label: str
    accept: int
    answer: int
    unit: str
    source: str
    verified: str

    @property
    def words(self) -> str:
        """Return the limit in words."""
        day = "ngày làm việc" if self.unit == "working" else "ngày"
        first = f"thụ lý trong {self.accept} {day}, " if self.accept else ""
        return f"{first}trả lời trong {self.answer} {day}"


def read_limits(shipped: Mapping[str, Mapping[str, Any]]) -> dict[str, Limit]:
    """Return the shipped limits by kind. Raises ValueError for an unknown unit."""
    found = {}
    for kind, one in shipped.items():
        if one["unit"] not in {"working", "calendar"}:
            raise ValueError(f"unknown unit of a limit: {one['unit']}")
        found[kind] = Limit(kind, one["label"], one["accept"], one["answer"], one["unit"],
                            one["source"], one["verified"])  # fmt: skip
    return found


UNIT_NAMES: dict[str, str] = {"working": "ngày làm việc", "calendar": "ngày liên tục"}
MOST_DAYS = 365


def decide_limit(
    shipped: Limit | None, *, accept: int, answer: int, unit: str, source: str
) -> Decision:
    """Decide whether an agency may give a kind of feedback so long, on a ground that it names.

    Where the law asks for acceptance first, a limit for it stays.
    """
    if shipped is None:
        return Refused("kind_missing", "Hãy chọn loại phản hồi.", field="kind")
    if unit not in UNIT_NAMES:
        return Refused("unit_missing", "Hãy chọn cách tính ngày.", field="unit")
    if not 1 <= answer <= MOST_DAYS:
        return Refused("answer_bounds", f"Hạn trả lời từ 1 đến {MOST_DAYS} ngày.", field="answer")
    if not (1 if shipped.accept else 0) <= accept <= answer:
        least = "từ 1 ngày" if shipped.accept else "từ 0"
        return Refused(
            "accept_bounds", f"Hạn thụ lý {least} đến không quá hạn trả lời.", field="accept"
        )
    if len(clean(source)) < LEAST_WORDS:
        return Refused(
            "source_missing", "Ghi căn cứ: văn bản, quy chế quy định thời hạn này.", field="source"
        )
    return ALLOWED


@dataclass(frozen=True, slots=True)
class Facts:
    """A piece of feedback as far as rules need it."""

    state: str
    owner_id: int | None
    needs_acceptance: bool


def next_state(facts: Facts, move: str) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = LIFE.get((facts.state, move))
    if found is None:
        return Refused(
            "feedback_state",
            f"Phản hồi này ở trạng thái “{STATE_NAMES.get(facts.state, facts.state)}” nên chưa "
            f"“{MOVE_NAMES.get(move, move)}” được. Hãy tải lại trang.",
        )
    if move == ANSWER and facts.state == RECEIVED and facts.needs_acceptance:
        return Refused(
            "accept_first", "Loại này phải thụ lý trước rồi mới trả lời.", "Luật Khiếu nại 2011"
        )
    return found


def decide_open(*, kind: str, channel: str, title: str, received_on: date, today: date, kinds: Mapping[str, Limit]) -> Decision:  # fmt: skip
    """Decide whether feedback may be written into the register as told."""
    if kind not in kinds:
        return Refused("kind_missing", "Hãy chọn loại phản hồi.", field="kind")
    if channel not in CHANNEL_NAMES:
        return Refused("channel_missing", "Hãy chọn cách gửi.", field="channel")
    if len(clean(title)) < LEAST_WORDS:
        return Refused("title_missing", "Hãy tóm tắt nội dung bằng một câu.", field="title")
    if received_on > today:
        return Refused("received_later", "Ngày nhận không thể sau hôm nay.", field="received_on")
    return ALLOWED


def decide_move(actor: Actor, facts: Facts, move: str, *, words: str = "", field: str = "reason") -> Decision:  # fmt: skip
    """Decide whether the actor may take a step: who handles it, or who answers feedback at all.

    Refusing, answering, withdrawing and erasing are said in words.
    """
    if facts.owner_id != actor.person_id and not may(actor, "feedback.answer"):
        return Refused(
            "not_the_handler", "Chỉ người được giao hoặc bộ phận tiếp nhận mới ghi được."
        )
    moved = next_state(facts, move)
    if isinstance(moved, Refused):
        return moved
    if move in {REFUSE, ANSWER, WITHDRAW, ERASE} and len(clean(words)) < LEAST_WORDS:
        return Refused("words_missing", "Hãy ghi bằng một câu.", field=field)
    return ALLOWED


def headline(*, open_count: int, late: int) -> str:
    """Return the register's answer in words."""
    if not open_count:
        return "Không phản hồi nào đang chờ xử lý"
    text = f"{open_count} phản hồi đang chờ xử lý"
    return f"{text}, {late} đã quá hạn" if late else text
