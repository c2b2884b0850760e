"""A reader asks back: what may be asked, whom it goes to, who answers."""

from collections.abc import Collection
from datetime import datetime

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused

# No text fixes the days or the number; they keep an author from being flooded.
ANSWER_DAYS = 3
OPEN_INQUIRIES = 3


def decide_inquiry(*, text: str, is_author: bool, open_ones: int) -> Decision:
    """Decide whether a person may ask the author of a revision something."""
    if is_author:
        return Refused("inquiry_own", "Bạn là người soạn bản này nên không cần hỏi lại chính mình.")
    if not text:
        return Refused("inquiry_empty", "Hãy ghi điều bạn muốn hỏi.", field="text")
    if open_ones >= OPEN_INQUIRIES:
        return Refused(
            "inquiry_many",
            f"Bạn đang có {open_ones} câu hỏi chưa được trả lời về bản này. Hãy chờ trả lời rồi hỏi "
            "tiếp.",
            field="text",
        )
    return ALLOWED


def decide_answerer(
    actor: Actor, *, asked_of: Collection[int], authors: Collection[int]
) -> Decision:
    """Decide whether a person answers: whom it was put to, an author, who manages documents."""
    if actor.person_id in asked_of or actor.person_id in authors:
        return ALLOWED
    if may(actor, "document.manage"):
        return ALLOWED
    return Refused(
        "inquiry_not_yours",
        "Người soạn bản này hoặc người quản lý tài liệu mới trả lời được câu hỏi.",
    )


def decide_unanswered(answered_at: datetime | None) -> Decision:
    """Decide whether a question still waits for its answer."""
    if answered_at is None:
        return ALLOWED
    return Refused("inquiry_answered", "Câu hỏi này đã được trả lời. Hãy tải lại trang để xem.")


def decide_reply(text: str) -> Decision:
    """Decide whether something is an answer at all."""
    return ALLOWED if text else Refused("answer_empty", "Hãy ghi câu trả lời.", field="answer")


def answerer(
    *,
    authors: Collection[int],
    unit_heads: Collection[int],
    managers: Collection[int],
    present: Collection[int],
) -> int | None:
    """Return whom a question goes to: who drafted it while still here, else the unit, else ISO."""
    every = [*authors, *unit_heads, *managers]
    return next((one for one in every if one in present), None)
