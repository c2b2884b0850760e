"""Taking a case in: complete, or with a request for what is missing."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from nep.apps.cases.events import CaseAccepted
from nep.apps.cases.models import Case, CaseApplicant, CasePaper
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.queries._time_rules import time_rules
from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.rules.masks import mask_name
from nep.apps.cases.rules.plan import progress_start
from nep.apps.cases.rules.promises import answer_due
from nep.apps.cases.rules.timing import result_deadline, transfer_moment
from nep.apps.cases.services._asking import open_opinion
from nep.apps.cases.services._beyond import beyond_into
from nep.apps.cases.services._giving import receipt_give, supplement_asked
from nep.apps.cases.services._opening import Ground, ground, log, open_step, opened_facts
from nep.apps.cases.services._pausing import pause_into, supplement_number
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.queries import VersionFacts
from nep.apps.workcal import queries as workcal
from nep.bpmn import Incident, TaskOpened, encode_state, start
from nep.foundation.db import Batch, new_id
from nep.foundation.files import services as files
from nep.foundation.journal import services as journal
from nep.foundation.numbering.services import take_number
from nep.foundation.outbox import services as outbox
from nep.kernel.codes import render_code, sequence_book
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who hands the case in."""

    name: str
    identity: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class PaperGiven:
    """One paper at intake; `state` is du, thieu or kc; `upload` is (name, bytes)."""

    name: str
    originals: int = 1
    copies: int = 0
    is_required: bool = True
    state: str = "du"
    upload: tuple[str, bytes] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseMade:
    """A case just taken in; `accepted` is False while papers are missing."""

    id: int
    code: str
    accepted: bool
    result_due_at: datetime | None


@dataclass(slots=True)
class Intake:
    """What every intake needs, checked."""

    actor: Actor
    now: datetime
    received_at: datetime
    version: VersionFacts
    applicant: Applicant
    papers: Sequence[PaperGiven]
    channel: str
    data: Mapping[str, Any] = field(default_factory=dict)


def case_accept(
    *,
    actor: Actor,
    now: datetime,
    tthc_id: int,
    applicant: Applicant,
    papers: Sequence[PaperGiven] = (),
    variant: str | None = None,
    channel: str = "counter",
    received_at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
) -> CaseMade:
    """Take a complete case in: code, promised date, first step, receipt.

    The clock starts when the case is accepted as complete (`now`). `received_at`, by default the
    same, is when it reached the agency. A version with several variants needs `variant`.
    Raises Forbidden; Refusal("papers_missing", "applicant_missing", "procedure_missing",
    "procedure_changed", "file_kind", "file_too_large").
    Source: Nghị định 118/2025/NĐ-CP Điều 17 khoản 3, Điều 18 khoản 2, Điều 28.
    """
    intake = _intake(actor, now, tthc_id, variant, applicant, papers, channel, received_at, data)
    missing = [paper.name for paper in papers if paper.state == "thieu" and paper.is_required]
    if missing:
        raise Refusal(
            "papers_missing",
            f"Còn thiếu {len(missing)} giấy: {'; '.join(missing)}. Hãy lập phiếu yêu cầu bổ sung.",
            "Nghị định 118/2025/NĐ-CP, Điều 17",
            field="papers",
        )
    with transaction.atomic():
        case = case_row(intake, accepted=True)
        kept = {"channel": intake.channel, **answered(case, now=now)}
        made = begin(case, actor=actor, now=now, kind="accepted", kept=kept)
        put_in(case, made)
        people_and_papers_put(case, intake)
        receipt_give(case=case, now=now)
        tell_accepted(case, actor, now, "case.accepted")
    return CaseMade(case.pk, case.code, True, case.result_due_at)


def case_receive_incomplete(
    *,
    actor: Actor,
    now: datetime,
    tthc_id: int,
    applicant: Applicant,
    papers: Sequence[PaperGiven],
    reason: str,
    variant: str | None = None,
    channel: str = "counter",
    received_at: datetime | None = None,
) -> CaseMade:
    """Keep a case whose papers are not complete and ask for the rest, once (Mẫu 02).

    No clock runs before everything is there.
    Raises as `case_accept`; Refusal("nothing_missing", "reason_missing").
    Source: Nghị định 118/2025/NĐ-CP Điều 11 khoản 2 điểm c, Điều 16 khoản 3.
    """
    intake = _intake(actor, now, tthc_id, variant, applicant, papers, channel, received_at, None)
    missing = [paper for paper in papers if paper.state == "thieu"]
    if not missing:
        raise Refusal(
            "nothing_missing", "Chưa giấy nào được ghi là thiếu. Hãy tiếp nhận hồ sơ.",
            field="papers",
        )  # fmt: skip
    require(acting.decide_slip(reason), kind=Refusal)
    with transaction.atomic():
        case = case_row(intake, accepted=False)
        put_in(case, None)
        people_and_papers_put(case, intake)
        batch = Batch()
        pause_into(
            batch,
            on=ground_of(case, actor=actor, now=now),
            kind="supplement",
            policy="none",
            reason=clean(reason),
            papers=[paper_fact(paper) for paper in missing],
            number=supplement_number(actor.agency_id, now),
            at_reception=True,
            signed=answered(case, now=now),
        )
        batch.flush()
        supplement_asked(case_id=case.pk, now=now)
    return CaseMade(case.pk, case.code, False, None)


