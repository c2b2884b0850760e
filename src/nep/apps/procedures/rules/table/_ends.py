"""How a process ends besides its plain end, written as targets of ways: in trouble, with a message, at once.

A target is "ket-thuc:loi:<trouble>", "ket-thuc:gui:<message>" or "ket-thuc:ngay"; no row is named so,
since names of rows hold no colon. Its end in the graph is named after what it says.
"""

from hashlib import sha256

from nep.apps.procedures.rules.table._model import END
from nep.bpmn import Node, Trigger

TROUBLE, SENDING, AT_ONCE = f"{END}:loi:", f"{END}:gui:", f"{END}:ngay"
ENDS = frozenset({"end", "terminate", "error_end"})
_NAMES = {TROUBLE: "Trở ngại", AT_ONCE: "Kết thúc ngay"}


def is_end(target: str) -> bool:
    """Say whether a target is an end of the process, plain or not."""
    if target in (END, AT_ONCE) or target.startswith(TROUBLE):
        return True
    return target.startswith(SENDING) and target != SENDING


def end_of(target: str, parent: str = "") -> Node:
    """Return the end that a target stands for, except the plain one."""
    name = f"{END}-{sha256(f'{parent} {target}'.encode()).hexdigest()[:10]}"
    if target == AT_ONCE:
        return Node(name, "terminate", _NAMES[AT_ONCE], parent=parent)
    way, kind, raised = (
        (TROUBLE, "error_end", "error")
        if target.startswith(TROUBLE)
        else (SENDING, "end", "message")
    )
    said = target.removeprefix(way)
    return Node(name, kind, said or _NAMES[way], parent=parent, trigger=Trigger(raised, name=said))


def target_of(node: Node) -> str:
    """Return the target that stands for an end of a graph, END for a plain one."""
    if node.kind == "terminate":
        return AT_ONCE
    named = node.trigger.name if node.trigger is not None else ""
    if node.kind == "error_end":
        return TROUBLE + named
    return SENDING + named if named else END
