"""What a drawn event or message must still say before a table can hold it."""

from nep.apps.procedures.rules.events import ERROR
from nep.apps.procedures.rules.other_rows import LONGEST, MESSAGE
from nep.bpmn import Node, Process, Reading
from nep.kernel.decisions import Refused

_SAID = {
    "start": "điểm bắt đầu", "end": "điểm kết thúc", "error_end": "điểm kết thúc vì trở ngại",
    "send": "chỗ gửi thông tin", "throw": "chỗ gửi thông tin", "boundary": "điều xen vào",
}  # fmt: skip


def refused_name(reading: Reading, before: Process) -> Refused | None:
    """Return why a message or a trouble that was drawn or changed cannot stay, or None.

    A message's name is what two systems agree on, a trouble's what is reported, caught and counted,
    so none is made up for them; a trouble that ends the procedure may be called as its end.
    Codes: `message_name`, `error_name`.
    """
    known = {node.id: node.trigger for node in before.nodes}
    guessed = {one.element for one in reading.warnings if one.code == "event_named"}
    for node in reading.process.nodes if reading.process is not None else ():
        trigger = node.trigger
        if trigger is None or known.get(node.id) == trigger:
            continue
        is_made_up = node.id in guessed
        if trigger.kind == MESSAGE and (is_made_up or _is_unfit(trigger.name)):
            return Refused(
                "message_name",
                f"Hãy ghi tên thông điệp của {_called(node)} ở ô bên phải, tối đa {LONGEST} chữ, "
                "không có ngoặc kép; hai hệ thống gọi nó bằng cùng tên ấy.",
                field=node.id[:80],
            )
        if trigger.kind == ERROR and ((is_made_up and not node.name) or _is_unfit(trigger.name)):
            return Refused(
                "error_name",
                f"Hãy ghi tên trở ngại của {_called(node)} ở ô bên phải, tối đa {LONGEST} chữ, "
                "không có ngoặc kép.",
                field=node.id[:80],
            )
    return None


def _is_unfit(name: str) -> bool:
    return len(name) > LONGEST or "“" in name or "”" in name


def _called(node: Node) -> str:
    """Return how a sentence names a node; one without a name by its kind."""
    return f"“{node.name}”" if node.name else f"{_SAID.get(node.kind, 'chỗ chờ')} chưa đặt tên"
