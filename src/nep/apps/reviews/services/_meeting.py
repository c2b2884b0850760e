"""The meeting was held: who was there, what was concluded, what was decided."""

from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.reviews import queries
from nep.apps.reviews.models import FrozenInputs, Review, ReviewDecision
from nep.apps.reviews.rules import inputs as demands
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.life import Minutes
from nep.apps.reviews.services._ground import facts_of, item_renew, locked, stepped, uninvite
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import date_text, local


@transaction.atomic
def review_write(*, actor: Actor, review_id: int, minutes: Minutes, now: datetime) -> None:
    """Keep the minutes of the meeting; until they are approved they may be written again.

    Raises Forbidden; NotFound; Refusal(see `decide_write`, "present_unknown", "owner_unknown").
    Source: TCVN ISO 9001:2015 điều 9.3.3.
    """
    require(may(actor, "review.prepare"))
    row, today = locked(actor, review_id), local(now).date()
    outputs = {one.key: one.title for one in queries.demands_of(row.edition).outputs}
    require(
        life.decide_write(actor, facts_of(row, today), minutes, outputs=outputs, today=today),
        kind=Refusal,
    )
    _people_known(row, minutes, now)
    before = row.minutes_hash
    for one in row.participants.all():
        one.present = one.person_id in minutes.present
        one.save(update_fields=["present"])
    row.decisions.all().delete()
    ReviewDecision.objects.bulk_create(
        ReviewDecision(
            review=row, place=place, output=one.output if one.output in outputs else "",
            title=clean(one.title)[:400], owner_id=one.owner_id, due_on=one.due_on,
        )
        for place, one in enumerate(minutes.decisions, start=1)
    )  # fmt: skip
    row.state, row.held_on = life.HELD, minutes.held_on
    row.written_by_id, row.written_at = actor.person_id, now
    row.minutes = _content(row, minutes, outputs, now)
    row.minutes_hash = demands.digest(row.minutes)
    uninvite(row, actor, now)
    item_renew(row, actor, now)
    said = f"Họp ngày {date_text(minutes.held_on)}, {len(minutes.decisions)} quyết định."
    stepped(
        actor, row, life.WRITE, said, now,
        old={"minutes": before}, new={"minutes": row.minutes_hash},
    )  # fmt: skip


def _people_known(row: Review, minutes: Minutes, now: datetime) -> None:
    called = set(row.participants.values_list("person_id", flat=True))
    if not minutes.present <= called:
        raise Refusal("present_unknown", "Hãy đánh dấu người dự trong danh sách.", field="present")
    members = organization.members(agency_id=row.agency_id, today=local(now).date())
    if not {one.owner_id for one in minutes.decisions} <= {one.id for one in members}:
        raise Refusal("owner_unknown", "Người làm phải đang công tác tại cơ quan.")


def _content(
    row: Review, minutes: Minutes, outputs: dict[str, str], now: datetime
) -> dict[str, Any]:
    """Return what the head approves: words, people, decisions, and which inputs it stands on."""
    said = minutes.outputs or {}
    left = queries.left_before(
        agency_id=row.agency_id, previous_id=row.previous_id, today=local(now).date()
    )
    present = dict(row.participants.values_list("person_id", "present"))
    names = organization.person_names([*present, *(one.owner_id for one in minutes.decisions)])
    return {
        "held_on": minutes.held_on.isoformat(),
        "verdict": minutes.verdict,
        "conclusion": clean_lines(minutes.conclusion)[:4000],
        "outputs": {
            key: clean_lines(said.get(key, ""))[:4000] or demands.NOTHING_ELSE for key in outputs
        },
        "present": sorted(names[id_] for id_, is_there in present.items() if is_there),
        "absent": sorted(names[id_] for id_, is_there in present.items() if not is_there),
        "followed": [
            {"id": one.id, "code": one.code, "title": one.title, "owner": one.owner,
             "due_on": one.due_on.isoformat(), "state": one.state_name}
            for one in left
        ],
        "decisions": [
            {"title": clean(one.title)[:400], "owner": names.get(one.owner_id, ""),
             "due_on": one.due_on.isoformat(), "output": one.output}
            for one in minutes.decisions
        ],
        "inputs": FrozenInputs.objects.filter(review=row).latest("number").sha256,
    }  # fmt: skip
