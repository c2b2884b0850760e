"""A review is prepared: its inputs are frozen, its people called, the day set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import Member
from nep.apps.organization.rules import Actor, may
from nep.apps.reviews import queries
from nep.apps.reviews.models import FrozenInputs, Participant, Review
from nep.apps.reviews.rules import inputs as demands
from nep.apps.reviews.rules import life
from nep.apps.reviews.services._ground import (
    facts_of,
    invite,
    item_renew,
    locked,
    stepped,
    uninvite,
)
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import date_text, local


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """When, where, in whose chair, with whom, about what a review meets."""

    meets_on: date
    chair_id: int
    people: tuple[int, ...]
    meets_at: str = ""
    place: str = ""
    agenda: tuple[str, ...] = ()


@transaction.atomic
def review_prepare(
    *, actor: Actor, edition: str, starts_on: date, ends_on: date, plan: ReviewPlan, now: datetime
) -> int:
    """Freeze the inputs of a period, call the people, and return the review's id.

    Raises Forbidden; Refusal(see `decide_open`, `decide_people`, "edition_unknown",
    "people_unknown"). Source: TCVN ISO 9001:2015 điều 9.3.1, 9.3.2; Quyết định 19/2014/QĐ-TTg Điều 4.
    """
    require(may(actor, "review.prepare"))
    today = local(now).date()
    if edition not in queries.all_demands():
        raise Refusal(
            "edition_unknown", "Hãy chọn bản tiêu chuẩn trong danh sách.", field="edition"
        )
    is_running = Review.objects.filter(agency_id=actor.agency_id, state__in=life.RUNNING).exists()
    require(
        life.decide_open(
            starts_on=starts_on, ends_on=ends_on, meets_on=plan.meets_on, is_running=is_running,
            today=today,
        ),
        kind=Refusal,
    )  # fmt: skip
    members = _people_checked(actor, plan, today)
    last = Review.objects.filter(agency_id=actor.agency_id, state=life.APPROVED).first()
    year = today.year
    row = Review.objects.create(
        agency_id=actor.agency_id, year=year,
        number=take_number(agency_id=actor.agency_id, book="xem xét của lãnh đạo", year=year),
        edition=edition, starts_on=starts_on, ends_on=ends_on, previous=last,
        prepared_by_id=actor.person_id, prepared_at=now, changed_at=now, version=0,
        **_planned(plan),
    )  # fmt: skip
    frozen = _freeze(actor, row, now)
    _call(row, plan, members, now)
    item_renew(row, actor, now)
    stepped(actor, row, "open", _told(row), now, new={"inputs": frozen.sha256})
    return row.id


@transaction.atomic
def review_freeze(*, actor: Actor, review_id: int, now: datetime) -> None:
    """Freeze the inputs again, up to today; what was frozen before stays.

    Raises Forbidden; NotFound; Refusal("review_state").
    """
    require(may(actor, "review.prepare"))
    row = locked(actor, review_id)
    today = local(now).date()
    require(life.possible(facts_of(row, today), life.FREEZE), kind=Refusal)
    old = FrozenInputs.objects.filter(review=row).latest("number").sha256
    row.ends_on = today
    frozen = _freeze(actor, row, now)
    said = f"Số liệu đến ngày {date_text(today)}, lần chốt {frozen.number}."
    stepped(actor, row, life.FREEZE, said, now, old={"inputs": old}, new={"inputs": frozen.sha256})


@transaction.atomic
def review_remark(
    *,
    actor: Actor,
    review_id: int,
    remarks: Mapping[str, str],
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Keep what is remarked on the inputs, apart from the figures; nobody's opinion is lost.

    Raises Forbidden; NotFound; Conflict("review_changed"); Refusal("review_state").
    """
    require(may(actor, "review.prepare"))
    row = locked(actor, review_id)
    if expected_version is not None and expected_version != row.version:
        raise Conflict(
            "review_changed",
            "Có người vừa ghi ý kiến hoặc sửa lần xem xét này. Hãy tải lại trang rồi ghi nhận xét.",
        )
    require(life.possible(facts_of(row, local(now).date()), life.REMARK), kind=Refusal)
    known = {one.key for one in queries.demands_of(row.edition).inputs}
    kept = {
        key: clean_lines(text)[: life.MOST_REMARKS] for key, text in remarks.items() if key in known
    }
    old = row.remarks
    row.remarks = {key: text for key, text in kept.items() if text}
    said = f"Nhận xét {len(row.remarks)} mục đầu vào."
    stepped(actor, row, life.REMARK, said, now, old={"remarks": old}, new={"remarks": row.remarks})


