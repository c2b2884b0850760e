"""Agencies: set up, changed, closed."""

from datetime import date, datetime
from types import EllipsisType

from django.db import transaction

from nep.apps.organization.models import Agency, Province
from nep.apps.organization.rules import (
    KIND_NAMES,
    Actor,
    decide_abbreviation,
    decide_agency_code,
    decide_website,
    is_setup,
    may,
)
from nep.apps.organization.services._ground import (
    named,
    note_change,
    optional,
    require_manager,
)
from nep.kernel.codes import CASE_MASK, check_mask
from nep.kernel.days import decide_day
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import local

RECEPTION = "Bộ phận Tiếp nhận và Trả kết quả"
_TEXTS = {  # field: (words, most characters, may be empty)
    "name": ("tên cơ quan", 200, False),
    "short_name": ("tên gọi tắt", 80, True),
    "abbreviation": ("chữ viết tắt", 20, True),
    "reception_name": ("tên nơi tiếp nhận", 120, False),
    "address": ("địa chỉ", 300, True),
    "phone": ("điện thoại", 40, True),
    "email": ("thư điện tử", 120, True),
    "website": ("trang thông tin", 200, True),
}


@transaction.atomic
def agency_setup(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    code: str,
    kind: str,
    province: str,
    parent_id: int | None = None,
    valid_from: date | None = None,
    is_demonstration: bool = False,
    **texts: str,
) -> int:
    """Set up an agency and return its id; a new province name makes the province too.

    `texts` may hold short_name, abbreviation, reception_name, case_code_mask, address, phone, email, website.
    The province's administrator sets up agencies of the own province only.
    Raises Forbidden; Refusal("agency_code_taken", "agency_code_form", "kind_unknown", "mask_invalid",
    "website_form", "missing").
    Source: domain rule NĐ 118/2025/NĐ-CP Điều 28 (mã định danh cơ quan trong mã hồ sơ).
    """
    require(may(actor, "province.manage"))
    kind = kind.replace("-", "_")
    row = Agency(
        code=named(code, what="mã cơ quan", field="code", most=40),
        kind=kind,
        province=_province(actor, province),
        parent=_parent(actor, parent_id),
        valid_from=valid_from or local(now).date(),
        is_demonstration=is_demonstration,
    )
    require(decide_agency_code(row.code), kind=Refusal)
    require(
        decide_day(row.valid_from, today=local(now).date(), field="valid_from", ahead=2, back=100),
        kind=Refusal,
    )
    if kind not in KIND_NAMES:
        raise Refusal("kind_unknown", "Hãy chọn loại cơ quan trong danh sách.", field="kind")
    defaults = {"reception_name": RECEPTION, "case_code_mask": CASE_MASK}
    _fill(row, {**defaults, **{k: v for k, v in texts.items() if v}, "name": name})
    if Agency.objects.filter(code__iexact=row.code).exists():
        raise Refusal(
            "agency_code_taken", f"Mã {row.code} đã thuộc một cơ quan khác.", field="code"
        )
    row.save(force_insert=True)
    note_change(
        actor, now=now, agency_id=row.id, action="agency.set_up", object_type="agency",
        object_id=row.id, new={"code": row.code, "name": row.name, "kind": kind},
    )  # fmt: skip
    return row.id


def _province(actor: Actor, name: str) -> Province:
    wanted = named(name, what="tên tỉnh, thành phố", field="province", most=120)
    if not is_setup(actor) and fold(wanted) != fold(actor.province):
        raise Refusal(
            "province_other",
            f"Bạn chỉ lập được cơ quan thuộc {actor.province}.",
            field="province",
        )
    found, _ = Province.objects.get_or_create(folded=fold(wanted), defaults={"name": wanted})
    return found


def _parent(actor: Actor, parent_id: int | None) -> Agency | None:
    if parent_id is None:
        return None
    require_manager(actor, agency_id=parent_id, permission="province.manage")
    return Agency.objects.get(pk=parent_id)


def _fill(row: Agency, texts: dict[str, str]) -> None:
    """Put texts into the row, checked; unknown names are a programming error."""
    for field, text in texts.items():
        if field == "case_code_mask":
            check_mask(clean(text))
            row.case_code_mask = clean(text)
            continue
        what, most, may_be_empty = _TEXTS[field]
        check = optional if may_be_empty else named
        setattr(row, field, check(text, what=what, field=field, most=most))
    require(decide_abbreviation(row.abbreviation), kind=Refusal)
    require(decide_website(row.website), kind=Refusal)
    row.folded = fold(f"{row.code} {row.name} {row.short_name}")


@transaction.atomic
def agency_change(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    version: int,
    parent_id: int | EllipsisType | None = ...,
    **texts: str,
) -> None:
    """Change names, contacts, the case code mask or the superior agency of an agency.

    The superior (`parent_id`, None for one outside the system) is of the same province; its leaders
    judge the head of this agency. Raises NotFound; Forbidden; Conflict("agency_changed") when
    `version` is not the present one; Refusal at the field that is wrong.
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = Agency.objects.get(pk=agency_id)
    fields = [*texts, *([] if parent_id is ... else ["parent_id"])]
    old = {field: getattr(row, field) for field in fields}
    _fill(row, texts)
    if parent_id is not ...:
        _set_above(row, parent_id)
    new = {field: getattr(row, field) for field in fields}
    changed = {field: value for field, value in new.items() if value != old[field]}
    if row.version != version:
        raise Conflict("agency_changed", "Người khác vừa sửa thiết lập này. Hãy mở lại để xem.")
    if not changed:
        return
    done = Agency.objects.filter(pk=agency_id, version=version).update(
        **changed, folded=row.folded, version=version + 1
    )
    if not done:
        raise Conflict("agency_changed", "Người khác vừa sửa thiết lập này. Hãy mở lại để xem.")
    note_change(
        actor, now=now, agency_id=agency_id, action="agency.changed", object_type="agency",
        object_id=agency_id, old={field: old[field] for field in changed}, new=changed,
    )  # fmt: skip


def _set_above(row: Agency, parent_id: int | None) -> None:
    """Put the superior into the row: of the same province, and not below the agency itself."""
    above, seen = parent_id, set()
    while above is not None and above not in seen:
        found = Agency.objects.filter(pk=above, province_id=row.province_id).first()
        if found is None or above == row.pk:
            raise Refusal(
                "parent_unknown", "Hãy chọn cơ quan cấp trên trong tỉnh, không phải cấp dưới.",
                field="parent_id",
            )  # fmt: skip
        seen.add(above)
        above = found.parent_id
    row.parent_id = parent_id


@transaction.atomic
def agency_close(
    *, actor: Actor, now: datetime, agency_id: int, valid_to: date, reason: str
) -> None:
    """Set the last day of an agency; its people act no more after it, its rows stay readable.

    Raises NotFound; Forbidden; Refusal("period_reversed", "missing").
    """
    require_manager(actor, agency_id=agency_id, permission="province.manage")
    basis = named(reason, what="căn cứ, lý do", field="reason", most=300)
    row = Agency.objects.get(pk=agency_id)
    if valid_to < row.valid_from:
        raise Refusal(
            "period_reversed", "Ngày kết thúc phải từ ngày bắt đầu trở đi.", field="valid_to"
        )
    row.valid_to = valid_to
    row.version += 1
    row.save(update_fields=["valid_to", "version"])
    note_change(
        actor, now=now, agency_id=agency_id, action="agency.closed", object_type="agency",
        object_id=agency_id, new={"valid_to": valid_to}, reason=basis,
    )  # fmt: skip
