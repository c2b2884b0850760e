"""What nonconformities, feedback and surveys show for the clauses of the standard."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, QuerySet

from nep.apps.improvement.models import Feedback, Nonconformity, Survey
from nep.apps.improvement.rules import life
from nep.foundation.db.counting import Counted, counted, read_counted
from nep.kernel.references import Evidence

SHEET, OF_CASES, PREVENTIVE = "nonconformity", "nonconformity_case", "preventive"
FEEDBACK, SURVEY = "feedback", "survey"
_TOLD: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    SHEET: (SHEET, ("10.2",), "Sự không phù hợp và hành động khắc phục", "/khong-phu-hop/"),
    OF_CASES: (SHEET, ("8.7",), "Sự không phù hợp từ hồ sơ", "/khong-phu-hop/"),
    PREVENTIVE: (
        PREVENTIVE, ("6.1",), "Hành động phòng ngừa", "/khong-phu-hop/?loc=phong-ngua"
    ),
    FEEDBACK: (FEEDBACK, ("8.2.1", "9.1.2"), "Phản ánh, kiến nghị, khiếu nại", "/phan-hoi/"),
    SURVEY: (SURVEY, ("9.1.2",), "Khảo sát mức độ hài lòng", "/khao-sat/"),
}  # fmt: skip


def evidence_counts(agency_ids: Iterable[int]) -> tuple[QuerySet, ...]:
    """Return sheets, feedback and answers to surveys, counted by agency."""
    wanted = list(agency_ids)
    sheets = Nonconformity.objects.filter(agency_id__in=wanted).exclude(state=life.REJECTED)
    surveys = Survey.objects.filter(agency_id__in=wanted, opened_at__isnull=False)
    return (
        counted(sheets.filter(potential=False), SHEET, day="found_on"),
        counted(sheets.filter(potential=False, origin_kind="case"), OF_CASES, day="found_on"),
        counted(sheets.filter(potential=True), PREVENTIVE, day="found_on"),
        counted(Feedback.objects.filter(agency_id__in=wanted), FEEDBACK, day="received_on"),
        counted(surveys, SURVEY, day="answers__on", count=Count("answers")),
    )


def evidence_told(rows: Iterable[Counted]) -> Iterator[Evidence]:
    """Yield sheets for 10.2 (those of cases for 8.7, preventive ones for 6.1), feedback for 8.2.1
    and 9.1.2, surveys answered for 9.1.2."""
    for one in rows:
        if one.kind in _TOLD:
            kind, clauses, title, url = _TOLD[one.kind]
            for clause in clauses:
                yield Evidence(
                    one.agency_id, "2015", clause, kind, one.n, one.newest_on, title, url
                )


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return what sheets, feedback and surveys show; one statement for any number of agencies."""
    return tuple(evidence_told(read_counted(evidence_counts(agency_ids))))
