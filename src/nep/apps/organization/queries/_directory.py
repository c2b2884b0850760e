"""Who holds which role where, for giving out work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from nep.apps.organization.models import Appointment, Delegation, Person, Unit
from nep.apps.organization.queries._absences import away_today
from nep.apps.organization.queries._actors import delegated, in_force
from nep.apps.organization.queries._cache import remembered
from nep.apps.organization.rules import AGENCY_ROLES, ROLE_NAMES, split_key
from nep.foundation.db.prepared import Mark, Prepared


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a role of a unit on a day."""

    id: int
    name: str
    unit: str
    position: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A person who holds an appointment of an agency on a day, present or away."""

    id: int
    name: str
    position: str
    units: tuple[str, ...]
    unit_ids: frozenset[int]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that is not closed."""

    id: int
    code: str
    name: str
    is_reception: bool
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Directory:
    """Units by code and people by responsibility key of one agency on one day."""

    agency_id: int
    units: dict[str, UnitRow]
    holders: dict[tuple[str, str], tuple[PersonRow, ...]]

    def unit(self, code: str) -> UnitRow | None:
        """Return the unit with this code, or None."""
        return self.units.get(code)

    def people(self, key: str) -> tuple[PersonRow, ...]:
        """Return who holds a responsibility key ("PKH/specialist"), delegates last.

        Who is away is left out while somebody else of the role is there.
        """
        return self.holders.get(split_key(key), ())


def directory(*, agency_id: int, today: date) -> Directory:
    """Return units and role holders of an agency today; remembered per process."""
    return remembered(("directory", agency_id, today), lambda: _directory(agency_id, today))


def units_of(agency_id: int) -> tuple[UnitRow, ...]:
    """Return the units of an agency that are not closed, in the agency's own order."""
    return remembered(("units", agency_id), lambda: _units(agency_id))


def people_for(
    *, agency_id: int, today: date, unit_code: str | None = None, role: str | None = None
) -> tuple[PersonRow, ...]:
    """Return the people who hold the role in the unit today, each once, own holders first.

    None for unit or role means any.
    """
    found: dict[int, PersonRow] = {}
    holders = directory(agency_id=agency_id, today=today).holders
    for (code, held), people in holders.items():
        if unit_code in (None, code) and role in (None, held):
            for person in people:
                found.setdefault(person.id, person)
    return tuple(found.values())


def members(*, agency_id: int, today: date) -> tuple[Member, ...]:
    """Return everybody who holds an own appointment of an agency today, by name; who is away too."""
    return remembered(("members", agency_id, today), lambda: _members(agency_id, today))


def ever_held(*, agency_id: int, role: str) -> frozenset[int]:
    """Return who holds or held a role in an agency by an own appointment."""
    rows = Appointment.objects.filter(agency_id=agency_id, role=role)
    return frozenset(rows.values_list("person_id", flat=True))


def _members(agency_id: int, today: date) -> tuple[Member, ...]:
    rows = (
        Appointment.objects.filter(in_force(today), agency_id=agency_id)
        .order_by("person__sort_name", "person_id", "id")
        .values_list("person_id", "person__name", "position__name", "unit_id", "unit__name", "role")
    )
    found: dict[int, list[tuple]] = {}
    for person_id, *facts in rows:
        found.setdefault(person_id, []).append(tuple(facts))
    return tuple(
        Member(
            person_id, hats[0][0], next((hat[1] for hat in hats if hat[1]), ""),
            tuple(dict.fromkeys(hat[3] for hat in hats if hat[3])),
            frozenset(hat[2] for hat in hats if hat[2]),
            frozenset(hat[4] for hat in hats),
        )
        for person_id, hats in found.items()
    )  # fmt: skip


def heads_below(*, agency_id: int, today: date) -> tuple[tuple[int, str, Member], ...]:
    """Return (agency, its name, leader) of the agencies directly below one, by agency and person."""
    rows = (
        Appointment.objects.filter(
            in_force(today), agency__parent_id=agency_id, role="leader"
        )
        .order_by("agency__folded", "person__sort_name", "id")
        .values_list(
            "agency_id", "agency__name", "person_id", "person__name", "position__name", "unit_id",
            "unit__name",
        )
    )  # fmt: skip
    return tuple(
        (
            below, name,
            Member(
                person_id, person, position or "", (unit,) if unit else (),
                frozenset({unit_id} if unit_id else ()), frozenset({"leader"}),
            ),
        )
        for below, name, person_id, person, position, unit_id, unit in rows
    )  # fmt: skip


