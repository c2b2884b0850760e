"""What finished cases and their ratings show for the clauses of the standard."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Sum

from nep.apps.cases.models import AgencyMonth, CaseFact, CaseRating, FactPending
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local

CASE, RATING = "case", "rating"
# one case carries its receipt, its steps with who did them, its release and its times
CASE_CLAUSES = ("8.1", "8.2.3", "8.5.1", "8.5.2", "8.6", "9.1.1")


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return finished cases by month and ratings; three statements, none over the cases themselves.

    The newest day of cases is the first of the month in which the last of them ended.
    """
    wanted = list(agency_ids)
    ratings = (
        CaseRating.objects.filter(agency_id__in=wanted)
        .values("agency_id")
        .annotate(n=Count("case_id"), newest=Max("rated_at"))
        .order_by()
    )
    return (
        *(
            Evidence(agency_id, "2015", clause, CASE, n, _first(month),
                     "Hồ sơ đã kết thúc", "/ho-so/")
            for agency_id, (n, month) in _finished(wanted).items()
            for clause in CASE_CLAUSES
        ),
        *(
            Evidence(one["agency_id"], "2015", "9.1.2", RATING, one["n"],
                     local(one["newest"]).date(), "Đánh giá của người nộp hồ sơ", "/ho-so/")
            for one in ratings
        ),
    )  # fmt: skip


def _finished(wanted: list[int]) -> dict[int, tuple[int, int]]:
    """Return how many cases of each agency ended and the month of the last, folded or not."""
    folded = AgencyMonth.objects.filter(agency_id__in=wanted, ended__gt=0)
    waiting = CaseFact.objects.filter(
        agency_id__in=wanted, case_id__in=FactPending.objects.values("case_id")
    )
    found: dict[int, tuple[int, int]] = {}
    for rows, counted in ((folded, Sum("ended")), (waiting, Count("case_id"))):
        lines = rows.values("agency_id").annotate(n=counted, newest=Max("month")).order_by()
        for one in lines:
            n, month = found.get(one["agency_id"], (0, 0))
            found[one["agency_id"]] = (n + one["n"], max(month, one["newest"]))
    return found


def _first(month: int) -> date:
    return date(month // 100, month % 100, 1)
