"""What the register of external documents shows for the clauses of the standard."""

from collections.abc import Iterable

from django.db.models import Count, Max

from nep.apps.legal.models import ExternalDocument, LegalReview
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return texts of the register for 8.2.2 and 7.5.3, reviews done for 8.2.4; two statements."""
    wanted = list(agency_ids)
    texts = (
        ExternalDocument.objects.filter(agency_id__in=wanted, withdrawn_on=None)
        .values("agency_id")
        .annotate(n=Count("id"), newest=Max("changed_at"))
        .order_by()
    )
    reviews = (
        LegalReview.objects.filter(agency_id__in=wanted, done_at__isnull=False)
        .values("agency_id")
        .annotate(n=Count("id"), newest=Max("done_at"))
        .order_by()
    )
    return (
        *(
            Evidence(one["agency_id"], "2015", clause, "legal", one["n"],
                     local(one["newest"]).date(), "Danh mục văn bản bên ngoài", "/van-ban/")
            for one in texts
            for clause in ("8.2.2", "7.5.3")
        ),
        *(
            Evidence(one["agency_id"], "2015", "8.2.4", "legal_review", one["n"],
                     local(one["newest"]).date(), "Rà soát theo văn bản mới", "/van-ban/ra-soat/")
            for one in reviews
        ),
    )  # fmt: skip
