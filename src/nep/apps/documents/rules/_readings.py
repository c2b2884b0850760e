"""Proof of reading: who still has to, when it is due, what counts as understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused

SEEN, DOWNLOADED, PRINTED = "seen", "downloaded", "printed"
ACCESS_NAMES: dict[str, str] = {SEEN: "Mở xem", DOWNLOADED: "Tải xuống", PRINTED: "In"}
# No text fixes the days; the agency sets its own.
READING_DAYS = 5
READING_MARK = "theo hiểu biết, cần đối chiếu"
REMIND_DAYS_BEFORE = 2
SEEN_AGAIN_AFTER = timedelta(minutes=15)
QUESTIONS = 3

READ_REPLACED = "Đã có bản mới thay thế"
READ_NOT_REACHED = "Không còn trong danh sách phân phối"
READ_LEFT = "Không còn làm việc ở cơ quan"
READ_WITHDRAWN = "Tài liệu đã hết hiệu lực"
READ_HANDED_BACK = "Đã bàn giao khi thôi việc"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the rules see it: how many options, which one is right (from 0)."""

    id: int
    options: int
    right: int


def decide_acknowledge(*, is_mine: bool, is_done: bool, end_reason: str) -> Decision:
    """Decide whether a person may state to have read and understood a revision."""
    if not is_mine:
        return Refused("reading_not_mine", "Chỉ người được giao đọc mới xác nhận được phần mình.")
    if is_done:
        return Refused("reading_done", "Bạn đã xác nhận đọc bản này rồi.")
    if end_reason:
        return Refused("reading_ended", f"Việc đọc này đã kết thúc: {end_reason.lower()}.")
    return ALLOWED


def decide_reading_term(days: int) -> Decision:
    """Decide whether people of an agency may have so many working days to read."""
    if 1 <= days <= 60:
        return ALLOWED
    return Refused("days_range", "Thời hạn đọc từ 1 đến 60 ngày làm việc.", field="days")


def wrong_answers(questions: Sequence[Asked], answers: Mapping[int, int | None]) -> frozenset[int]:
    """Return the ids of the questions that were answered wrongly or not at all."""
    return frozenset(one.id for one in questions if answers.get(one.id) != one.right)


def decide_question(
    *, text: str, options: Sequence[str], right: int, known: int, is_new: bool
) -> Decision:
    """Decide whether a question can stand as written; `known` questions stand already."""
    if is_new and known >= QUESTIONS:
        return Refused("questions_full", "Mỗi bản có nhiều nhất 3 câu hỏi.")
    if len(text) < 10:
        return Refused("question_short", "Hãy ghi trọn câu hỏi.", field="text")
    if not 2 <= len(options) <= 5:
        return Refused(
            "options_count", "Mỗi câu cần từ 2 đến 5 phương án, mỗi phương án một dòng.",
            field="options",
        )  # fmt: skip
    if len(set(options)) != len(options):
        return Refused("options_double", "Có hai phương án giống nhau.", field="options")
    if not 0 <= right < len(options):
        return Refused(
            "option_right", "Hãy ghi phương án đúng là phương án thứ mấy.", field="right"
        )
    return ALLOWED


def reminder_text(*, count: int, late: int) -> str:
    """Return the one line behind the bell about everything a person still has to read."""
    text = f"Bạn còn {count} tài liệu cần đọc và xác nhận"
    return f"{text}, {late} tài liệu đã quá hạn" if late else text


def may_follow_readers(actor: Actor, *, owner_unit_id: int | None) -> Decision:
    """Decide whether the actor may see by name who has read or opened a document.

    Managers of documents, leaders, the representative for quality and the head of the owner unit.
    """
    if may(actor, "document.manage") or actor.roles & {"leader", "qmr"}:
        return ALLOWED
    heads = {hat.unit_id for hat in actor.hats if hat.role == "unit_head"}
    if owner_unit_id is not None and owner_unit_id in heads:
        return ALLOWED
    return Refused(
        "readers_unseen",
        "Danh sách người đọc chỉ hiện với lãnh đạo, trưởng đơn vị chủ trì và thư ký ISO.",
    )
