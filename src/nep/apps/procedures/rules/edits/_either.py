"""Edits of rows that wait together, where the first to come decides the way."""

from dataclasses import replace

from nep.apps.procedures.rules.condition_words import labels_of
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._graph import with_process
from nep.apps.procedures.rules.edits._ground import Answer, Edit, bound_typed, label
from nep.apps.procedures.rules.edits._others import waiting_typed
from nep.apps.procedures.rules.edits._rows import MAX_STEPS
from nep.apps.procedures.rules.edits._wired import new_step, row_beside
from nep.apps.procedures.rules.either import together, with_wait
from nep.apps.procedures.rules.other_rows import MESSAGE, row_said
from nep.apps.procedures.rules.table import WAITS, Step, is_end
from nep.bpmn import Flow
from nep.kernel.decisions import Refused

MOST_TOGETHER = 6


def either_add(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let a row that waits wait for something else as well; what comes first decides the way."""
    refused = _may_wait_too(draft, step)
    if refused is not None:
        return refused
    fresh = waiting_typed(draft, replace(new_step(draft.table, ""), parent=step.parent), edit)
    if isinstance(fresh, Refused):
        return fresh
    table = draft.table
    names = together(table).get(step.id, (step.id,))
    partners = [one for one in table.steps if one.id in names]
    if any(one.trigger == fresh.trigger for one in partners):
        return Refused("either_twice", "Việc này đã được chờ ở đây rồi.", field="way")
    if edit.text("way") == MESSAGE and any(one.kind == "receive" for one in partners):
        fresh = replace(fresh, kind="receive")
    bound = bound_typed(edit)
    if isinstance(bound, Refused):
        return bound
    target = edit.text("target")
    is_known = is_end(target) or table.step(target) is not None
    at = 1 + max(table.steps.index(one) for one in partners)
    placed = row_beside(draft, fresh, at, target) if is_known else None
    if placed is None:
        return Refused("target_missing", "Hãy chọn bước mà việc ấy dẫn tới.", field="target")
    said = row_said(fresh, labels_of(draft.carried))
    made = with_wait(placed.process, step.id, fresh.id)
    if bound is not None:
        made = replace(made, flows=tuple(_bounded(one, fresh.id, bound) for one in made.flows))
    return with_process(
        draft, made, f"{label(table, step)}: cùng {said}, việc nào đến trước thì đi"
    )


def _bounded(flow: Flow, source: str, bound: int) -> Flow:
    return replace(flow, bound=bound) if flow.source == source else flow


def _may_wait_too(draft: Draft, step: Step) -> Refused | None:
    named = label(draft.table, step).capitalize()
    if step.kind not in WAITS:
        return Refused("either_row", f"{named} không phải bước chờ.")
    if step.group:
        return Refused(
            "either_group", f"{named} làm song song với bước khác. Hãy tách nó ra trước."
        )
    if step.events:
        return Refused(
            "either_events", f"{named} có việc xen vào. Hãy bỏ việc ấy rồi thêm việc cùng chờ."
        )
    if len(draft.table.steps) >= MAX_STEPS:
        return Refused("too_many_steps", f"Một quy trình có tối đa {MAX_STEPS} bước.")
    if len(together(draft.table).get(step.id, ())) >= MOST_TOGETHER:
        return Refused("too_many_waits", f"Một chỗ chờ có tối đa {MOST_TOGETHER} việc.")
    return None
