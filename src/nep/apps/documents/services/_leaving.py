"""What of documents a leaving person holds: drafts, readings, paper copies."""

from datetime import datetime

from nep.apps.documents import rules
from nep.apps.documents.models import PaperCopy, Reading, Revision, RevisionAuthor
from nep.apps.documents.services._readings import readings_hand_back
from nep.apps.organization import queries as organization
from nep.apps.records.ports import HandOver, Held, LeaverGroup, register_leaver_group
from nep.apps.work import services as work
from nep.foundation.journal.services import record


def _drafts(agency_id: int, person_id: int, now: datetime) -> tuple[Held, ...]:
    rows = Revision.objects.filter(
        agency_id=agency_id, drafted_by_id=person_id, state=rules.DRAFT
    ).select_related("document")
    return tuple(
        Held(
            row.id, row.document.code,
            f"{row.document.title} ({rules.revision_text(row.issue, row.amendment)})",
            f"/tai-lieu/{row.document_id}/",
        )
        for row in rows.order_by("document__code")
    )  # fmt: skip


def _pass_drafts(hand_over: HandOver) -> None:
    """Make the receiver an author of each draft; who began it stays named."""
    for row in Revision.objects.filter(pk__in=hand_over.ids).select_related("document"):
        RevisionAuthor.objects.get_or_create(revision=row, person_id=hand_over.receiver_id)
        record(
            actor_id=hand_over.by.person_id, agency_id=row.agency_id,
            action="revision.author_joined", object_type="revision", object_id=row.id,
            at=hand_over.at, new={"person_id": hand_over.receiver_id}, reason=hand_over.reason,
        )  # fmt: skip
        work.notice_add(
            person_id=hand_over.receiver_id, agency_id=row.agency_id,
            key=f"draft:{row.id}:{hand_over.receiver_id}", at=hand_over.at,
            text=f"Bạn nhận soạn tiếp {row.document.code} {row.document.title}",
            detail=hand_over.reason, icon="pen-line", link=f"/tai-lieu/{row.document_id}/",
        )  # fmt: skip


def _readings(agency_id: int, person_id: int, now: datetime) -> tuple[Held, ...]:
    rows = Reading.objects.filter(
        agency_id=agency_id, person_id=person_id, acknowledged_at=None, ended_at=None
    ).select_related("document")
    return tuple(
        Held(row.id, row.document.code, row.document.title, f"/tai-lieu/{row.document_id}/")
        for row in rows.order_by("document__code")
    )


def _copies(agency_id: int, person_id: int, now: datetime) -> tuple[Held, ...]:
    rows = PaperCopy.objects.filter(
        agency_id=agency_id, person_id=person_id, ended_on=None
    ).select_related("document")
    return tuple(
        Held(row.id, row.document.code, f"Bản giấy số {row.number}: {row.document.title}",
             f"/tai-lieu/{row.document_id}/")
        for row in rows.order_by("document__code", "number")
    )  # fmt: skip


def _pass_copies(hand_over: HandOver) -> None:
    """Write the receiver as the holder of each numbered paper copy."""
    name = organization.person_names([hand_over.receiver_id])[hand_over.receiver_id]
    for row in PaperCopy.objects.filter(pk__in=hand_over.ids, ended_on=None):
        PaperCopy.objects.filter(pk=row.pk).update(person_id=hand_over.receiver_id, holder=name)
        record(
            actor_id=hand_over.by.person_id, agency_id=row.agency_id,
            action="copy.passed_on", object_type="document", object_id=row.document_id,
            at=hand_over.at, old=row.person_id, new=hand_over.receiver_id,
            reason=hand_over.reason,
        )  # fmt: skip


def _end_readings(hand_over: HandOver) -> None:
    readings_hand_back(
        actor=hand_over.by, person_id=hand_over.person_id, reading_ids=hand_over.ids,
        reason=hand_over.reason, now=hand_over.at,
    )  # fmt: skip


def leaver_groups_register() -> None:
    """Add drafts, readings and paper copies to the leaver's wizard."""
    for group in (
        LeaverGroup("drafts", "Bản thảo tài liệu, quy trình", 30, _drafts, _pass_drafts),
        LeaverGroup("copies", "Bản giấy đang giữ", 40, _copies, _pass_copies),
        LeaverGroup(
            "readings", "Tài liệu chưa xác nhận đã đọc", 50, _readings, _end_readings,
            advice="Việc đọc tự kết thúc khi bổ nhiệm của người này chấm dứt.",
            needs_receiver=False,
        ),
    ):  # fmt: skip
        register_leaver_group(group)
