"""The agency's units and people as the rows of the spreadsheet that the import reads."""

from dataclasses import dataclass
from datetime import date

from nep.apps.organization.models import Appointment, Unit
from nep.apps.organization.rules import ROLE_NAMES


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """The rows of both sheets, in the columns of the template."""

    units: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str, str, str, str, str, date | None, date | None, str], ...]


def people_sheet_rows(*, agency_id: int, today: date) -> PeopleSheet:
    """Return the units open today and the appointments that last beyond it; two statements."""
    units = Unit.objects.filter(agency_id=agency_id, closed_on=None).order_by("position", "code")
    held = (
        Appointment.objects.filter(agency_id=agency_id)
        .exclude(ends_on__lt=today)
        .select_related("person", "unit", "position")
        .order_by("unit__position", "person__sort_name", "id")
    )
    return PeopleSheet(
        units=tuple(
            (one.code, one.name, "x" if one.is_reception else "") for one in units
        ),
        people=tuple(
            (
                one.person.name, one.person.email, one.person.phone,
                one.unit.code if one.unit else "", one.position.name if one.position else "",
                ROLE_NAMES.get(one.role, one.role), one.starts_on, one.ends_on, one.decision,
            )
            for one in held
        ),
    )  # fmt: skip