def answered(case: Case, *, now: datetime) -> dict[str, Any]:
    """Return until when a case handed in online was to be answered, and whether it is too late.

    Source: Nghị định 118/2025/NĐ-CP Điều 17 khoản 2.
    """
    if case.channel != "online":
        return {}
    due = answer_due(
        calendar=workcal.calendar_for(case.agency_id), received_at=case.received_at,
        hours=time_rules(agency_id=case.agency_id, at=case.received_at).answer_hours,
    )  # fmt: skip
    return {"answer_due": due.isoformat(), "answer_late": now > due} if due else {}


def paper_fact(paper: PaperGiven) -> dict[str, Any]:
    """Return a paper as a supplement request keeps it."""
    return {
        "name": paper.name, "originals": paper.originals, "copies": paper.copies,
        "note": paper.note,
    }  # fmt: skip


def _intake(
    actor: Actor,
    now: datetime,
    tthc_id: int,
    variant: str | None,
    applicant: Applicant,
    papers: Sequence[PaperGiven],
    channel: str,
    received_at: datetime | None,
    data: Mapping[str, Any] | None,
) -> Intake:
    """Check what every intake needs and put it together."""
    require(may(actor, "case.accept"))
    if not clean(applicant.name):
        raise Refusal("applicant_missing", "Hãy ghi tên người nộp hồ sơ.", field="name")
    if channel not in statuses.CHANNEL_NAMES:
        raise Refusal("channel_unknown", "Hãy chọn cách nộp trong danh sách.", field="channel")
    if received_at is not None and received_at > now:
        raise Refusal("received_later", "Giờ nộp không thể sau lúc này.", field="received_at")
    version = procedures.version_in_force(
        agency_id=actor.agency_id, tthc_id=tthc_id, on=local(now).date(), variant=variant
    )
    if version is not None and version.is_internal:
        raise Refusal(
            "procedure_internal",
            "Đây là quy trình nội bộ, không có người nộp. Hãy mở ở Việc nội bộ.",
            field="tthc",
        )
    if version is None:
        raise Refusal(
            "procedure_missing",
            "Thủ tục này chưa có quy trình đang áp dụng nên chưa nhận được hồ sơ. "
            "Hãy ban hành quy trình trước.",
            field="tthc",
        )
    return Intake(
        actor, now, received_at or now, version, applicant, papers, channel, dict(data or {})
    )


def case_row(intake: Intake, *, accepted: bool) -> Case:
    """Return the row of a case, its code taken from the agency's book."""
    actor, version, now = intake.actor, intake.version, intake.now
    agency = organization.agency(actor.agency_id)
    on = local(now).date()
    number = take_number(
        agency_id=agency.id, book=sequence_book(agency.case_code_mask, on=on), year=0
    )
    received = local(intake.received_at)
    case = Case(
        id=new_id(),
        agency_id=agency.id,
        code=render_code(agency.case_code_mask, agency=agency.code, on=on, seq=number),
        lookup_key=secrets.token_urlsafe(15),
        tthc_id=version.tthc_id,
        tthc_code=version.tthc_code,
        tthc_name=version.tthc_name,
        revision_id=version.revision_id,
        procedure_text=f"{version.code} {version.number}".strip()[:120],
        content_hash=version.content_hash,
        channel=intake.channel,
        at_once=version.at_once,
        applicant_mask=mask_name(clean(intake.applicant.name))[:160],
        received_at=intake.received_at,
        received_month=received.year * 100 + received.month,
        limit_amount=version.limit_amount,
        limit_unit=version.limit_unit if version.limit_amount is not None else "",
        pause_policy=version.pause_policy,
        status=statuses.WAITING_FIRST,
        data=json.dumps(dict(intake.data), ensure_ascii=False),
        progress=progress_start(plan_for(version.content_hash)),
    )
    if accepted:
        set_clocks(case, accepted_at=now, by_id=actor.person_id)
    return case


def set_clocks(case: Case, *, accepted_at: datetime, by_id: int | None) -> None:
    """Start the clock of a case: promised date, its original, the indicator's, the transfer."""
    calendar = workcal.calendar_for(case.agency_id)
    found = result_deadline(
        calendar=calendar,
        accepted_at=accepted_at,
        amount=case.promised_amount,
        unit=case.limit_unit,
    )
    case.accepted_at, case.accepted_by_id = accepted_at, by_id
    rules = time_rules(agency_id=case.agency_id, at=case.received_at)
    case.transfer_at = transfer_moment(
        accepted_at=accepted_at, calendar=calendar, hour=rules.transfer_hour
    )
    case.result_due_at = case.result_due_original = case.indicator_due_at = found.due_at
    case.is_estimated = found.estimated and found.due_at is not None
    case.status = statuses.ACCEPTED


