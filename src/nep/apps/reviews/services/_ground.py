"""What every service of reviews needs: the row, rules' view of it, its step, its work."""

from datetime import date, datetime
from typing import Any

from nep.apps.organization.rules import Actor
from nep.apps.reviews import queries
from nep.apps.reviews.models import FrozenInputs, Participant, Review, ReviewMove
from nep.apps.reviews.rules import life
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.kernel.errors import NotFound
from nep.kernel.text import shorten
from nep.kernel.vietnamese import date_text, local

SOURCE, INVITE = "review", "review_invite"


def locked(actor: Actor, review_id: int) -> Review:
    """Return a review of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Review.objects.select_for_update(of=("self",))
        .filter(pk=review_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def facts_of(row: Review, today: date) -> life.Facts:
    """Return a review as rules see it."""
    newest = FrozenInputs.objects.filter(review=row).latest("number")
    left = queries.left_before(agency_id=row.agency_id, previous_id=row.previous_id, today=today)
    return life.Facts(
        row.state, row.chair_id, row.written_by_id, local(newest.frozen_at).date(), len(left),
        row.minutes_hash,
    )  # fmt: skip


def stepped(
    actor: Actor, row: Review, move: str, text: str, now: datetime, old: Any = None,
    new: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write a changed review with its step and its journal entry."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    ReviewMove.objects.create(
        review=row, move=move, state=row.state, text=text, by_id=actor.person_id, at=now
    )
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=f"review.{move}",
        object_type=SOURCE, object_id=row.id, at=now, old=old,
        new={"state": row.state, **(new or {})}, reason=shorten(text, 1000),
    )  # fmt: skip


def item_renew(row: Review, actor: Actor, now: datetime, note: str = "") -> None:
    """Close the review's work item and put it before who has to do what comes next."""
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    row.item_id = None
    today = local(now).date()
    asked = {
        life.PREPARED: ("Họp, ghi biên bản", row.prepared_by_id, row.meets_on),
        life.HELD: ("Đọc và phê duyệt biên bản", row.chair_id, today),
        life.RETURNED: ("Sửa biên bản bị trả lại", row.written_by_id, today),
    }.get(row.state)
    if asked is None:
        return
    step, person_id, due_on = asked
    shown = _shown(row)
    if row.state != life.HELD:  # the minutes are written beside the inputs
        shown["link"] = f"{shown['link']}ghi/"
    row.item_id = work.item_open(
        batch=None, **shown, source_type=SOURCE, source_id=row.id, opened_at=now,
        due_at=_end_of(row, due_on), person_id=person_id, detail=step, step_label=step,
        note=note[:500],
    )  # fmt: skip


def invite(row: Review, one: Participant, now: datetime) -> None:
    """Call a participant; who prepares the review knows of it already."""
    if one.person_id == row.prepared_by_id or one.item_id is not None:
        return
    hour = f" lúc {row.meets_at}" if row.meets_at else ""
    where = f", {row.place}" if row.place else ""
    one.item_id = work.item_open(
        batch=None, **_shown(row), source_type=INVITE, source_id=one.id, opened_at=now,
        due_at=_end_of(row, row.meets_on), person_id=one.person_id, step_label="Dự họp",
        detail=shorten(f"Họp ngày {date_text(row.meets_on)}{hour}{where}", 400),
    )  # fmt: skip
    one.save(update_fields=["item_id"])


def uninvite(row: Review, actor: Actor, now: datetime) -> None:
    """Close what still calls people to the review."""
    for one in row.participants.filter(item_id__isnull=False):
        assert one.item_id is not None
        work.item_close(batch=None, item_id=one.item_id, at=now, by_id=actor.person_id)
        one.item_id = None
        one.save(update_fields=["item_id"])


def _shown(row: Review) -> dict[str, Any]:
    return {
        "agency_id": row.agency_id, "kind": "review", "link": f"/xem-xet/{row.id}/",
        "title": f"Xem xét của lãnh đạo {queries.code_of(row)}",
        "source_code": queries.code_of(row),
    }  # fmt: skip


def _end_of(row: Review, day: date) -> datetime:
    return workcal.day_end(agency_id=row.agency_id, day=day)
