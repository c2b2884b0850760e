"""Edits of rows: add, move, remove, and the cells of one row."""

from collections.abc import Callable
from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._graph import with_process
from nep.apps.procedures.rules.edits._ground import (
    Answer,
    Changed,
    Edit,
    label,
    put,
    read_amount,
    with_steps,
)
from nep.apps.procedures.rules.edits._plain import swapped, without_row
from nep.apps.procedures.rules.edits._wired import (
    LEADS_TO_ITSELF,
    new_step,
    rows_ordered,
    step_added,
    step_removed,
)
from nep.apps.procedures.rules.either import together, without_wait
from nep.apps.procedures.rules.grouping import opened
from nep.apps.procedures.rules.other_rows import groups_around, waits_of
from nep.apps.procedures.rules.table import NEXT, SENDS, Step, Table, is_end
from nep.apps.procedures.rules.wording import OUTSIDE, amount_text, limit_text
from nep.bpmn import Process
from nep.kernel.decisions import Refused
from nep.kernel.text import clean, clean_lines

MAX_STEPS = 200


def step_add(draft: Draft, edit: Edit) -> Answer:
    """Add a step at the end, or after the row named."""
    return row_added(draft, edit, Step("", edit.text("name")[:400] or "Bước mới"))


def row_added(draft: Draft, edit: Edit, fresh: Step) -> Answer:
    """Put a row that has no identifier yet at the end, or after the row that the edit names.

    Where only an event leads to the last rows, the end is that of the main way.
    """
    table = draft.table
    if len(table.steps) >= MAX_STEPS:
        return Refused("too_many_steps", f"Một quy trình có tối đa {MAX_STEPS} bước.")
    at = table.index(edit.step)
    if at is None:
        at = _main_end(table)
    place = len(table.steps) if at is None else at + 1
    if table.wiring is None and at is not None:
        while (
            place < len(table.steps)
            and table.steps[at].group
            and (table.steps[place].group == table.steps[at].group)
        ):
            place += 1
        above = table.steps[place - 1]
        fresh = replace(fresh, after=above.after)
        onward = replace(above, after=NEXT)
        table = replace(table, steps=(*table.steps[: place - 1], onward, *table.steps[place:]))
    row = replace(fresh, id=new_step(table, "").id)
    steps = (*table.steps[:place], row, *table.steps[place:])
    text = f"thêm {label(replace(table, steps=steps), row)}"
    if table.wiring is not None:
        return step_added(draft, None if at is None else table.steps[at], row, place, text)
    return with_steps(draft, steps, text)


def _main_end(table: Table) -> int | None:
    """Return where the main way ends, above rows that only events lead to or otherwise than plainly.

    None where it runs out of the last row.
    """
    places = {step.id: place for place, step in enumerate(table.steps)}
    seen, queue = {0}, [0] if table.steps else []
    for place in queue:
        step = table.steps[place]
        ways = [step.after, *(branch.target for branch in step.branches)]
        for way in ways:
            target = place + 1 if way == NEXT else places.get(way)
            if target is not None and target < len(table.steps) and target not in seen:
                seen.add(target)
                queue.append(target)
    ends = [place for place in seen if is_end(table.steps[place].after)]
    is_last = len(table.steps) - 1 in seen and not is_end(table.steps[-1].after)
    return max(ends) if ends and not is_last else None