def holders_near(
    *, agency_id: int, role: str, today: date, limit: int = 60
) -> tuple[tuple[int, str, Member], ...]:
    """Return (agency, its name, person) of who holds a role in the other agencies of the province
    today, by agency and person; one query."""
    rows = (
        Appointment.objects.filter(in_force(today), role=role, agency__valid_to=None)
        .filter(agency__province__agencies=agency_id, person__agency_id=F("agency_id"))
        .exclude(agency_id=agency_id)
        .order_by("agency__folded", "person__sort_name", "id")
        .values_list("agency_id", "agency__name", "person_id", "person__name", "position__name")
    )
    found: dict[int, tuple[int, str, Member]] = {}
    for near, name, person_id, person, position in rows[: 2 * limit]:
        member = Member(person_id, person, position or "", (), frozenset(), frozenset({role}))
        found.setdefault(person_id, (near, name, member))
    return tuple(found.values())[:limit]


def person_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Return names by person id; remembered per process, one query for the unknown ones."""
    wanted = {id_ for id_ in ids if id_}
    known: dict[int, str] = remembered(("names",), dict)
    missing = wanted - known.keys()
    if missing:
        known.update(Person.objects.filter(pk__in=missing).values_list("id", "name"))
    return {id_: known[id_] for id_ in wanted if id_ in known}


def role_choices(agency_id: int) -> tuple[tuple[str, str], ...]:
    """Return (key, words) for every unit with every role that does steps.

    For example ("PKH/specialist", "Phòng Kế hoạch: Chuyên viên").
    """
    roles = ("specialist", "reception", "unit_head", "leader", "iso_secretary", "qmr")
    return tuple(
        (f"{unit.code}/{role}", f"{unit.name}: {ROLE_NAMES[role]}")
        for unit in units_of(agency_id)
        for role in roles
    )


def _units(agency_id: int) -> tuple[UnitRow, ...]:
    rows = Unit.objects.filter(agency_id=agency_id, closed_on=None).order_by("position", "folded")
    return tuple(UnitRow(r.id, r.code, r.name, r.is_reception, r.parent_id) for r in rows)


_TODAY, _AGENCY = Mark("today"), Mark("agency")
_HOLDERS = Prepared(
    lambda: (
        Appointment.objects.filter(in_force(_TODAY), agency_id=_AGENCY)
        .order_by("person__sort_name")
        .values_list(
            "person_id", "person__name", "unit__code", "unit__name", "role", "position__name"
        )
    )
)
_DELEGATES = Prepared(
    lambda: (
        Delegation.objects.filter(delegated(_TODAY), agency_id=_AGENCY)
        .order_by("receiver__sort_name")
        .values_list(
            "receiver_id",
            "receiver__name",
            "appointment__unit__code",
            "appointment__unit__name",
            "appointment__role",
            "appointment__position__name",
            "prefix",
        )
    )
)


def _directory(agency_id: int, today: date) -> Directory:
    rows = [(*row, "") for row in _HOLDERS.rows(agency=agency_id, today=today)]
    rows += _DELEGATES.rows(agency=agency_id, today=today)
    holders: dict[tuple[str, str], dict[int, PersonRow]] = {}
    for id_, name, code, unit, role, position, prefix in rows:
        row = PersonRow(id_, name, unit or "", position or "", prefix)
        for place in {code or "", ""} if role in AGENCY_ROLES else {code or ""}:
            holders.setdefault((place, role), {}).setdefault(id_, row)
    away = away_today(agency_id=agency_id, today=today)
    return Directory(
        agency_id,
        {unit.code: unit for unit in units_of(agency_id)},
        {key: _present(tuple(people.values()), away) for key, people in holders.items()},
    )


def _present(people: tuple[PersonRow, ...], away: Mapping[int, object]) -> tuple[PersonRow, ...]:
    """Return who of a role is there; all of them when everybody is away."""
    return tuple(person for person in people if person.id not in away) or people
