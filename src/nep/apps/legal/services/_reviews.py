"""The legal update clock: what the law changed, looked at in time and with a result."""

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Count, Q

from nep.apps.legal import ports, rules
from nep.apps.legal.models import ExternalDocument, LegalReview
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean, shorten
from nep.kernel.vietnamese import VN, date_text, local

ROLE = "iso_secretary"
SOURCE = "legal_review"
_LISTED = 5


def review_open(
    *,
    agency_id: int,
    kind: str,
    key: str,
    title: str,
    due_on: date,
    now: datetime,
    external_id: int | None = None,
    detail: str = "",
) -> int | None:
    """Open a review with its work item once for a key; return its id, None when it was there.

    Part of another action or of the worker's round.
    """
    row, made = LegalReview.objects.get_or_create(
        agency_id=agency_id, key=key,
        defaults={
            "kind": kind, "external_id": external_id, "title": shorten(title, 300),
            "opened_at": now, "due_on": due_on,
        },
    )  # fmt: skip
    if row.result == "" and row.item_id is None:
        row.item_id = _item(row, detail, now)
        row.save(update_fields=["item_id"])
    if not made:
        return None
    journal.record(
        actor_id=None, agency_id=agency_id, action="legal.review_opened",
        object_type="legal_review", object_id=row.id, at=now,
        new={"kind": kind, "title": row.title, "due_on": due_on},
    )  # fmt: skip
    return row.id


def _item(row: LegalReview, detail: str, now: datetime) -> int | None:
    return ports.tasks().open(
        agency_id=row.agency_id, role=ROLE, kind="document", title=row.title, detail=detail,
        link=f"/van-ban/ra-soat/{row.id}/", source_type=SOURCE, source_id=row.id, at=now,
        due_at=datetime.combine(row.due_on, time(17, 0), VN),
    )  # fmt: skip


@transaction.atomic
def review_record(*, actor: Actor, review_id: int, result: str, note: str, now: datetime) -> None:
    """Record the result of a review and close its work item.

    Raises Forbidden; NotFound; Conflict("review_done"); Refusal(see `decide_result`).
    Source: Thông tư 26/2014/TT-BKHCN Điều 7 khoản 2 (cập nhật thay đổi của pháp luật).
    """
    require(may(actor, "legal.manage"))
    row = (
        LegalReview.objects.select_for_update()
        .filter(pk=review_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    if row.result:
        raise Conflict("review_done", "Lần rà soát này đã có người ghi kết quả.")
    require(rules.decide_result(result=result, note=note), kind=Refusal)
    row.result, row.note = result, clean(note)[:1000]
    row.done_by_id, row.done_at, row.version = actor.person_id, now, row.version + 1
    row.save()
    if row.item_id is not None:
        ports.tasks().close(item_id=row.item_id, at=now, by_id=actor.person_id, done=True)
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action="legal.review_recorded",
        object_type="legal_review", object_id=row.id, at=now, new={"result": result},
        reason=row.note,
    )  # fmt: skip


def reviews_open_due(*, now: datetime) -> int:
    """Open what the calendar asks for: each quarter's look, and cited texts that have expired.

    Repeating it changes nothing. Agencies without a register are left alone. Returns how many
    reviews were opened.
    """
    today = local(now).date()
    opened = 0
    year, quarter, last = rules.quarter_of(today)
    agencies = ExternalDocument.objects.filter(withdrawn_on=None).values_list("agency_id")
    for (agency_id,) in agencies.distinct().order_by("agency_id"):
        with transaction.atomic():
            opened += bool(
                review_open(
                    agency_id=agency_id, kind=rules.PERIODIC, key=f"periodic:{year}Q{quarter}",
                    title=f"Rà soát thay đổi của pháp luật, quý {quarter}/{year}", due_on=last,
                    detail="Tra hiệu lực các văn bản trong danh mục và ghi kết quả.", now=now,
                )
            )  # fmt: skip
    expired = ExternalDocument.objects.filter(
        ~Q(citations=None), expires_on__lt=today, withdrawn_on=None
    ).annotate(named=Count("citations"))
    for row in expired.order_by("id"):
        with transaction.atomic():
            opened += bool(_expired(row, row.named, now))
    return opened


def _expired(row: ExternalDocument, named: int, now: datetime) -> int | None:
    labels = list(row.citations.order_by("label").values_list("label", flat=True)[:_LISTED])
    rest = f" và {named - _LISTED} nơi khác" if named > _LISTED else ""
    last = row.expires_on or local(now).date()
    return review_open(
        agency_id=row.agency_id, kind=rules.EXPIRY, key=f"expiry:{row.id}:{last.isoformat()}",
        external_id=row.id,
        title=f"{row.number or row.title} hết hiệu lực sau ngày {date_text(last)}: "
        f"sửa {named} nơi viện dẫn",
        due_on=rules.update_due(last), detail=shorten("; ".join(labels) + rest, 400), now=now,
    )  # fmt: skip
