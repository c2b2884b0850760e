"""Edits of words in all rows and sections at once."""

import re
from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit
from nep.apps.procedures.rules.edits._paper import section_long
from nep.apps.procedures.rules.paper import MAX_SECTION, SECTIONS
from nep.kernel.decisions import Refused


def law_replace(draft: Draft, edit: Edit) -> Answer:
    """Write the symbol of the text that replaced another wherever a step or a section of the
    paper names the old one; the sheet of earlier changes stays as it was."""
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
    sections = {key: told(text) for key, text in draft.paper.sections.items()}
    count = sum(one != other for one, other in zip(steps, draft.table.steps, strict=True))
    places = [f"{count} bước"] if count else []
    places += [
        f"mục {head.number}" for head in SECTIONS
        if sections.get(head.key, "") != draft.paper.text(head.key)
    ]  # fmt: skip
    if not places:
        return Refused("law_not_named", f"Không bước nào, mục nào còn ghi “{old}”.")
    for key, text in sections.items():
        if len(text) > MAX_SECTION:
            return section_long(key)
    changed = replace(
        draft,
        table=replace(draft.table, steps=steps),
        paper=replace(draft.paper, sections=sections),
    )
    return Changed(changed, f"đổi {old} thành {new} ở {', '.join(places)}")
