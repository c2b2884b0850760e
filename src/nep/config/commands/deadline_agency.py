"""The calendar of one agency, for the commands that name it."""

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.organization.queries import agency_by_code
from nep.apps.workcal.queries import calendar_for
from nep.worktime import Calendar


def calendar_of(agency_code: str) -> Calendar:
    """Return an agency's working calendar. Raises NotFound."""
    return calendar_for(agency_by_code(agency_code).id)
