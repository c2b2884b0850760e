"""What documents do when they hear of something."""

from datetime import datetime

from nep.apps.documents.events import DocumentWithdrawn, RevisionInForce
from nep.apps.documents.services import copies_recall, readings_make, review_plan
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
