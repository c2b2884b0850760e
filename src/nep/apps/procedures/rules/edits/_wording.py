"""Edits of words in all rows at once."""

import re
from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit
from nep.kernel.decisions import Refused


def law_replace(draft: Draft, edit: Edit) -> Answer:
    """Write the symbol of the text that replaced another wherever a step names the old one."""
    old, new = edit.text("old")[:80], edit.text("new")[:80]
    if not old or not new:
        return Refused("law_missing", "Hãy ghi số, ký hiệu cũ và mới.", field="new")
    symbol = re.compile(
        rf"(?<![\w/]){re.escape(old)}(?![\w/]|-\w)"
    )  # 161/… is another text than 61/…

    def told(text: str) -> str:
        return symbol.sub(lambda _: new, text)

    steps = tuple(
        replace(
            step,
            name=told(step.name)[:400],
            note=told(step.note),
            forms=tuple(told(form)[:300] for form in step.forms),
        )
        for step in draft.table.steps
    )
    count = sum(one != other for one, other in zip(steps, draft.table.steps, strict=True))
    if not count:
        return Refused("law_not_named", f"Không bước nào còn ghi “{old}”.")
    table = replace(draft.table, steps=steps)
    return Changed(replace(draft, table=table), f"đổi {old} thành {new} ở {count} bước")
