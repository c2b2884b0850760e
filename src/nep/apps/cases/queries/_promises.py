"""What moved the promise of a case: its waiting and its re-appointment."""

from collections.abc import Collection
from datetime import datetime

from nep.apps.cases.models import CaseExtension, CasePause
from nep.apps.cases.rules.promises import Extension
from nep.worktime import Pause


def extension_of(case_id: int) -> Extension | None:
    """Return the re-appointment of a case, or None."""
    return extensions_of([case_id]).get(case_id)


def extensions_of(case_ids: Collection[int]) -> dict[int, Extension]:
    """Return by case the re-appointments of those, among some cases, that have one; one query."""
    rows = CaseExtension.objects.filter(pk__in=case_ids)
    return {row.pk: Extension(row.at, row.new_due_at, row.working_days) for row in rows}


def pauses_of(case_id: int, *, now: datetime | None = None) -> tuple[Pause, ...]:
    """Return the pauses after acceptance as the clocks count them, oldest first.

    With `now` an open one ends then.
    """
    return pauses_of_all([case_id], now=now).get(case_id, ())


def pauses_of_all(
    case_ids: Collection[int], *, now: datetime | None = None
) -> dict[int, tuple[Pause, ...]]:
    """Return `pauses_of` by case of those, among some cases, that have any; one query."""
    rows = CasePause.objects.filter(case_id__in=case_ids, at_reception=False)
    found: dict[int, tuple[Pause, ...]] = {}
    for row in rows.order_by("started_at"):
        one = Pause(row.kind, row.policy, row.started_at, row.ended_at or now, row.charged)  # type: ignore[arg-type]
        found[row.case_id] = (*found.get(row.case_id, ()), one)
    return found
