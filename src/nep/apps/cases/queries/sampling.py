"""Finished cases that a sample may be drawn from: by number and procedure, nothing of applicants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from nep.apps.cases.models import Case, CaseFact
from nep.kernel.vietnamese import VN

MOST = 50_000


@dataclass(frozen=True, slots=True)
class SampledCase:
    """A finished case; `word` is truoc, dung, tre, khong or rut."""

    id: int
    code: str
    tthc_name: str
    word: str
    content_hash: str
    progress: str


def finished_keys(
    *, agency_id: int, since: date, until: date, tthc_id: int = 0, unit_id: int = 0
) -> tuple[int, ...]:
    """Return the finished cases of a period by key: of a TTHC, or those a unit worked on longest.

    `until` belongs to the period. At most fifty thousand; one query.
    """
    rows = CaseFact.objects.filter(
        agency_id=agency_id,
        month__range=(since.year * 100 + since.month, until.year * 100 + until.month),
        case__finished_at__gte=datetime.combine(since, time(), VN),
        case__finished_at__lte=datetime.combine(until, time(23, 59, 59), VN),
    )
    if tthc_id:
        rows = rows.filter(tthc_id=tthc_id)
    if unit_id:
        rows = rows.filter(unit_id=unit_id)
    return tuple(rows.order_by("case_id").values_list("case_id", flat=True)[:MOST])


def sampled_cases(*, agency_id: int, case_ids: Iterable[int]) -> dict[int, SampledCase]:
    """Return finished cases of the agency by key; one query."""
    rows = Case.objects.filter(agency_id=agency_id, pk__in=list(case_ids), fact__isnull=False)
    named = rows.values_list("id", "code", "tthc_name", "fact__word", "content_hash", "progress")
    return {row[0]: SampledCase(*row) for row in named}
