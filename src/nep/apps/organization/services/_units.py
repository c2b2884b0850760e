"""Units of an agency."""

import re
from datetime import date, datetime

from django.db import transaction

from nep.apps.organization.models import Appointment, Unit
from nep.apps.organization.rules import Actor
from nep.apps.organization.services._ground import named, note_change, require_manager
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import fold
from nep.kernel.vietnamese import local

_CODE = re.compile(r"^[A-ZĐ0-9][A-ZĐ0-9.\-]{0,19}$")


@transaction.atomic
def unit_add(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    code: str,
    name: str,
    is_reception: bool = False,
    position: int | None = None,
    parent_id: int | None = None,
) -> int:
    """Add a unit and return its id; `code` stands in responsibility keys such as "PKH/specialist".

    Raises NotFound; Forbidden; Refusal("unit_code_invalid", "unit_code_taken", "unit_name_taken",
    "missing").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = Unit(
        agency_id=agency_id,
        code=_code(code),
        name=named(name, what="tên đơn vị", field="name", most=160),
        is_reception=is_reception,
        parent=_unit(agency_id, parent_id) if parent_id else None,
    )
    row.folded = fold(row.name)
    others = Unit.objects.filter(agency_id=agency_id)
    row.position = others.count() * 10 if position is None else position
    if others.filter(code=row.code).exists():
        raise Refusal(
            "unit_code_taken", f"Mã {row.code} đã có ở một đơn vị của cơ quan.", field="code"
        )
    _refuse_twin(row)
    row.save(force_insert=True)
    note_change(
        actor, now=now, agency_id=agency_id, action="unit.added", object_type="unit",
        object_id=row.id, new={"code": row.code, "name": row.name},
    )  # fmt: skip
    return row.id


def _refuse_twin(row: Unit) -> None:
    """Refuse the name of another open unit beside it: lists could not tell them apart."""
    beside = Unit.objects.filter(
        agency_id=row.agency_id, parent_id=row.parent_id, folded=row.folded, closed_on=None
    ).exclude(pk=row.pk)
    if (twin := beside.first()) is not None:
        raise Refusal(
            "unit_name_taken", f"Đã có đơn vị tên này, mã {twin.code}. Hãy ghi tên khác.",
            field="name",
        )  # fmt: skip


def _code(text: str) -> str:
    code = named(text, what="mã đơn vị", field="code", most=20).upper()
    if not _CODE.match(code):
        raise Refusal(
            "unit_code_invalid",
            f"Mã “{code}” chỉ gồm chữ không dấu, chữ Đ, số, dấu chấm, gạch nối; ví dụ: PKH.",
            field="code",
        )
    return code


def _unit(agency_id: int, unit_id: int) -> Unit:
    row = Unit.objects.filter(pk=unit_id, agency_id=agency_id).first()
    if row is None:
        raise NotFound()
    return row


@transaction.atomic
def unit_change(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    unit_id: int,
    version: int,
    name: str,
    is_reception: bool,
) -> None:
    """Rename a unit, or say whether it is the reception place; its code stays.

    Raises NotFound; Forbidden; Conflict("unit_changed"); Refusal("missing", "unit_name_taken").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = _unit(agency_id, unit_id)
    old = {"name": row.name, "is_reception": row.is_reception}
    new = {
        "name": named(name, what="tên đơn vị", field="name", most=160),
        "is_reception": is_reception,
    }
    if old == new:
        return
    row.name, row.folded = str(new["name"]), fold(str(new["name"]))
    if row.name != old["name"]:
        _refuse_twin(row)
    done = Unit.objects.filter(pk=unit_id, version=version).update(
        **new, folded=fold(str(new["name"])), version=version + 1
    )
    if not done:
        raise Conflict("unit_changed", "Người khác vừa sửa đơn vị này. Hãy mở lại để xem.")
    note_change(
        actor, now=now, agency_id=agency_id, action="unit.changed", object_type="unit",
        object_id=unit_id, old=old, new=new,
    )  # fmt: skip


@transaction.atomic
def unit_close(
    *, actor: Actor, now: datetime, agency_id: int, unit_id: int, closed_on: date, reason: str
) -> None:
    """Close a unit in which nobody holds a role any more.

    Raises NotFound; Forbidden; Refusal("unit_has_people", "unit_closed", "unit_close_later", "missing").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = _unit(agency_id, unit_id)
    basis = named(reason, what="lý do", field="reason", most=300)
    if row.closed_on is not None:
        raise Refusal("unit_closed", f"{row.name} đã đóng trước đó.")
    if closed_on > local(now).date():
        raise Refusal(
            "unit_close_later", "Đơn vị đóng từ hôm nay hoặc một ngày đã qua.", field="closed_on"
        )
    held = Appointment.objects.filter(unit_id=unit_id).exclude(ends_on__lte=closed_on)
    count = held.values("person_id").distinct().count()
    if count:
        raise Refusal(
            "unit_has_people",
            f"{row.name} còn {count} người giữ vai trò. Hãy kết thúc hoặc chuyển bổ nhiệm trước.",
        )
    row.closed_on = closed_on
    row.version += 1
    row.save(update_fields=["closed_on", "version"])
    note_change(
        actor, now=now, agency_id=agency_id, action="unit.closed", object_type="unit",
        object_id=unit_id, new={"closed_on": closed_on}, reason=basis,
    )  # fmt: skip
