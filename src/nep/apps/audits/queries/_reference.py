"""The shipped clauses and figures of audits, as rules read them."""

from functools import cache

from django.conf import settings

from nep.apps.audits.rules.checklist import read_clauses
from nep.apps.audits.rules.planning import ClauseRule


@cache
def clauses() -> tuple[ClauseRule, ...]:
    """Return the clauses that are audited, each with its questions, in order."""
    return read_clauses(settings.AUDITS["clause"])


@cache
def clause_titles() -> dict[str, str]:
    """Return titles by number."""
    return {one.number: one.title for one in clauses()}


def figure(name: str) -> int:
    """Return a figure of planning, such as "notice_days"."""
    return settings.AUDITS["figures"][name]["value"]
