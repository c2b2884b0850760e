"""What documents do when they hear of something."""

from datetime import datetime

from nep.apps.documents.events import DocumentWithdrawn, FormFilled, RevisionInForce, RevisionSigned
from nep.apps.documents.queries import STEP_SOURCE
from nep.apps.documents.services import (
    asked_handed_over,
    copies_recall,
    filled_deposit,
    leaver_groups_register,
    readings_make,
    review_plan,
    revision_deposit,
    signed_deposit,
)
from nep.apps.work.ports import HolderChange, register_holder_listener
from nep.foundation.outbox.registry import subscribe


@subscribe(RevisionInForce)
def ask_to_read(event: RevisionInForce, now: datetime) -> None:
    """Ask whom the document's list reaches to read what has come into force."""
    readings_make(document_id=event.document_id, now=now)


@subscribe(RevisionInForce)
def plan_review(event: RevisionInForce, now: datetime) -> None:
    """Set the day of the next review."""
    review_plan(document_id=event.document_id, now=now)


@subscribe(RevisionInForce)
def recall_paper(event: RevisionInForce, now: datetime) -> None:
    """Have the paper copies of the version before recalled."""
    copies_recall(document_id=event.document_id, now=now)


@subscribe(DocumentWithdrawn)
def stop_asking(event: DocumentWithdrawn, now: datetime) -> None:
    """End readings and review of a document that no longer holds; recall its paper copies."""
    copies_recall(document_id=event.document_id, now=now)
    readings_make(document_id=event.document_id, now=now)
    review_plan(document_id=event.document_id, now=now)


@subscribe(RevisionInForce)
def keep_revision(event: RevisionInForce, now: datetime) -> None:
    """Deposit what was published as a record, where the agency has set a series for it."""
    revision_deposit(revision_id=event.revision_id, now=now)


@subscribe(RevisionSigned)
def keep_signed(event: RevisionSigned, now: datetime) -> None:
    """Have the record of a revision hold the signed PDF, as a further edition."""
    signed_deposit(revision_id=event.revision_id, now=now)


@subscribe(FormFilled)
def keep_form(event: FormFilled, now: datetime) -> None:
    """Deposit a filled form as a record, where the agency has set a series for it."""
    filled_deposit(filled_id=event.filled_id, now=now)


leaver_groups_register()


def _ask_the_new_holder(change: HolderChange) -> None:
    """Ask who has received the work item of a step, in the same transaction."""
    if change.new_person_id is None:  # a step of a route is asked of somebody from its beginning
        raise ValueError("a step of a route has nobody to ask")
    asked_handed_over(
        route_person_id=change.source_id,
        person_id=change.new_person_id,
        reason=change.reason,
        now=change.at,
    )


register_holder_listener(STEP_SOURCE, _ask_the_new_holder)
