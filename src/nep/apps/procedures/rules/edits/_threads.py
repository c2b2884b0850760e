"""Edits of rows that run side by side, several after each other in a thread, or by conditions."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._graph import with_process
from nep.apps.procedures.rules.edits._ground import Answer, Edit, label, typed_condition
from nep.apps.procedures.rules.edits._rows import MAX_STEPS
from nep.apps.procedures.rules.edits._wired import new_step
from nep.apps.procedures.rules.table import Step, node_of
from nep.apps.procedures.rules.threads import (
    PARALLEL,
    Block,
    block_before,
    block_of,
    conditioned,
    grown,
    is_last,
    parted,
    taken_in,
    taken_out,
    thread_made,
)
from nep.bpmn import ConditionError, parse_condition
from nep.kernel.decisions import Refused


def thread_add(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Put a new step after a row in its thread, before the threads meet."""
    if len(draft.table.steps) >= MAX_STEPS:
        return Refused("too_many_steps", f"Một quy trình có tối đa {MAX_STEPS} bước.")
    if block_of(draft.process, step.id) is None:
        return _not_beside(draft, step)
    fresh = new_step(draft.table, edit.text("name")[:400] or "Bước mới")
    made = grown(draft.process, step.id, node_of(replace(fresh, parent=step.parent)))
    return with_process(
        draft, made, f"thêm bước “{fresh.name}” nối tiếp {label(draft.table, step)}"
    )


def thread_in(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Draw the row after the threads into one of them, as its last."""
    block = block_before(draft.process, step.id)
    place = block.place(edit.text("thread")) if block is not None else None
    if block is None or place is None:
        return Refused("thread_missing", "Hãy chọn nhánh mà bước này thuộc về.", field="thread")
    if _branches(draft, step):
        return _branching(draft, step)
    made = taken_in(draft.process, block, place, step.id, [one.id for one in draft.table.steps])
    text = f"đưa {label(draft.table, step)} vào nhánh {place + 1}"
    return with_process(draft, made, text)


def thread_out(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Put the last row of a thread after all of them; a thread without rows goes."""
    block = block_of(draft.process, step.id)
    if block is None:
        return _not_beside(draft, step)
    if not is_last(draft.process, block, step.id):
        return Refused("thread_inside", "Chỉ bước cuối của một nhánh đưa ra sau các nhánh được.")
    place = block.place(step.id) or 0
    if block.split.kind != PARALLEL and len(block.threads[place]) == 1:
        return Refused(
            "thread_alone", "Nhánh theo điều kiện này chỉ có một bước. Hãy bỏ điều kiện trước."
        )
    made = taken_out(draft.process, block, step.id, [one.id for one in draft.table.steps])
    return with_process(draft, made, f"đưa {label(draft.table, step)} ra sau các nhánh")


def beside_wired(draft: Draft, step: Step) -> Answer:
    """Let a row of a wiring run beside the one above: as a thread of its own, or both as two threads."""
    at = draft.table.steps.index(step)
    above = draft.table.steps[at - 1]
    if _branches(draft, step) or _branches(draft, above):
        return _branching(draft, step)
    block = block_before(draft.process, step.id)
    text = f"cho {label(draft.table, step)} làm song song với bước trên"
    if block is not None and block.split.kind == PARALLEL:
        return with_process(draft, thread_made(draft.process, block, step.id), text)
    made = parted(draft.process, above.id, step.id)
    if made is None:
        return apart(draft, step)
    return with_process(draft, made, text)


def apart(draft: Draft, step: Step) -> Refused:
    """Return why a row cannot run beside the one above."""
    return Refused(
        "parallel_apart",
        f"{label(draft.table, step).capitalize()} không đi thẳng từ bước trên, hoặc có đường khác "
        "dẫn tới, nên không làm song song với nó được.",
    )


def threads_when(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Say when each thread is gone; without any condition all are gone side by side."""
    block = block_of(draft.process, step.id)
    if block is None:
        return _not_beside(draft, step)
    conditions, otherwise = _typed(draft, block, edit)
    for place, said in enumerate(conditions):
        try:
            parse_condition(said) if said else None
        except ConditionError as error:
            return Refused(
                "condition_unreadable",
                f"Điều kiện của nhánh {place + 1}: {error.message}",
                field=f"when_{place + 1}",
            )
    if otherwise is None and all(conditions):
        return Refused(
            "otherwise_missing",
            "Mọi nhánh đều có điều kiện. Hãy chọn nhánh làm khi không có nhánh nào khác.",
            field="otherwise",
        )
    others = [said for place, said in enumerate(conditions) if place != otherwise]
    if otherwise is not None and not all(others):
        return Refused(
            "otherwise_never",
            f"Có nhánh khác luôn làm nên nhánh {otherwise + 1} không bao giờ tới lượt. Hãy ghi điều kiện "
            "của các nhánh khác.",
            field="otherwise",
        )
    is_open = any(conditions) or otherwise is not None
    text = "làm một hay nhiều nhánh theo điều kiện" if is_open else "làm song song mọi nhánh"
    made = conditioned(draft.process, block, conditions, otherwise)
    return with_process(draft, made, f"{label(draft.table, step)}: {text}")


def _typed(draft: Draft, block: Block, edit: Edit) -> tuple[list[str], int | None]:
    """Return the typed condition of each thread, and which is gone when no other is."""
    chosen = edit.text("otherwise")
    places = range(len(block.ways))
    otherwise = next((place for place in places if chosen == str(place + 1)), None)
    return [
        "" if place == otherwise else typed_condition(draft, edit.text(f"when_{place + 1}")[:400])
        for place in places
    ], otherwise


def _branches(draft: Draft, step: Step) -> bool:
    """Say whether a row branches, or is the end of more than one way."""
    outs = [flow for flow in draft.process.flows if flow.source == step.id]
    return bool(step.branches) or len(outs) != 1


def _not_beside(draft: Draft, step: Step) -> Refused:
    named = label(draft.table, step).capitalize()
    return Refused("thread_none", f"{named} không làm song song với bước nào.")


def _branching(draft: Draft, step: Step) -> Refused:
    return Refused(
        "parallel_branches", "Bước có nhánh không làm song song được. Hãy bỏ nhánh trước."
    )
