"""Withdrawing a document as a whole: what is in force retires, nothing of it is used again."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.events import DocumentWithdrawn
from nep.apps.documents.models import ChangeRequest, Document, Revision
from nep.apps.documents.services._history import history_note
from nep.apps.documents.services._life_effect import retire
from nep.apps.documents.services._life_rows import in_force
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import publish
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


def document_withdraw(
    *,
    actor: Actor,
    document_id: int,
    reason: str,
    decision_number: str,
    now: datetime,
    replaced_by_id: int | None = None,
) -> int:
    """Withdraw a document as of today, its forms in force with it; return how many in all.

    `replaced_by_id` is another document in force that takes its place. Accepted requests for the
    withdrawal are done. Raises NotFound, Refusal("not_in_force", "revision_open",
    "reason_missing", "decision_missing", "replacement_unfit").
    """
    require(may(actor, "document.approve"))
    reason, decision_number = clean(reason)[:800], clean(decision_number)[:120]
    with transaction.atomic():
        if not queries.may_see(actor, document_id=document_id):
            raise NotFound()
        row = Document.objects.select_for_update().get(pk=document_id, agency_id=actor.agency_id)
        successor = _successor(actor, row, replaced_by_id)
        forms = Document.objects.select_for_update().filter(parent_id=row.id, status=rules.IN_FORCE)
        rows = [row, *forms.order_by("id")]
        for one in rows:
            decision = rules.decide_withdraw(
                status=one.status,
                open_number=_open_number(one),
                reason=reason,
                decision_number=decision_number,
            )
            require(decision, kind=Refusal)
        _need_no_coming(row)
        for one in rows:
            _withdraw(one, actor, reason, decision_number, successor if one is row else None, now)
        ChangeRequest.objects.filter(
            document_id=row.id, wish=rules.WITHDRAW_WISH, state=rules.ACCEPTED
        ).update(state=rules.DONE)
    return len(rows)


def _need_no_coming(row: Document) -> None:
    """Refuse while a form below that was never in force is on its way: it would come into force
    below what is withdrawn. Raises Refusal("form_coming")."""
    coming = Revision.objects.filter(
        document__parent_id=row.id, document__status="new", state__in=rules.OPEN
    )
    form = coming.select_related("document").order_by("id").first()
    if form is not None:
        raise Refusal(
            "form_coming",
            f"Biểu mẫu kèm theo {form.document.code} đang có bản "
            f"{rules.STATE_NAMES[form.state].lower()}. Hãy bỏ hoặc hoàn tất bản đó trước.",
        )


def _withdraw(
    row: Document,
    actor: Actor,
    reason: str,
    decision_number: str,
    successor: Document | None,
    now: datetime,
) -> None:
    today = local(now).date()
    said = f"{decision_number}: {reason}"
    if successor is not None:
        said = f"{said} Được thay bằng {successor.code}."
    current = in_force(row.id)
    if current is None:
        raise Refusal("not_in_force", "Chỉ thu hồi được tài liệu đang có hiệu lực.")
    history_note(
        current, rules.WITHDRAWN_ACT, actor=actor, now=now, note=said,
        hat=rules.signing_hat(actor, "document.approve"),
    )  # fmt: skip
    retire(current, on=today, actor=None, now=now)
    row.status, row.current_id, row.in_force_since = "withdrawn", None, None
    row.withdrawn_on, row.withdraw_reason, row.replaced_by = today, said[:1000], successor
    row.is_public, row.next_review_on = False, None
    row.changed_at, row.version = now, row.version + 1
    row.save()
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="document.withdrawn",
        object_type="document", object_id=row.id, at=now,
        new={
            "decision": decision_number, "revision": current.id,
            "replaced_by": successor.id if successor else None,
        },
        reason=reason,
    )  # fmt: skip
    publish(
        DocumentWithdrawn(agency_id=row.agency_id, document_id=row.id, on=str(today)),
        agency_id=row.agency_id,
        at=now,
    )


def _successor(actor: Actor, row: Document, replaced_by_id: int | None) -> Document | None:
    if replaced_by_id is None:
        return None
    found = Document.objects.filter(
        pk=replaced_by_id, agency_id=actor.agency_id, status=rules.IN_FORCE
    ).exclude(pk=row.id)
    if (successor := found.first()) is None or successor.parent_id == row.id:
        raise Refusal(
            "replacement_unfit",
            "Tài liệu thay thế phải là một tài liệu khác đang có hiệu lực của cơ quan.",
            field="replaced_by",
        )
    return successor


def _open_number(row: Document) -> str:
    open_ = Revision.objects.filter(document_id=row.id, state__in=list(rules.OPEN)).first()
    return rules.revision_text(open_.issue, open_.amendment) if open_ else ""
