"""What finished cases and their ratings show for the clauses of the standard."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import BigIntegerField, Max, QuerySet, Sum
from django.db.models.functions import Cast

from nep.apps.cases.models import AgencyMonth, CaseFact, CaseRating, FactPending
from nep.foundation.db.counting import Counted, counted, read_counted
from nep.kernel.references import Evidence

CASE, RATING = "case", "rating"
# one case carries its receipt, its steps with who did them, its release and its times
CASE_CLAUSES = ("8.1", "8.2.3", "8.5.1", "8.5.2", "8.6", "9.1.1")


def evidence_counts(agency_ids: Iterable[int]) -> tuple[QuerySet, ...]:
    """Return finished cases by month, folded and not yet, and ratings, counted by agency; none of
    them reads the cases themselves."""
    wanted = list(agency_ids)
    waiting = CaseFact.objects.filter(
        agency_id__in=wanted, case_id__in=FactPending.objects.values("case_id")
    )
    return (
        counted(AgencyMonth.objects.filter(agency_id__in=wanted, ended__gt=0), CASE,
                note=Max("month"), count=Cast(Sum("ended"), BigIntegerField())),
        counted(waiting, CASE, note=Max("month")),
        counted(CaseRating.objects.filter(agency_id__in=wanted), RATING, moment="rated_at"),
    )  # fmt: skip


def evidence_told(rows: Iterable[Counted]) -> Iterator[Evidence]:
    """Yield finished cases for the clauses they show, ratings for 9.1.2.

    The newest day of cases is the first of the month in which the last of them ended.
    """
    finished: dict[int, tuple[int, int]] = {}
    for one in rows:
        if one.kind == CASE:
            n, month = finished.get(one.agency_id, (0, 0))
            finished[one.agency_id] = (n + one.n, max(month, int(one.note)))
        elif one.kind == RATING:
            yield Evidence(one.agency_id, "2015", "9.1.2", RATING, one.n, one.newest_on,
                           "Đánh giá của người nộp hồ sơ", "/ho-so/")  # fmt: skip
    for agency_id, (n, month) in finished.items():
        for clause in CASE_CLAUSES:
            yield Evidence(agency_id, "2015", clause, CASE, n, _first(month),
                           "Hồ sơ đã kết thúc", "/ho-so/")  # fmt: skip


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return finished cases by month and ratings; one statement for any number of agencies."""
    return tuple(evidence_told(read_counted(evidence_counts(agency_ids))))


def _first(month: int) -> date:
    return date(month // 100, month % 100, 1)
