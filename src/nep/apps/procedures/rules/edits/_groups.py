"""Edits of groups of steps: rows put under one name, the name, the group given up."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._graph import with_process
from nep.apps.procedures.rules.edits._ground import Answer, Edit, label
from nep.apps.procedures.rules.grouping import enclosed, opened
from nep.apps.procedures.rules.other_rows import groups_around
from nep.apps.procedures.rules.table import GROUP, Step, Table
from nep.bpmn import Process, prove_soundness
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
    around = groups_around(table)
    inside = [row for row, groups in around.items() if step in groups]
    first = table.index(inside[0] if inside else step.id) or 0
    last = table.index(edit.text("last"))
    if not name:
        return Refused("group_name", "Hãy ghi tên nhóm.", field="name")
    if last is None or last < first:
        return Refused("group_last", "Hãy chọn bước cuối của nhóm.", field="last")
    rows = table.steps[first : last + 1]
    units = _units(table, rows, step.parent)
    if units is None:
        return Refused(
            "group_inside", "Các bước này đã là một nhóm, hoặc thuộc nhóm khác nhau. Hãy chọn cả nhóm cùng bước khác.",
            field="last",
        )  # fmt: skip
    made = enclosed(draft.process, units, f"nhom-{rows[0].id}", name)
    text = f"gộp {label(table, rows[0])} đến {label(table, rows[-1])} thành nhóm “{name}”"
    return _framed(draft, made, text, "Gộp như vậy") if made is not None else _OPEN


def _units(table: Table, rows: tuple[Step, ...], scope: str) -> set[str] | None:
    """Return the rows and whole groups of one scope that some rows are, or None.

    That is where a group is torn, or where a group of just these rows is there already.
    """
    around = {row: [one.id for one in groups] for row, groups in groups_around(table).items()}
    units: set[str] = set()
    for row in rows:
        line = [*around.get(row.id, []), row.id]
        if scope and scope not in line:
            return None
        units.add(line[line.index(scope) + 1 if scope else 0])
    chosen = {row.id for row in rows}
    lines = {step.id: {*around.get(step.id, []), step.id} for step in table.steps}
    held = {row for row, line in lines.items() if units & line}
    groups = {group for line in around.values() for group in line}
    same = any(held == {row for row, line in lines.items() if one in line} for one in groups)
    return units if held == chosen and not same else None


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
    text = f"bỏ nhóm “{group.name}”"
    return _framed(draft, made, text, "Bỏ nhóm này") if made is not None else _HELD


def _named(step: Step) -> str:
    """Return the group that an edit is about."""
    return step.id if step.kind == GROUP else step.parent


def _with(draft: Draft, process: Process, text: str) -> Answer:
    return with_process(draft, process, text, refused=_OPEN)


def _framed(draft: Draft, process: Process, text: str, act: str) -> Answer:
    """Return the draft with a frame more or less, refused where every run ended before and not after.

    A group waits for all that was opened within it; rows without it do not, and the other way round.
    """
    answer = _with(draft, process, text)
    if isinstance(answer, Refused):
        return answer
    proof = prove_soundness(answer.draft.process)
    if proof.sound or not prove_soundness(draft.process).sound:
        return answer
    why = proof.reasons[0].message
    return Refused("group_unsound", f"{act} thì quy trình không chạy đúng nữa: {why}")
