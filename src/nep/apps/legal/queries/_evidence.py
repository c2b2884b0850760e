"""What the register of external documents shows for the clauses of the standard."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from nep.apps.legal.models import ExternalDocument, LegalReview
from nep.foundation.db.counting import Counted, counted, read_counted
from nep.kernel.references import Evidence

TEXT, REVIEW = "legal", "legal_review"


def evidence_counts(agency_ids: Iterable[int]) -> tuple[QuerySet, ...]:
    """Return texts of the register and reviews done, counted by agency."""
    wanted = list(agency_ids)
    texts = ExternalDocument.objects.filter(agency_id__in=wanted, withdrawn_on=None)
    reviews = LegalReview.objects.filter(agency_id__in=wanted, done_at__isnull=False)
    return (
        counted(texts, TEXT, moment="changed_at"),
        counted(reviews, REVIEW, moment="done_at"),
    )


def evidence_told(rows: Iterable[Counted]) -> Iterator[Evidence]:
    """Yield texts of the register for 8.2.2 and 7.5.3, reviews done for 8.2.4."""
    for one in rows:
        if one.kind == TEXT:
            for clause in ("8.2.2", "7.5.3"):
                yield Evidence(one.agency_id, "2015", clause, TEXT, one.n, one.newest_on,
                               "Danh mục văn bản bên ngoài", "/van-ban/")  # fmt: skip
        elif one.kind == REVIEW:
            yield Evidence(one.agency_id, "2015", "8.2.4", REVIEW, one.n, one.newest_on,
                           "Rà soát theo văn bản mới", "/van-ban/ra-soat/")  # fmt: skip


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return what the register shows; one statement for any number of agencies."""
    return tuple(evidence_told(read_counted(evidence_counts(agency_ids))))
