"""Joint handling (liên thông): a step done by another agency here, on its own calendar."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from nep.apps.cases.models import Case, CaseEvent, CasePaper, CasePause, JointStep, StepRun
from nep.apps.cases.queries._joint import joint_agency, joint_clock, joint_date, joint_due
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.joint import decide_answer
from nep.apps.cases.services._finding import case_of
from nep.apps.cases.services._opening import case_path
from nep.apps.cases.services._outside import outside_handed
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.work import queries as work_queries
from nep.apps.work import services as work
from nep.apps.work.ports import HolderChange
from nep.foundation.db import new_id
from nep.foundation.files import services as files
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local

JOINT_SOURCE = "joint"


@transaction.atomic
def joint_open(*, actor: Actor, now: datetime, run_id: int, asked: str = "") -> int:
    """Hand an outside step to its agency of this installation; return the joint step's id.

    It waits there for reception, due by that agency's calendar. Raises as `outside_handed`;
    Refusal("agency_not_here").
    Source: Nghị định 118/2025/NĐ-CP Điều 20.
    """
    run = StepRun.objects.select_related("case").filter(pk=run_id).first()
    if run is None:
        raise NotFound("not_found", "Không tìm thấy bước này trong cơ quan của bạn.")
    case = case_of(actor, run.case_id)
    step = plan_for(case.content_hash).steps[run.node]
    agency = joint_agency(case.agency_id, step.outside, today=local(now).date())
    outside_handed(actor=actor, now=now, run_id=run_id, note=asked)
    if agency is None:
        raise Refusal(
            "agency_not_here",
            f"“{step.outside}” chưa dùng hệ thống này. Hãy giao hồ sơ theo cách thường.",
        )
    due_at = joint_due(agency.id, opened_at=now, amount=step.amount, unit=step.unit, pauses=())
    pk, text = new_id(), clean_lines(asked)
    item_id = _item(case, pk, step.name, agency.id, now, due_at, step.minutes, text)
    JointStep.objects.create(
        id=pk, case=case, run=run, agency_id=agency.id, asked=text, opened_at=now,
        opened_by_id=actor.person_id, limit_minutes=step.minutes, due_at=due_at, item_id=item_id,
    )  # fmt: skip
    _told(
        case, actor, now, "joint_opened", run,
        {"joint": pk, "agency": agency.name, "reason": text}, agency.id,
    )  # fmt: skip
    return pk


def _item(
    case: Case,
    joint_id: int,
    title: str,
    agency_id: int,
    now: datetime,
    due_at: datetime | None,
    minutes: int | None,
    note: str,
    *,
    person_id: int | None = None,
    unit_id: int | None = None,
    role: str = "",
) -> int:
    """Open the work of the other agency: a person's, or else its reception's."""
    if not role:
        unit_id, role = _reception(agency_id, now)
    home = organization.agency(case.agency_id)
    return work.item_open(
        batch=None, agency_id=agency_id, kind="case", title=title[:300],
        detail=f"Liên thông từ {home.name} · {case.tthc_name}"[:400],
        link=f"/ho-so/lien-thong/{joint_id}/", source_type=JOINT_SOURCE, source_id=joint_id,
        source_code=case.code, step_label="Liên thông", person_id=person_id, unit_id=unit_id,
        role=role, opened_at=now, due_at=due_at, limit_minutes=minutes, note=note[:500],
    )  # fmt: skip


def _reception(agency_id: int, now: datetime) -> tuple[int | None, str]:
    """Return (unit, role) of who takes in what another agency sends: reception, else who leads."""
    directory = organization.directory(agency_id=agency_id, today=local(now).date())
    for wanted in ("reception", "leader", "unit_head"):
        for (code, role), people in sorted(directory.holders.items()):
            if role == wanted and people:
                unit = directory.units.get(code)
                return unit.id if unit else None, role
    return None, "leader"


def _held(actor: Actor, joint_id: int) -> tuple[JointStep, Any]:
    """Return a joint step of the actor's agency, locked after its case, and its open item."""
    row = JointStep.objects.filter(pk=joint_id, agency_id=actor.agency_id).first()
    if row is None or not may(actor, "case.see"):
        raise NotFound("not_found", "Không tìm thấy việc liên thông này trong cơ quan của bạn.")
    Case.objects.select_for_update().filter(pk=row.case_id).values_list("pk").first()
    row = JointStep.objects.select_related("case", "run").get(pk=joint_id)
    require(decide_answer(state=row.state, run_is_open=row.run.closed_at is None), kind=Refusal)
    items = work_queries.open_items_of(source_type=JOINT_SOURCE, source_id=row.pk)
    return row, items[0] if items else None


