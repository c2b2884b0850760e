"""What the public is told, in words that need no knowledge of the office."""

import hashlib
from datetime import timedelta

from nep.kernel.decisions import ALLOWED, Decision, Refused

WINDOW = timedelta(minutes=10)
WRITES = 10  # ratings and reports that one address may send within the window
STAGES = ("Đã nhận", "Đang giải quyết", "Có kết quả", "Đã trả")
_STAGE_PLACE = {
    "received": 0,
    "processing": 1,
    "supplement": 1,
    "done": 2,
    "refused": 2,
    "returned": 3,
}
TODO: dict[str, str] = {
    "received": "Ông/Bà không phải làm gì thêm lúc này.",
    "processing": "Ông/Bà không phải làm gì thêm lúc này.",
    "waiting": "Ông/Bà cần bổ sung giấy tờ theo phiếu yêu cầu đã nhận, rồi nộp tại nơi tiếp nhận.",
    "supplement": "Ông/Bà cần bổ sung giấy tờ theo phiếu yêu cầu đã nhận, rồi nộp tại nơi tiếp nhận.",
    "done": "Mời Ông/Bà đến nhận kết quả, mang theo giấy hẹn.",
    "refused": "Cơ quan từ chối giải quyết bằng văn bản có nêu lý do. Mời Ông/Bà đến nhận văn bản ấy.",
    "returned": "Hồ sơ đã hoàn tất.",
    "stopped": "Hồ sơ đã dừng. Muốn biết lý do, Ông/Bà liên hệ nơi tiếp nhận.",
}


def stage_place(stage: str) -> int | None:
    """Return which of the four public stages a case is at, from 0; None for one that has none: it
    was never accepted, or it was stopped."""
    return _STAGE_PLACE.get(stage)


def address_key(address: str, *, secret: str) -> str:
    """Return what look-ups of an address are counted under; the address cannot be read back."""
    return hashlib.sha256(f"{secret}\n{address}".encode()).hexdigest()


def decide_lookup(*, count: int, limit: int) -> Decision:
    """Decide whether an address may look up once more within its window.

    `limit` leaves room for a family at one counter that looks many receipts up; a guesser needs
    more.
    """
    if count <= limit:
        return ALLOWED
    return Refused(
        "too_many_lookups",
        "Ông/Bà đã tra cứu nhiều lần trong ít phút. Xin thử lại sau 10 phút, hoặc gọi nơi tiếp nhận.",
    )
