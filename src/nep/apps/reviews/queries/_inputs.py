"""The inputs of a review as the data says now."""

from collections.abc import Callable
from datetime import date, datetime

from nep.apps.organization.rules import Actor
from nep.apps.reviews.queries import _topics_plan as plan
from nep.apps.reviews.queries import _topics_system as system
from nep.apps.reviews.queries import _topics_work as work
from nep.apps.reviews.queries._demands import demands_of
from nep.apps.reviews.queries._span import Span
from nep.apps.reviews.rules.inputs import Input, Topic, compiled

TOPICS: dict[str, Callable[[Span], Topic]] = {
    "previous": system.previous,
    "context": plan.issues,
    "parties": plan.parties,
    "legal": system.legal_changes,
    "satisfaction": work.satisfaction,
    "objectives": plan.objectives,
    "processes": work.processes,
    "nonconformities": system.nonconformities,
    "monitoring": system.monitoring,
    "audits": plan.audits,
    "providers": work.providers,
    "resources": system.resources,
    "competence": plan.training,
    "risks": plan.risks,
    "improvements": system.improvements,
}


def inputs_now(
    *,
    actor: Actor,
    edition: str,
    starts_on: date,
    ends_on: date,
    previous_id: int | None,
    now: datetime,
) -> tuple[Input, ...]:
    """Return the inputs of an edition for a period of the actor's agency, read now.

    Source: TCVN ISO 9001:2015 điều 9.3.2; TCVN ISO 9001:2008 điều 5.6.2.
    """
    demands = demands_of(edition)
    span = Span(actor, starts_on, ends_on, previous_id, now)
    wanted = {name for kind in demands.inputs for name in kind.sources}
    return compiled(demands, {name: read(span) for name, read in TOPICS.items() if name in wanted})
