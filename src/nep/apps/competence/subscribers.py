"""What competence does when it hears of something."""

from datetime import datetime

from nep.apps.competence.queries import attended_share, effective_share, held_share
from nep.apps.competence.services import (
    need_of_failed_check,
    need_of_new_steps,
    session_follow,
)
from nep.apps.documents.events import ReadingAcknowledged, RevisionInForce
from nep.apps.planning.services import register_measure
from nep.apps.work.ports import register_holder_listener
from nep.foundation.outbox.registry import subscribe


@subscribe(RevisionInForce)
def teach_new_steps(event: RevisionInForce, now: datetime) -> None:
    """Propose training where a new version of a procedure has new steps."""
    if event.kind == "procedure":
        need_of_new_steps(
            agency_id=event.agency_id, revision_id=event.revision_id,
            replaced_id=event.replaced_id, now=now,
        )  # fmt: skip


@subscribe(ReadingAcknowledged)
def teach_who_failed(event: ReadingAcknowledged, now: datetime) -> None:
    """Propose training for who failed the check of a document."""
    need_of_failed_check(
        agency_id=event.agency_id, revision_id=event.revision_id, person_id=event.person_id,
        now=now,
    )  # fmt: skip


register_holder_listener("training", session_follow)
register_measure(
    "competence.attended", "Tỷ lệ người được mời có mặt ở buổi đào tạo", "%", "up", attended_share
)
register_measure("competence.held", "Tỷ lệ buổi đào tạo đến ngày đã mở", "%", "up", held_share)
register_measure(
    "competence.effective", "Tỷ lệ buổi đào tạo có hiệu quả", "%", "up", effective_share
)
