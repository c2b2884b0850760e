"""Edits of the whole draft: limit, pause policy, and answers to what the file left open."""

from dataclasses import replace

from nep.apps.procedures.rules.beginning import begins_said
from nep.apps.procedures.rules.draft import POLICY_NAMES, Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit, read_amount
from nep.apps.procedures.rules.edits._others import message_typed
from nep.apps.procedures.rules.wording import OUTSIDE, UNIT_NAMES, limit_text
from nep.bpmn import Limit
from nep.kernel.decisions import Refused
from nep.kernel.text import fold


def limit_set(draft: Draft, edit: Edit) -> Answer:
    """Set the limit of the whole procedure."""
    typed, unit = edit.text("amount"), edit.text("unit")
    found = read_amount(typed, unit)
    if isinstance(found, Refused):
        return found
    if found.amount != round(found.amount, 2):
        return Refused(
            "amount_unreadable",
            f"Thời hạn “{typed}” có nhiều chữ số lẻ quá. Hãy ghi nhiều nhất hai chữ số sau dấu "
            "phẩy, ví dụ 2,5.",
            field="amount",
        )
    changed = replace(draft, limit_amount=found.amount, limit_unit=found.unit)
    return Changed(changed, f"thời hạn giải quyết: {limit_text(found.amount, found.unit)}")


def begins_put(draft: Draft, edit: Edit) -> Answer:
    """Let cases begin with a message of another system, or, without its name, when somebody opens one."""
    found = message_typed(edit) if edit.text("message") else None
    if isinstance(found, Refused):
        return found
    table = replace(draft.table, begins=found.name if found is not None else "")
    if table.wiring is not None:
        nodes = tuple(
            replace(node, trigger=found) if node.kind == "start" and not node.parent else node
            for node in table.wiring.nodes
        )
        table = replace(table, wiring=replace(table.wiring, nodes=nodes))
    return Changed(replace(draft, table=table), f"hồ sơ bắt đầu {begins_said(table)}")


def policy_set(draft: Draft, edit: Edit) -> Answer:
    """Choose how the clock behaves while a supplement is awaited."""
    policy = edit.text("policy")
    if policy not in POLICY_NAMES:
        return Refused("policy_unknown", "Hãy chọn một cách tính khi chờ bổ sung.", field="policy")
    return Changed(
        replace(draft, pause_policy=policy), f"khi chờ bổ sung: {POLICY_NAMES[policy].lower()}"
    )


def unit_answer(draft: Draft, edit: Edit) -> Answer:
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


def merged_answer(draft: Draft, edit: Edit) -> Answer:
    """Count a time cell merged over several steps in the first of them."""
    steps = tuple(
        replace(step.with_fact("ask", "").with_fact("merged", ""), untimed=True)
        if step.fact("ask") == "merged"
        else step
        for step in draft.table.steps
    )
    changed = replace(draft, table=replace(draft.table, steps=steps))
    return Changed(changed, "thời gian ghi chung được tính ở bước đầu của nhóm")


def total_settle(draft: Draft, edit: Edit) -> Answer:
    """Keep the steps' own times against the total that the file states."""
    return Changed(replace(draft, declared_settled=True), "giữ thời gian của từng bước")


def role_map(draft: Draft, edit: Edit) -> Answer:
    """Give the role to every step without one whose printed responsibility is this text."""
    printed, role = fold(edit.text("text")), edit.text("role")[:160]
    if not role:
        return Refused("role_missing", "Hãy chọn đơn vị và vai trò.", field="role")
    if not printed:
        return Refused("text_missing", "Hãy chọn chữ ghi người chịu trách nhiệm.", field="text")
    if role == OUTSIDE:
        role = OUTSIDE + edit.text("text")[:150]
    steps = tuple(
        replace(step, role=role, outside=role.startswith(OUTSIDE))
        if not step.role and fold(step.fact("responsible")) == printed
        else step
        for step in draft.table.steps
    )
    changed = replace(draft, table=replace(draft.table, steps=steps))
    return Changed(changed, f"“{edit.text('text')}” được giao cho một vai trò")
