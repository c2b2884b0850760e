"""Which cases an erasure rule takes, and which of them must wait."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from nep.apps.cases.models import (
    Case,
    CaseCall,
    CaseCorrection,
    CaseErasure,
    CaseHold,
    CaseLink,
    CaseReport,
    StepRun,
)
from nep.apps.cases.rules import erasure
from nep.apps.cases.rules.erasure import ErasureRule
from nep.apps.records import queries as records

SOURCE = "case"


def erasure_rules() -> dict[str, ErasureRule]:
    """Return the shipped rules by their keys."""
    return erasure.read_erasure_rules(settings.ERASURE_RULES)


def eligible(
    *, agency_id: int, rule: ErasureRule, parts: Sequence[str], before: datetime
) -> QuerySet[Case]:
    """Return the cases that ended before a moment and still have one of the parts, by id."""
    left = Q()
    for part in parts:
        left |= Q(~Exists(CaseErasure.objects.filter(case_id=OuterRef("pk"), part=part)))
    rows = Case.objects.filter(
        agency_id=agency_id, status__in=rule.statuses, finished_at__lt=before, internal=False
    )
    return rows.filter(left).order_by("pk")


def families(case_ids: Collection[int]) -> dict[int, int]:
    """Return the cases and the internal ones that their sub-procedures run as: {case: whose it is}.

    An internal case has no applicant of its own; what stands in it speaks of its caller's.
    """
    whose = {pk: pk for pk in case_ids}
    fresh = list(whose)
    while fresh:
        calls = CaseCall.objects.filter(case_id__in=fresh, child__internal=True)
        found = {
            child: whose[caller]
            for caller, child in calls.values_list("case_id", "child_id")
            if child not in whose
        }
        whose |= found
        fresh = list(found)
    return whose


def spared(case_ids: Sequence[int], *, agency_id: int, waits: bool, today: date) -> dict[int, str]:
    """Return {case: why it must wait} of those of the cases that must; a few queries for all.

    A case waits for its internal sub-procedures too.
    """
    whose = families(case_ids)
    found = _waiting(list(whose), agency_id=agency_id, waits=waits, today=today)
    return {whose[pk]: why for pk, why in found.items() if pk in whose}


def _waiting(
    case_ids: Sequence[int], *, agency_id: int, waits: bool, today: date
) -> dict[int, str]:
    found: dict[int, str] = {}
    links = CaseLink.objects.filter(
        Q(case_id__in=case_ids, other__finished_at=None)
        | Q(other_id__in=case_ids, case__finished_at=None)
    )
    for one, other in links.values_list("case_id", "other_id"):
        found |= {one: erasure.TIED, other: erasure.TIED}
    if waits:
        kept = records.kept_sources(
            agency_id=agency_id, source_type=SOURCE, source_ids=case_ids, today=today
        )
        found |= dict.fromkeys(kept, erasure.KEPT)
    for why, rows in (
        (erasure.UNRETURNED, StepRun.objects.filter(closed_at=None)),
        (erasure.CORRECTED, CaseCorrection.objects.filter(closed_at=None)),
        (erasure.REPORTED, CaseReport.objects.filter(closed_at=None)),
        (erasure.HELD, CaseHold.objects.filter(lifted_at=None)),
    ):
        ids = rows.filter(case_id__in=case_ids).values_list("case_id", flat=True)
        found |= dict.fromkeys(ids, why)
    return found
