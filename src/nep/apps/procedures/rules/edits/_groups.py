"""Edits of groups of steps: rows put under one name, the name, the group given up."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._graph import with_process
from nep.apps.procedures.rules.edits._ground import Answer, Edit, label
from nep.apps.procedures.rules.grouping import enclosed, opened
from nep.apps.procedures.rules.table import GROUP, Step
from nep.bpmn import Process
from nep.kernel.decisions import Refused

_OPEN = Refused(
    "group_open",
    "Chỉ gộp được các bước liền nhau có một đường vào và một đường ra. Hãy chọn thêm hoặc bớt bước.",
    field="last",
)
_HELD = Refused(
    "group_held",
    "Nhóm này có việc xen vào cả nhóm hoặc cách kết thúc riêng. Hãy bỏ những việc ấy trước.",
)


def group_make(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Put the rows from this one to the row `last` under one name; they begin and end as one."""
    table, name = draft.table, edit.text("name")[:400]
    first, last = table.index(step.id) or 0, table.index(edit.text("last"))
    if not name:
        return Refused("group_name", "Hãy ghi tên nhóm.", field="name")
    if last is None or last < first:
        return Refused("group_last", "Hãy chọn bước cuối của nhóm.", field="last")
    rows = table.steps[first : last + 1]
    if any(row.parent for row in rows):
        return Refused("group_inside", "Có bước đã ở trong nhóm khác. Hãy bỏ nhóm ấy trước.")
    made = enclosed(draft.process, {row.id for row in rows}, f"nhom-{step.id}", name)
    text = f"gộp {label(table, rows[0])} đến {label(table, rows[-1])} thành nhóm “{name}”"
    return _with(draft, made, text) if made is not None else _OPEN


def group_name(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Call a group, or the one that a row stands in, otherwise."""
    name, process, group = edit.text("name")[:400], draft.process, _named(step)
    if not name:
        return Refused("group_name", "Hãy ghi tên nhóm.", field="name")
    if not group:
        return Refused("group_gone", "Bước này không còn ở trong nhóm. Hãy tải lại trang.")
    nodes = tuple(replace(n, name=name) if n.id == group else n for n in process.nodes)
    return _with(draft, replace(process, nodes=nodes), f"đặt tên nhóm “{name}”")


def group_drop(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Give up a group, or the one that a row stands in; its rows stand where the group stood."""
    if not _named(step):
        return Refused("group_gone", "Bước này không còn ở trong nhóm. Hãy tải lại trang.")
    group = next(node for node in draft.process.nodes if node.id == _named(step))
    made = opened(draft.process, group)
    return _with(draft, made, f"bỏ nhóm “{group.name}”") if made is not None else _HELD


def _named(step: Step) -> str:
    """Return the group that an edit is about."""
    return step.id if step.kind == GROUP else step.parent


def _with(draft: Draft, process: Process, text: str) -> Answer:
    return with_process(draft, process, text, refused=_OPEN)
