"""Pausing a case and letting it go on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.events import CaseResumed
from nep.apps.cases.models import Case, CasePaper, CasePause, StepRun
from nep.apps.cases.queries._promises import extension_of, pauses_of
from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.rules.promises import promise
from nep.apps.cases.services._finding import changed, own_case_of, require_hand, unit_of
from nep.apps.cases.services._giving import receipt_give, supplement_asked
from nep.apps.cases.services._intake import begin, ground_of, set_clocks
from nep.apps.cases.services._opening import CASE_TABLE, log
from nep.apps.cases.services._pausing import (
    PAUSE_TABLE,
    pause_into,
    require_supplement_left,
    start_clocks,
    stop_clocks,
    supplement_number,
)
from nep.apps.cases.services._waits import waits_resume
from nep.apps.organization.rules import Actor, may
from nep.apps.workcal import queries as workcal
from nep.foundation.db import Batch
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines
from nep.worktime import PAUSE_NAMES

KINDS = tuple(PAUSE_NAMES)


@transaction.atomic
def case_supplement_request(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    reason: str,
    papers: Sequence[Mapping[str, Any]] = (),
    expected_version: int | None = None,
) -> int:
    """Ask the applicant to complete the case (Mẫu 02); its clocks stop as the version says.

    `papers` holds name, originals, copies and note of what is missing. Returns the request's
    number. Raises NotFound; Forbidden; Conflict; Refusal("reason_missing", "case_paused",
    "supplement_again", …). Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 5.
    """
    case = own_case_of(actor, case_id, expected_version)
    require_supplement_left(case.agency_id, case.pk, case.received_at)
    number = supplement_number(actor.agency_id, now)
    wanted = [dict(paper) for paper in papers]
    _pause(case, actor, now, "supplement", reason, papers=wanted, number=number)
    return number


@transaction.atomic
def case_pause(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    kind: str,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Pause a case while it waits for another agency, a payment or an end of force majeure.

    Such waiting stops the clocks and lets them go on, whatever the policy for supplements.
    Raises as `case_supplement_request`; Refusal("pause_kind").
    """
    if kind not in KINDS or kind == "supplement":
        raise Refusal("pause_kind", "Hãy chọn lý do tạm dừng trong danh sách.", field="kind")
    _pause(own_case_of(actor, case_id, expected_version), actor, now, kind, reason)


def _pause(
    case: Case,
    actor: Actor,
    now: datetime,
    kind: str,
    reason: str,
    *,
    papers: Sequence[Mapping[str, Any]] = (),
    number: int = 0,
) -> None:
    signed = require_hand(actor, case)
    require(acting.decide_pause(case.status), kind=Refusal)
    require(acting.decide_reason(reason), kind=Refusal)
    policy = case.pause_policy if kind == "supplement" else "stop"
    on = ground_of(case, actor=actor, now=now)
    batch = Batch()
    if policy != "none":
        stop_clocks(batch, on=on)
    columns = pause_into(
        batch, on=on, kind=kind, policy=policy, reason=clean_lines(reason), papers=papers,
        number=number, signed=signed,
    )  # fmt: skip
    batch.guard(
        CASE_TABLE,
        where={"id": case.pk, "version": case.version},
        set={**columns, "version": case.version + 1},
    )
    if not batch.flush():
        raise changed(case)
    if kind == "supplement":
        supplement_asked(case_id=case.pk, now=now)


@transaction.atomic
def case_resume(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    note: str = "",
    expected_version: int | None = None,
) -> datetime | None:
    """Let a paused case go on, its promised date moved as its policy says; return that date.

    The holder, reception and who leads the unit may do so. Raises NotFound; Forbidden; Conflict;
    Refusal("case_not_paused").
    """
    case = own_case_of(actor, case_id, expected_version)
    require(acting.decide_resume(case.status), kind=Refusal)
    _may_resume(case, actor)
    return _resume(case, actor, now, clean_lines(note))


@transaction.atomic
def case_supplement_received(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    papers: Sequence[int] = (),
    note: str = "",
    expected_version: int | None = None,
) -> datetime | None:
    """Record that the applicant has completed the case; return the date now promised.

    `papers` names those of the case that are complete now. A case that was waiting before its
    acceptance is accepted with this, and its clock starts.
    Raises NotFound; Forbidden; Conflict; Refusal("papers_missing", "case_not_paused").
    """
    case = own_case_of(actor, case_id, expected_version)
    rows = CasePaper.objects.filter(case=case, pk__in=papers)
    rows.update(state="du", source="supplement", at=now, by_id=actor.person_id)
    if case.status == statuses.WAITING_FIRST:
        require(may(actor, "case.accept"))
        return _accept_now(case, actor, now, clean_lines(note))
    require(acting.decide_resume(case.status), kind=Refusal)
    _may_resume(case, actor)
    return _resume(case, actor, now, clean_lines(note))


