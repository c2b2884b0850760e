"""Delegation: a person acts in another's role within two days, signing with a prefix."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from nep.apps.organization.models import Appointment, Delegation, Person
from nep.apps.organization.rules import Actor, decide_delegation, may
from nep.apps.organization.services._ground import (
    named,
    note_change,
    optional,
    refuse_when,
    require_manager,
)
from nep.kernel.days import decide_day
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import date_text, local


@transaction.atomic
def delegation_start(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    appointment_id: int,
    receiver_id: int,
    prefix: str,
    starts_on: date,
    ends_on: date,
    scope: str = "",
    document: str = "",
) -> int:
    """Let a person of the agency act in an appointment's role between two days; return the id.

    The holder of the appointment may, and the agency's administrator.
    Raises NotFound; Forbidden; Refusal(see `decide_delegation`, "receiver_unknown",
    "delegation_past", "delegation_backdated", "delegation_outside", "delegation_overlap").
    Source: Nghị định 30/2020/NĐ-CP Điều 13.
    """
    given = _appointment(agency_id, appointment_id)
    _require_giver(actor, agency_id=agency_id, giver_id=given.person_id)
    receiver = _receiver(agency_id, receiver_id, starts_on)
    refuse_when(
        decide_delegation(
            giver_id=given.person_id,
            receiver_id=receiver_id,
            role=given.role,
            prefix=prefix,
            document=document,
            starts_on=starts_on,
            ends_on=ends_on,
            is_delegated=False,
        )
    )
    _refuse_period(given, receiver, starts_on, ends_on, today=local(now).date())
    row = Delegation.objects.create(
        agency_id=agency_id,
        appointment=given,
        receiver=receiver,
        prefix=prefix,
        scope=optional(scope, what="phạm vi", field="scope", most=300),
        document=optional(document, what="văn bản", field="document", most=120),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    note_change(
        actor, now=now, agency_id=agency_id, action="delegation.started", object_type="person",
        object_id=given.person_id,
        new={"to": receiver_id, "role": given.role, "prefix": prefix, "document": row.document,
             "from": starts_on, "until": ends_on},
    )  # fmt: skip
    return row.id


def _appointment(agency_id: int, appointment_id: int) -> Appointment:
    row = Appointment.objects.filter(pk=appointment_id, agency_id=agency_id).first()
    if row is None:
        raise NotFound()
    return row


def _require_giver(actor: Actor, *, agency_id: int, giver_id: int) -> None:
    if actor.agency_id == agency_id and actor.person_id == giver_id:
        return
    if actor.agency_id == agency_id and not may(actor, "organization.manage"):
        raise Forbidden(
            "not_the_holder",
            "Chỉ người giữ vai trò hoặc quản trị cơ quan mới ủy quyền vai trò này được.",
        )
    require_manager(actor, agency_id=agency_id, permission="organization.manage")


def _receiver(agency_id: int, receiver_id: int, on: date) -> Person:
    works = Q(appointments__agency_id=agency_id) & (
        Q(appointments__ends_on=None) | Q(appointments__ends_on__gte=on)
    )
    row = Person.objects.filter(works, pk=receiver_id).first()
    if row is None:
        raise Refusal(
            "receiver_unknown",
            "Người nhận phải đang giữ một vai trò ở cơ quan. Hãy chọn trong danh sách.",
            field="receiver",
        )
    return row


def _refuse_period(
    given: Appointment, receiver: Person, starts_on: date, ends_on: date, *, today: date
) -> None:
    if ends_on < today:
        raise Refusal(
            "delegation_past",
            "Thời gian này đã qua. Hãy chọn ngày kết thúc từ hôm nay.",
            field="ends_on",
        )
    require(decide_day(ends_on, today=today, field="ends_on"), kind=Refusal)
    too_late = given.ends_on is not None and ends_on > given.ends_on
    if starts_on < given.starts_on or too_late:
        until = f" đến {date_text(given.ends_on)}" if given.ends_on else ""
        raise Refusal(
            "delegation_outside",
            f"Người giao giữ vai trò này từ {date_text(given.starts_on)}{until}; thời gian ủy "
            "quyền phải nằm trong đó.",
            field="starts_on",
        )
    if starts_on < today:
        raise Refusal(
            "delegation_backdated",
            "Ngày bắt đầu đã qua; quyền không giao lùi ngày. Hãy chọn từ hôm nay và ghi ngày của "
            "văn bản giao quyền ở ô văn bản.",
            field="starts_on",
        )
    same = Delegation.objects.filter(appointment=given, receiver=receiver, revoked_on=None)
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refusal(
            "delegation_overlap",
            f"{receiver.name} đã được giao vai trò này trong thời gian trùng.",
            field="receiver",
        )


@transaction.atomic
def delegation_end(
    *, actor: Actor, now: datetime, agency_id: int, delegation_id: int, reason: str
) -> None:
    """Take a delegation back from today on; the receiver acts no more.

    Raises NotFound; Forbidden; Refusal("delegation_ended", "missing").
    """
    row = (
        Delegation.objects.filter(pk=delegation_id, agency_id=agency_id)
        .select_related("appointment")
        .first()
    )
    if row is None:
        raise NotFound()
    _require_giver(actor, agency_id=agency_id, giver_id=row.appointment.person_id)
    _end(actor, row, reason, now)


@transaction.atomic
def delegations_hand_back(
    *, actor: Actor, now: datetime, person_id: int, delegation_ids: Collection[int], reason: str
) -> int:
    """End what a leaving person has given or received, as part of the hand-over; return how many.

    Whoever hands over for the leaver may (`record.manage`); the holders and the administrator end
    single ones by `delegation_end`. Those that ended meanwhile are left alone.
    Raises Forbidden; NotFound for what is not the person's; Refusal("missing").
    """
    require(may(actor, "record.manage"))
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("appointment")
    found = list(
        rows.filter(
            Q(appointment__person_id=person_id) | Q(receiver_id=person_id),
            pk__in=list(delegation_ids), agency_id=actor.agency_id,
        ).order_by("id")
    )  # fmt: skip
    if len(found) != len(set(delegation_ids)):
        raise NotFound()
    running = [row for row in found if not _is_over(row, local(now).date())]
    for row in running:
        _end(actor, row, reason, now)
    return len(running)


def _is_over(row: Delegation, today: date) -> bool:
    return row.ends_on < today or (row.revoked_on is not None and row.revoked_on <= today)


def _end(actor: Actor, row: Delegation, reason: str, now: datetime) -> None:
    basis = named(reason, what="lý do", field="reason", most=300)
    today = local(now).date()
    if _is_over(row, today):
        raise Refusal("delegation_ended", "Ủy quyền này đã hết hiệu lực.")
    row.revoked_on, row.end_reason = today, basis
    row.save(update_fields=["revoked_on", "end_reason"])
    note_change(
        actor, now=now, agency_id=row.agency_id, action="delegation.ended", object_type="person",
        object_id=row.appointment.person_id, new={"to": row.receiver_id}, reason=basis,
    )  # fmt: skip
