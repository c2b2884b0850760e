"""Who can be written to, with which hats, and who stands in for whom while they are away."""

from dataclasses import dataclass
from datetime import date

from nep.apps.organization.models import Absence, Appointment, Delegation
from nep.apps.organization.queries._absences import is_away
from nep.apps.organization.queries._actors import delegated, in_force

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
    """Who is away lends a hat today: what comes to it is told to who acts under it."""

    giver_id: int
    giver: str
    receiver_id: int
    agency_id: int
    unit_id: int | None
    role: str
    prefix: str


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


def stand_ins(*, today: date, agency_id: int | None = None) -> tuple[StandIn, ...]:
    """Return every hat lent today by somebody who is away, of an agency or of all."""
    away = Absence.objects.filter(is_away(today))
    loans = Delegation.objects.filter(delegated(today))
    if agency_id is not None:
        away, loans = away.filter(agency_id=agency_id), loans.filter(agency_id=agency_id)
    gone = set(away.values_list("agency_id", "person_id"))
    if not gone:
        return ()
    rows = loans.filter(appointment__person_id__in={person for _, person in gone}).values_list(
        "appointment__person_id", "appointment__person__name", "receiver_id", "agency_id",
        "appointment__unit_id", "appointment__role", "prefix",
    )  # fmt: skip
    return tuple(StandIn(*row) for row in rows.order_by("id") if (row[3], row[0]) in gone)
