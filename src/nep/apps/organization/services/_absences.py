"""Absence: new work goes to who is there; what is held stays until it is handed over."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from nep.apps.organization.models import Absence, Appointment
from nep.apps.organization.rules import Actor, may
from nep.apps.organization.services._ground import named, note_change, require_manager
from nep.kernel.days import decide_day
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import local


@transaction.atomic
def absence_start(
    *, actor: Actor, now: datetime, person_id: int, starts_on: date, ends_on: date, reason: str
) -> int:
    """Write down that a person of the agency is away between two days; return the absence's id.

    The person may, and who directs cases or keeps the agency's people. Raises NotFound; Forbidden;
    Refusal("period_reversed", "absence_past", "absence_known", "missing").
    """
    agency_id, today = actor.agency_id, local(now).date()
    works = Appointment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on), agency_id=agency_id, person_id=person_id
    )
    if not works.exists():
        raise NotFound()
    _require_right(actor, person_id)
    why = named(reason, what="lý do vắng", field="reason", most=300)
    if ends_on < starts_on:
        raise Refusal(
            "period_reversed", "Ngày kết thúc phải từ ngày bắt đầu trở đi.", field="ends_on"
        )
    for day, field in ((starts_on, "starts_on"), (ends_on, "ends_on")):
        require(decide_day(day, today=today, field=field, ahead=3, back=1), kind=Refusal)
    if ends_on < today:
        raise Refusal("absence_past", "Những ngày này đã qua.", field="ends_on")
    known = Absence.objects.filter(
        Q(back_on=None) | Q(back_on__gt=starts_on), agency_id=agency_id, person_id=person_id,
        starts_on__lte=ends_on, ends_on__gte=starts_on,
    )  # fmt: skip
    if known.exists():
        raise Refusal(
            "absence_known", "Người này đã được ghi vắng trong những ngày ấy.", field="starts_on"
        )
    row = Absence.objects.create(
        agency_id=agency_id, person_id=person_id, starts_on=starts_on, ends_on=ends_on, reason=why
    )
    note_change(
        actor, now=now, agency_id=agency_id, action="absence.started", object_type="person",
        object_id=person_id, new={"from": starts_on, "until": ends_on}, reason=why,
    )  # fmt: skip
    return row.pk


def _require_right(actor: Actor, person_id: int) -> None:
    if actor.person_id == person_id or may(actor, "case.manage"):
        return
    if not may(actor, "organization.manage"):
        raise Forbidden(
            "not_the_person",
            "Chỉ người vắng, trưởng đơn vị, lãnh đạo hoặc quản trị cơ quan ghi được việc vắng mặt.",
        )
    require_manager(actor, agency_id=actor.agency_id, permission="organization.manage")


@transaction.atomic
def absence_end(*, actor: Actor, now: datetime, absence_id: int) -> bool:
    """Write down that a person is back from today on, or that one to come does not take place;
    say whether it had begun.

    Raises NotFound; Forbidden; Refusal("absence_over").
    """
    row = Absence.objects.filter(pk=absence_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    _require_right(actor, row.person_id)
    today = local(now).date()
    if row.ends_on < today or row.back_on is not None:
        raise Refusal("absence_over", "Lần vắng mặt này đã kết thúc.")
    row.back_on = today
    row.save(update_fields=["back_on"])
    is_begun = row.starts_on <= today
    note_change(
        actor, now=now, agency_id=actor.agency_id, object_type="person", object_id=row.person_id,
        action="absence.ended" if is_begun else "absence.withdrawn",
        new={"back_on": today, "from": row.starts_on, "until": row.ends_on},
    )  # fmt: skip
    return is_begun