@transaction.atomic
def joint_assign(
    *, actor: Actor, now: datetime, joint_id: int, receiver: str, reason: str = ""
) -> None:
    """Give a joint step to a person of the agency that does it; its clock goes on.

    `receiver` is "person:unit:role" as `joint_receivers` lists it. Who holds it may, and who leads
    the unit. Raises NotFound; Forbidden; Refusal("receiver_unfit", "joint_over").
    """
    row, item = _held(actor, joint_id)
    if item is not None and not acting.may_do_step(
        actor, person_id=item.person_id, unit_id=item.unit_id, role=item.role
    ):
        require(acting.may_manage_case(actor, unit_id=item.unit_id))
    found = {one[0]: one for one in joint_receivers(row.agency_id, now)}
    if receiver not in found:
        raise Refusal(
            "receiver_unfit", "Hãy chọn người nhận trong danh sách của cơ quan.", field="receiver"
        )
    person, unit, role = receiver.split(":")
    if item is not None:
        work.item_withdraw(batch=None, item_id=item.id, at=now, by_id=actor.person_id)
    step = plan_for(row.case.content_hash).steps[row.run.node]
    row.person_id = int(person)
    waits = CasePause.objects.filter(case_id=row.case_id, ended_at=None).exclude(policy="none")
    due_at = joint_date(row, step.amount, step.unit, now=now)
    row.item_id = _item(
        row.case, row.pk, step.name, row.agency_id, now, due_at, row.limit_minutes,
        clean_lines(reason) or row.asked, person_id=int(person),
        unit_id=int(unit) if unit else None, role=role,
    )  # fmt: skip
    if waits.exists():
        work.item_pause(batch=None, item_id=row.item_id)
    row.save(update_fields=["person_id", "item_id"])
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action="joint.assigned",
        object_type="joint", object_id=row.pk, at=now, new={"person_id": int(person)},
        reason=clean_lines(reason),
    )  # fmt: skip


def joint_receivers(agency_id: int, now: datetime) -> list[tuple[str, str]]:
    """Return ("person:unit:role", words) of everybody of an agency who may do a joint step."""
    directory = organization.directory(agency_id=agency_id, today=local(now).date())
    found = []
    for (code, role), people in directory.holders.items():
        if role not in {"specialist", "reception", "unit_head", "leader"}:
            continue
        unit = directory.units.get(code)
        for one in people:
            words = f"{one.name}, {unit.name if unit else one.position or 'lãnh đạo'}"
            found.append((f"{one.id}:{unit.id if unit else ''}:{role}", words))
    return sorted(found, key=lambda pair: pair[1])


def joint_follow(change: HolderChange) -> None:
    """Name who took, was given or gave back the work of a joint step. Part of the hand-over."""
    rows = JointStep.objects.filter(pk=change.source_id, item_id=change.item_id, state="open")
    rows.update(person_id=change.new_person_id)


