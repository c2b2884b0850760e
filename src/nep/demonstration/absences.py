"""Who is away these days in the demonstration."""

from datetime import datetime, timedelta
from typing import Any

from nep.apps.organization.queries import people_for
from nep.apps.organization.services import absence_start
from nep.demonstration.procedures import actor_with
from nep.kernel.vietnamese import local

REASON = "Nghỉ phép năm"


def away(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Let the last named specialist of an agency be on leave from tomorrow on, three days."""
    name = [one["name"] for one in agency["people"] if "specialist" in one["roles"]][-1]
    day = local(now).date()
    person = next(one for one in people_for(agency_id=agency_id, today=day) if one.name == name)
    absence_start(
        actor=actor_with(agency, "leader", agency_id=agency_id, now=now), now=now,
        person_id=person.id, starts_on=day + timedelta(days=1), ends_on=day + timedelta(days=3),
        reason=REASON,
    )  # fmt: skip
