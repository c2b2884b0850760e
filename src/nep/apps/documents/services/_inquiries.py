"""A reader asks the author of a revision; the answer goes back to the reader."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Inquiry
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.work.queries import open_items_of
from nep.apps.workcal.queries import calendar_for
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local

INQUIRY = "document_inquiry"


def inquiry_ask(*, actor: Actor, revision_id: int, text: str, now: datetime) -> int:
    """Put a question about a revision to its author; return its id.

    The author has one work item for it. Raises NotFound; Refusal("inquiry_own", "inquiry_empty",
    "inquiry_many", "inquiry_nobody").
    """
    require(may(actor, "document.see"))
    facts = queries.revision(revision_id=revision_id, agency_id=actor.agency_id)
    if not queries.may_see(actor, document_id=facts.document_id):
        raise NotFound()
    said = clean_lines(text)[:1000]
    asked_of = queries.answerer_of(facts, today=local(now).date())
    with transaction.atomic():
        mine = Inquiry.objects.select_for_update().filter(
            revision_id=revision_id, asked_by_id=actor.person_id, answered_at=None
        )
        decision = rules.inquiries.decide_inquiry(
            text=said, is_author=actor.person_id in facts.author_ids, open_ones=len(mine)
        )
        require(decision, kind=Refusal)
        if asked_of is None:
            raise Refusal("inquiry_nobody", "Cơ quan chưa có ai trả lời được câu hỏi về tài liệu.")
        row = Inquiry.objects.create(
            agency_id=actor.agency_id, document_id=facts.document_id, revision_id=revision_id,
            asked_by_id=actor.person_id, asked_at=now, text=said, asked_of_id=asked_of,
        )  # fmt: skip
        _open_item(actor, row, facts, now)
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="inquiry.asked",
            object_type="revision", object_id=revision_id, at=now,
            new={"inquiry": row.pk, "text": said, "asked_of": asked_of},
        )  # fmt: skip
    return row.pk


def inquiry_answer(*, actor: Actor, inquiry_id: int, answer: str, now: datetime) -> None:
    """Answer a reader's question, once; the reader gets a line with the answer.

    Raises NotFound; Forbidden("inquiry_not_yours"); Conflict("inquiry_answered");
    Refusal("answer_empty").
    """
    require(may(actor, "document.see"))
    with transaction.atomic():
        row = (
            Inquiry.objects.select_for_update(of=("self",))
            .filter(pk=inquiry_id, agency_id=actor.agency_id)
            .first()
        )
        if row is None or not queries.may_see(actor, document_id=row.document_id):
            raise NotFound()
        facts = queries.revision(revision_id=row.revision_id, agency_id=actor.agency_id)
        holders = {one.person_id for one in open_items_of(source_type=INQUIRY, source_id=row.pk)}
        said = clean_lines(answer)[:2000]
        asked_of = {row.asked_of_id, *(one for one in holders if one)}
        require(rules.inquiries.decide_answerer(actor, asked_of=asked_of, authors=facts.author_ids))
        require(rules.inquiries.decide_unanswered(row.answered_at), kind=Conflict)
        require(rules.inquiries.decide_reply(said), kind=Refusal)
        row.answer, row.answered_by_id, row.answered_at = said, actor.person_id, now
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        for item in open_items_of(source_type=INQUIRY, source_id=row.pk):
            work.item_close(batch=None, item_id=item.id, at=now, by_id=actor.person_id)
        work.notice_add(
            person_id=row.asked_by_id, agency_id=row.agency_id, key=f"inquiry:{row.pk}",
            text=f"{actor.name} đã trả lời câu hỏi của bạn về {facts.code}", detail=said,
            icon="file-text", link=f"/tai-lieu/{row.document_id}/#hoi-dap", at=now,
        )  # fmt: skip
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="inquiry.answered",
            object_type="revision", object_id=row.revision_id, at=now,
            new={"inquiry": row.pk, "answer": said},
        )  # fmt: skip


def _open_item(actor: Actor, row: Inquiry, facts: queries.RevisionFacts, now: datetime) -> None:
    calendar = calendar_for(row.agency_id)
    until = calendar.add_working_days(local(now).date(), rules.inquiries.ANSWER_DAYS)
    work.item_open(
        batch=None, agency_id=row.agency_id, kind="document",
        title=f"Trả lời câu hỏi về {facts.title}"[:300], detail=f"{facts.code}, {facts.number}",
        link=f"/tai-lieu/{row.document_id}/#hoi-dap", source_type=INQUIRY, source_id=row.pk,
        source_code=facts.code[:60], step_label="Hỏi lại người soạn", person_id=row.asked_of_id,
        opened_at=now, due_at=calendar.day_close(until), note=f"{actor.name} hỏi: {row.text}"[:500],
    )  # fmt: skip
