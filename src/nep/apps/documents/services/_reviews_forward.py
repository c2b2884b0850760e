"""Yearly documents: which year one is of, and its copy carried forward into the next."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document, DocumentClause, Recipient, Revision
from nep.apps.documents.services._library import document_add
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


def document_year_set(*, actor: Actor, document_id: int, year: int | None, now: datetime) -> None:
    """Say of which year a document is (objectives, plans, lists), or that it is of none."""
    require(may(actor, "document.manage"))
    if year is not None and not 2000 <= year <= 2100:
        raise Refusal("year_wrong", "Hãy ghi một năm, ví dụ 2026.", field="year")
    with transaction.atomic():
        row = _locked(actor, document_id)
        old, row.year = row.year, year
        row.save(update_fields=["year"])
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="document.year_set",
            object_type="document", object_id=row.id, at=now, old=old, new=year,
        )  # fmt: skip


def document_forward(
    *, actor: Actor, document_id: int, to: int, code: str, title: str, now: datetime
) -> tuple[int, int]:
    """Open next year's document from the last one; return (document id, revision id).

    File, level, unit, tags, clauses and distribution list come along; the draft says what must
    change. Raises NotFound, Forbidden, Refusal("not_yearly", "year_wrong", "year_known", …).
    """
    require(may(actor, "document.draft"))
    proposal = queries.forward_proposal(actor=actor, document_id=document_id, to=to)
    with transaction.atomic():
        old = _locked(actor, document_id)
        is_known = (
            Document.objects.filter(copied_from_id=old.id, year=to)
            .exclude(status="dropped")
            .exists()
        )
        decision = rules.decide_forward(year=old.year, to=to, is_known=is_known)
        require(decision, kind=Refusal)
        facts = rules.DocumentFacts(
            kind=old.kind,
            title=clean(title) or proposal.title,
            code=clean(code) or proposal.code,
            parent_id=old.parent_id,
            owner_unit_id=old.owner_unit_id,
            level=old.level,
            tags=tuple(old.tags),
            clauses=tuple(
                DocumentClause.objects.filter(document_id=old.id).values_list("standard", "clause")
            ),
        )
        new_id, revision_id = document_add(actor=actor, facts=facts, now=now)
        Document.objects.filter(pk=new_id).update(
            year=to, copied_from_id=old.id, review_months=old.review_months
        )
        last = _last(old.id)
        Revision.objects.filter(pk=revision_id).update(
            original_file_id=last.original_file_id if last else None,
            change_note=f"Lập từ {old.code} năm {old.year}; {len(proposal.places)} chỗ nêu năm cũ "
            "phải sửa",
        )
        _copy_list(actor, old.id, new_id, now)
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="document.carried_forward",
            object_type="document", object_id=new_id, at=now, old=old.code,
            new={"code": facts.code, "year": to},
        )  # fmt: skip
    return new_id, revision_id


def _copy_list(actor: Actor, old_id: int, new_id: int, now: datetime) -> None:
    for row in Recipient.objects.filter(document_id=old_id).order_by("id"):
        Recipient.objects.create(
            agency_id=row.agency_id, document_id=new_id, target=row.target, key=row.key,
            unit_id=row.unit_id, position_id=row.position_id, person_id=row.person_id,
            must_read=row.must_read, added_by_id=actor.person_id, added_at=now,
        )  # fmt: skip


def _last(document_id: int) -> Revision | None:
    rows = Revision.objects.filter(document_id=document_id).exclude(state=rules.DROPPED)
    return rows.order_by("-drafted_at", "-id").first()


def _locked(actor: Actor, document_id: int) -> Document:
    rows = Document.objects.select_for_update().filter(pk=document_id, agency_id=actor.agency_id)
    row = rows.first()
    if row is None or not queries.may_see(actor, document_id=document_id):
        raise NotFound()
    return row
