"""What a drawn event or message must still say before a table can hold it."""

from nep.apps.procedures.rules.other_rows import LONGEST, MESSAGE
from nep.bpmn import Process, Reading
from nep.bpmn.model import title
from nep.kernel.decisions import Refused


def refused_message(reading: Reading, before: Process) -> Refused | None:
    """Return why a message that was drawn or changed cannot stay, or None.

    Its name is what two systems agree on, so none is made up for it. Code: `message_name`.
    """
    known = {node.id: node.trigger for node in before.nodes}
    guessed = {one.element for one in reading.warnings if one.code == "event_named"}
    for node in reading.process.nodes if reading.process is not None else ():
        trigger = node.trigger
        if trigger is None or trigger.kind != MESSAGE or known.get(node.id) == trigger:
            continue
        name = trigger.name
        if node.id in guessed or len(name) > LONGEST or "“" in name or "”" in name:
            return Refused(
                "message_name",
                f"Hãy ghi tên thông điệp của {title(node)} ở ô bên phải, tối đa {LONGEST} chữ, "
                "không có ngoặc kép; hai hệ thống gọi nó bằng cùng tên ấy.",
                field=node.id[:80],
            )
    return None
