"""What nonconformities, feedback and surveys show for the clauses of the standard."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Max, Q

from nep.apps.improvement.models import Feedback, Nonconformity, Survey
from nep.apps.improvement.rules import life
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local

_SHEETS, _FEEDBACK, _SURVEYS = "/khong-phu-hop/", "/phan-hoi/", "/khao-sat/"


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return sheets for 10.2 (those of cases for 8.7, preventive ones for 6.1), feedback for 8.2.1
    and 9.1.2, surveys answered for 9.1.2; three statements for any number of agencies."""
    wanted = list(agency_ids)
    return (*_sheets(wanted), *_feedback(wanted), *_surveys(wanted))


def _sheets(wanted: list[int]) -> Iterator[Evidence]:
    of_cases, potential = Q(origin_kind="case"), Q(potential=True)
    rows: Iterable[Any] = (
        Nonconformity.objects.filter(agency_id__in=wanted)
        .exclude(state=life.REJECTED)
        .values("agency_id")
        .annotate(
            all=Count("id", filter=~potential), all_newest=Max("found_on", filter=~potential),
            outputs=Count("id", filter=of_cases & ~potential),
            outputs_newest=Max("found_on", filter=of_cases & ~potential),
            preventive=Count("id", filter=potential),
            preventive_newest=Max("found_on", filter=potential),
        )
        .order_by()
    )  # fmt: skip
    for one in rows:
        for clause, name, kind, title in (
            ("10.2", "all", "nonconformity", "Sự không phù hợp và hành động khắc phục"),
            ("8.7", "outputs", "nonconformity", "Sự không phù hợp từ hồ sơ"),
            ("6.1", "preventive", "preventive", "Hành động phòng ngừa"),
        ):
            if one[name]:
                place = f"{_SHEETS}?loc=phong-ngua" if kind == "preventive" else _SHEETS
                yield Evidence(one["agency_id"], "2015", clause, kind, one[name],
                               one[f"{name}_newest"], title, place)  # fmt: skip


def _feedback(wanted: list[int]) -> Iterator[Evidence]:
    rows = (
        Feedback.objects.filter(agency_id__in=wanted)
        .values("agency_id")
        .annotate(n=Count("id"), newest=Max("received_on"))
        .order_by()
    )
    for one in rows:
        for clause in ("8.2.1", "9.1.2"):
            yield Evidence(one["agency_id"], "2015", clause, "feedback", one["n"], one["newest"],
                           "Phản ánh, kiến nghị, khiếu nại", _FEEDBACK)  # fmt: skip


def _surveys(wanted: list[int]) -> Iterator[Evidence]:
    rows = (
        Survey.objects.filter(agency_id__in=wanted, opened_at__isnull=False)
        .values("agency_id")
        .annotate(n=Count("answers"), newest=Max("answers__on"), opened=Max("opened_at"))
        .order_by()
    )
    for one in rows:
        if one["n"]:
            yield Evidence(one["agency_id"], "2015", "9.1.2", "survey", one["n"],
                           one["newest"] or local(one["opened"]).date(),
                           "Khảo sát mức độ hài lòng", _SURVEYS)  # fmt: skip
