"""What reviews show for the clauses of the standard."""

from collections.abc import Iterable

from django.db.models import Count, Max

from nep.apps.reviews.models import FrozenInputs, Review
from nep.apps.reviews.queries._register import code_of
from nep.apps.reviews.rules import life
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local

KIND = "review"
MINUTES_CLAUSES = ("9.3.1", "9.3.3", "10.3")


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return what agencies have for 9.3 and 10.3, of the 2015 edition; two statements.

    Approved minutes stand for 9.3.1, 9.3.3 and 10.3, the inputs they rest on for 9.3.2.
    """
    wanted = list(agency_ids)
    done = Review.objects.filter(agency_id__in=wanted, state__in=life.DONE)
    counts = dict(
        done.values_list("agency_id")
        .annotate(n=Count("id"))
        .order_by()
        .values_list("agency_id", "n")
    )
    newest = done.filter(
        pk__in=done.values("agency_id").annotate(last=Max("id")).order_by().values("last")
    )
    frozen = FrozenInputs.objects.filter(review__in=newest).select_related("review")
    last: dict[int, FrozenInputs] = {}
    for one in frozen.order_by("number"):
        last[one.review.agency_id] = one
    found = []
    for agency_id, one in last.items():
        row, n = one.review, counts[agency_id]
        title, url = f"Xem xét của lãnh đạo {code_of(row)}", f"/xem-xet/{row.id}/"
        found += [
            Evidence(agency_id, "2015", clause, KIND, n, row.held_on, title, url)
            for clause in MINUTES_CLAUSES
        ]
        day = local(one.frozen_at).date()
        found.append(
            Evidence(agency_id, "2015", "9.3.2", KIND, n, day, f"Đầu vào của {title}", url)
        )
    return tuple(found)
