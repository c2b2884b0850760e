"""What adoption does when it hears of something."""

from datetime import datetime

from nep.apps.adoption import queries
from nep.apps.adoption.events import ModelPublished
from nep.apps.adoption.services import acceptance_dropped, drift_tell, source_changed
from nep.apps.documents.events import RevisionInForce
from nep.apps.procedures.ports import register_content_guard, register_drop_listener
from nep.apps.procedures.queries import procedure_of
from nep.apps.work.ports import register_subjects
from nep.foundation.outbox.registry import subscribe

register_content_guard(queries.content_guard)
register_drop_listener(acceptance_dropped)
register_subjects("adoption", queries.adoption_subjects)


@subscribe(ModelPublished, when=lambda event: event.number > 1)
def ask_who_follows(event: ModelPublished, now: datetime) -> None:
    """Ask every agency that follows a model for its answer to the new edition."""
    drift_tell(model_id=event.model_id, now=now)


@subscribe(RevisionInForce, when=lambda event: event.kind == "procedure" and event.replaced_id)
def tell_publisher(event: RevisionInForce, now: datetime) -> None:
    """Tell who made a model of a procedure that it has a new version."""
    found = procedure_of(revision_id=event.revision_id, agency_id=event.agency_id)
    if found is not None:
        source_changed(agency_id=event.agency_id, procedure_id=found[0], now=now)
