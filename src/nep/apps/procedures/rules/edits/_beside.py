"""What stands beside the table follows every edit of it."""

from dataclasses import replace

from nep.apps.procedures.rules.beside import NOTHING_BESIDE, followed, notes_said
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer
from nep.kernel.decisions import Refused


def with_beside(draft: Draft, answer: Answer) -> Answer:
    """Return an edit's answer with the notes and data kept at what they are about.

    What was about a removed step alone goes with it, and the sentence says so.
    """
    if isinstance(answer, Refused) or draft.beside == NOTHING_BESIDE:
        return answer
    after = answer.draft
    if after.table == draft.table:
        return answer
    found = followed(draft.process, after.process, after.beside)
    text = f"{answer.text}, cùng {notes_said(found.gone)}" if found.gone else answer.text
    return replace(answer, draft=replace(after, beside=found.beside), text=text)
