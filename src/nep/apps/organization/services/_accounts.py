"""Log-ins of people, opened and closed by the agency's administrator."""

from datetime import datetime

from nep.apps.organization.models import Person
from nep.apps.organization.rules import Actor


def sync_second_factor(actor: Actor, *, now: datetime, person: Person, needed: bool) -> None:
    """Ask for a second factor at the log-in of administrators."""
