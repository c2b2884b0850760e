"""A due date for the command line: text in, the agreed shape out."""

from collections.abc import Sequence
from datetime import datetime

from nep.kernel.vietnamese import local
from nep.worktime.calendar import Calendar
from nep.worktime.deadlines import Amount
from nep.worktime.model import Pause
from nep.worktime.words import explain


def parse_moment(text: str) -> datetime:
    """Read an ISO moment; one without offset is Vietnam's time. Raises ValueError."""
    return local(datetime.fromisoformat(text.strip()))


def parse_pause(text: str) -> Pause:
    """Read "FROM/TO" (an empty TO is an open pause) as a stopping pause. Raises ValueError."""
    start, slash, end = text.partition("/")
    if not slash:
        raise ValueError("khoảng tạm dừng ghi dạng TỪ/ĐẾN")
    pause = Pause(
        "supplement", "stop", parse_moment(start), parse_moment(end) if end.strip() else None
    )
    if pause.end is not None and pause.end < pause.start:
        raise ValueError("khoảng tạm dừng kết thúc trước khi bắt đầu")
    return pause


def deadline_report(
    *,
    calendar: Calendar,
    received_at: datetime,
    amount: Amount,
    unit: str,
    pauses: Sequence[Pause] = (),
) -> dict:
    """Return {due_at, explanation, ledger}; due_at is ISO text with its offset, or None."""
    told = explain(
        calendar=calendar, received_at=received_at, amount=amount, unit=unit, pauses=pauses
    )
    return {
        "due_at": told.due_at.isoformat() if told.due_at else None,
        "explanation": told.sentence,
        "ledger": [
            {"label": row.label, "value": row.value, "detail": row.detail} for row in told.ledger
        ],
    }
