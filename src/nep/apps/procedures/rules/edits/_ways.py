"""Edits of the ways out of a step: branches, the loop for supplement, side by side."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import (
    Answer,
    Edit,
    bound_typed,
    label,
    put,
    typed_condition,
    with_steps,
)
from nep.apps.procedures.rules.edits._threads import apart, beside_wired, thread_out
from nep.apps.procedures.rules.edits._wired import (
    bounded,
    branch_dropped,
    branch_written,
    choice_named,
    way_changed,
)
from nep.apps.procedures.rules.table import NEXT, Branch, Step, Table, is_end, to_process
from nep.bpmn import Flow, check_structure
from nep.kernel.decisions import Refused


def step_after(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Choose where a step leads when no branch is taken."""
    target = edit.values.get("target", NEXT)
    refused = _bad_target(draft.table, target, allow_next=True)
    if refused is not None:
        return refused
    if target == step.id:
        return Refused("target_self", "Sau một bước không thể là chính bước đó.", field="target")
    bound = bound_typed(edit) if draft.table.step(target) is not None else None
    if isinstance(bound, Refused):
        return bound
    name = edit.text("default_name")[:120] or step.default_name
    text = f"đổi đường đi sau {label(draft.table, step)}"
    if draft.table.wiring is not None:
        return way_changed(draft, step, target, name, bound, text)
    answer = put(draft, replace(step, after=target, default_name=name), text)
    return answer if bound is None or isinstance(answer, Refused) else bounded(answer, step, bound)


def branch_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Add a branch, or change the one named by `branch`."""
    if step.group:
        return Refused(
            "branch_in_group",
            "Bước làm song song không rẽ nhánh được. Hãy tách nó khỏi nhóm trước.",
        )
    known = next((one for one in step.branches if one.id == edit.values.get("branch")), None)
    target, name = edit.values.get("target", ""), edit.text("name")[:120]
    refused = _bad_target(draft.table, target, allow_next=False)
    if refused is not None:
        return refused
    if not name:
        return Refused("branch_name", "Hãy ghi tên nhánh, ví dụ “Không đạt”.", field="name")
    if not step.is_task and not edit.text("condition"):
        return Refused(
            "branch_chosen",
            f"{label(draft.table, step).capitalize()} không có người chọn, nhánh phải có điều kiện.",
            field="condition",
        )
    bound = bound_typed(edit)
    if isinstance(bound, Refused):
        return bound
    branch = Branch(
        id=known.id if known else _branch_id(step),
        target=target,
        name=name,
        condition=typed_condition(draft, edit.text("condition")[:400]),
        supplement=bool(edit.values.get("supplement")),
        bound=None if edit.values.get("supplement") else bound,
    )
    verb = "sửa nhánh" if known else "thêm nhánh"
    text = f"{verb} “{name}” ở {label(draft.table, step)}"
    if draft.table.wiring is not None:
        return _wired_branch(draft, step, branch, known, text)
    if known:
        branches = tuple(branch if one is known else one for one in step.branches)
    else:
        branches = (*step.branches, branch)
    changed = replace(step, branches=branches)
    refused = _bad_condition(draft, changed, branch)
    if refused is not None:
        return refused
    return put(draft, changed, text)


def _wired_branch(
    draft: Draft, step: Step, branch: Branch, known: Branch | None, text: str
) -> Answer:
    flow = Flow(branch.id, "", "", branch.name, branch.condition, branch.supplement, branch.bound)
    answer = branch_written(draft, step, flow, known.id if known else None, branch.target, text)
    if isinstance(answer, Refused):
        return answer
    for reason in check_structure(answer.draft.process):
        if reason.code == "condition_syntax" and branch.condition:
            return Refused("condition_unreadable", reason.message, field="condition")
    return answer


def _bad_target(table: Table, target: str, *, allow_next: bool) -> Refused | None:
    if is_end(target) or table.step(target) or (allow_next and target == NEXT):
        return None
    return Refused("target_missing", "Hãy chọn bước mà nhánh dẫn tới.", field="target")


def _bad_condition(draft: Draft, step: Step, branch: Branch) -> Refused | None:
    """Refuse a condition that the engine's language cannot read."""
    steps = tuple(step if one.id == step.id else one for one in draft.table.steps)
    process = to_process(replace(draft.table, steps=steps))
    for reason in check_structure(process):
        if reason.element == branch.id and branch.condition:
            return Refused("condition_unreadable", reason.message, field="condition")
    return None


def _branch_id(step: Step) -> str:
    used = {branch.id for branch in step.branches}
    place = 1
    while f"{step.id}-n{place}" in used:
        place += 1
    return f"{step.id}-n{place}"


def branch_remove(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Remove a branch."""
    kept = tuple(one for one in step.branches if one.id != edit.values.get("branch"))
    if len(kept) == len(step.branches):
        return Refused("branch_gone", "Nhánh này không còn. Hãy tải lại trang.")
    text = f"bỏ một nhánh ở {label(draft.table, step)}"
    if draft.table.wiring is not None:
        return branch_dropped(draft, edit.values["branch"], text)
    return put(draft, replace(step, branches=kept), text)


def question_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Say in words what is decided where a step branches."""
    if not step.branches:
        return Refused("branch_gone", "Bước này chưa rẽ nhánh. Hãy thêm nhánh trước.")
    name = edit.text("name")[:120]
    text = f"đặt tên chỗ rẽ sau {label(draft.table, step)}"
    if draft.table.wiring is not None:
        return choice_named(draft, step, name, text)
    return put(draft, replace(step, question=name), text)


def supplement_add(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Add the loop "return for supplement", by default back to the first step."""
    if any(branch.supplement for branch in step.branches):
        return Refused("supplement_exists", "Bước này đã có vòng yêu cầu bổ sung.")
    target = edit.values.get("target") or draft.table.steps[0].id
    values = {
        "target": target,
        "name": edit.text("name") or "Thiếu thành phần",
        "supplement": "1",
    }
    return branch_put(draft, step, Edit(do="branch_put", step=step.id, values=values))


def parallel_join(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let a step run side by side with the row above."""
    table = draft.table
    at = table.steps.index(step)
    if at == 0:
        return Refused("parallel_first", "Bước đầu tiên không có bước trên để làm song song.")
    if table.wiring is not None:
        return beside_wired(draft, step)
    above = table.steps[at - 1]
    if above.branches or step.branches:
        return Refused(
            "parallel_branches", "Bước có nhánh không làm song song được. Hãy bỏ nhánh trước."
        )
    if above.after not in (NEXT, step.id):
        return apart(draft, step)
    group = above.group or f"s{above.id}"
    led = {one.id for one in table.steps if one.group == group} | {above.id}
    steps = tuple(
        replace(one, group=group, after=NEXT if one is above or one.after in led else one.after)
        if one in (above, step)
        else one
        for one in table.steps
    )
    return with_steps(draft, steps, f"cho {label(table, step)} làm song song với bước trên")


def parallel_leave(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Take a step out of its side-by-side group."""
    if draft.table.wiring is not None:
        return thread_out(draft, step, edit)
    text = f"tách {label(draft.table, step)} khỏi nhóm song song"
    steps = tuple(replace(one, group="") if one is step else one for one in draft.table.steps)
    return with_steps(draft, steps, text)
