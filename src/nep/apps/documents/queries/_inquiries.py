"""What readers have asked about a document, with the answers."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.documents import rules
from nep.apps.documents.models import Document, Inquiry
from nep.apps.documents.queries._revisions import RevisionFacts
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.db import Mark, Prepared

SHOWN = 30


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """One question with its answer; `may_answer` says whether this person may answer it now."""

    id: int
    number: str
    text: str
    asker: str
    asked_at: datetime
    asked_of: str
    answer: str
    answerer: str
    answered_at: datetime | None
    is_mine: bool
    may_answer: bool


_INQUIRIES = Prepared(
    lambda: (
        Inquiry.objects.filter(document_id=Mark("document"), agency_id=Mark("agency"))
        .select_related("revision")
        .order_by("-asked_at", "-id")[: 4 * SHOWN]
    )
)


def inquiries_of(
    *, actor: Actor, document_id: int, author_ids: frozenset[int]
) -> tuple[InquiryLine, ...]:
    """Return the questions about a document, the open ones first, then the newest.

    Authors and who manages documents see all, others those they asked or are to answer. The caller
    has asked whether the actor may see the document.
    """
    found = _INQUIRIES.objects(document=document_id, agency=actor.agency_id)
    sees_all = actor.person_id in author_ids or bool(may(actor, "document.manage"))
    mine = [
        row for row in found if sees_all or actor.person_id in (row.asked_by_id, row.asked_of_id)
    ]
    mine.sort(key=lambda row: row.answered_at is not None)
    names = organization.person_names(
        id_ for row in mine for id_ in (row.asked_by_id, row.asked_of_id, row.answered_by_id)
    )
    return tuple(
        InquiryLine(
            row.pk, rules.revision_text(row.revision.issue, row.revision.amendment), row.text,
            names.get(row.asked_by_id, ""), row.asked_at, names.get(row.asked_of_id, ""), row.answer,
            names.get(row.answered_by_id or 0, ""), row.answered_at,
            row.asked_by_id == actor.person_id,
            row.answered_at is None and (sees_all or row.asked_of_id == actor.person_id),
        )
        for row in mine[:SHOWN]
    )  # fmt: skip


def inquiry_document(*, actor: Actor, inquiry_id: int) -> int | None:
    """Return the document a question of the actor's agency is about, None for no such question."""
    rows = Inquiry.objects.filter(pk=inquiry_id, agency_id=actor.agency_id)
    return rows.values_list("document_id", flat=True).first()


def answerer_of(facts: RevisionFacts, *, today: date) -> int | None:
    """Return who is asked about a revision today: its author, else the unit's head, else ISO."""
    document = Document.objects.select_related("owner_unit").get(pk=facts.document_id)
    unit = document.owner_unit.code if document.owner_unit else ""
    found = organization.directory(agency_id=facts.agency_id, today=today)
    heads = [one.id for one in found.holders.get((unit, "unit_head"), ())] if unit else []
    managers = [
        one.id
        for (_unit, role), rows in found.holders.items()
        if role == "iso_secretary"
        for one in rows
    ]
    present = {one.id for rows in found.holders.values() for one in rows}
    authors = [facts.drafted_by, *sorted(facts.author_ids - {facts.drafted_by})]
    return rules.inquiries.answerer(
        authors=authors, unit_heads=heads, managers=managers, present=present
    )
