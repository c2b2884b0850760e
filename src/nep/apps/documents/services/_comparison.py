"""The summary of what a revision changes, for its revision sheet."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.services._life_rows import journal, locked, save
from nep.apps.documents.services._revisions import revision_touch
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines

LONGEST = 6000


def change_summary_save(*, actor: Actor, revision_id: int, summary: str, now: datetime) -> None:
    """Write what a draft changes, in words, into its revision sheet.

    Raises Refusal when the revision is no draft or the text is empty or too long.
    """
    require(may(actor, "document.draft"))
    said = clean_lines(summary)
    if not said:
        raise Refusal(
            "summary_missing", "Hãy ghi nội dung sửa đổi, mỗi mục một dòng.", field="summary"
        )
    if len(said) > LONGEST:
        raise Refusal(
            "summary_long", "Nội dung sửa đổi dài quá 6.000 chữ. Hãy rút gọn.", field="summary"
        )
    with transaction.atomic():
        row = locked(actor, revision_id)
        queries.document_page(actor=actor, document_id=row.document_id)
        require(rules.decide_edit(row.state), kind=Refusal)
        revision_touch(actor=actor, revision_id=revision_id, now=now)
        old, row.change_summary = row.change_summary, said
        save(row)
        journal(actor, row, "revision.summary_written", now, old=old, new=said)
