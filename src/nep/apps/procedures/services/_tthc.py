"""Writing the TTHC table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q

from nep.apps.catalogue import queries as catalogue
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import LIMIT_UNITS, SharedTthc, Tthc, TthcPaper
from nep.apps.procedures.queries import base_code
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean, clean_lines, fold


@dataclass(frozen=True, slots=True)
class PaperValues:
    """One paper to hand in; quantities count originals and copies."""

    name: str
    originals: int = 1
    copies: int = 0
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class TthcValues:
    """What is known of a TTHC. `limit_unit` is working_hour, working_day, calendar_day or ""."""

    name: str
    code: str = ""
    field: str = ""
    is_internal: bool = False
    limit_amount: Decimal | None = None
    limit_unit: str = ""
    result: str = ""
    fee: str = ""
    legal_basis: str = ""
    papers: tuple[PaperValues, ...] = ()
    at_once: bool = False


def tthc_create(*, actor: Actor, values: TthcValues, now: datetime) -> int:
    """Add a TTHC to the actor's agency; return its id.

    Raises Refusal when the name is missing, the limit unreadable, or the code already there.
    """
    require(may(actor, "procedure.draft"))
    columns = _columns(values)
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = Tthc.objects.create(
                    agency_id=actor.agency_id, entry_id=_entry_of(columns["code"]), **columns
                )
        except IntegrityError as error:
            raise _taken(columns["code"]) from error
        _write_papers(row, values.papers)
        _journal(actor, row, "tthc.created", now, new=_facts(columns, values.papers))
    return row.id


def tthc_change(
    *, actor: Actor, tthc_id: int, version: int, values: TthcValues, now: datetime
) -> None:
    """Change a TTHC and its papers.

    Raises NotFound, Refusal as `tthc_create`, Conflict when somebody changed it first.
    """
    require(may(actor, "procedure.draft"))
    columns = _columns(values)
    with transaction.atomic():
        row = Tthc.objects.select_for_update().filter(pk=tthc_id, agency_id=actor.agency_id).first()
        if row is None:
            raise NotFound()
        if row.version != version:
            raise Conflict(
                "tthc_changed",
                "Có người vừa sửa thủ tục này. Hãy tải lại trang, xem bản mới rồi sửa tiếp.",
            )
        if values.is_internal and not row.is_internal:
            _refuse_when_shared(row)
        old = {name: getattr(row, name) for name in columns if name != "folded"}
        for name, value in columns.items():
            setattr(row, name, value)
        if row.code != old["code"]:
            row.entry_id = _entry_of(row.code)
        row.version += 1
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise _taken(columns["code"]) from error
        _write_papers(row, values.papers)
        _journal(actor, row, "tthc.changed", now, old=old, new=_facts(columns, values.papers))


def _refuse_when_shared(row: Tthc) -> None:
    """Refuse to take out of the public's sight what shares a procedure with others."""
    if SharedTthc.objects.filter(Q(tthc=row) | Q(procedure__tthc=row)).exists():
        raise Refusal(
            "internal_shared",
            "Thủ tục này đang dùng chung quy trình với thủ tục khác. Hãy thôi dùng chung trước.",
            field="is_internal",
        )


def _entry_of(code: str) -> int | None:
    """Return the published entry that carries a code, or None."""
    return catalogue.entry_ids([code]).get(code) if code else None


def _columns(values: TthcValues) -> dict:
    name, code = clean(values.name)[:600], base_code(clean(values.code))[:30]
    if not name:
        raise Refusal("name_missing", "Hãy ghi tên thủ tục.", field="name")
    if values.limit_unit not in LIMIT_UNITS:
        raise Refusal("unit_unknown", "Hãy chọn đơn vị của thời hạn.", field="limit_unit")
    if values.limit_amount is not None and values.limit_amount <= 0:
        raise Refusal("limit_unreadable", "Thời hạn phải lớn hơn 0.", field="limit_amount")
    if values.is_internal and code:
        raise Refusal(
            "internal_with_code",
            "Quy trình nội bộ không có mã thủ tục. Hãy bỏ mã hoặc bỏ dấu nội bộ.",
            field="code",
        )
    return {
        "code": code,
        "name": name,
        "folded": fold(f"{code} {name} {values.field}")[:700],
        "field": clean(values.field)[:200],
        "is_internal": values.is_internal,
        "at_once": values.at_once and not values.is_internal,
        "limit_amount": values.limit_amount,
        "limit_unit": values.limit_unit if values.limit_amount is not None else "",
        "result": clean(values.result)[:400],
        "fee": clean(values.fee)[:400],
        "legal_basis": clean_lines(values.legal_basis),
    }


def _taken(code: str) -> Refusal:
    return Refusal(
        "code_taken", f"Cơ quan đã có thủ tục mang mã {code}. Hãy mở thủ tục đó.", field="code"
    )


def _write_papers(row: Tthc, papers: Sequence[PaperValues]) -> None:
    row.papers.all().delete()
    named = [paper for paper in papers if clean(paper.name)]
    TthcPaper.objects.bulk_create(
        TthcPaper(
            tthc=row,
            position=place,
            name=clean(paper.name)[:1000],
            originals=max(0, paper.originals),
            copies=max(0, paper.copies),
            is_required=paper.is_required,
        )
        for place, paper in enumerate(named, start=1)
    )


def _facts(columns: dict, papers: Sequence[PaperValues]) -> dict:
    kept = {name: value for name, value in columns.items() if name != "folded"}
    return {**kept, "papers": [paper.name for paper in papers]}


def _journal(actor: Actor, row: Tthc, action: str, now: datetime, **what) -> None:
    record(
        actor_id=actor.person_id,
        agency_id=actor.agency_id,
        action=action,
        object_type="tthc",
        object_id=row.id,
        at=now,
        **what,
    )
