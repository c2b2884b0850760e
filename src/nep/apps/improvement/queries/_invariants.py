"""What must hold of nonconformities; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import F, Q

from nep.apps.actions import queries as actions
from nep.apps.improvement.models import Feedback, Nonconformity
from nep.apps.improvement.queries._register import code_of
from nep.apps.improvement.rules import feedback, life
from nep.foundation.db.doctor import Finding, invariant


@invariant(
    "improvement_life", "Sự không phù hợp: đơn vị cùng cơ quan, lịch sử và việc đang mở khớp"
)
def lives() -> Iterator[Finding]:
    """Find sheets of another agency's unit, ended with work left, whose steps tell another state,
    and closed ones without an accepted action."""
    for row in Nonconformity.objects.exclude(unit=None).exclude(unit__agency_id=F("agency_id")):
        yield Finding("improvement_agency", f"phiếu {row.pk}", "đơn vị thuộc cơ quan khác")
    for row in Nonconformity.objects.filter(Q(state__in=life.ENDED) & Q(item_id__isnull=False)):
        yield Finding("improvement_item", f"phiếu {row.pk}", "đã kết thúc mà còn việc đang mở")
    for row in Nonconformity.objects.prefetch_related("moves").iterator(chunk_size=500):
        last = max(row.moves.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or (last.state, last.round) != (row.state, row.round):
            yield Finding("improvement_history", f"phiếu {code_of(row)}", "lịch sử khác trạng thái")
    for row in Nonconformity.objects.filter(state=life.CLOSED):
        lines = actions.of_origin(
            agency_id=row.agency_id, kind="nonconformity", ids=[row.pk], today=row.found_on
        )
        if not any(one.is_done for one in lines):
            yield Finding(
                "improvement_closed", f"phiếu {code_of(row)}", "đóng mà không có hành động"
            )


@invariant("improvement_feedback", "Phản hồi: lịch sử khớp, đã kết thúc thì không còn việc đang mở")
def feedback_lives() -> Iterator[Finding]:
    """Find feedback whose newest step tells another state, ended with work left, or of another
    agency's unit."""
    for row in Feedback.objects.exclude(unit=None).exclude(unit__agency_id=F("agency_id")):
        yield Finding("feedback_agency", f"phản hồi {row.pk}", "đơn vị thuộc cơ quan khác")
    for row in Feedback.objects.prefetch_related("moves").iterator(chunk_size=500):
        last = max(row.moves.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or last.state != row.state:
            yield Finding("feedback_history", f"phản hồi {row.pk}", "lịch sử khác trạng thái")
        if (row.item_id is None) != (row.state in feedback.ENDED):
            yield Finding("feedback_item", f"phản hồi {row.pk}", "việc đang mở khác trạng thái")