def step_move(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Move a row one place up or down."""
    steps = list(draft.table.steps)
    at = steps.index(step)
    to = at + (-1 if edit.do == "move_up" else 1)
    if not 0 <= to < len(steps):
        edge = "đầu" if to < 0 else "cuối"
        return Refused("step_at_edge", f"Bước này đã ở {edge} bảng.")
    named = label(draft.table, step)
    if draft.table.wiring is not None:
        steps.insert(to, steps.pop(at))
        text = (
            f"chuyển {named} thành bước {replace(draft.table, steps=tuple(steps)).label(step.id)}"
        )
        return rows_ordered(draft, tuple(steps), text)
    made = swapped(draft.table.steps, min(at, to))
    if made is None:
        return Refused(
            "step_first",
            "Hồ sơ bắt đầu ở bước đầu bảng, mà bước ấy không dẫn thẳng tới bước dưới. Hãy đổi đường đi "
            "sau bước đầu trước.",
        )
    rows, turned = made
    text = f"chuyển {named} thành bước {replace(draft.table, steps=rows).label(step.id)}"
    return with_steps(draft, rows, text if turned else f"{text} (đường nối giữ nguyên)")


def step_remove(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Remove a row; ways that led to it lead to where it led, a group of it alone goes with it."""
    table = draft.table
    if step.is_task and len(table.tasks) == 1:
        return Refused("last_step", "Quy trình phải còn ít nhất một bước.")
    lone = _groups_of_one(table, step)
    if lone:
        return _removed_with(draft, step, lone, edit)
    if step.id in together(table):
        made = without_wait(draft.process, step.id)
        return with_process(draft, made, f"xóa {label(table, step)}")
    if table.wiring is not None:
        return step_removed(draft, step, f"xóa {label(table, step)}")
    kept = without_row(table.steps, step)
    if kept is None:
        return LEADS_TO_ITSELF
    return with_steps(draft, kept, f"xóa {label(table, step)}")


def _groups_of_one(table: Table, step: Step) -> tuple[Step, ...]:
    """Return the groups that hold a row and no other, the widest first."""
    around = groups_around(table)
    others = {one.id for row, groups in around.items() if row != step.id for one in groups}
    return tuple(one for one in around.get(step.id, ()) if one.id not in others)


def _removed_with(draft: Draft, step: Step, groups: tuple[Step, ...], edit: Edit) -> Answer:
    """Remove a row with the groups that would be empty without it."""
    names = ", ".join(f"“{one.name}”" for one in groups)
    text = f"xóa {label(draft.table, step)}, cùng nhóm {names}"
    process: Process | None = draft.process
    for group in groups:
        if process is not None:
            process = opened(process, next(one for one in process.nodes if one.id == group.id))
    if process is None:
        return Refused(
            "group_held",
            f"Đây là bước duy nhất của nhóm {names}, mà nhóm có việc xen vào cả nhóm hoặc cách kết "
            "thúc riêng. Hãy bỏ những việc ấy trước.",
        )
    bare = with_process(draft, process, text)
    row = None if isinstance(bare, Refused) else bare.draft.table.step(step.id)
    if isinstance(bare, Refused) or row is None:
        return bare
    removed = step_remove(bare.draft, row, edit)
    return removed if isinstance(removed, Refused) else replace(removed, text=text)


def row_take(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Take over whatever the row's cells say differently from the draft."""
    changed, said = draft, []
    for do, change, names in _CELLS:
        now = changed.table.step(step.id) or step
        if not any(name in edit.values for name in names) or _cell_is(now, do, edit):
            continue
        answer = change(changed, now, edit)
        if isinstance(answer, Refused):
            return answer
        changed = answer.draft
        said.append(answer.text)
    return Changed(changed, "; ".join(said))


def row_typed(base: Draft, edit: Edit) -> Edit:
    """Return the edit of a row with only the cells that differ from the draft it was typed on."""
    step = base.table.step(edit.step)
    left = {
        name
        for do, _change, names in _CELLS
        if step is not None and edit.values.keys() & names and _cell_is(step, do, edit)
        for name in names
    }
    return replace(edit, values={key: text for key, text in edit.values.items() if key not in left})


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


def step_rename(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Change the name and the description of a step."""
    name = edit.text("name")[:400]
    if not name:
        return Refused("name_missing", "Hãy ghi tên bước.", field="name")
    note = clean_lines(edit.values.get("note", step.note))[:4000]
    text = f"sửa {label(draft.table, step)}"
    if name != step.name:
        text = f"đổi tên {label(draft.table, step)} thành “{name}”"
    return put(draft, replace(step, name=name, note=note), text)


def step_role(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Give a step to a role, or to an agency outside."""
    role = edit.text("role")[:160]
    if edit.text("outside") and edit.text("outside") != step.role.removeprefix(OUTSIDE):
        role = OUTSIDE + edit.text("outside")[:150]
    if role.startswith(OUTSIDE) and not role.removeprefix(OUTSIDE).strip():
        return Refused("outside_missing", "Hãy ghi tên cơ quan bên ngoài.", field="role")
    changed = replace(step, role=role, outside=role.startswith(OUTSIDE))
    return put(draft, changed, f"đổi trách nhiệm {label(draft.table, step)}")


def step_limit(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Set, clear or leave uncounted the time of a step."""
    named = label(draft.table, step)
    if step.kind in SENDS or waits_of(step):
        return Refused(
            "row_timed", f"{named.capitalize()} không có thời hạn riêng.", field="amount"
        )
    settled = step.with_fact("ask", "").with_fact("merged", "")
    if edit.values.get("untimed") or edit.text("unit") == "none":
        changed = replace(settled, limit=None, untimed=True)
        return put(draft, changed, f"{named}: không tính thời gian")
    typed, unit = edit.text("amount"), edit.text("unit")
    if not typed:
        return put(draft, replace(settled, limit=None, untimed=False), f"bỏ thời hạn {named}")
    if unit == "ask" and step.limit is not None:
        kept = read_amount(typed, step.limit.unit)
        if isinstance(kept, Refused):
            return kept
        return put(draft, replace(step, limit=kept), f"{named}: {typed} ngày")
    found = read_amount(typed, unit)
    if isinstance(found, Refused):
        return found
    said = limit_text(found.amount, found.unit)
    return put(draft, replace(settled, limit=found, untimed=False), f"{named}: {said}")


def step_forms(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Write the forms and results of a step, one a line."""
    lines = clean_lines(edit.values.get("forms", "")).replace(";", "\n").split("\n")
    forms = tuple(clean(line)[:300] for line in lines if clean(line))[:40]
    return put(draft, replace(step, forms=forms), f"sửa biểu mẫu {label(draft.table, step)}")


_CELLS: tuple[tuple[str, Callable[[Draft, Step, Edit], Answer], tuple[str, ...]], ...] = (
    ("rename", step_rename, ("name", "note")),
    ("role", step_role, ("role",)),
    ("limit", step_limit, ("amount", "unit")),
    ("forms", step_forms, ("forms",)),
)
