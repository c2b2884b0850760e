"""What must hold of ratings, reports, looks and erasures; `nep doctor` asks."""

import json
from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from nep.apps.cases.models import (
    Case,
    CaseApplicant,
    CaseErasure,
    CaseLook,
    CaseMessage,
    CaseOpinion,
    CasePaper,
    CaseRating,
    CaseReport,
    CaseStepData,
    ErasureRun,
    FedRow,
)
from nep.apps.cases.queries._whole import codes_in_portions
from nep.apps.cases.rules import citizens, privacy
from nep.apps.cases.rules.statuses import DONE, RETURNED
from nep.apps.organization import queries as organization
from nep.apps.work import queries as work
from nep.foundation.db.doctor import Finding, invariant
from nep.foundation.journal import queries as journal


@invariant("case_ratings", "Mỗi đánh giá thuộc hồ sơ đã có kết quả, đúng cơ quan và thủ tục")
def ratings() -> Iterator[Finding]:
    """Find ratings of cases that have no result, or that say another agency or procedure."""
    wrong = ~Q(case__status__in=[DONE, RETURNED]) | ~Q(agency_id=F("case__agency_id"))
    wrong |= ~Q(tthc_id=F("case__tthc_id"))
    rows = CaseRating.objects.filter(wrong, case__origin="run")
    for code in rows.values_list("case__code", flat=True):
        yield Finding("case_ratings", f"hồ sơ {code}", "đánh giá không khớp hồ sơ của nó")


@invariant("case_reports", "Mỗi lời báo sai lệch chưa khép có đúng việc để trả lời và để khép")
def reports() -> Iterator[Finding]:
    """Find reports whose work items do not go with their state."""
    rows = CaseReport.objects.select_related("case").order_by("pk")
    for row in rows.iterator():
        for source, is_open in (
            (citizens.ANSWER_ITEM, row.answered_at is None),
            (citizens.WATCH_ITEM, row.closed_at is None),
        ):
            found = len(work.open_items_of(source_type=source, source_id=row.pk))
            if found != int(is_open):
                yield Finding(
                    "case_reports", f"hồ sơ {row.case.code}",
                    f"lời báo {row.pk} có {found} việc mở, phải có {int(is_open)}",
                )  # fmt: skip
        if row.agency_id != row.case.agency_id:
            yield Finding("case_reports", f"hồ sơ {row.case.code}", "lời báo ghi cơ quan khác")


@invariant("case_looks", "Mỗi lần xem dữ liệu người nộp ghi người có trong danh bạ")
def looks() -> Iterator[Finding]:
    """Find looks that name nobody, or another agency than the case's."""
    people = set(CaseLook.objects.order_by().values_list("person_id", flat=True).distinct())
    missing = people - set(organization.person_names(people))
    rows = CaseLook.objects.filter(
        Q(person_id__in=missing) | ~Q(agency_id=F("case__agency_id"))
    ).values_list("case__code", flat=True)
    for code in rows:
        yield Finding("case_looks", f"hồ sơ {code}", "lần xem ghi sai người hoặc cơ quan")


@invariant("case_looks_kept", "Mỗi lần xem dữ liệu người nộp còn nguyên như nhật ký đã ghi")
def looks_kept() -> Iterator[Finding]:
    """Find looks that the journal knows and the table has lost, or the other way round."""
    for cases in codes_in_portions():
        acts = journal.acts_upon(object_type="case", object_ids=cases, action=privacy.SEEN)
        told = {json.loads(act.new)["look"] for act in acts}
        kept = set(CaseLook.objects.filter(case_id__in=list(cases)).values_list("pk", flat=True))
        for pk in told - kept:
            yield Finding("case_looks_kept", f"lần xem {pk}", "nhật ký có ghi mà dòng không còn")
        for pk in kept - told:
            yield Finding("case_looks_kept", f"lần xem {pk}", "không có trong nhật ký")


@invariant("case_erasures", "Phần đã xóa của hồ sơ không còn dữ liệu; hồ sơ chưa xóa còn người nộp")
def erasures() -> Iterator[Finding]:
    """Find erased parts that still hold data, runs that count wrongly, applicants that are gone."""
    held: tuple[tuple[str, QuerySet], ...] = (
        ("contact", CaseApplicant.objects.exclude(identity="", phone="", email="", address="")),
        ("applicant", CaseApplicant.objects.all()),
        ("papers", CasePaper.objects.exclude(file=None)),
        ("papers", CaseOpinion.objects.exclude(file=None)),
        ("data", CaseStepData.objects.exclude(values="{}")),
        ("data", CaseMessage.objects.exclude(data="{}").exclude(case=None)),
        ("fed", FedRow.objects.all()),
    )
    for part, rows in held:
        gone = CaseErasure.objects.filter(case_id=OuterRef("case_id"), part=part)
        for code in rows.filter(Exists(gone)).values_list("case__code", flat=True).distinct():
            yield Finding("case_erasures", f"hồ sơ {code}", f"phần “{part}” đã xóa mà còn dữ liệu")
    gone = CaseErasure.objects.filter(case_id=OuterRef("pk"), part="applicant")
    kept = CaseApplicant.objects.filter(case_id=OuterRef("pk"))
    cases = Case.objects.filter(Q(origin="run", internal=False) & ~Exists(kept) & ~Exists(gone))
    for code in cases.values_list("code", flat=True):
        yield Finding("case_erasures", f"hồ sơ {code}", "mất người nộp mà không có dấu xóa")
    named = Case.objects.filter(Exists(gone)).exclude(applicant_mask="")
    for code in named.values_list("code", flat=True):
        yield Finding("case_erasures", f"hồ sơ {code}", "đã xóa người nộp mà danh sách còn tên")
    runs = ErasureRun.objects.annotate(n=Count("erasures__case", distinct=True))
    for pk in runs.exclude(n=F("erased")).values_list("pk", flat=True):
        yield Finding("case_erasures", f"lần xóa {pk}", "số hồ sơ đã xóa không khớp các dấu xóa")
