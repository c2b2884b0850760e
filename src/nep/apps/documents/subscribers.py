"""What documents do when they hear of something."""

from datetime import datetime

from nep.apps.documents.events import DocumentWithdrawn, RevisionInForce
from nep.apps.documents.services import readings_make
from nep.foundation.outbox.registry import subscribe


@subscribe(RevisionInForce)
def ask_to_read(event: RevisionInForce, now: datetime) -> None:
    """Ask whom the document's list reaches to read what has come into force."""
    readings_make(document_id=event.document_id, now=now)


@subscribe(DocumentWithdrawn)
def stop_asking(event: DocumentWithdrawn, now: datetime) -> None:
    """End the readings of a document that no longer holds."""
    readings_make(document_id=event.document_id, now=now)
