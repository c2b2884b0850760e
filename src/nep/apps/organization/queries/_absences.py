"""Who is away, until when, and who acts for them meanwhile."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from nep.apps.organization.models import Absence, Delegation
from nep.apps.organization.queries._actors import delegated
from nep.apps.organization.queries._cache import remembered


@dataclass(frozen=True, slots=True)
class AwayPerson:
    """A person who is away today; `stand_ins` are (prefix, name) of those who act for them."""

    person_id: int
    name: str
    until: date
    stand_ins: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """One absence in the list; `state` is now, later or past."""

    id: int
    person_id: int
    person: str
    starts_on: date
    ends_on: date
    reason: str
    back_on: date | None
    state: str

    @property
    def is_withdrawn(self) -> bool:
        """Say whether it was taken back before it began."""
        return self.back_on is not None and self.back_on < self.starts_on


def away_today(*, agency_id: int, today: date) -> dict[int, AwayPerson]:
    """Return who is away by person; remembered per process."""
    return remembered(("away", agency_id, today), lambda: _away(agency_id, today))


def is_away(today: date) -> Q:
    """Return the condition that an absence holds on the day."""
    here = Q(back_on=None) | Q(back_on__gt=today)
    return Q(starts_on__lte=today, ends_on__gte=today) & here


def _away(agency_id: int, today: date) -> dict[int, AwayPerson]:
    rows = list(
        Absence.objects.filter(is_away(today), agency_id=agency_id)
        .order_by("ends_on")
        .values_list("person_id", "person__name", "ends_on")
    )
    loans = Delegation.objects.filter(
        delegated(today), agency_id=agency_id, appointment__person_id__in=[row[0] for row in rows]
    ).values_list("appointment__person_id", "prefix", "receiver__name")
    acting: dict[int, dict[tuple[str, str], None]] = {}
    for person_id, prefix, name in loans:
        acting.setdefault(person_id, {})[prefix, name] = None
    return {
        person_id: AwayPerson(person_id, name, until, tuple(acting.get(person_id, ())))
        for person_id, name, until in rows
    }


def absence_lines(*, agency_id: int, today: date) -> tuple[AbsenceLine, ...]:
    """Return the agency's absences, those of today first, then coming, then past (latest 60)."""
    rows = Absence.objects.filter(agency_id=agency_id).select_related("person")
    lines = []
    for row in rows.order_by("-starts_on", "-id")[:60]:
        gone = row.ends_on < today or (row.back_on is not None and row.back_on <= today)
        state = "past" if gone else "later" if row.starts_on > today else "now"
        lines.append(
            AbsenceLine(
                row.pk,
                row.person_id,
                row.person.name,
                row.starts_on,
                row.ends_on,
                row.reason,
                row.back_on,
                state,
            )
        )
    order = {"now": 0, "later": 1, "past": 2}
    return tuple(sorted(lines, key=lambda line: order[line.state]))
