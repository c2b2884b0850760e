"""Numbered paper copies: given, to be recalled with a new version, written off with a reason."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document, PaperCopy, Revision
from nep.apps.organization.queries import people_for
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.work.queries import open_items_of
from nep.apps.workcal.queries import calendar_for
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

RECALL = "document_recall"


def copy_give(*, actor: Actor, document_id: int, target: str, place: str, now: datetime) -> int:
    """Give the next numbered paper copy of the revision in force; return the copy's id.

    `target` is "unit:12" or "person:7", `place` says more ("tủ phòng họp"). Raises NotFound,
    Refusal("copy_of_old", "holder_missing").
    """
    require(may(actor, "document.manage"))
    today = local(now).date()
    kind, _, bare = target.partition(":")
    names = {
        key: name
        for one, key, name in queries.target_choices(agency_id=actor.agency_id, today=today)
        if one in (rules.UNIT, rules.PERSON)
    }
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(
            pk=document_id, agency_id=actor.agency_id
        ).first()  # fmt: skip
        if document is None:
            raise NotFound()
        current = Revision.objects.filter(document_id=document_id, state=rules.IN_FORCE).first()
        holder = names.get(target, "")
        decision = rules.decide_copy_give(is_in_force=current is not None, holder=holder)
        require(decision, kind=Refusal)
        if current is None:
            raise NotFound()
        rows = PaperCopy.objects.filter(revision_id=current.id)
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        place = clean(place)
        row = PaperCopy.objects.create(
            agency_id=actor.agency_id, document_id=document_id, revision_id=current.id,
            number=number, holder=(f"{holder}, {place}" if place else holder)[:200],
            unit_id=int(bare) if kind == rules.UNIT else None,
            person_id=int(bare) if kind == rules.PERSON else None,
            given_by_id=actor.person_id, given_on=today,
        )  # fmt: skip
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="paper_copy.given",
            object_type="document", object_id=document_id, at=now,
            new={"number": number, "holder": row.holder, "revision": current.id},
        )  # fmt: skip
    return row.id


def copy_end(*, actor: Actor, copy_id: int, kind: str, note: str, now: datetime) -> int:
    """Write a paper copy off as recalled, destroyed or lost; return its document.

    Raises NotFound, Conflict("copy_ended"), Refusal("end_unknown", "note_missing").
    """
    require(may(actor, "document.manage"))
    note = clean(note)[:300]
    with transaction.atomic():
        row = (
            PaperCopy.objects.select_for_update()
            .filter(pk=copy_id, agency_id=actor.agency_id)
            .first()
        )
        if row is None:
            raise NotFound()
        if row.ended_on is not None:
            require(rules.decide_copy_end(is_out=False, kind=kind, note=note), kind=Conflict)
        require(rules.decide_copy_end(is_out=True, kind=kind, note=note), kind=Refusal)
        row.ended_on, row.ended_by_id = local(now).date(), actor.person_id
        row.end_kind, row.end_note = kind, note
        row.save(update_fields=["ended_on", "ended_by", "end_kind", "end_note"])
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="paper_copy.ended",
            object_type="document", object_id=row.document_id, at=now,
            new={"number": row.number, "kind": kind}, reason=note,
        )  # fmt: skip
        _close_when_done(row.document_id, actor, now)
    return row.document_id


def copies_recall(*, document_id: int, now: datetime) -> int:
    """Mark the copies of versions that no longer hold as to be recalled; return how many are new.

    The ISO secretaries get one work item a document. Whoever calls how often, a copy is marked
    once.
    """
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(pk=document_id).first()
        if document is None:
            return 0
        old = PaperCopy.objects.filter(
            document_id=document_id, ended_on=None, to_recall_since=None
        ).exclude(revision__state=rules.IN_FORCE)
        count = old.update(to_recall_since=local(now).date())
        if not count:
            return 0
        record(
            actor_id=None, agency_id=document.agency_id, action="paper_copies.to_recall",
            object_type="document", object_id=document_id, at=now, new={"count": count},
        )  # fmt: skip
        _ask_to_recall(document, now)
    return count


def _ask_to_recall(document: Document, now: datetime) -> None:
    out = PaperCopy.objects.filter(
        document_id=document.id, ended_on=None, to_recall_since__isnull=False
    ).count()
    work.items_withdraw_of(source_type=RECALL, source_id=document.id, at=now, by_id=None)
    calendar = calendar_for(document.agency_id)
    today = local(now).date()
    for person in people_for(agency_id=document.agency_id, today=today, role="iso_secretary"):
        work.item_open(
            batch=None,
            agency_id=document.agency_id,
            kind="document",
            title=f"Thu hồi {out} bản giấy của {document.code}",
            detail=document.title[:400],
            link="/tai-lieu/ban-giay/",
            source_type=RECALL,
            source_id=document.id,
            source_code=document.code[:60],
            step_label="Thu hồi bản giấy",
            person_id=person.id,
            opened_at=now,
            due_at=calendar.day_close(calendar.add_working_days(today, rules.RECALL_DAYS)),
        )


def _close_when_done(document_id: int, actor: Actor, now: datetime) -> None:
    still_out = PaperCopy.objects.filter(
        document_id=document_id, ended_on=None, to_recall_since__isnull=False
    )
    if still_out.exists():
        return
    for item in open_items_of(source_type=RECALL, source_id=document_id):
        work.item_close(batch=None, item_id=item.id, at=now, by_id=actor.person_id)
