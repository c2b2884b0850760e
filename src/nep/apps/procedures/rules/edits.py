"""Every change a person can make to a draft, as pure functions.

`apply(draft, edit)` answers with the changed draft and one sentence that says what changed, or
with a refusal. Values are the words typed into the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from nep.apps.procedures.rules.draft import POLICY_NAMES, Draft
from nep.apps.procedures.rules.table import (
    END,
    NEXT,
    Branch,
    Step,
    Table,
    new_step_id,
    to_process,
)
from nep.apps.procedures.rules.wording import OUTSIDE, UNIT_NAMES, amount_text, limit_text
from nep.bpmn import Limit, check_structure
from nep.kernel.decisions import Refused
from nep.kernel.text import clean, clean_lines, fold
from nep.kernel.vietnamese import parse_number

MAX_STEPS = 200


@dataclass(frozen=True, slots=True)
class Edit:
    """What to do, to which step, with which typed values."""

    do: str
    step: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a typed value on one line, without surplus blanks."""
        return clean(self.values.get(name, ""))


@dataclass(frozen=True, slots=True)
class Changed:
    """The draft after an edit, and what was done in words."""

    draft: Draft
    text: str


Answer = Changed | Refused
StepChange = Callable[[Draft, Step, Edit], Answer]


def apply(draft: Draft, edit: Edit) -> Answer:
    """Return the draft after an edit, or why it cannot be done."""
    whole = _WHOLE.get(edit.do)
    if whole is not None:
        return whole(draft, edit)
    change = _STEP.get(edit.do)
    if change is None:
        return Refused("edit_unknown", "Thao tác này không có trên bảng trình tự.")
    step = draft.table.step(edit.step)
    if step is None:
        return Refused(
            "step_gone", "Bước này không còn trong bảng. Hãy tải lại trang để xem bảng mới."
        )
    return change(draft, step, edit)


def _label(table: Table, step: Step) -> str:
    return f"bước {table.number(step.id)} “{step.name}”"


def _put(draft: Draft, step: Step, text: str) -> Changed:
    steps = tuple(step if one.id == step.id else one for one in draft.table.steps)
    return Changed(replace(draft, table=replace(draft.table, steps=steps)), text)


def _with_steps(draft: Draft, steps: tuple[Step, ...], text: str) -> Changed:
    return Changed(replace(draft, table=replace(draft.table, steps=_grouped(steps))), text)


