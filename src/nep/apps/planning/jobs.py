"""What the worker does for planning."""

from datetime import datetime

from nep.apps.planning.services import (
    objectives_measure,
    risks_review_due,
    statements_review_due,
)
from nep.foundation.outbox.registry import periodic


@periodic("planning.risks_review", every_seconds=86_400)
def review_risks(now: datetime) -> None:
    """Ask the owners of risks whose day has come to look again."""
    risks_review_due(now=now)


@periodic("planning.statements_review", every_seconds=86_400)
def review_statements(now: datetime) -> None:
    """Ask the ISO secretaries to look again at context, parties, scope and policy."""
    statements_review_due(now=now)


@periodic("planning.objectives_measure", every_seconds=86_400)
def measure_objectives(now: datetime) -> None:
    """Measure the objectives in force from data and ask for what people have to tell."""
    objectives_measure(now=now)
