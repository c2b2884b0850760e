"""People and units for the pages that manage them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from nep.apps.organization.models import Appointment, Delegation, Person, Position, Unit
from nep.apps.organization.queries._actors import in_force
from nep.apps.organization.rules import ADMIN_ROLES, PREFIX_NAMES, ROLE_NAMES
from nep.kernel.errors import NotFound
from nep.kernel.text import fold

NO_UNIT = "Toàn cơ quan"


@dataclass(frozen=True, slots=True)
class HatLine:
    """One appointment, in words."""

    id: int
    person_id: int
    person: str
    unit_id: int | None
    unit: str
    role: str
    position: str
    decision: str
    starts_on: date
    ends_on: date | None
    end_reason: str
    is_current: bool

    @property
    def role_name(self) -> str:
        """Return the role in words."""
        return ROLE_NAMES.get(self.role, self.role)

    @property
    def title(self) -> str:
        """Return the post as on the decision, or the role where none is written."""
        return self.position or self.role_name

    @property
    def role_note(self) -> str:
        """Return the role in words where the title does not say it already."""
        return "" if fold(self.title).startswith(fold(self.role_name)) else self.role_name


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list of a unit; the log-in's state is empty without an account."""

    id: int
    name: str
    user_id: int | None
    username: str
    is_active: bool
    hats: tuple[HatLine, ...]


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """A unit and the people who hold a role in it; without unit, those of the whole agency."""

    id: int | None
    code: str
    name: str
    is_reception: bool
    version: int
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the page of one person shows."""

    id: int
    agency_id: int
    name: str
    email: str
    phone: str
    version: int
    user_id: int | None
    username: str
    is_active: bool
    last_login: object
    hats: tuple[HatLine, ...]
    past: tuple[HatLine, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """One delegation, in words."""

    id: int
    giver_id: int
    giver: str
    receiver_id: int
    receiver: str
    unit: str
    role_name: str
    prefix: str
    scope: str
    document: str
    starts_on: date
    ends_on: date
    revoked_on: date | None
    end_reason: str
    state: str  # "now", "later" or "past"

    @property
    def prefix_name(self) -> str:
        """Return the prefix in words."""
        return PREFIX_NAMES.get(self.prefix, self.prefix)


def people_page(*, agency_id: int, today: date, query: str = "") -> tuple[UnitGroup, ...]:
    """Return the agency's units with their people, people without a role today at the end.

    With a query, only people (or units) whose names hold all its words, marks ignored. Two
    queries, whatever the number of people.
    """
    words = fold(query).split()
    units = list(unit_rows(agency_id))
    people = _people(agency_id, today)
    groups = [_group(unit, people, words) for unit in units]
    no_unit = _group(None, people, words)
    idle = tuple(p for p in people if not p.hats and _matches(p.name, words))
    groups.append(no_unit)
    if idle:
        groups.append(UnitGroup(None, "", "Chưa giữ vai trò nào", False, 0, idle))
    return tuple(group for group in groups if group.people or (group.id and not words))


def unit_rows(agency_id: int):
    """Return the rows of the agency's open units in order."""
    return Unit.objects.filter(agency_id=agency_id, closed_on=None).order_by("position", "folded")


def unit_lines(agency_id: int) -> tuple[UnitGroup, ...]:
    """Return the agency's open units without their people."""
    return tuple(
        UnitGroup(u.id, u.code, u.name, u.is_reception, u.version, ()) for u in unit_rows(agency_id)
    )


