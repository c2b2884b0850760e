"""Figures of actions: by unit, in one number for the menu, over a period for the review."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from nep.apps.actions import rules
from nep.apps.actions.models import Action
from nep.apps.organization.queries import units_of


@dataclass(frozen=True, slots=True)
class Figure:
    """How a unit stands: `unit_id` None gathers what belongs to no unit."""

    unit_id: int | None
    unit: str
    running: int
    late: int
    to_check: int
    checked: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the actions opened in a period; `in_time` were done by their first day."""

    opened: int
    running: int
    late: int
    to_check: int
    checked: int
    in_time: int
    cancelled: int


def figures(*, agency_id: int, today: date) -> tuple[Figure, ...]:
    """Return how each unit stands, the latest first; one query."""
    rows = (
        Action.objects.filter(agency_id=agency_id)
        .values("unit_id")
        .annotate(
            running=Count("id", filter=Q(state__in=rules.RUNNING)),
            late=Count("id", filter=Q(state__in=rules.RUNNING, due_on__lt=today)),
            waiting=Count("id", filter=Q(state=rules.DONE)),
            checked=Count("id", filter=Q(state=rules.CHECKED)),
            cancelled=Count("id", filter=Q(state=rules.CANCELLED)),
        )
    )
    names = {unit.id: unit.name for unit in units_of(agency_id)}
    found = [
        Figure(one["unit_id"], names.get(one["unit_id"], "Không thuộc đơn vị nào"), one["running"],
               one["late"], one["waiting"], one["checked"], one["cancelled"])
        for one in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.late, -one.running, one.unit)))


def late_count(*, agency_id: int, person_id: int, today: date) -> int:
    """Return how many actions of a person are past their day."""
    rows = Action.objects.filter(owner_id=person_id, agency_id=agency_id)
    return rows.filter(state__in=rules.RUNNING, due_on__lt=today).count()


def tally(*, agency_id: int, starts_on: date, ends_on: date, today: date, kind: str = "") -> Tally:
    """Return what became of the actions opened from one day to another, both included.

    `kind` narrows to one kind of origin, "" means any.
    """
    rows = Action.objects.filter(
        agency_id=agency_id, opened_at__date__gte=starts_on, opened_at__date__lte=ends_on
    )
    if kind:
        rows = rows.filter(origin_kind=kind)
    running = Q(state__in=rules.RUNNING)
    found = rows.aggregate(
        opened=Count("id"),
        running=Count("id", filter=running),
        late=Count("id", filter=running & Q(due_on__lt=today)),
        to_check=Count("id", filter=Q(state=rules.DONE)),
        checked=Count("id", filter=Q(state=rules.CHECKED)),
        in_time=Count("id", filter=Q(state=rules.CHECKED, done_at__date__lte=F("first_due_on"))),
        cancelled=Count("id", filter=Q(state=rules.CANCELLED)),
    )
    return Tally(**found)
