"""What an agency is known by, set right by the province's administrator."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from nep.apps.organization.models import Agency, AgencyCode, Succession
from nep.apps.organization.rules import FORMER_CODE, KIND_NAMES, Actor, decide_agency_code
from nep.apps.organization.services._ground import named, note_change, require_manager
from nep.apps.organization.services._lineage import agency_code_add
from nep.kernel.days import decide_day
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.text import fold
from nep.kernel.vietnamese import local


@transaction.atomic
def agency_identify(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    version: int,
    name: str,
    code: str,
    kind: str,
    valid_from: date,
    reason: str,
    keeps_code: bool = False,
) -> None:
    """Set name, code, kind and first day of an agency right; cases keep the codes they were given.

    With `keeps_code` the code it had goes on finding the agency. Raises NotFound; Forbidden;
    Conflict("agency_changed"); Refusal("agency_code_form", "agency_code_taken", "kind_unknown",
    "period_reversed", "succession_reversed", "day_…", "missing").
    """
    require_manager(actor, agency_id=agency_id, permission="province.manage")
    row = Agency.objects.select_for_update().get(pk=agency_id)
    new: dict[str, Any] = {
        "name": named(name, what="tên cơ quan", field="name", most=200),
        "code": named(code, what="mã cơ quan", field="code", most=40),
        "kind": kind,
        "valid_from": valid_from,
    }
    basis = named(reason, what="căn cứ, lý do", field="reason", most=300)
    old = {field: getattr(row, field) for field in new}
    if row.version != version:
        raise Conflict("agency_changed", "Người khác vừa sửa thiết lập này. Hãy mở lại để xem.")
    _require_code(row, new["code"])
    if kind not in KIND_NAMES:
        raise Refusal("kind_unknown", "Hãy chọn loại cơ quan trong danh sách.", field="kind")
    _require_first_day(row, valid_from, today=local(now).date())
    changed = {field: value for field, value in new.items() if value != old[field]}
    if not changed:
        return
    for field, value in changed.items():
        setattr(row, field, value)
    row.folded = fold(f"{row.code} {row.name} {row.short_name}")
    row.version = version + 1
    row.save(update_fields=[*changed, "folded", "version"])
    note_change(
        actor, now=now, agency_id=agency_id, action="agency.changed", object_type="agency",
        object_id=agency_id, old={field: old[field] for field in changed}, new=changed,
        reason=basis,
    )  # fmt: skip
    if keeps_code and "code" in changed:
        agency_code_add(
            actor=actor, now=now, agency_id=agency_id, scheme=FORMER_CODE, code=old["code"]
        )


def _require_code(row: Agency, code: str) -> None:
    if code == row.code:
        return
    require(decide_agency_code(code), kind=Refusal)
    others = Agency.objects.filter(code__iexact=code).exclude(pk=row.pk)
    known = AgencyCode.objects.filter(code__iexact=code).exclude(agency_id=row.pk)
    if others.exists() or known.exists():
        raise Refusal("agency_code_taken", f"Mã {code} đã thuộc một cơ quan khác.", field="code")


def _require_first_day(row: Agency, day: date, *, today: date) -> None:
    if day == row.valid_from:
        return
    require(decide_day(day, today=today, field="valid_from", ahead=2, back=100), kind=Refusal)
    if row.valid_to is not None and day > row.valid_to:
        raise Refusal(
            "period_reversed",
            f"Cơ quan đã được ghi kết thúc ngày {row.valid_to:%d/%m/%Y}; ngày đầu không thể sau ngày "
            "ấy.",
            field="valid_from",
        )
    inherits = Succession.objects.filter(successor=row, on__lt=day)
    gives = Succession.objects.filter(predecessor=row, on__lte=day)
    if inherits.exists() or gives.exists():
        raise Refusal(
            "succession_reversed", "Việc kế thừa đã ghi của cơ quan xảy ra trước ngày này.",
            field="valid_from",
        )  # fmt: skip


@transaction.atomic
def agency_reopen(*, actor: Actor, now: datetime, agency_id: int, reason: str) -> None:
    """Take back the last day of an agency that was written by mistake.

    Raises NotFound; Forbidden; Refusal("agency_open", "agency_succeeded", "missing").
    """
    require_manager(actor, agency_id=agency_id, permission="province.manage")
    basis = named(reason, what="căn cứ, lý do", field="reason", most=300)
    row = Agency.objects.select_for_update().get(pk=agency_id)
    if row.valid_to is None:
        raise Refusal("agency_open", "Cơ quan đang hoạt động, chưa ghi ngày kết thúc.")
    if Succession.objects.filter(predecessor=row).exists():
        raise Refusal(
            "agency_succeeded",
            "Cơ quan khác đã kế thừa cơ quan này. Hãy bỏ việc kế thừa ấy trước.",
            field="reason",
        )
    old, row.valid_to = row.valid_to, None
    row.version += 1
    row.save(update_fields=["valid_to", "version"])
    note_change(
        actor, now=now, agency_id=agency_id, action="agency.reopened", object_type="agency",
        object_id=agency_id, old={"valid_to": old}, new={"valid_to": None}, reason=basis,
    )  # fmt: skip
