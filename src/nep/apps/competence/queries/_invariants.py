"""What must hold of training; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from nep.apps.competence.models import Attendance, Need, Session
from nep.apps.competence.rules import training as rules
from nep.foundation.db.doctor import Finding, invariant


@invariant(
    "competence_training",
    "Đào tạo: buổi thuộc kế hoạch của cơ quan, lịch sử khớp, người xét hiệu quả không phải người dự",
)
def lives() -> Iterator[Finding]:
    """Find sessions of another agency's plan, whose newest step tells another state, held without
    anybody, judged by who was there, ended with work left; needs met by another agency's session."""
    for row in Session.objects.exclude(plan__agency_id=F("agency_id")):
        yield Finding("training_agency", f"buổi đào tạo {row.pk}", "thuộc kế hoạch cơ quan khác")
    working = Q(state__in=[rules.PLANNED, rules.HELD])
    for row in Session.objects.filter(
        working & Q(item_id=None) | ~working & Q(item_id__isnull=False)
    ):
        yield Finding("training_item", f"buổi đào tạo {row.pk}", "việc đang mở khác trạng thái")
    there = Attendance.objects.filter(session=OuterRef("pk"), state=rules.PRESENT)
    for row in Session.objects.filter(~Exists(there), state__in=rules.TAUGHT):
        yield Finding("training_nobody", f"buổi đào tạo {row.pk}", "đã mở mà không ai có mặt")
    judged = there.filter(person=OuterRef("effect_by"))
    for row in Session.objects.filter(Exists(judged), effect_by__isnull=False):
        yield Finding("training_judge", f"buổi đào tạo {row.pk}", "người dự tự xét hiệu quả")
    for row in Session.objects.prefetch_related("moves").iterator(chunk_size=500):
        last = max(row.moves.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or last.state != row.state:
            yield Finding("training_history", f"buổi đào tạo {row.pk}", "lịch sử khác trạng thái")
    for need in Need.objects.exclude(session=None).exclude(session__agency_id=F("agency_id")):
        yield Finding("training_need", f"nhu cầu {need.pk}", "buổi đào tạo của cơ quan khác")