def _matches(text: str, words: list[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)


def _group(unit: Unit | None, people: list[PersonLine], words: list[str]) -> UnitGroup:
    unit_id = unit.id if unit else None
    whole = unit is not None and words and _matches(f"{unit.code} {unit.name}", words)
    found = tuple(
        PersonLine(
            p.id, p.name, p.user_id, p.username, p.is_active,
            tuple(hat for hat in p.hats if hat.unit_id == unit_id),
        )
        for p in people
        if any(hat.unit_id == unit_id for hat in p.hats) and (whole or _matches(p.name, words))
    )  # fmt: skip
    if unit is None:
        return UnitGroup(None, "", NO_UNIT, False, 0, found)
    return UnitGroup(unit.id, unit.code, unit.name, unit.is_reception, unit.version, found)


def _people(agency_id: int, today: date) -> list[PersonLine]:
    rows = Person.objects.filter(
        Q(agency_id=agency_id) | Q(appointments__agency_id=agency_id)
    ).distinct()
    hats: dict[int, list[HatLine]] = {}
    held = Appointment.objects.filter(agency_id=agency_id).filter(
        Q(ends_on=None) | Q(ends_on__gte=today)
    )
    for hat in _hat_lines(held, today):
        hats.setdefault(hat.person_id, []).append(hat)
    facts = rows.order_by("sort_name", "id").values_list(
        "id", "name", "user_id", "user__username", "user__is_active", "sort_name"
    )
    return [
        PersonLine(id_, name, user, username or "", bool(active), tuple(hats.get(id_, ())))
        for id_, name, user, username, active, _ in facts
    ]


def _hat_lines(rows, today: date) -> list[HatLine]:
    ordered = rows.select_related("person", "unit", "position", "agency").order_by(
        "starts_on", "id"
    )
    return [
        HatLine(
            id=r.id,
            person_id=r.person_id,
            person=r.person.name,
            unit_id=r.unit_id,
            unit=r.unit.name if r.unit else NO_UNIT,
            role=r.role,
            position=r.position.name if r.position else "",
            decision=r.decision,
            starts_on=r.starts_on,
            ends_on=r.ends_on,
            end_reason=r.end_reason,
            is_current=r.starts_on <= today and (r.ends_on is None or r.ends_on >= today),
        )
        for r in ordered
    ]


def person_page(*, agency_id: int, person_id: int, today: date) -> PersonPage:
    """Return one person as the agency sees them.

    Raises NotFound when the person neither belongs to nor works in the agency.
    """
    person = (
        Person.objects.filter(Q(agency_id=agency_id) | Q(appointments__agency_id=agency_id))
        .filter(pk=person_id)
        .select_related("user")
        .first()
    )
    if person is None:
        raise NotFound()
    everything = Appointment.objects.filter(person_id=person_id)
    hats = _hat_lines(everything.filter(agency_id=agency_id), today)
    elsewhere = (
        everything.filter(in_force(today))
        .exclude(agency_id=agency_id)
        .order_by("agency__name")
        .values_list("agency__name", flat=True)
        .distinct()
    )
    user = person.user
    return PersonPage(
        id=person.id,
        agency_id=person.agency_id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        version=person.version,
        user_id=person.user_id,
        username=user.username if user else "",
        is_active=bool(user and user.is_active),
        last_login=user.last_login if user else None,
        hats=tuple(h for h in hats if h.ends_on is None or h.ends_on >= today),
        past=tuple(h for h in reversed(hats) if h.ends_on is not None and h.ends_on < today),
        elsewhere=tuple(elsewhere),
    )


def person_user(*, agency_id: int, person_id: int) -> int | None:
    """Return the account of a person kept by the agency.

    Raises NotFound when the agency does not keep the person's record.
    """
    row = Person.objects.filter(pk=person_id, agency_id=agency_id).values("user_id").first()
    if row is None:
        raise NotFound()
    return row["user_id"]


def administrators(*, agency_id: int, today: date) -> tuple[tuple[int, str, int | None], ...]:
    """Return (person, name, account) of who administers an agency today and is kept by it, by name."""
    held = Appointment.objects.filter(in_force(today), agency_id=agency_id, role="agency_admin")
    own = held.filter(person__agency_id=agency_id).order_by("person__sort_name", "person_id")
    return tuple(own.values_list("person_id", "person__name", "person__user_id").distinct())


def position_names(agency_id: int) -> tuple[str, ...]:
    """Return the names of posts used in the agency."""
    rows = Position.objects.filter(agency_id=agency_id).order_by("folded")
    return tuple(rows.values_list("name", flat=True))


def delegable_hats(
    *, agency_id: int, today: date, person_id: int | None = None
) -> tuple[HatLine, ...]:
    """Return the appointments of today that may be delegated, of one person when given."""
    rows = Appointment.objects.filter(in_force(today), agency_id=agency_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return tuple(_hat_lines(rows.exclude(role__in=ADMIN_ROLES), today))


def delegation_lines(
    *, agency_id: int, today: date, person_id: int | None = None
) -> tuple[DelegationLine, ...]:
    """Return the agency's delegations, acting ones first, then coming, then past (latest 100)."""
    rows = Delegation.objects.filter(agency_id=agency_id)
    if person_id is not None:
        rows = rows.filter(Q(receiver_id=person_id) | Q(appointment__person_id=person_id))
    rows = rows.select_related("appointment__person", "appointment__unit", "receiver")
    lines = [_delegation_line(row, today) for row in rows.order_by("-starts_on", "-id")[:100]]
    order = {"now": 0, "later": 1, "past": 2}
    return tuple(sorted(lines, key=lambda line: order[line.state]))


def _delegation_line(row: Delegation, today: date) -> DelegationLine:
    gone = row.ends_on < today or (row.revoked_on is not None and row.revoked_on <= today)
    given = row.appointment
    return DelegationLine(
        id=row.id,
        giver_id=given.person_id,
        giver=given.person.name,
        receiver_id=row.receiver_id,
        receiver=row.receiver.name,
        unit=given.unit.name if given.unit else NO_UNIT,
        role_name=ROLE_NAMES.get(given.role, given.role),
        prefix=row.prefix,
        scope=row.scope,
        document=row.document,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        revoked_on=row.revoked_on,
        end_reason=row.end_reason,
        state="past" if gone else ("later" if row.starts_on > today else "now"),
    )
