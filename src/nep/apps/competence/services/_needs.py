"""Required competences are set; needs are proposed by people, gaps, new steps and failed checks."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from nep.apps.competence.models import Need, NeedPerson, Requirement, Session
from nep.apps.competence.queries import gaps
from nep.apps.competence.rules import training as rules
from nep.apps.competence.services._ground import known_people, told
from nep.apps.organization.queries import position_choices
from nep.apps.organization.rules import ROLE_NAMES, Actor, may
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

HAND = Reference("hand", 0, "")


@transaction.atomic
def requirement_add(
    *, actor: Actor, title: str, role: str = "", post: str = "", months: int | None, now: datetime
) -> int:
    """Say which competence whoever holds a role, or a post by its name, must have; return its id.

    Raises Forbidden; Refusal("title_missing", "role_unknown", "months_wrong", "required_already").
    Source: TCVN ISO 9001:2015 điều 7.2 a.
    """
    require(may(actor, "competence.manage"))
    if len(clean(title)) < rules.LEAST_WORDS:
        raise Refusal("title_missing", "Hãy ghi năng lực cần có.", field="title")
    posts = {name for _, name in position_choices(actor.agency_id)} if post else set()
    if (post not in posts or role) if post else role not in ROLE_NAMES:
        raise Refusal("role_unknown", "Hãy chọn vị trí trong danh sách.", field="role")
    if months is not None and not 1 <= months <= 120:
        raise Refusal("months_wrong", "Số tháng phải từ 1 đến 120.", field="months")
    rows = Requirement.objects.filter(agency_id=actor.agency_id, ended_at=None)
    if rows.filter(title=clean(title)[:300], role=role, post=post).exists():
        raise Refusal("required_already", "Vị trí này đã có yêu cầu như vậy.", field="title")
    row = Requirement.objects.create(
        agency_id=actor.agency_id, title=clean(title)[:300], role=role, post=post, months=months,
        added_by_id=actor.person_id, added_at=now,
    )  # fmt: skip
    told(
        actor, row.agency_id, "requirement", row.id, "add", now, title=row.title,
        role=role or post,
    )  # fmt: skip
    return row.id


@transaction.atomic
def requirement_end(*, actor: Actor, requirement_id: int, now: datetime) -> None:
    """Require a competence no more. Raises Forbidden; NotFound."""
    require(may(actor, "competence.manage"))
    row = (
        Requirement.objects.select_for_update(of=("self",))
        .filter(pk=requirement_id, agency_id=actor.agency_id, ended_at=None)
        .first()
    )
    if row is None:
        raise NotFound()
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    told(actor, row.agency_id, "requirement", row.id, "end", now, title=row.title)


@transaction.atomic
def need_add(*, actor: Actor, title: str, person_ids: Iterable[int], now: datetime) -> int:
    """Propose that some people learn something; return the need's id.

    Raises Forbidden; Refusal(see `decide_need`, "person_unknown").
    """
    require(may(actor, "competence.manage"))
    people = list(person_ids)
    require(rules.decide_need(title=title, person_ids=people), kind=Refusal)
    return _new(actor, actor.agency_id, HAND, title, known_people(actor, people, now), now)


@transaction.atomic
def needs_of_positions(
    *, actor: Actor, requirement_ids: Iterable[int], now: datetime
) -> tuple[int, ...]:
    """Propose what people lack for their positions, one need a competence; return their ids.

    One that has a need already is left. Raises Forbidden; Refusal("nothing_lacking").
    Source: TCVN ISO 9001:2015 điều 7.2 a, c.
    """
    require(may(actor, "competence.manage"))
    wanted, made = set(requirement_ids), []
    for gap in gaps(agency_id=actor.agency_id, today=local(now).date()):
        if gap.id not in wanted or gap.has_need or not gap.lacking:
            continue
        origin = Reference("position", gap.id, gap.role_name, "/nang-luc/vi-tri/")
        people = [person_id for person_id, _ in gap.lacking]
        made.append(
            _new(actor, actor.agency_id, origin, gap.title, people, now, requirement_id=gap.id)
        )
    if not made:
        raise Refusal("nothing_lacking", "Không còn ai thiếu mà chưa có nhu cầu.", field="chosen")
    return tuple(made)


def need_propose(
    *, agency_id: int, origin: Reference, title: str, person_ids: Iterable[int], now: datetime
) -> int | None:
    """Propose a need that the system itself has found; people are added to one that is open.

    Return its id, None without people. Called by subscribers, in their transaction.
    """
    people = list(dict.fromkeys(person_ids))
    if not people:
        return None
    row = (
        Need.objects.select_for_update(of=("self",))
        .filter(agency_id=agency_id, origin_kind=origin.kind, origin_id=origin.id, state="open")
        .first()
    )
    if row is None:
        return _new(None, agency_id, origin, title, people, now)
    known = set(row.people.values_list("person_id", flat=True))
    added = [person_id for person_id in people if person_id not in known]
    NeedPerson.objects.bulk_create([NeedPerson(need=row, person_id=one) for one in added])
    if added:
        told(None, agency_id, "need", row.id, "more", now, people=added)
    return row.id


def _new(
    actor: Actor | None, agency_id: int, origin: Reference, title: str, people: list[int],
    now: datetime, *, requirement_id: int | None = None,
) -> int:  # fmt: skip
    row = Need.objects.create(
        agency_id=agency_id, origin_kind=origin.kind[:20], origin_id=origin.id,
        origin_title=clean(origin.title)[:400], origin_url=origin.url[:200],
        title=clean(title)[:400], requirement_id=requirement_id,
        proposed_by_id=actor.person_id if actor else None, proposed_at=now, changed_at=now,
    )  # fmt: skip
    NeedPerson.objects.bulk_create([NeedPerson(need=row, person_id=one) for one in people])
    told(actor, agency_id, "need", row.id, "add", now, title=row.title, people=people)
    return row.id


def needs_reopen(actor: Actor, row: Session, now: datetime) -> None:
    """Open the needs of a cancelled session; where one of the same origin is open, join its people."""
    for need in _planned_by(row):
        _reopen(actor, need, now)


def needs_conclude(
    actor: Actor, row: Session, present_ids: Collection[int], now: datetime
) -> None:  # fmt: skip
    """Call the needs of a judged session met by who was there; the others need it again.

    A need that nobody of it came for is open again; one met in part keeps who was there.
    """
    for need in _planned_by(row):
        absent = set(_people_of(need)) - set(present_ids)
        if absent and absent == set(_people_of(need)):
            _reopen(actor, need, now)
            continue
        if absent:
            need.people.filter(person_id__in=absent).delete()
            _again(actor, need, sorted(absent), now)
        need.state, need.changed_at = rules.NEED_MET, now
        need.save()


def _planned_by(row: Session) -> Iterable[Need]:
    return Need.objects.select_for_update(of=("self",)).filter(
        session=row, state=rules.NEED_PLANNED
    )


def _people_of(need: Need) -> list[int]:
    return list(need.people.values_list("person_id", flat=True))


def _open_twin(need: Need) -> Need | None:
    """Return the open need of the same origin, of which there is at most one, locked."""
    if not need.origin_id:
        return None
    return Need.objects.select_for_update(of=("self",)).filter(
        agency_id=need.agency_id, origin_kind=need.origin_kind, origin_id=need.origin_id,
        state=rules.NEED_OPEN,
    ).first()  # fmt: skip


def _reopen(actor: Actor, need: Need, now: datetime) -> None:
    other = _open_twin(need)
    need.changed_at = now
    if other is None:
        need.state, need.session = rules.NEED_OPEN, None
    else:
        _join(other, _people_of(need))
        need.state, need.end_note = rules.NEED_DROPPED, "Gộp vào nhu cầu cùng nguồn"
    need.save()
    told(actor, need.agency_id, "need", need.id, "reopen", now, state=need.state)


def _again(actor: Actor, need: Need, person_ids: list[int], now: datetime) -> None:
    """Propose a need once more for some of its people, in an open one of the same origin if any."""
    other = _open_twin(need)
    if other is not None:
        _join(other, person_ids)
        told(actor, need.agency_id, "need", other.id, "more", now, people=person_ids)
        return
    origin = Reference(need.origin_kind, need.origin_id, need.origin_title, need.origin_url)
    _new(actor, need.agency_id, origin, need.title, person_ids, now,
         requirement_id=need.requirement_id)  # fmt: skip


def _join(need: Need, person_ids: Iterable[int]) -> None:
    added = sorted(set(person_ids) - set(_people_of(need)))
    NeedPerson.objects.bulk_create([NeedPerson(need=need, person_id=one) for one in added])


@transaction.atomic
def need_drop(*, actor: Actor, need_id: int, reason: str, now: datetime) -> None:
    """Say that a need is none, with a reason. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "competence.manage"))
    row = (
        Need.objects.select_for_update(of=("self",))
        .filter(pk=need_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    require(rules.decide_drop_need(actor, state=row.state, reason=reason), kind=Refusal)
    row.state, row.end_note, row.changed_at = rules.NEED_DROPPED, clean(reason)[:600], now
    row.save()
    told(actor, row.agency_id, "need", row.id, "drop", now, reason=row.end_note)
