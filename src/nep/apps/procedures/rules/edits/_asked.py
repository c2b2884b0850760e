"""The edit that lets a step be asked of several units or people."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Edit, label, put
from nep.apps.procedures.rules.opinions import MOST_ENOUGH, TOGETHER, WAYS, asked_field, asked_said
from nep.apps.procedures.rules.table import Step
from nep.bpmn import Instances
from nep.kernel.decisions import Refused


def opinions_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let a step ask several for their opinion, together or one after the other, or one only."""
    way, enough = edit.text("way"), edit.text("enough")
    if way and way not in WAYS:
        return Refused("asked_way", "Hãy chọn cách hỏi trong danh sách.", field="way")
    if not way:
        changed = replace(step, instances=None)
        return put(draft, changed, f"{label(draft.table, step)} do một người làm")
    if step.outside:
        return Refused(
            "asked_outside", "Bước của cơ quan khác không hỏi ý kiến nhiều nơi trong cơ quan.",
            field="way",
        )  # fmt: skip
    if draft.table.number(step.id) == 1:
        return Refused(
            "asked_first", "Bước đầu không hỏi ý kiến được: nơi được hỏi chọn khi xong bước trước.",
            field="way",
        )  # fmt: skip
    if enough and not (enough.isdecimal() and len(enough) < 4 and 1 <= int(enough) <= MOST_ENOUGH):
        return Refused(
            "asked_enough",
            f"Số ý kiến là đủ từ 1 đến {MOST_ENOUGH}, hoặc để trống.",
            field="enough",
        )
    asked = Instances(
        over=_field(step),
        sequential=way != TOGETHER,
        until=f"done >= {int(enough)}" if enough else "",
    )
    changed = replace(step, instances=asked)
    return put(draft, changed, f"{label(draft.table, step)} {asked_said(asked)}")


def _field(step: Step) -> str:
    """Return the field of the case that keeps who is asked."""
    known = step.instances.over if step.instances is not None else ""
    return known or asked_field(step.id)
