"""Who asks: the signed-in person a request carries, and the colleagues a form may name."""

from datetime import date
from typing import Any

from nep.apps.organization.queries._directory import members
from nep.apps.organization.rules import Actor
from nep.kernel.vietnamese import local


def who(request: Any) -> Actor:
    """Return the signed-in person of a request (`request.actor`, set by the middleware)."""
    actor: Actor = request.actor
    return actor


def people_choices(request: Any) -> list[tuple[int, str]]:
    """Return (id, name with post) of everybody who holds an appointment in the agency today."""
    today: date = local(request.now).date()
    return [
        (one.id, ", ".join(filter(None, (one.name, one.position or "".join(one.units[:1])))))
        for one in members(agency_id=who(request).agency_id, today=today)
    ]
