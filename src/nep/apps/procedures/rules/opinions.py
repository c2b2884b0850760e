"""Steps asked of several units or people: the words, and what is typed."""

import re

from nep.bpmn import Instances

TOGETHER, IN_TURN = "together", "in_turn"
WAYS: dict[str, str] = {
    TOGETHER: "hỏi nhiều nơi cùng lúc",
    IN_TURN: "hỏi lần lượt từng nơi",
}
MOST_ENOUGH = 60
_ENOUGH = re.compile(r"done >= (\d+)").fullmatch


def way_of(asked: Instances | None) -> str:
    """Return how a step asks: TOGETHER, IN_TURN, or nothing."""
    if asked is None:
        return ""
    return IN_TURN if asked.sequential else TOGETHER


def enough_of(asked: Instances | None) -> str:
    """Return after how many opinions a step goes on, as typed; nothing where all are waited for."""
    found = _ENOUGH(asked.until) if asked is not None else None
    return found[1] if found else ""


def asked_said(asked: Instances | None) -> str:
    """Return how a step asks in words: "hỏi nhiều nơi cùng lúc, đủ 2 ý kiến thì đi tiếp"."""
    if asked is None:
        return ""
    said = WAYS[way_of(asked)]
    if asked.count is not None:
        said += f", {asked.count} nơi"
    if enough := enough_of(asked):
        return f"{said}, đủ {enough} ý kiến thì đi tiếp"
    if asked.until:
        return f"{said}, đến khi {asked.until}"
    return said
