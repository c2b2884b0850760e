"""The papers of an approved review go into the agency's records, frozen as they were printed."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.records import queries as kept
from nep.apps.records import services as records
from nep.apps.reviews import queries
from nep.apps.reviews.queries import ReviewPage
from nep.apps.reviews.rules import life
from nep.apps.reviews.services._papers import paper_of
from nep.foundation.files.services import store
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

SOURCE = "form"  # the plan's line for filled forms takes it


def review_deposit(*, actor: Actor, review_id: int, now: datetime) -> None:
    """Deposit minutes and inputs of an approved review; again it changes nothing.

    The PDFs are made before the transaction. Raises Forbidden; NotFound; Refusal("not_approved").
    Source: TCVN ISO 9001:2015 điều 9.3.3 (thông tin dạng văn bản được lưu giữ).
    """
    require(may(actor, "record.keep"))
    page = queries.review_page(actor=actor, review_id=review_id, today=local(now).date())
    if page.state not in life.DONE:
        raise Refusal("not_approved", "Biên bản phê duyệt rồi mới lưu vào hồ sơ lưu.")
    if kept.records_of_source(agency_id=actor.agency_id, source_type=SOURCE, source_ids=[page.id]):
        return
    papers = _papers(page)
    with transaction.atomic():
        for source_id, title, data in papers:
            file = store(
                data=data, name=f"{title.replace('/', '-')}.pdf", agency_id=actor.agency_id,
                actor_id=actor.person_id, at=now, kinds=("pdf",),
            )  # fmt: skip
            records.record_deposit(
                actor=actor, series_id=None, title=title, source_type=SOURCE, source_id=source_id,
                file_id=file.id, made_on=page.held_on or page.meets_on, now=now,
                source_code=page.code, link=f"/xem-xet/{page.id}/",
            )  # fmt: skip


def _papers(page: ReviewPage) -> list[tuple[int, str, bytes]]:
    """Return (source id, title, PDF) of each paper; the inputs are kept under their freezing."""
    at = page.approved_at or page.prepared_at
    return [
        (page.id, f"Biên bản xem xét của lãnh đạo {page.code}",
         paper_of(page, kind="bien-ban", now=at, ending="pdf")),
        (page.frozen_id, f"Đầu vào xem xét của lãnh đạo {page.code}",
         paper_of(page, kind="dau-vao", now=at, ending="pdf")),
    ]  # fmt: skip