def begin(
    case: Case, *, actor: Actor, now: datetime, kind: str, kept: Mapping[str, Any]
) -> tuple[Batch, Ground]:
    """Start the process of a case; the batch holds its first steps and its event."""
    plan = plan_for(case.content_hash)
    state, effects = start(plan.compiled, data=json.loads(case.data))
    on = ground_of(case, actor=actor, now=now, is_transferred=True)
    batch = Batch()
    data = json.loads(case.data)
    for effect in effects:
        if isinstance(effect, TaskOpened):
            is_reception = plan.steps[effect.node].role == "reception"
            on.start = now if is_reception else max(now, case.transfer_at or now)
            if effect.instance:
                open_opinion(batch, on, effect, data)
            else:
                open_step(batch, on, effect.node, effect.token)
        elif isinstance(effect, Incident):
            raise Refusal("no_way_out", f"{effect.message} Hãy báo thư ký ISO xem quy trình.")
    beyond: dict[str, Any] = {}
    if plan.beyond:
        by = actor.person_id
        beyond = beyond_into(batch, on=on, effects=effects, data=data, by_id=by).told()
    case.state = encode_state(state)
    if on.opened:  # a process may begin with waiting for a day or a message
        first = on.opened[0]
        case.holder_person_id, case.holder_unit_id = first.person_id, first.unit_id
        case.step_number, case.step_node = first.step.number, first.step.node
        case.step_due_at = first.due_at
    due = case.result_due_at.isoformat() if case.result_due_at else None
    log(
        batch, case_id=case.pk, kind=kind, at=now, actor_id=actor.person_id,
        data={**kept, **beyond, "opened": opened_facts(on), "due": due},
    )  # fmt: skip
    return batch, on


def ground_of(
    case: Case, *, actor: Actor, now: datetime, is_transferred: bool = False, note: str = ""
) -> Ground:
    """Return the ground of an action on a whole case."""
    hat = next((hat for hat in actor.hats if hat.role == "reception"), None) or next(
        iter(actor.hats), None
    )
    return ground(
        actor=actor,
        now=now,
        case_id=case.pk,
        code=case.code,
        detail=f"{case.applicant_mask} · {case.tthc_name}",
        plan=plan_for(case.content_hash),
        progress=case.progress,
        handlers=json.loads(case.handlers),
        sender=(actor.person_id, hat.unit_id if hat else None, hat.role if hat else ""),
        start=case.transfer_at if is_transferred else None,
        note=note,
    )


def put_in(case: Case, made: tuple[Batch, Ground] | None) -> None:
    """Write a new case, and its first steps when it begins. Raises Refusal("code_taken")."""
    try:
        with transaction.atomic():
            if made is None:
                case.status, case.paused_since = statuses.WAITING_FIRST, None
            case.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(
            "code_taken",
            f"Mã hồ sơ {case.code} đã có. Hãy báo quản trị xem mẫu mã hồ sơ của cơ quan.",
        ) from error
    if made is not None:
        made[0].flush()


def people_and_papers_put(case: Case, intake: Intake) -> None:
    """Write who handed a new case in, and its papers."""
    given = intake.applicant
    CaseApplicant.objects.create(
        case=case,
        name=clean(given.name)[:200],
        folded=fold(given.name)[:200],
        identity=clean(given.identity)[:30],
        phone=clean(given.phone)[:30],
        email=clean(given.email)[:120],
        address=clean(given.address)[:300],
    )
    rows = []
    for place, paper in enumerate(intake.papers, start=1):
        stored = None
        if paper.upload is not None:
            stored = files.store(
                data=paper.upload[1],
                name=paper.upload[0],
                agency_id=case.agency_id,
                actor_id=intake.actor.person_id,
                at=intake.now,
            )
        rows.append(
            CasePaper(
                case=case,
                position=place,
                name=clean(paper.name)[:1000],
                originals=paper.originals,
                copies=paper.copies,
                is_required=paper.is_required,
                state=paper.state,
                file=stored,
                note=clean(paper.note)[:300],
                at=intake.now,
                by_id=intake.actor.person_id,
            )
        )
    CasePaper.objects.bulk_create(rows)


def tell_accepted(case: Case, actor: Actor, now: datetime, action: str) -> None:
    """Journal and announce that a case has begun."""
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action=action, object_type="case",
        object_id=case.pk, at=now,
        new={"code": case.code, "tthc": case.tthc_code, "due": case.result_due_at},
    )  # fmt: skip
    outbox.publish(
        CaseAccepted(case.pk, case.agency_id, case.code), agency_id=case.agency_id, at=now
    )