def _grouped(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Dissolve side-by-side groups that lost their neighbours or were torn apart."""
    found: list[Step] = []
    closed: set[str] = set()
    for at, step in enumerate(steps):
        before = steps[at - 1].group if at else ""
        after = steps[at + 1].group if at + 1 < len(steps) else ""
        group = step.group
        alone = bool(group) and group not in (before, after)
        if group and (alone or (group in closed and group != before)):
            step = replace(step, group="")
        if before and before != step.group:
            closed.add(before)
        found.append(step)
    return tuple(found)


# Rows


def _add(draft: Draft, edit: Edit) -> Answer:
    table = draft.table
    if len(table.steps) >= MAX_STEPS:
        return Refused("too_many_steps", f"Một quy trình có tối đa {MAX_STEPS} bước.")
    name = edit.text("name") or "Bước mới"
    step = Step(id=new_step_id(table), name=name[:400])
    at = table.index(edit.step)
    place = len(table.steps) if at is None else at + 1
    if at is not None and table.steps[at].group and place < len(table.steps):
        while place < len(table.steps) and table.steps[place].group == table.steps[at].group:
            place += 1
    steps = (*table.steps[:place], step, *table.steps[place:])
    return _with_steps(draft, steps, f"thêm bước {place + 1} “{name}”")


def _move(draft: Draft, step: Step, edit: Edit) -> Answer:
    steps = list(draft.table.steps)
    at = steps.index(step)
    to = at + (-1 if edit.do == "move_up" else 1)
    if not 0 <= to < len(steps):
        edge = "đầu" if to < 0 else "cuối"
        return Refused("step_at_edge", f"Bước này đã ở {edge} bảng.")
    label = _label(draft.table, step)
    steps.insert(to, steps.pop(at))
    return _with_steps(draft, tuple(steps), f"chuyển {label} thành bước {to + 1}")


def _remove(draft: Draft, step: Step, edit: Edit) -> Answer:
    table = draft.table
    if len(table.steps) == 1:
        return Refused("last_step", "Quy trình phải còn ít nhất một bước.")
    at = table.steps.index(step)
    heir = table.steps[at + 1].id if at + 1 < len(table.steps) else END
    kept = []
    for one in table.steps:
        if one.id == step.id:
            continue
        branches = tuple(
            replace(branch, target=heir) if branch.target == step.id else branch
            for branch in one.branches
        )
        after = heir if one.after == step.id else one.after
        kept.append(replace(one, branches=branches, after=after))
    return _with_steps(draft, tuple(kept), f"xóa {_label(table, step)}")


def _row(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Take over whatever the row's cells say differently from the draft."""
    changed, said = draft, []
    for do, names in _CELLS:
        now = changed.table.step(step.id) or step
        if not any(name in edit.values for name in names) or _cell_is(now, do, edit):
            continue
        answer = _STEP[do](changed, now, edit)
        if isinstance(answer, Refused):
            return answer
        changed = answer.draft
        said.append(answer.text)
    return Changed(changed, "; ".join(said))


_CELLS = (
    ("rename", ("name", "note")),
    ("role", ("role",)),
    ("limit", ("amount", "unit")),
    ("forms", ("forms",)),
)


def _cell_is(step: Step, do: str, edit: Edit) -> bool:
    """Say whether a cell was left as it is."""
    if do == "rename":
        note = clean_lines(edit.values.get("note", step.note))
        return edit.text("name") == step.name and note == step.note
    if do == "role":
        return edit.text("role") == step.role
    if do == "limit":
        return (edit.text("amount"), edit.text("unit")) == limit_cells(step)
    return edit.values.get("forms", "").split() == " ".join(step.forms).split()


def limit_cells(step: Step) -> tuple[str, str]:
    """Return what the two time cells of a row show: the amount and the unit.

    The unit is "none" where time is not counted and "ask" while the kind of day is open.
    """
    if step.untimed:
        return "", "none"
    if step.limit is None:
        return "", ""
    unit = "ask" if step.fact("ask") == "unit" else step.limit.unit
    return amount_text(step.limit.amount), unit


def _rename(draft: Draft, step: Step, edit: Edit) -> Answer:
    name = edit.text("name")[:400]
    if not name:
        return Refused("name_missing", "Hãy ghi tên bước.", field="name")
    note = clean_lines(edit.values.get("note", step.note))[:4000]
    text = f"sửa {_label(draft.table, step)}"
    if name != step.name:
        text = f"đổi tên {_label(draft.table, step)} thành “{name}”"
    return _put(draft, replace(step, name=name, note=note), text)


def _role(draft: Draft, step: Step, edit: Edit) -> Answer:
    role = edit.text("role")[:160]
    if edit.text("outside") and edit.text("outside") != step.role.removeprefix(OUTSIDE):
        role = OUTSIDE + edit.text("outside")[:150]
    if role.startswith(OUTSIDE) and not role.removeprefix(OUTSIDE).strip():
        return Refused("outside_missing", "Hãy ghi tên cơ quan bên ngoài.", field="role")
    changed = replace(step, role=role, outside=role.startswith(OUTSIDE))
    return _put(draft, changed, f"đổi trách nhiệm {_label(draft.table, step)}")


def _limit(draft: Draft, step: Step, edit: Edit) -> Answer:
    label = _label(draft.table, step)
    settled = step.with_fact("ask", "").with_fact("merged", "")
    if edit.values.get("untimed") or edit.text("unit") == "none":
        changed = replace(settled, limit=None, untimed=True)
        return _put(draft, changed, f"{label}: không tính thời gian")
    typed, unit = edit.text("amount"), edit.text("unit")
    if not typed:
        return _put(draft, replace(settled, limit=None, untimed=False), f"bỏ thời hạn {label}")
    if unit == "ask" and step.limit is not None:
        kept = _amount(typed, step.limit.unit)
        if isinstance(kept, Refused):
            return kept
        return _put(draft, replace(step, limit=kept), f"{label}: {typed} ngày")
    found = _amount(typed, unit)
    if isinstance(found, Refused):
        return found
    said = limit_text(found.amount, found.unit)
    return _put(draft, replace(settled, limit=found, untimed=False), f"{label}: {said}")


def _amount(typed: str, unit: str) -> Limit | Refused:
    amount = parse_number(typed)
    if amount is None or amount <= 0 or amount > 9999:
        return Refused(
            "amount_unreadable",
            f"Không đọc được thời gian “{typed}”. Hãy ghi số lớn hơn 0, ví dụ 4 hoặc 0,5.",
            field="amount",
        )
    if unit not in UNIT_NAMES:
        return Refused(
            "unit_missing", "Hãy chọn đơn vị: giờ làm việc, ngày làm việc, ngày lịch.", field="unit"
        )
    return Limit(Decimal(f"{amount.normalize():f}"), unit)


def _forms(draft: Draft, step: Step, edit: Edit) -> Answer:
    lines = clean_lines(edit.values.get("forms", "")).replace(";", "\n").split("\n")
    forms = tuple(clean(line)[:300] for line in lines if clean(line))[:40]
    return _put(draft, replace(step, forms=forms), f"sửa biểu mẫu {_label(draft.table, step)}")


# Ways out of a step


def _after(draft: Draft, step: Step, edit: Edit) -> Answer:
    target = edit.values.get("target", NEXT)
    refused = _bad_target(draft.table, target, allow_next=True)
    if refused is not None:
        return refused
    if target == step.id:
        return Refused("target_self", "Sau một bước không thể là chính bước đó.", field="target")
    name = edit.text("default_name")[:120] or step.default_name
    changed = replace(step, after=target, default_name=name)
    return _put(draft, changed, f"đổi đường đi sau {_label(draft.table, step)}")


def _branch_put(draft: Draft, step: Step, edit: Edit) -> Answer:
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
    bound = _bound(edit)
    if isinstance(bound, Refused):
        return bound
    branch = Branch(
        id=known.id if known else _branch_id(step),
        target=target,
        name=name,
        condition=edit.text("condition")[:400],
        supplement=bool(edit.values.get("supplement")),
        bound=None if edit.values.get("supplement") else bound,
    )
    if known:
        branches = tuple(branch if one is known else one for one in step.branches)
    else:
        branches = (*step.branches, branch)
    changed = replace(step, branches=branches)
    refused = _bad_condition(draft, changed, branch)
    if refused is not None:
        return refused
    verb = "sửa nhánh" if known else "thêm nhánh"
    return _put(draft, changed, f"{verb} “{name}” ở {_label(draft.table, step)}")


def _bad_target(table: Table, target: str, *, allow_next: bool) -> Refused | None:
    if target == END or table.step(target) or (allow_next and target == NEXT):
        return None
    return Refused("target_missing", "Hãy chọn bước mà nhánh dẫn tới.", field="target")


def _bound(edit: Edit) -> int | Refused | None:
    typed = edit.text("bound")
    if not typed:
        return None
    if not typed.isdigit() or not 1 <= int(typed) <= 20:
        return Refused("bound_unreadable", "Số lần quay lại là số từ 1 đến 20.", field="bound")
    return int(typed)


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


def _branch_remove(draft: Draft, step: Step, edit: Edit) -> Answer:
    kept = tuple(one for one in step.branches if one.id != edit.values.get("branch"))
    if len(kept) == len(step.branches):
        return Refused("branch_gone", "Nhánh này không còn. Hãy tải lại trang.")
    text = f"bỏ một nhánh ở {_label(draft.table, step)}"
    return _put(draft, replace(step, branches=kept), text)


def _supplement(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Add the loop "return for supplement", by default back to the first step."""
    if any(branch.supplement for branch in step.branches):
        return Refused("supplement_exists", "Bước này đã có vòng yêu cầu bổ sung.")
    target = edit.values.get("target") or draft.table.steps[0].id
    values = {
        "target": target,
        "name": edit.text("name") or "Thiếu thành phần",
        "supplement": "1",
    }
    return _branch_put(draft, step, Edit(do="branch_put", step=step.id, values=values))


def _parallel(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let a step run side by side with the row above."""
    table = draft.table
    at = table.steps.index(step)
    if at == 0:
        return Refused("parallel_first", "Bước đầu tiên không có bước trên để làm song song.")
    above = table.steps[at - 1]
    if above.branches or step.branches:
        return Refused(
            "parallel_branches", "Bước có nhánh không làm song song được. Hãy bỏ nhánh trước."
        )
    group = above.group or f"s{above.id}"
    steps = tuple(
        replace(one, group=group, after=NEXT) if one in (above, step) else one
        for one in table.steps
    )
    return _with_steps(draft, steps, f"cho {_label(table, step)} làm song song với bước trên")


def _leave(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Take a step out of its side-by-side group."""
    text = f"tách {_label(draft.table, step)} khỏi nhóm song song"
    steps = tuple(replace(one, group="") if one is step else one for one in draft.table.steps)
    return _with_steps(draft, steps, text)


# The whole draft


def _whole_limit(draft: Draft, edit: Edit) -> Answer:
    typed, unit = edit.text("amount"), edit.text("unit")
    found = _amount(typed, unit)
    if isinstance(found, Refused):
        return found
    changed = replace(draft, limit_amount=found.amount, limit_unit=found.unit)
    return Changed(changed, f"thời hạn giải quyết: {limit_text(found.amount, found.unit)}")


def _policy(draft: Draft, edit: Edit) -> Answer:
    policy = edit.text("policy")
    if policy not in POLICY_NAMES:
        return Refused("policy_unknown", "Hãy chọn một cách tính khi chờ bổ sung.", field="policy")
    return Changed(
        replace(draft, pause_policy=policy), f"khi chờ bổ sung: {POLICY_NAMES[policy].lower()}"
    )


def _answer_unit(draft: Draft, edit: Edit) -> Answer:
    """Say what "ngày" means in the steps that left it open, and in the limit."""
    unit = edit.text("unit")
    if unit not in ("working_day", "calendar_day"):
        return Refused("unit_missing", "Hãy chọn ngày làm việc hoặc ngày lịch.", field="unit")
    steps = tuple(
        replace(step.with_fact("ask", ""), limit=Limit(step.limit.amount, unit))
        if step.fact("ask") == "unit" and step.limit
        else step
        for step in draft.table.steps
    )
    changed = replace(draft, table=replace(draft.table, steps=steps))
    if changed.limit_amount is not None and not changed.limit_unit:
        changed = replace(changed, limit_unit=unit)
    return Changed(changed, f"“ngày” trong văn bản là {UNIT_NAMES[unit]}")


def _answer_merged(draft: Draft, edit: Edit) -> Answer:
    """Count a time cell merged over several steps in the first of them."""
    steps = tuple(
        replace(step.with_fact("ask", "").with_fact("merged", ""), untimed=True)
        if step.fact("ask") == "merged"
        else step
        for step in draft.table.steps
    )
    changed = replace(draft, table=replace(draft.table, steps=steps))
    return Changed(changed, "thời gian ghi chung được tính ở bước đầu của nhóm")


def _settle_total(draft: Draft, edit: Edit) -> Answer:
    return Changed(replace(draft, declared_settled=True), "giữ thời gian của từng bước")


def _map_role(draft: Draft, edit: Edit) -> Answer:
    """Give the role to every step whose printed responsibility is this text."""
    printed, role = fold(edit.text("text")), edit.text("role")[:160]
    if not role:
        return Refused("role_missing", "Hãy chọn đơn vị và vai trò.", field="role")
    if role == OUTSIDE:
        role = OUTSIDE + edit.text("text")[:150]
    steps = tuple(
        replace(step, role=role, outside=role.startswith(OUTSIDE))
        if fold(step.fact("responsible")) == printed
        else step
        for step in draft.table.steps
    )
    changed = replace(draft, table=replace(draft.table, steps=steps))
    return Changed(changed, f"“{edit.text('text')}” được giao cho một vai trò")


_STEP: dict[str, StepChange] = {
    "move_up": _move,
    "move_down": _move,
    "remove": _remove,
    "row": _row,
    "rename": _rename,
    "role": _role,
    "limit": _limit,
    "forms": _forms,
    "after": _after,
    "branch_put": _branch_put,
    "branch_remove": _branch_remove,
    "supplement": _supplement,
    "parallel": _parallel,
    "leave": _leave,
}
_WHOLE: dict[str, Callable[[Draft, Edit], Answer]] = {
    "add": _add,
    "add_after": _add,
    "whole_limit": _whole_limit,
    "policy": _policy,
    "answer_unit": _answer_unit,
    "answer_merged": _answer_merged,
    "settle_total": _settle_total,
    "map_role": _map_role,
}
