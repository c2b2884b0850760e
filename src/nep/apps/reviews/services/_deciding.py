"""The head approves the minutes, or returns them; a prepared review is dropped."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.actions.services import action_open
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.reviews import queries
from nep.apps.reviews.models import Review
from nep.apps.reviews.rules import life
from nep.apps.reviews.services._ground import facts_of, item_renew, locked, stepped, uninvite
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local


@transaction.atomic
def review_approve(*, actor: Actor, review_id: int, read_hash: str, now: datetime) -> None:
    """Approve the minutes as they were read: every decision becomes an action, the last review is
    closed. `read_hash` is the hash of the minutes that the approver was shown. A decision keeps the
    day set by the meeting though it has passed; that of who has left comes to the ISO secretary.

    Raises Forbidden; NotFound; Refusal(see `decide_approve`, and `action_open` for a decision).
    Source: TCVN ISO 9001:2015 điều 9.3.3.
    """
    require(may(actor, "review.approve"))
    row, today = locked(actor, review_id), local(now).date()
    require(life.decide_approve(actor, facts_of(row, today), read_hash=read_hash), kind=Refusal)
    _close_last(actor, row, now)
    origin = Reference(
        "review", row.id, f"Xem xét của lãnh đạo {queries.code_of(row)}", f"/xem-xet/{row.id}/"
    )
    numbers = {one.key: one.number for one in queries.demands_of(row.edition).outputs}
    members = {one.id for one in organization.members(agency_id=row.agency_id, today=today)}
    for one in row.decisions.select_related("owner").order_by("place"):
        owner_id, title = one.owner_id, one.title
        if owner_id not in members:
            owner_id = _stand_in(row.agency_id, today) or actor.person_id
            title = f"{title} (họp giao {one.owner.name}, nay không còn ở cơ quan)"
        clause = numbers.get(one.output) or queries.demands_of(row.edition).out_clause
        one.action_id = action_open(
            actor=actor, agency_id=row.agency_id, origin=origin, title=title, owner_id=owner_id,
            unit_id=None, due_on=one.due_on, now=now, clause=f"{row.edition}:{clause}",
            decided_on=row.held_on,
        )  # fmt: skip
        one.save(update_fields=["action_id"])
    row.state, row.approved_by_id, row.approved_at = life.APPROVED, actor.person_id, now
    item_renew(row, actor, now)
    stepped(actor, row, life.APPROVE, "", now, new={"minutes": row.minutes_hash})


def _stand_in(agency_id: int, today: date) -> int | None:
    """Return the ISO secretary, who hands on what the meeting gave to somebody who has left."""
    held = organization.people_for(agency_id=agency_id, today=today, role="iso_secretary")
    return held[0].id if held else None


def _close_last(actor: Actor, row: Review, now: datetime) -> None:
    """Close the review before this one: the minutes say that what is left of it stays followed."""
    last = (
        Review.objects.select_for_update(of=("self",))
        .filter(agency_id=row.agency_id, state=life.APPROVED)
        .first()
    )
    if last is None:
        return
    today = local(now).date()
    left = queries.left_before(agency_id=row.agency_id, previous_id=last.id, today=today)
    followed = {one["id"] for one in row.minutes.get("followed", [])}
    new = [one for one in left if one.id not in followed]
    require(life.decide_close(facts_of(last, today), left=len(new), followed=False), kind=Refusal)
    last.state, last.ended_at = life.CLOSED, now
    last.end_note = f"Đã xem lại ở lần {queries.code_of(row)}."
    stepped(actor, last, life.CLOSE, last.end_note, now)


@transaction.atomic
def review_return(*, actor: Actor, review_id: int, reason: str, now: datetime) -> None:
    """Return the minutes to who wrote them. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "review.approve"))
    row = locked(actor, review_id)
    facts = facts_of(row, local(now).date())
    require(life.decide_return(actor, facts, reason=reason), kind=Refusal)
    row.state = life.RETURNED
    said = clean_lines(reason)[:1000]
    item_renew(row, actor, now, note=said)
    stepped(actor, row, life.RETURN, said, now)


@transaction.atomic
def review_drop(*, actor: Actor, review_id: int, reason: str, now: datetime) -> None:
    """Drop a review that was only prepared. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "review.prepare"))
    row = locked(actor, review_id)
    facts = facts_of(row, local(now).date())
    require(life.decide_drop(actor, facts, reason=reason), kind=Refusal)
    row.state, row.ended_at, row.end_note = life.DROPPED, now, clean_lines(reason)[:1000]
    uninvite(row, actor, now)
    item_renew(row, actor, now)
    stepped(actor, row, life.DROP, row.end_note, now)
