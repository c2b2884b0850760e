"""What stands beside the steps of a case: its urgency and its ties to other cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.models import Case, CaseCall, CaseLink
from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.rules.ties import LINK_NAMES
from nep.apps.cases.services._finding import case_of, changed, own_case_of, unit_of
from nep.apps.cases.services._holding import case_lock
from nep.apps.cases.services._opening import CASE_TABLE, SOURCE, log
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.foundation.db import Batch
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean, clean_lines


@transaction.atomic
def case_urgent_set(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    urgent: bool,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Mark a case as urgent, or take the mark off; it then stands first in the lists.

    Who leads the unit that holds it may. No due date moves.
    Raises NotFound; Forbidden; Conflict; Refusal("urgent_already", "reason_missing",
    "case_finished").
    """
    case = own_case_of(actor, case_id, expected_version)
    require(acting.may_manage_case(actor, unit_id=unit_of(case)))
    if case.status in statuses.FINISHED:
        require(acting.decide_moving(case.status), kind=Refusal)
    if case.urgent == urgent:
        raise Refusal(
            "urgent_already",
            "Hồ sơ đã được ghi là khẩn." if urgent else "Hồ sơ này không được ghi là khẩn.",
        )
    require(acting.decide_reason(reason), kind=Refusal)
    batch, text = Batch(), clean_lines(reason)
    _told(batch, case, actor, now, "urgent", {"urgent": urgent, "reason": text}, text)
    batch.guard(
        CASE_TABLE, where={"id": case.pk, "version": case.version},
        set={"urgent": urgent, "version": case.version + 1},
    )  # fmt: skip
    if not batch.flush():
        raise changed(case)
    work.source_urgent_set(
        agency_id=case.agency_id, source_type=SOURCE, source_id=case.pk, urgent=urgent,
        reason=text, at=now,
    )  # fmt: skip


@transaction.atomic
def case_link(
    *, actor: Actor, now: datetime, case_id: int, code: str, kind: str, note: str = ""
) -> int:
    """Tie a case to another one of the agency by its code; return the tie's id.

    Raises NotFound; Forbidden; Refusal("link_kind", "link_unknown", "link_itself", "linked").
    """
    case = case_of(actor, case_id)
    require(may(actor, "case.step"))
    if kind not in LINK_NAMES:
        raise Refusal("link_kind", "Hãy chọn quan hệ trong danh sách.", field="kind")
    other = Case.objects.filter(agency_id=case.agency_id, code__iexact=clean(code)).first()
    if other is None:
        raise Refusal(
            "link_unknown", f"Cơ quan không có hồ sơ mã “{clean(code)}”. Hãy xem lại mã.",
            field="code",
        )  # fmt: skip
    if other.pk == case.pk:
        raise Refusal("link_itself", "Hai hồ sơ phải khác nhau.", field="code")
    case_lock(case.pk)
    if CaseLink.objects.filter(case=case, other=other, kind=kind).exists():
        raise Refusal("linked", "Hai hồ sơ đã được nối theo quan hệ này.", field="code")
    row = CaseLink.objects.create(
        case=case, other=other, kind=kind, note=clean(note)[:300], at=now, by_id=actor.person_id
    )
    _both(case, other, actor, now, "linked", kind, row.note)
    return row.pk


@transaction.atomic
def case_unlink(*, actor: Actor, now: datetime, case_id: int, link_id: int, reason: str) -> None:
    """Take a tie off, from either side; that it was there stays in both histories.

    Raises NotFound; Forbidden; Refusal("reason_missing", "link_call").
    """
    case = case_of(actor, case_id)
    require(may(actor, "case.step"))
    row = CaseLink.objects.select_related("case", "other").filter(pk=link_id).first()
    if row is None or case.pk not in (row.case_id, row.other_id):
        raise NotFound("not_found", "Không tìm thấy liên kết này ở hồ sơ.")
    require(acting.decide_reason(reason), kind=Refusal)
    if CaseCall.objects.filter(case_id=row.other_id, child_id=row.case_id).exists():
        raise Refusal(
            "link_call",
            "Hồ sơ này là thủ tục con của hồ sơ kia theo quy trình nên không bỏ nối được.",
        )
    row.delete()
    _both(row.case, row.other, actor, now, "unlinked", row.kind, clean_lines(reason))


def _both(
    case: Case, other: Case, actor: Actor, now: datetime, what: str, kind: str, words: str
) -> None:
    batch = Batch()
    for one, two, name in ((case, other, LINK_NAMES[kind][0]), (other, case, LINK_NAMES[kind][1])):
        data = {"other": two.pk, "code": two.code, "how": name, "reason": words}
        _told(batch, one, actor, now, what, data, words)
    batch.flush()


def _told(
    batch: Batch,
    case: Case,
    actor: Actor,
    now: datetime,
    kind: str,
    data: Mapping[str, Any],
    reason: str,
) -> None:
    log(batch, case_id=case.pk, kind=kind, at=now, actor_id=actor.person_id, data=data)
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action=f"case.{kind}",
        object_type="case", object_id=case.pk, at=now, new=dict(data), reason=reason, batch=batch,
    )  # fmt: skip
