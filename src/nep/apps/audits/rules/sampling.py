"""A sample that anybody can draw again: the same seed and the same cases give the same sample."""

import hashlib
from collections.abc import Iterable

from nep.kernel.decisions import ALLOWED, Decision, Refused

MOST = 30
LEAST_WORDS = 5


def draw(seed: str, keys: Iterable[int], size: int) -> tuple[int, ...]:
    """Return `size` keys, those whose SHA-256 of "seed:key" is smallest, in that order.

    Neither the order of the keys nor the machine matters, and adding a case that is not drawn
    changes nothing.
    """
    ordered = sorted(set(keys), key=lambda key: (_mark(seed, key), key))
    return tuple(ordered[:size])


def _mark(seed: str, key: int) -> str:
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def decide_draw(*, population: int, size: int, drawn_before: bool, reason: str) -> Decision:
    """Decide whether a sample may be drawn: a second one of the same session says why."""
    if not 1 <= size <= MOST:
        return Refused("sample_size", f"Mỗi lần rút từ 1 đến {MOST} hồ sơ.", field="size")
    if not population:
        return Refused(
            "sample_empty", "Không có hồ sơ nào đã xong trong khoảng này. Hãy chọn khoảng dài hơn."
        )
    if drawn_before and len(reason.strip()) < LEAST_WORDS:
        return Refused(
            "redraw_reason", "Đã rút mẫu cho phiên này. Rút lại thì ghi lý do.", field="reason"
        )
    return ALLOWED
