"""Who a signed-in account is today."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from nep.apps.organization.models import Agency, Appointment, Delegation, Person
from nep.apps.organization.queries._cache import remembered
from nep.apps.organization.rules import AGENCY_ROLES, Actor, Hat, permissions_of
from nep.foundation.db.prepared import Mark, Prepared


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """An agency in which a person wears a hat today, for the switch in the top bar."""

    id: int
    name: str
    short_name: str
    province: str
    roles: str


def actor_for(*, user_id: int, agency_id: int | None, today: date) -> Actor | None:
    """Return the actor of an account in an agency today, or None without any appointment.

    Without `agency_id`, or when no hat is worn there, the first agency by name is taken.
    Remembered per process (see `_cache`): no query while fresh.
    """
    actors = remembered(("actors", user_id, today), lambda: _actors(user_id, today))
    for actor in actors:
        if actor.agency_id == agency_id:
            return actor
    return actors[0] if actors else None


def agencies_of(*, user_id: int, today: date) -> tuple[AgencyChoice, ...]:
    """Return the agencies in which the account wears a hat today, by name."""
    actors = remembered(("actors", user_id, today), lambda: _actors(user_id, today))
    names = remembered(("short", user_id, today), lambda: _short_names(actors))
    return tuple(
        AgencyChoice(
            actor.agency_id,
            actor.agency_name,
            names.get(actor.agency_id) or actor.agency_name,
            actor.province,
            actor.role_text,
        )
        for actor in actors
    )


def _short_names(actors: tuple[Actor, ...]) -> dict[int, str]:
    ids = [actor.agency_id for actor in actors]
    rows = Appointment.objects.filter(agency_id__in=ids)
    return dict(rows.values_list("agency_id", "agency__short_name").distinct())


def in_force(today: date | Mark, prefix: str = "") -> Q:
    """Return the condition that an appointment acts on the day, in a living agency."""
    return (
        Q(**{f"{prefix}starts_on__lte": today})
        & (Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": today}))
        & (
            Q(**{f"{prefix}agency__valid_to": None})
            | Q(**{f"{prefix}agency__valid_to__gte": today})
        )
    )


def delegated(today: date | Mark) -> Q:
    """Return the condition that a delegation acts on the day, its appointment included."""
    return (
        Q(starts_on__lte=today, ends_on__gte=today)
        & (Q(revoked_on=None) | Q(revoked_on__gt=today))
        & in_force(today, "appointment__")
    )


_TODAY, _PERSON = Mark("today"), Mark("person")
_WHO = Prepared(
    lambda: Person.objects.filter(user_id=Mark("user")).order_by("id").values_list("id", "name")
)
_OWN = Prepared(
    lambda: (
        Appointment.objects.filter(in_force(_TODAY), person_id=_PERSON)
        .select_related("agency__province", "unit", "position")
        .order_by("starts_on", "id")
    )
)
_BORROWED = Prepared(
    lambda: (
        Delegation.objects.filter(delegated(_TODAY), receiver_id=_PERSON)
        .select_related(
            "appointment__agency__province", "appointment__unit", "appointment__position"
        )
        .order_by("starts_on", "id")
    )
)


def _actors(user_id: int, today: date) -> tuple[Actor, ...]:
    found = _WHO.rows(user=user_id)
    if not found:
        return ()
    person_id, name = found[0]
    facts = {"id": person_id, "name": name}
    worn: dict[int, Agency] = {}
    hats: dict[int, list[Hat]] = {}
    for one in _OWN.objects(today=today, person=person_id):
        worn[one.agency_id] = one.agency
        hats.setdefault(one.agency_id, []).extend(_hats(one))
    for loan in _BORROWED.objects(today=today, person=person_id):
        one = loan.appointment
        worn[one.agency_id] = one.agency
        hats.setdefault(one.agency_id, []).extend(_hats(one, one.person_id, loan.prefix))
    actors = [_actor(facts, user_id, worn[id_], tuple(hats[id_])) for id_ in worn]
    return tuple(sorted(actors, key=lambda actor: (actor.agency_name, actor.agency_id)))


def _hats(one: Appointment, acting_for: int | None = None, prefix: str = "") -> list[Hat]:
    """Return the hat of an appointment, and a role of the whole agency once more without its unit."""
    own = Hat(
        agency_id=one.agency_id,
        unit_id=one.unit_id,
        unit_code=one.unit.code if one.unit else "",
        role=one.role,
        position=one.position.name if one.position else "",
        acting_for=acting_for,
        prefix=prefix,
    )
    if own.unit_id is None or own.role not in AGENCY_ROLES:
        return [own]
    return [own, replace(own, unit_id=None, unit_code="")]


def _actor(person: dict, user_id: int, agency, hats: tuple[Hat, ...]) -> Actor:
    roles = frozenset(hat.role for hat in hats)
    return Actor(
        person_id=person["id"],
        user_id=user_id,
        name=person["name"],
        agency_id=agency.id,
        agency_code=agency.code,
        agency_name=agency.name,
        unit_ids=frozenset(hat.unit_id for hat in hats if hat.unit_id is not None),
        unit_codes=frozenset(hat.unit_code for hat in hats if hat.unit_code),
        roles=roles,
        hats=hats,
        is_demo=agency.is_demonstration,
        province_id=agency.province_id,
        province=agency.province.name,
        permissions=permissions_of(roles),
    )
