"""Appointments: a person takes on a role, and lays it down."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from nep.apps.organization.models import Appointment, Delegation, Person, Position, Unit
from nep.apps.organization.ports import Leaving, decide_leaving
from nep.apps.organization.rules import ADMIN_ROLES, ROLE_NAMES, Actor, decide_appointment
from nep.apps.organization.services._accounts import sync_second_factor
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
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import date_text, local

CAREER_YEARS = 60


@transaction.atomic
def appointment_start(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    person_id: int,
    role: str,
    starts_on: date,
    unit_id: int | None = None,
    position: str = "",
    ends_on: date | None = None,
    decision: str = "",
) -> int:
    """Give a person a role in a unit (or the whole agency) from a day on; return the id.

    A person of another agency may be appointed too: one person, many hats. Only the province's
    administrator (or the installation) appoints a province administrator.
    Raises NotFound; Forbidden; Refusal("role_unknown", "unit_missing", "period_reversed",
    "day_old", "day_far", "appointment_overlap").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    person = _person(person_id)
    unit = _open_unit(agency_id, unit_id)
    refuse_when(
        decide_appointment(
            role=role, has_unit=unit is not None, starts_on=starts_on, ends_on=ends_on
        )
    )
    refuse_when(
        decide_day(starts_on, today=local(now).date(), field="starts_on", back=CAREER_YEARS)
    )
    if role == "province_admin" and not {"province.manage"} & actor.permissions:
        raise Forbidden(
            "province_admin_only", "Chỉ quản trị tỉnh bổ nhiệm được người quản trị tỉnh."
        )
    _refuse_overlap(person, unit, agency_id, role, starts_on, ends_on)
    row = Appointment.objects.create(
        agency_id=agency_id,
        person=person,
        unit=unit,
        position=_position(agency_id, position),
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        decision=optional(decision, what="số quyết định", field="decision", most=120),
    )
    note_change(
        actor, now=now, agency_id=agency_id, action="appointment.started",
        object_type="person", object_id=person_id,
        new={"role": role, "unit": unit.code if unit else "", "from": starts_on, "to": ends_on},
    )  # fmt: skip
    if role in ADMIN_ROLES:
        sync_second_factor(actor, now=now, person=person, needed=True)
    return row.id


def _person(person_id: int) -> Person:
    row = Person.objects.filter(pk=person_id).first()
    if row is None:
        raise NotFound()
    return row


def _open_unit(agency_id: int, unit_id: int | None) -> Unit | None:
    if unit_id is None:
        return None
    row = Unit.objects.filter(pk=unit_id, agency_id=agency_id, closed_on=None).first()
    if row is None:
        raise Refusal("unit_unknown", "Hãy chọn đơn vị đang hoạt động của cơ quan.", field="unit")
    return row


def _position(agency_id: int, name: str) -> Position | None:
    wanted = clean(name)[:120]
    if not wanted:
        return None
    found, _ = Position.objects.get_or_create(
        agency_id=agency_id, folded=fold(wanted), defaults={"name": wanted}
    )
    return found


def _refuse_overlap(
    person: Person,
    unit: Unit | None,
    agency_id: int,
    role: str,
    starts_on: date,
    ends_on: date | None,
    besides: int = 0,
) -> None:
    held = Appointment.objects.exclude(pk=besides).filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on),
        person=person, unit=unit, agency_id=agency_id, role=role,
    )  # fmt: skip
    if ends_on is not None:
        held = held.filter(starts_on__lte=ends_on)
    found = held.first()
    if found is not None:
        raise Refusal(
            "appointment_overlap",
            f"{person.name} đã giữ vai trò {ROLE_NAMES[role]} ở đây từ "
            f"{date_text(found.starts_on)}.",
            field="role",
        )


@transaction.atomic
def appointment_end(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    appointment_id: int,
    ends_on: date,
    reason: str,
) -> None:
    """Set the last day of an appointment; delegations of it end with it.

    Refused while higher parts say the person still holds work in that role.
    Raises NotFound; Forbidden; Refusal("period_reversed", "appointment_ended", "missing",
    "last_admin", "person_holds_work").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = (
        Appointment.objects.filter(pk=appointment_id, agency_id=agency_id)
        .select_related("person", "unit")
        .first()
    )
    if row is None:
        raise NotFound()
    basis = named(reason, what="lý do", field="reason", most=300)
    _refuse_end(row, ends_on, today=local(now).date())
    if row.ends_on is not None and ends_on > row.ends_on:  # put off: over the next one of the role?
        _refuse_overlap(
            row.person, row.unit, agency_id, row.role, row.starts_on, ends_on, besides=row.pk
        )
    old = {"to": row.ends_on}
    row.ends_on, row.end_reason = ends_on, basis
    row.save(update_fields=["ends_on", "end_reason"])
    Delegation.objects.filter(appointment=row, ends_on__gt=ends_on, revoked_on=None).update(
        revoked_on=ends_on + timedelta(days=1), end_reason=basis
    )
    if not _works_on(row.person_id, agency_id, after=ends_on):
        _end_received(row.person_id, agency_id, ends_on, basis)
    note_change(
        actor, now=now, agency_id=agency_id, action="appointment.ended", object_type="person",
        object_id=row.person_id, old=old, new={"role": row.role, "to": ends_on}, reason=basis,
    )  # fmt: skip
    if row.role in ADMIN_ROLES:
        sync_second_factor(
            actor, now=now, person=row.person, needed=_holds_admin(row.person_id, ends_on)
        )


def _works_on(person_id: int, agency_id: int, *, after: date) -> bool:
    """Say whether a person holds any appointment of the agency on a day after this one."""
    held = Appointment.objects.filter(person_id=person_id, agency_id=agency_id)
    return held.filter(Q(ends_on=None) | Q(ends_on__gt=after)).exists()


def _end_received(person_id: int, agency_id: int, ends_on: date, basis: str) -> None:
    """Let who works here no more act for nobody from the day after."""
    received = Delegation.objects.filter(
        receiver_id=person_id, agency_id=agency_id, revoked_on=None
    )
    received.filter(ends_on__gt=ends_on).update(
        revoked_on=ends_on + timedelta(days=1), end_reason=basis
    )


def _refuse_end(row: Appointment, ends_on: date, *, today: date) -> None:
    if row.ends_on is not None and row.ends_on < today:
        raise Refusal("appointment_ended", "Bổ nhiệm này đã kết thúc.")
    if ends_on < row.starts_on:
        raise Refusal(
            "period_reversed",
            f"Ngày kết thúc phải từ ngày bắt đầu {date_text(row.starts_on)} trở đi.",
            field="ends_on",
        )
    others = Appointment.objects.filter(agency_id=row.agency_id).exclude(pk=row.pk)
    lasting = others.filter(Q(ends_on=None) | Q(ends_on__gt=ends_on), starts_on__lte=ends_on)
    if row.role == "agency_admin" and not lasting.filter(role="agency_admin").exists():
        raise Refusal(
            "last_admin",
            "Cơ quan phải luôn có một người quản trị. Hãy bổ nhiệm người khác trước.",
        )
    leaving = Leaving(
        agency_id=row.agency_id,
        person_id=row.person_id,
        unit_id=row.unit_id,
        role=row.role,
        is_last_hat=not lasting.filter(person_id=row.person_id).exists(),
    )
    require(decide_leaving(leaving), kind=Refusal)


def _holds_admin(person_id: int, day: date) -> bool:
    rows = Appointment.objects.filter(person_id=person_id, role__in=ADMIN_ROLES)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=day)).exists()