@transaction.atomic
def review_opine(*, actor: Actor, review_id: int, input_key: str, text: str, now: datetime) -> None:
    """Add what somebody called to the review says of an input, under their name, to its remarks.

    Raises NotFound; Refusal(see `decide_opinion`). Source: TCVN ISO 9001:2015 điều 9.3.2.
    """
    row = locked(actor, review_id)
    called = row.participants.filter(person_id=actor.person_id).first()
    known = {one.key: one for one in queries.demands_of(row.edition).inputs}
    require(
        life.decide_opinion(
            facts_of(row, local(now).date()), is_called=called is not None,
            is_input=input_key in known, text=text,
        ), kind=Refusal,
    )  # fmt: skip
    told = f"{actor.name}, {called.position}" if called and called.position else actor.name
    said = f"{told}: {clean_lines(text)[:1000]}"
    old = row.remarks
    joined = "\n".join(filter(None, (old.get(input_key, ""), said)))
    if len(joined) > life.MOST_REMARKS:
        raise Refusal(
            "opinion_long", "Mục này đã có quá nhiều ý kiến. Hãy nói ở cuộc họp.", field="text"
        )
    row.remarks = old | {input_key: joined}
    stepped(
        actor, row, life.OPINE, known[input_key].title, now, old={"remarks": old},
        new={"remarks": row.remarks},
    )  # fmt: skip


@transaction.atomic
def review_plan(*, actor: Actor, review_id: int, plan: ReviewPlan, now: datetime) -> None:
    """Change the day, the place, the people or the agenda; everybody is called anew.

    Raises Forbidden; NotFound; Refusal("review_state", `decide_day`, `decide_people`).
    """
    require(may(actor, "review.prepare"))
    row, today = locked(actor, review_id), local(now).date()
    require(life.possible(facts_of(row, today), life.PLAN), kind=Refusal)
    require(life.decide_day(meets_on=plan.meets_on, today=today), kind=Refusal)
    members = _people_checked(actor, plan, today)
    old = {"meets_on": row.meets_on, "chair_id": row.chair_id}
    for name, value in _planned(plan).items():
        setattr(row, name, value)
    uninvite(row, actor, now)
    row.participants.all().delete()
    _call(row, plan, members, now)
    item_renew(row, actor, now)
    new = {"meets_on": row.meets_on, "chair_id": row.chair_id}
    stepped(actor, row, life.PLAN, _told(row), now, old=old, new=new)


def _people_checked(actor: Actor, plan: ReviewPlan, today: date) -> dict[int, Member]:
    members = {m.id: m for m in organization.members(agency_id=actor.agency_id, today=today)}
    if not {plan.chair_id, *plan.people} <= members.keys():
        raise Refusal("people_unknown", "Hãy chọn người trong danh sách.", field="people")
    leaders = {one.id for one in members.values() if "leader" in one.roles}
    require(
        life.decide_people(chair_id=plan.chair_id, leaders=leaders, people=plan.people),
        kind=Refusal,
    )
    return members


def _planned(plan: ReviewPlan) -> dict[str, object]:
    return {
        "meets_on": plan.meets_on, "meets_at": clean(plan.meets_at)[:5],
        "place": clean(plan.place)[:200], "chair_id": plan.chair_id,
        "agenda": [clean(line)[:400] for line in plan.agenda if clean(line)][:30],
    }  # fmt: skip


def _freeze(actor: Actor, row: Review, now: datetime) -> FrozenInputs:
    found = queries.inputs_now(
        actor=actor, edition=row.edition, starts_on=row.starts_on, ends_on=row.ends_on,
        previous_id=row.previous_id, now=now,
    )  # fmt: skip
    content = demands.to_content(found)
    return FrozenInputs.objects.create(
        review=row, number=row.freezings.count() + 1, content=content,
        sha256=demands.digest(content), ends_on=row.ends_on, frozen_by_id=actor.person_id,
        frozen_at=now,
    )  # fmt: skip


def _call(row: Review, plan: ReviewPlan, members: Mapping[int, Member], now: datetime) -> None:
    for person_id in dict.fromkeys((plan.chair_id, *plan.people)):
        one = Participant.objects.create(
            review=row, person_id=person_id, position=members[person_id].position[:200]
        )
        invite(row, one, now)


def _told(row: Review) -> str:
    return (
        f"Kỳ {date_text(row.starts_on)} – {date_text(row.ends_on)}, "
        f"họp ngày {date_text(row.meets_on)}."
    )
