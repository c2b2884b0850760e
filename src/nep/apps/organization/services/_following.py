"""One role held on under another position: the old appointment ends, the new one follows it."""

from datetime import date, datetime, timedelta

from django.db import transaction

from nep.apps.organization.models import Appointment, Delegation
from nep.apps.organization.rules import ROLE_NAMES, Actor
from nep.apps.organization.services._appointments import appointment_start
from nep.apps.organization.services._ground import named, note_change, require_manager
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import date_text, local


@transaction.atomic
def appointment_follow(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    appointment_id: int,
    position: str,
    starts_on: date,
    reason: str,
    decision: str = "",
    ends_on: date | None = None,
) -> int:
    """Let a person hold the same role on under another position from a day on; return the new id.

    Work and delegations of the role go on, so nothing has to be handed over. Raises NotFound;
    Forbidden; Refusal("position_differs", "missing").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .filter(pk=appointment_id, agency_id=agency_id)
        .select_related("position")
        .first()
    )
    if row is None:
        raise NotFound()
    old = row.position.name if row.position else ROLE_NAMES[row.role]
    basis = named(reason, what="lý do", field="reason", most=300)
    if starts_on <= row.starts_on:
        raise Refusal(
            "position_differs",
            f"Đang giữ chức vụ {old} từ {date_text(row.starts_on)}; tệp ghi {position}. Hãy ghi “Từ "
            "ngày” của chức vụ mới, sau ngày ấy.",
            field="starts_on",
        )
    eve = starts_on - timedelta(days=1)
    if row.ends_on is None or row.ends_on > eve:
        row.ends_on, row.end_reason = eve, basis
        row.save(update_fields=["ends_on", "end_reason"])
    made = appointment_start(
        actor=actor, now=now, agency_id=agency_id, person_id=row.person_id, role=row.role,
        starts_on=starts_on, unit_id=row.unit_id, position=position, ends_on=ends_on,
        decision=decision,
    )  # fmt: skip
    _delegations_follow(row.pk, made, starts_on, is_future=starts_on > local(now).date())
    note_change(
        actor, now=now, agency_id=agency_id, action="appointment.followed", object_type="person",
        object_id=row.person_id, old={"position": old, "to": eve},
        new={"position": position, "from": starts_on}, reason=basis,
    )  # fmt: skip
    return made


def _delegations_follow(old_id: int, new_id: int, on: date, *, is_future: bool) -> None:
    """Let what was delegated go on under the new appointment from its first day, not before."""
    going_on = Delegation.objects.filter(appointment_id=old_id, revoked_on=None, ends_on__gte=on)
    if is_future:
        for row in going_on.filter(starts_on__lt=on):
            Delegation.objects.create(
                agency_id=row.agency_id, appointment_id=new_id, receiver_id=row.receiver_id,
                prefix=row.prefix, scope=row.scope, document=row.document, starts_on=on,
                ends_on=row.ends_on,
            )  # fmt: skip
            row.ends_on = on - timedelta(days=1)
            row.save(update_fields=["ends_on"])
        going_on = going_on.filter(starts_on__gte=on).exclude(appointment_id=new_id)
    going_on.update(appointment_id=new_id)
