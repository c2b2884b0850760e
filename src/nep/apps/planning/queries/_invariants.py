"""What must hold of risks; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import F, Q

from nep.apps.actions import queries as actions
from nep.apps.planning.models import Risk, Statement
from nep.apps.planning.queries._risks import code_of
from nep.apps.planning.queries._statements import seal
from nep.apps.planning.rules import context, risks
from nep.foundation.db.doctor import Finding, invariant


@invariant("planning_risks", "Rủi ro, cơ hội: đơn vị cùng cơ quan, lịch sử và việc đang mở khớp")
def risk_lives() -> Iterator[Finding]:
    """Find risks of another agency's unit, closed with work left, whose steps tell another state,
    and verified ones without an accepted action."""
    for row in Risk.objects.exclude(unit=None).exclude(unit__agency_id=F("agency_id")):
        yield Finding("planning_risk_agency", f"rủi ro {row.pk}", "đơn vị thuộc cơ quan khác")
    for row in Risk.objects.filter(
        Q(state=risks.CLOSED, item_id__isnull=False)
        | Q(state__in=[risks.DRAFT, risks.RATED], item_id=None)
    ):
        yield Finding("planning_risk_item", f"rủi ro {row.pk}", "việc đang mở khác trạng thái")
    for row in Risk.objects.prefetch_related("moves").iterator(chunk_size=500):
        last = max(row.moves.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or (last.state, last.round) != (row.state, row.round):
            yield Finding("planning_risk_history", code_of(row), "lịch sử khác trạng thái")
    verified = {row.pk: row for row in Risk.objects.filter(state=risks.VERIFIED)}
    for agency_id, kind in {(row.agency_id, row.kind) for row in verified.values()}:
        ids = [
            row.pk for row in verified.values() if (row.agency_id, row.kind) == (agency_id, kind)
        ]
        today = max(verified[one].changed_at for one in ids).date()
        known = actions.of_origins(agency_id=agency_id, kind=kind, ids=ids, today=today)
        for one in ids:
            if not any(line.is_done for line in known.get(one, ())):
                yield Finding(
                    "planning_risk_verified", code_of(verified[one]),
                    "đã kiểm tra mà không có hành động nào được làm",
                )  # fmt: skip


@invariant("planning_statements", "Bối cảnh, phạm vi, chính sách: nội dung đúng mã băm đã trình")
def statements_sealed() -> Iterator[Finding]:
    """Find editions whose words are not those that were submitted, and ended ones with work left."""
    for row in Statement.objects.exclude(content_hash="").exclude(state=context.DRAFT):
        if seal(row.part, row.content) != row.content_hash:
            yield Finding(
                "planning_statement_changed", f"bản {row.pk}", "nội dung khác bản đã trình"
            )
    ended = [context.IN_FORCE, context.REPLACED, context.DROPPED]
    for row in Statement.objects.filter(state__in=ended, item_id__isnull=False):
        yield Finding("planning_statement_item", f"bản {row.pk}", "đã xong mà còn việc đang mở")