@transaction.atomic
def joint_answer(
    *,
    actor: Actor,
    now: datetime,
    joint_id: int,
    answer: str,
    upload: tuple[str, bytes] | None = None,
) -> bool:
    """Give the result of a joint step back; return whether it came too late.

    Its time, waiting of the case taken off, is charged to the agency that did it. The file stands
    among the papers of the case. Raises NotFound; Forbidden; Refusal("joint_over",
    "joint_answered", "reason_missing", "file_kind", "file_too_large").
    """
    row, item = _held(actor, joint_id)
    if item is None:
        require(may(actor, "case.manage"))
    else:
        require(
            acting.may_do_step(
                actor, person_id=item.person_id, unit_id=item.unit_id, role=item.role
            )
        )
    require(acting.decide_reason(answer, field="answer"), kind=Refusal)
    case, text = row.case, clean_lines(answer)
    name = organization.agency(row.agency_id).name
    if upload is not None:
        row.file = files.store(
            data=upload[1], name=upload[0], agency_id=case.agency_id, actor_id=actor.person_id,
            at=now,
        )  # fmt: skip
        _add_paper(row, f"Trả lời của {name}", actor, now)
    _close(row, "answered", actor.person_id, now)
    row.answer = text
    row.save()
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    _told(
        case, actor, now, "joint_answered", row.run,
        {"joint": row.pk, "agency": name, "note": text, "used": row.used_minutes,
         "late": row.late}, row.agency_id,
    )  # fmt: skip
    if row.run.person_id is not None:
        work.notice_add(
            person_id=row.run.person_id, agency_id=case.agency_id, key=f"tra-loi:{row.pk}",
            text=f"{name} đã trả lời hồ sơ {case.code}", detail=text, icon="info",
            link=case_path(case.pk), at=now,
        )  # fmt: skip
    return bool(row.late)


def _add_paper(row: JointStep, name: str, actor: Actor, now: datetime) -> None:
    last = CasePaper.objects.filter(case=row.case).aggregate(last=Max("position"))["last"] or 0
    CasePaper.objects.create(
        case=row.case, position=last + 1, name=name[:1000], is_required=False, source="officer",
        file=row.file, at=now, by_id=actor.person_id,
    )  # fmt: skip


def _close(row: JointStep, state: str, by_id: int | None, now: datetime) -> None:
    """Freeze the clock of a joint step and close its work."""
    step = plan_for(row.case.content_hash).steps[row.run.node]
    due, used = joint_clock(row, step.amount, step.unit, now)
    row.state, row.closed_at, row.closed_by_id = state, now, by_id
    row.used_minutes, row.due_at = used, due or row.due_at
    row.late = bool(state == "answered" and due is not None and now > due)
    done = work.item_close if state == "answered" else work.item_withdraw
    done(batch=None, item_id=row.item_id, at=now, by_id=by_id)


@transaction.atomic
def joint_orphans_close(*, case_id: int, now: datetime) -> int:
    """Take back the joint steps whose step was finished or ended without them; return how many."""
    Case.objects.select_for_update().filter(pk=case_id).values_list("pk").first()
    rows = list(
        JointStep.objects.select_related("case", "run").filter(
            case_id=case_id, state="open", run__closed_at__isnull=False
        )
    )
    for row in rows:
        _close(row, "recalled", None, now)
        row.save()
        journal.record(
            actor_id=None, agency_id=row.agency_id, action="joint.recalled", object_type="joint",
            object_id=row.pk, at=now, new={"case": row.case.code},
        )  # fmt: skip
    return len(rows)


def _told(
    case: Case,
    actor: Actor,
    now: datetime,
    kind: str,
    run: StepRun,
    data: dict[str, Any],
    other_id: int,
) -> None:
    """Write the event of the case, and the journals of both agencies."""
    CaseEvent.objects.create(
        id=new_id(), case=case, kind=kind, at=now, actor_id=actor.person_id, node=run.node,
        data=json.dumps({"run": run.pk, **data}, ensure_ascii=False),
    )  # fmt: skip
    for agency_id in (case.agency_id, other_id):
        journal.record(
            actor_id=actor.person_id, agency_id=agency_id, action=f"case.{kind}",
            object_type="case" if agency_id == case.agency_id else "joint",
            object_id=case.pk if agency_id == case.agency_id else data["joint"], at=now,
            new=data, reason=str(data.get("reason") or data.get("note") or ""),
        )  # fmt: skip