def _may_resume(case: Case, actor: Actor) -> None:
    if may(actor, "case.accept"):
        return
    run = StepRun.objects.filter(case=case, closed_at=None).order_by("id").first()
    if run is None or not acting.may_do_step(
        actor, person_id=run.person_id, unit_id=run.unit_id, role=run.role
    ):
        require(acting.may_manage_case(actor, unit_id=run.unit_id if run else unit_of(case)))


def _accept_now(case: Case, actor: Actor, now: datetime, note: str) -> datetime | None:
    missing = CasePaper.objects.filter(case=case, state="thieu", is_required=True)
    names = list(missing.values_list("name", flat=True))
    if names:
        raise Refusal(
            "papers_missing",
            f"Vẫn còn thiếu {len(names)} giấy: {'; '.join(names)}.",
            field="papers",
        )
    CasePause.objects.filter(case=case, ended_at=None).update(
        ended_at=now, ended_by_id=actor.person_id
    )
    set_clocks(case, accepted_at=now, by_id=actor.person_id)
    old = case.version
    batch, _ = begin(case, actor=actor, now=now, kind="accepted", kept={"note": note})
    names_changed = (
        "accepted_at", "accepted_by_id", "transfer_at", "result_due_at", "result_due_original",
        "indicator_due_at", "is_estimated", "status", "state", "holder_person_id",
        "holder_unit_id", "step_number", "step_node", "step_due_at",
    )  # fmt: skip
    columns = {name: getattr(case, name) for name in names_changed}
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action="case.accepted",
        object_type="case", object_id=case.pk, at=now, new={"due": case.result_due_at},
        reason=note, batch=batch,
    )  # fmt: skip
    batch.guard(
        CASE_TABLE, where={"id": case.pk, "version": old}, set={**columns, "version": old + 1}
    )
    if not batch.flush():
        raise changed(case)
    receipt_give(case=case, now=now)
    return case.result_due_at


def _resume(case: Case, actor: Actor, now: datetime, note: str) -> datetime | None:
    on = ground_of(case, actor=actor, now=now)
    batch = Batch()
    pause = CasePause.objects.get(case=case, ended_at=None)
    step_due_at = case.step_due_at
    if pause.policy != "none":
        found = start_clocks(batch, on=on, restart=pause.policy == "restart")
        step_due_at = found or step_due_at
    batch.update(
        PAUSE_TABLE, where={"id": pause.pk}, set={"ended_at": now, "ended_by_id": actor.person_id}
    )
    waits_resume(batch, case=case, pause=pause, now=now)
    due = _due_dates(case, pause, now)
    columns = {
        "status": statuses.RUNNING, "paused_since": None, "step_due_at": step_due_at,
        "version": case.version + 1, **due,
    }  # fmt: skip
    old = case.result_due_at.isoformat() if case.result_due_at else None
    new = due["result_due_at"].isoformat() if due["result_due_at"] else None
    log(
        batch, case_id=case.pk, kind="resumed", at=now, actor_id=actor.person_id,
        data={"note": note, "old_due": old, "due": new, "pause": pause.kind},
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action="case.resumed",
        object_type="case", object_id=case.pk, at=now, old={"due": old}, new={"due": new},
        reason=note, batch=batch,
    )  # fmt: skip
    outbox.publish(
        CaseResumed(case.pk, case.agency_id, case.code), agency_id=case.agency_id, at=now,
        batch=batch,
    )  # fmt: skip
    batch.guard(CASE_TABLE, where={"id": case.pk, "version": case.version}, set=columns)
    if not batch.flush():
        raise changed(case)
    return due["result_due_at"]


def _due_dates(case: Case, ending: CasePause, now: datetime) -> dict[str, Any]:
    """Return both clocks of the case with the pause that ends now."""
    if case.accepted_at is None:
        return {"result_due_at": None, "indicator_due_at": None}
    pauses = pauses_of(case.pk, now=now)
    calendar = workcal.calendar_for(case.agency_id)
    found = promise(
        calendar=calendar, accepted_at=case.accepted_at, amount=case.promised_amount,
        unit=case.limit_unit, pauses=pauses, extension=extension_of(case.pk),
    )  # fmt: skip
    return {
        "result_due_at": found.due_at,
        "indicator_due_at": found.indicator_at,
        "is_estimated": found.is_estimated,
    }
