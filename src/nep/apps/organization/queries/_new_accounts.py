"""People of an agency who work here and cannot log in yet."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from nep.apps.organization.models import Appointment, Person
from nep.apps.organization.rules import ROLE_NAMES, usernames
from nep.foundation.accounts.queries import usernames_taken


@dataclass(frozen=True, slots=True)
class NoAccountLine:
    """A person without a log-in: post and unit in words, and the name proposed for them."""

    id: int
    name: str
    post: str
    unit: str
    proposed: str


def people_without_account(*, agency_id: int, today: date) -> tuple[NoAccountLine, ...]:
    """Return who keeps a role of the agency today or later and has no log-in, by name.

    Three queries, whatever the number of people.
    """
    people = list(Person.objects.filter(agency_id=agency_id, user=None).order_by("sort_name", "id"))
    posts: dict[int, tuple[str, str]] = {}
    held = Appointment.objects.filter(agency_id=agency_id, person_id__in=[p.pk for p in people])
    held = held.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    for row in held.select_related("unit", "position").order_by("-starts_on", "-id"):
        post = row.position.name if row.position else ROLE_NAMES.get(row.role, row.role)
        posts[row.person_id] = (post, row.unit.name if row.unit else "")
    shown = [one for one in people if one.pk in posts]
    wanted = usernames.bases((one.name, one.email) for one in shown)
    taken = usernames_taken(name for base in set(wanted) for name in usernames.alike(base))
    return tuple(
        NoAccountLine(one.pk, one.name, *posts[one.pk], proposed)
        for one, proposed in zip(shown, usernames.propose(wanted, taken), strict=True)
    )
