"""The one re-appointment of a case, with its apology (Mẫu 04)."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.cases.events import CaseExtended
from nep.apps.cases.models import Case, CaseExtension, StepRun
from nep.apps.cases.queries._time_rules import time_rules
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.promises import closing_of, decide_extension, working_days_between
from nep.apps.cases.services._finding import changed, own_case_of, unit_of
from nep.apps.cases.services._giving import apology_give
from nep.apps.cases.services._opening import CASE_TABLE, log
from nep.apps.organization.rules import Actor
from nep.apps.workcal import queries as workcal
from nep.foundation.db import Batch
from nep.foundation.journal import services as journal
from nep.foundation.numbering.services import take_number
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local

_TABLE = "cases_caseextension"


@transaction.atomic
def case_extend(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    new_on: date,
    reason: str,
    expected_version: int | None = None,
) -> datetime:
    """Apologise and promise a later date, once; return it. The first promise stays beside it.

    The holder of an open step may, and who leads its unit. The clocks of the steps and of the
    indicators do not move. Raises NotFound; Forbidden; Conflict; Refusal("extended_before",
    "extension_too_late", "extension_not_later", "extension_day_off", "no_promise", …).
    Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 6.
    """
    case = own_case_of(actor, case_id, expected_version)
    require(acting.decide_moving(case.status), kind=Refusal)
    _require_right(actor, case)
    calendar = workcal.calendar_for(case.agency_id)
    rules = time_rules(agency_id=case.agency_id, at=case.received_at)
    decision = decide_extension(
        now=now, due_at=case.result_due_at, new_on=new_on,
        is_extended=CaseExtension.objects.filter(case=case).exists(),
        before_days=rules.extension_before_days, calendar=calendar,
    )  # fmt: skip
    require(decision, kind=Refusal)
    require(acting.decide_reason(reason), kind=Refusal)
    old = case.result_due_at or now
    new = closing_of(calendar, new_on)
    days = working_days_between(calendar, local(old).date(), new_on)
    number = take_number(agency_id=case.agency_id, book="apology", year=local(now).year)
    _write(case, actor, now, old, new, days, number, clean_lines(reason))
    apology_give(case=case, row=CaseExtension.objects.get(pk=case.pk), now=now)
    return new


def _require_right(actor: Actor, case: Case) -> None:
    """Let who may do an open step of the case pass, and who leads its unit. Raises Forbidden."""
    decision: acting.Decision = acting.may_manage_case(actor, unit_id=unit_of(case))
    for run in StepRun.objects.filter(case=case, closed_at=None):
        if acting.may_do_step(
            actor, person_id=run.person_id, unit_id=run.unit_id, role=run.role
        ) or acting.may_manage_case(actor, unit_id=run.unit_id):
            return
    require(decision)


def _write(
    case: Case,
    actor: Actor,
    now: datetime,
    old: datetime,
    new: datetime,
    days: int,
    number: int,
    reason: str,
) -> None:
    batch, by = Batch(), actor.person_id
    batch.insert(
        _TABLE, case_id=case.pk, number=number, old_due_at=old, new_due_at=new,
        working_days=days, reason=reason, at=now, by_id=by,
    )  # fmt: skip
    log(
        batch, case_id=case.pk, kind="extended", at=now, actor_id=by,
        data={
            "old_due": old.isoformat(), "due": new.isoformat(), "reason": reason,
            "number": number,
        },
    )  # fmt: skip
    journal.record(
        actor_id=by, agency_id=case.agency_id, action="case.extended", object_type="case",
        object_id=case.pk, at=now, old={"due": old}, new={"due": new, "number": number},
        reason=reason, batch=batch,
    )  # fmt: skip
    outbox.publish(
        CaseExtended(case.pk, case.agency_id, case.code), agency_id=case.agency_id, at=now,
        batch=batch,
    )  # fmt: skip
    batch.guard(
        CASE_TABLE, where={"id": case.pk, "version": case.version},
        set={"result_due_at": new, "version": case.version + 1},
    )  # fmt: skip
    if not batch.flush():
        raise changed(case)
