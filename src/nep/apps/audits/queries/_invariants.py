"""What must hold of audits; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import F, Q

from nep.apps.audits.models import Audit, Finding, Programme, Session, SessionAuditor
from nep.apps.audits.queries._audit import code_of
from nep.apps.audits.rules import life
from nep.foundation.db.doctor import Finding as Fault
from nep.foundation.db.doctor import invariant

_REPORTED = [life.REPORTED, life.CLOSED]


@invariant("audits_life", "Đánh giá nội bộ: lịch sử khớp, kế hoạch có trước, việc mở đúng chỗ")
def lives() -> Iterator[Fault]:
    """Find programmes and audits whose newest step tells another state, ended ones with work left,
    plans that went out after their first session, units of another agency."""
    for programme in Programme.objects.prefetch_related("steps"):
        last = max(programme.steps.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or last.state != programme.state:
            yield Fault("audits_history", f"chương trình {programme.pk}", "lịch sử khác trạng thái")
    for audit in Audit.objects.prefetch_related("steps", "sessions"):
        last = max(audit.steps.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or last.state != audit.state:
            yield Fault("audits_history", code_of(audit), "lịch sử khác trạng thái")
        if audit.state in life.AUDIT_ENDED and audit.item_id is not None:
            yield Fault("audits_item", code_of(audit), "đã kết thúc mà còn việc đang mở")
        first = min((one.starts_at for one in audit.sessions.all()), default=None)
        if audit.announced_at and first and first <= audit.announced_at:
            yield Fault("audits_plan_late", code_of(audit), "kế hoạch phê duyệt sau phiên đầu")
    for session in Session.objects.exclude(unit__agency_id=F("audit__agency_id")):
        yield Fault("audits_agency", f"phiên {session.pk}", "đơn vị thuộc cơ quan khác")


@invariant("audits_findings", "Phát hiện đánh giá: đã báo cáo thì đủ phiếu, có người hỏi và số")
def findings() -> Iterator[Fault]:
    """Find nonconformities of a reported audit without a sheet, findings still waiting then,
    sent ones without a number, sessions audited by who represents the unit."""
    own = Q(level__in=life.TO_CORRECT, state__in=[life.AGREED, life.KEPT])
    waiting = Q(state__in=[*life.OPEN_FINDINGS, life.NOTED, life.ASKED])
    for row in Finding.objects.filter(own | waiting, session__audit__state__in=_REPORTED):
        yield Fault("audits_unsettled", f"phát hiện {row.pk}", "báo cáo mà chưa xử lý xong")
    known = [life.SENT, life.CONTESTED, life.KEPT, life.TREATED]
    for row in Finding.objects.filter(state__in=known, number=None):
        yield Fault("audits_number", f"phát hiện {row.pk}", "chưa có số")
    for one in SessionAuditor.objects.filter(
        person_id=F("session__representative_id"), session__audit__state__in=life.AUDIT_HELD
    ):
        yield Fault("audits_own_work", f"phiên {one.session_id}", "người đại diện tự đánh giá")
