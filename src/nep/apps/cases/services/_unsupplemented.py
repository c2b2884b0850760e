"""Cases whose applicant does not complete them: reminded of, then stopped, by the worker."""

from datetime import datetime, timedelta

from django.db import transaction

from nep.apps.cases.models import Case, CasePause
from nep.apps.cases.queries._time_rules import time_rules
from nep.apps.cases.rules import statuses
from nep.apps.cases.rules.promises import close_due
from nep.apps.cases.services._endings import STOPPED, end_case
from nep.apps.cases.services._opening import case_path
from nep.apps.organization import queries as organization
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.kernel.errors import Conflict
from nep.kernel.vietnamese import date_text, local
from nep.worktime import OutsideCalendar

_SOONEST = timedelta(days=1)


def cases_close_unsupplemented(*, now: datetime) -> int:
    """Stop every case whose applicant was asked and did not come in time; return how many.

    Holders are told some days before, once. Repeating changes nothing, and a night that was missed
    is made up for by the next round: only dates decide.
    Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 5.
    """
    asked = CasePause.objects.filter(
        kind="supplement", ended_at=None, started_at__lt=now - _SOONEST, case__origin="run",
        case__status__in=[statuses.WAITING_FIRST, statuses.SUPPLEMENT],
    )  # fmt: skip
    stopped = 0
    for case_id, started_at in asked.order_by("started_at").values_list("case_id", "started_at"):
        stopped += _look_at(case_id, started_at, now)
    return stopped


@transaction.atomic
def _look_at(case_id: int, asked_at: datetime, now: datetime) -> bool:
    case = Case.objects.select_for_update().get(pk=case_id)
    rules = time_rules(agency_id=case.agency_id, at=case.received_at)
    try:
        due = close_due(
            calendar=workcal.calendar_for(case.agency_id), asked_at=asked_at,
            days=rules.close_days,
        )  # fmt: skip
    except OutsideCalendar:
        return False
    waits = CasePause.objects.filter(case=case, ended_at=None, started_at=asked_at).exists()
    if due is None or not waits or case.finished_at is not None:
        return False
    if local(now).date() <= local(due).date():  # the last day ends at midnight
        if local(now).date() >= local(due).date() - timedelta(days=rules.close_notice_days):
            _remind(case, due, now)
        return False
    reason = (
        f"Quá {rules.close_days} ngày kể từ ngày yêu cầu ({date_text(local(asked_at).date())}), "
        "người nộp không bổ sung, hoàn thiện hồ sơ (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5)."
    )
    try:
        with transaction.atomic():
            end_case(case, None, now, "stopped", reason, STOPPED, {"auto": rules.close_days})
    except Conflict:
        return False  # somebody acts on the case at this moment; the next round looks again
    return True


def _remind(case: Case, due: datetime, now: datetime) -> None:
    """Tell the holder, or reception while nobody holds it, once for each date."""
    people = [case.holder_person_id] if case.holder_person_id else []
    if not people:
        found = organization.people_for(
            agency_id=case.agency_id, today=local(now).date(), role="reception"
        )
        people = [person.id for person in found]
    day = local(due).date()
    for person_id in people:
        work.notice_add(
            person_id=person_id, agency_id=case.agency_id, key=f"dung:{case.pk}:{day}",
            text=f"Hồ sơ {case.code} sẽ dừng giải quyết sau ngày {date_text(day)}",
            detail="Người nộp chưa bổ sung. Hãy liên hệ để nhắc người nộp.", icon="hourglass",
            link=case_path(case.pk), at=now,
        )  # fmt: skip
