"""What training and certificates show for the clauses of the standard."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from nep.apps.competence.models import Qualification, Session
from nep.apps.competence.rules import training as rules
from nep.foundation.db.counting import Counted, counted, read_counted
from nep.kernel.references import Evidence

TRAINING, QUALIFICATION = "training", "qualification"


def evidence_counts(agency_ids: Iterable[int]) -> tuple[QuerySet, ...]:
    """Return sessions held and certificates that stand, counted by agency."""
    wanted = list(agency_ids)
    taught = Session.objects.filter(agency_id__in=wanted, state__in=rules.TAUGHT)
    given = Qualification.objects.filter(agency_id__in=wanted, ended_on=None)
    return (
        counted(taught, TRAINING, moment="held_at"),
        counted(given, QUALIFICATION, day="given_on"),
    )


def evidence_told(rows: Iterable[Counted]) -> Iterator[Evidence]:
    """Yield sessions held for 7.2 and 7.3, certificates for 7.2."""
    for one in rows:
        if one.kind == TRAINING:
            for clause in ("7.2", "7.3"):
                yield Evidence(one.agency_id, "2015", clause, TRAINING, one.n, one.newest_on,
                               "Các buổi đào tạo đã mở", "/nang-luc/")  # fmt: skip
        elif one.kind == QUALIFICATION:
            yield Evidence(one.agency_id, "2015", "7.2", QUALIFICATION, one.n, one.newest_on,
                           "Chứng chỉ của đánh giá viên, công chức",
                           "/nang-luc/danh-gia-vien/")  # fmt: skip


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return what training shows for 7.2 and 7.3; one statement for any number of agencies."""
    return tuple(evidence_told(read_counted(evidence_counts(agency_ids))))
