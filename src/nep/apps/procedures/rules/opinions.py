"""Steps asked of several units or people: the words, what is typed, and the words read back."""

import re

from nep.bpmn import ConditionError, Instances, parse_condition

TOGETHER, IN_TURN = "together", "in_turn"
WAYS: dict[str, str] = {
    TOGETHER: "hỏi nhiều nơi cùng lúc",
    IN_TURN: "hỏi lần lượt từng nơi",
}
MOST_ENOUGH = 60
_ENOUGH = re.compile(r"done >= (\d+)").fullmatch
_CHOSEN = "hoi_"
_READ = re.compile(
    rf"(?P<way>{'|'.join(WAYS.values())})(?:, (?P<count>\d{{1,3}}) nơi)?"
    r"(?:, nơi được hỏi (?:chọn khi xong bước trước|ghi ở ô \((?P<over>[a-z_]\w{0,60})\)))?"
    r"(?:, đủ (?P<enough>\d{1,3}) ý kiến thì đi tiếp|, đến khi (?P<until>.{1,1600}))?"
).fullmatch


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


def asked_field(step_id: str) -> str:
    """Return the field of the case that keeps whom a step asks."""
    return f"{_CHOSEN}{''.join(c if c.isalnum() else '_' for c in step_id)}"


def asked_printed(asked: Instances | None) -> str:
    """Return how a step asks and whom, as the paper prints it."""
    said = asked_said(asked)
    if asked is None or not asked.over:
        return said
    whom = "chọn khi xong bước trước"
    if not asked.over.startswith(_CHOSEN):
        whom = f"ghi ở ô ({asked.over})"
    head = WAYS[way_of(asked)] + (f", {asked.count} nơi" if asked.count is not None else "")
    return f"{head}, nơi được hỏi {whom}{said.removeprefix(head)}"


def asked_read(said: str, step_id: str) -> Instances | None:
    """Return what words of `asked_printed` say of a step, None for other words."""
    found = _READ(said)
    if found is None:
        return None
    until = f"done >= {int(found['enough'])}" if found["enough"] else found["until"] or ""
    try:
        if until:
            parse_condition(until)
    except ConditionError:
        return None
    count = int(found["count"]) if found["count"] else None
    over = found["over"] or ("" if "nơi được hỏi" not in said else asked_field(step_id))
    if count is None and not over:
        return None
    sequential = found["way"] == WAYS[IN_TURN]
    return Instances(over=over, count=count, sequential=sequential, until=until)
