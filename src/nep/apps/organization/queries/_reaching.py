"""Who can be written to, with which hats, and who stands in for whom while they are away."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from nep.apps.organization.models import Absence, Appointment, Delegation
from nep.apps.organization.queries._absences import is_away
from nep.apps.organization.queries._actors import delegated, in_force
from nep.apps.organization.rules import AGENCY_ROLES

OwnHat = tuple[int, int | None, str]


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person with a working account; `hats` are (agency, unit, role) of today, own ones only.

    `agency_id` is where they work: the one that keeps their record if they wear a hat there.
    """

    person_id: int
    name: str
    email: str
    agency_id: int
    hats: tuple[OwnHat, ...]


@dataclass(frozen=True, slots=True)
class StandIn:
    """The hat of somebody away: what comes to it is told to who acts under it today.

    Without a `prefix` nobody acts under it: the receiver, the head of the unit or a leader, is told
    so that the work can be handed over. `until` is the giver's last day away.
    """

    giver_id: int
    giver: str
    receiver_id: int
    agency_id: int
    unit_id: int | None
    role: str
    prefix: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """Who is away today: `told` says who hears of their work, `held` whose letters wait.

    `held` are (agency, person); whose work nobody else could be told of is not among them.
    """

    told: tuple[StandIn, ...] = ()
    held: frozenset[tuple[int, int]] = frozenset()


def reachable_people(*, today: date, person_id: int | None = None) -> dict[int, Reachable]:
    """Return who works today with an account in use, by person; all of them, or one.

    Three queries, whatever the number. Who only acts for another is among them.
    """
    own = Appointment.objects.filter(in_force(today), person__user__is_active=True)
    lent = Delegation.objects.filter(delegated(today), receiver__user__is_active=True)
    if person_id is not None:
        own, lent = own.filter(person_id=person_id), lent.filter(receiver_id=person_id)
    facts = ("id", "name", "email", "agency_id")
    rows = own.order_by("starts_on", "id").values_list(
        *(f"person__{name}" for name in facts), "agency_id", "unit_id", "role"
    )
    loans = lent.order_by("starts_on", "id").values_list(
        *(f"receiver__{name}" for name in facts), "agency_id"
    )
    people: dict[int, tuple[str, str, int]] = {}
    hats: dict[int, list[OwnHat]] = {}
    places: dict[int, list[int]] = {}
    for id_, name, email, kept_by, agency_id, unit_id, role in rows:
        people[id_] = (name, email, kept_by)
        hats.setdefault(id_, []).append((agency_id, unit_id, role))
        if role in AGENCY_ROLES and unit_id is not None:
            hats[id_].append((agency_id, None, role))
        places.setdefault(id_, []).append(agency_id)
    for id_, name, email, kept_by, agency_id in loans:
        people.setdefault(id_, (name, email, kept_by))
        places.setdefault(id_, []).append(agency_id)
    return {
        id_: Reachable(
            id_, name, email, kept_by if kept_by in places[id_] else places[id_][0],
            tuple(hats.get(id_, ())),
        )
        for id_, (name, email, kept_by) in people.items()
    }  # fmt: skip


def away_told(*, today: date) -> Away:
    """Return who is told today of the work of each person away, of all agencies.

    A hat that is lent is told to who acts under it; another one to the heads of its unit (or who
    acts for them), and where none is there to the leaders of the agency.
    """
    gone = {
        (agency_id, person_id): ends_on
        for agency_id, person_id, ends_on in Absence.objects.filter(is_away(today))
        .order_by("ends_on")
        .values_list("agency_id", "person_id", "ends_on")
    }
    if not gone:
        return Away()
    agencies = {agency_id for agency_id, _person in gone}
    lent = tuple(
        one
        for one in _loans(Delegation.objects.filter(delegated(today), agency_id__in=agencies))
        if (one.agency_id, one.receiver_id) not in gone
    )
    own = list(
        Appointment.objects.filter(in_force(today), agency_id__in=agencies)
        .order_by("id")
        .values_list("agency_id", "person_id", "person__name", "unit_id", "role",
                     "person__user__is_active")
    )  # fmt: skip
    over = _overseers(own, lent, gone)
    told, alone = [one for one in lent if (one.agency_id, one.giver_id) in gone], set()
    acted = {(one.agency_id, one.giver_id, one.unit_id, one.role) for one in told}
    for agency_id, person_id, name, unit_id, role, _active in own:
        place = (agency_id, person_id)
        if place not in gone or (*place, unit_id, role) in acted:
            continue
        unit = None if role == "leader" else unit_id
        heads = over.get((agency_id, unit)) or over.get((agency_id, None)) or set()
        told += [
            StandIn(person_id, name, head, agency_id, unit_id, role, "", gone[place])
            for head in sorted(heads)
        ]
        if not heads:
            alone.add(place)
    told += [
        replace(one, unit_id=None) for one in told
        if one.role in AGENCY_ROLES and one.unit_id is not None
    ]  # fmt: skip
    return Away(tuple(told), frozenset(gone) - alone)


def _overseers(
    own: Iterable[tuple[int, int, str, int | None, str, bool | None]],
    lent: Iterable[StandIn],
    gone: dict[tuple[int, int], date],
) -> dict[tuple[int, int | None], set[int]]:
    """Return who is there to hand work over: heads by (agency, unit), leaders by (agency, None)."""
    over: dict[tuple[int, int | None], set[int]] = {}
    present = [
        (agency_id, person_id, unit_id, role)
        for agency_id, person_id, _name, unit_id, role, active in own
        if active and (agency_id, person_id) not in gone
    ]
    present += [(one.agency_id, one.receiver_id, one.unit_id, one.role) for one in lent]
    for agency_id, person_id, unit_id, role in present:
        if role == "leader":
            over.setdefault((agency_id, None), set()).add(person_id)
        elif role == "unit_head" and unit_id is not None:
            over.setdefault((agency_id, unit_id), set()).add(person_id)
    return over


def _loans(rows: QuerySet[Delegation]) -> tuple[StandIn, ...]:
    return tuple(
        StandIn(*row)
        for row in rows.filter(receiver__user__is_active=True)
        .order_by("id")
        .values_list(
            "appointment__person_id", "appointment__person__name", "receiver_id", "agency_id",
            "appointment__unit_id", "appointment__role", "prefix",
        )
    )  # fmt: skip
