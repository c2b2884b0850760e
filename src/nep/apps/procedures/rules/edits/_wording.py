"""Edits of words in all rows at once."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit
from nep.kernel.decisions import Refused


def law_replace(draft: Draft, edit: Edit) -> Answer:
    """Write the symbol of the text that replaced another wherever a step names the old one."""
    old, new = edit.text("old")[:80], edit.text("new")[:80]
    if not old or not new:
        return Refused("law_missing", "Hãy ghi số, ký hiệu cũ và mới.", field="new")
    steps = tuple(
        replace(
            step,
            name=step.name.replace(old, new)[:400],
            note=step.note.replace(old, new),
            forms=tuple(form.replace(old, new)[:300] for form in step.forms),
        )
        for step in draft.table.steps
    )
    count = sum(one != other for one, other in zip(steps, draft.table.steps, strict=True))
    if not count:
        return Refused("law_not_named", f"Không bước nào còn ghi “{old}”.")
    table = replace(draft.table, steps=steps)
    return Changed(replace(draft, table=table), f"đổi {old} thành {new} ở {count} bước")
