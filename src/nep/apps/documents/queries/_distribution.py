"""Distribution lists: their lines and whom they reach today."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.documents import rules
from nep.apps.documents.models import Recipient
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import PERMISSIONS


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """One line of a distribution list with how many people it reaches today."""

    id: int
    kind: str
    name: str
    people: int
    must_read: bool
    adder: str
    added_at: datetime

    @property
    def kind_name(self) -> str:
        """Return what the target is, in words."""
        return rules.TARGET_NAMES[self.kind]


@dataclass(frozen=True, slots=True)
class Distribution:
    """A document's list; `people` counts everybody it reaches today, each once."""

    lines: tuple[RecipientLine, ...]
    people: int
    readers: int


def seats_of(*, agency_id: int, today: date) -> tuple[rules.Seat, ...]:
    """Return the seats of an agency today, without delegates and who may not see documents."""
    found = organization.directory(agency_id=agency_id, today=today)
    allowed = PERMISSIONS["document.see"]
    return tuple(
        rules.Seat(
            row.id,
            row.name,
            unit.id if (unit := found.units.get(code)) else None,
            row.unit,
            row.position,
        )
        for (code, role), rows in found.holders.items()
        if role in allowed
        for row in rows
        if not row.prefix
    )


def targets_of(
    document_id: int, *, agency_id: int, must_read: bool = False
) -> tuple[rules.Target, ...]:
    """Return a document's list as targets, only those who must read when asked."""
    rows = Recipient.objects.filter(document_id=document_id, agency_id=agency_id)
    if must_read:
        rows = rows.filter(must_read=True)
    units = [(unit.id, unit.parent_id) for unit in organization.units_of(agency_id)]
    return tuple(_target(row, units) for row in rows.select_related("position"))


def distribution(*, document_id: int, agency_id: int, today: date) -> Distribution:
    """Return a document's distribution list and whom it reaches today."""
    rows = list(
        Recipient.objects.filter(document_id=document_id, agency_id=agency_id)
        .select_related("unit", "position", "person")
        .order_by("added_at", "id")
    )
    units = [(unit.id, unit.parent_id) for unit in organization.units_of(agency_id)]
    seats = seats_of(agency_id=agency_id, today=today)
    names = organization.person_names(row.added_by_id for row in rows)
    targets = {row.id: _target(row, units) for row in rows}
    lines = tuple(
        RecipientLine(
            row.id,
            row.target,
            _name(row),
            len(rules.people_reached([targets[row.id]], seats)),
            row.must_read,
            names.get(row.added_by_id, ""),
            row.added_at,
        )
        for row in rows
    )
    readers = [targets[row.id] for row in rows if row.must_read]
    return Distribution(
        lines,
        len(rules.people_reached(targets.values(), seats)),
        len(rules.people_reached(readers, seats)),
    )


def target_choices(*, agency_id: int, today: date) -> tuple[tuple[str, str, str], ...]:
    """Return (kind, key, name) of everything that may be put on a list, everyone first."""
    people: dict[int, str] = {}
    for seat in seats_of(agency_id=agency_id, today=today):
        people.setdefault(seat.person_id, f"{seat.name}{f' ({seat.unit})' if seat.unit else ''}")
    return (
        (rules.EVERYONE, rules.EVERYONE, rules.TARGET_NAMES[rules.EVERYONE]),
        *((rules.UNIT, f"unit:{unit.id}", unit.name) for unit in organization.units_of(agency_id)),
        *(
            (rules.POSITION, f"position:{id_}", name)
            for id_, name in organization.position_choices(agency_id)
        ),
        *((rules.PERSON, f"person:{id_}", name) for id_, name in people.items()),
    )


def recipient_ids(*, document_id: int, agency_id: int, today: date) -> frozenset[int]:
    """Return the people a document's whole list reaches today, for the right to see it."""
    targets = targets_of(document_id, agency_id=agency_id)
    if not targets:
        return frozenset()
    seats = seats_of(agency_id=agency_id, today=today)
    return frozenset(rules.people_reached(targets, seats))


def _target(row: Recipient, units: list[tuple[int, int | None]]) -> rules.Target:
    below = rules.units_below(row.unit_id, units) if row.unit_id else frozenset()
    post = row.position.name if row.position else ""
    return rules.Target(row.target, below, post, row.person_id)


def _name(row: Recipient) -> str:
    named = row.unit or row.position or row.person
    return named.name if named else rules.TARGET_NAMES[rules.EVERYONE]
