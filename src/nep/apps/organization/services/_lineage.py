"""An agency through time: its further codes, and which agency took over from which."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from nep.apps.organization.models import Agency, AgencyCode, Succession
from nep.apps.organization.rules import Actor, Lifetime, decide_code_period, decide_succession
from nep.apps.organization.services._agencies import agency_close
from nep.apps.organization.services._ground import (
    named,
    note_change,
    refuse_when,
    require_manager,
)
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import fold


@transaction.atomic
def agency_code_add(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    scheme: str,
    code: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> int:
    """Add a further code of an agency (an older identifier, a code in another system).

    Raises NotFound; Forbidden; Refusal("code_taken", "code_of_another", "period_reversed",
    "missing").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = AgencyCode(
        agency_id=agency_id,
        scheme=named(scheme, what="loại mã", field="scheme", most=40),
        code=named(code, what="mã", field="code", most=60),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    refuse_when(decide_code_period(valid_from=valid_from, valid_to=valid_to))
    _refuse_foreign(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal("code_taken", "Mã này đã được ghi.", field="code") from error
    note_change(
        actor, now=now, agency_id=agency_id, action="agency.code_added", object_type="agency",
        object_id=agency_id, new=_facts(row),
    )  # fmt: skip
    return row.id


def _refuse_foreign(row: AgencyCode) -> None:
    """Refuse a code by which another agency is already found."""
    main = Agency.objects.filter(code__iexact=row.code).exclude(pk=row.agency_id)
    known = AgencyCode.objects.filter(code__iexact=row.code)
    owners = {
        agency_id
        for agency_id, scheme in known.values_list("agency_id", "scheme")
        if fold(scheme) == fold(row.scheme)
    }
    if main.exists() or owners - {row.agency_id}:
        raise Refusal("code_of_another", f"Mã {row.code} đang chỉ một cơ quan khác.", field="code")
    if owners:
        raise Refusal("code_taken", "Mã này đã được ghi.", field="code")


def _facts(row: AgencyCode) -> dict[str, Any]:
    return {
        "scheme": row.scheme, "code": row.code,
        "valid_from": row.valid_from, "valid_to": row.valid_to,
    }  # fmt: skip


@transaction.atomic
def agency_code_remove(
    *, actor: Actor, now: datetime, agency_id: int, code_id: int, reason: str
) -> None:
    """Take a further code back that was written wrongly; the journal keeps it.

    Raises NotFound; Forbidden; Refusal("missing").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    row = AgencyCode.objects.filter(pk=code_id, agency_id=agency_id).first()
    if row is None:
        raise NotFound()
    why = named(reason, what="lý do", field="reason", most=300)
    old = _facts(row)
    row.delete()
    note_change(
        actor, now=now, agency_id=agency_id, action="agency.code_removed", object_type="agency",
        object_id=agency_id, old=old, reason=why,
    )  # fmt: skip


@transaction.atomic
def succession_add(
    *,
    actor: Actor,
    now: datetime,
    predecessor_id: int,
    successor_id: int,
    on: date,
    basis: str,
    ends_predecessor: bool = False,
) -> int:
    """Write that one agency takes over from another on a day, by a numbered decision.

    `ends_predecessor` also sets the predecessor's last day to the day before.
    Raises NotFound; Forbidden; Refusal("succession_same", "succession_reversed",
    "succession_known", "succession_too_early", "succession_too_late", "predecessor_ended",
    "basis_unnumbered", "missing").
    """
    for agency_id in (predecessor_id, successor_id):
        require_manager(actor, agency_id=agency_id, permission="province.manage")
    text = named(basis, what="số văn bản", field="basis", most=200)
    last = on - timedelta(days=1) if ends_predecessor else None
    rows = Agency.objects.in_bulk([predecessor_id, successor_id])
    lives = {pk: Lifetime(row.valid_from, row.valid_to) for pk, row in rows.items()}
    refuse_when(
        decide_succession(
            predecessor_id=predecessor_id,
            successor_id=successor_id,
            predecessor=lives[predecessor_id],
            successor=lives[successor_id],
            on=on,
            basis=text,
            ancestors=_ancestors(predecessor_id),
            last=last,
        )
    )
    row, is_new = Succession.objects.get_or_create(
        predecessor_id=predecessor_id,
        successor_id=successor_id,
        defaults={"on": on, "basis": text},
    )
    if not is_new:
        raise Refusal("succession_known", "Việc kế thừa này đã được ghi.", field="successor")
    note_change(
        actor, now=now, agency_id=successor_id, action="agency.succeeded", object_type="agency",
        object_id=successor_id, new={"predecessor_id": predecessor_id, "on": on, "basis": text},
        reason=text,
    )  # fmt: skip
    if last is not None and lives[predecessor_id].valid_to is None:
        agency_close(
            actor=actor, now=now, agency_id=predecessor_id, valid_to=last, reason=text
        )  # fmt: skip
    return row.id


def _ancestors(agency_id: int) -> frozenset[int]:
    """Return every agency that this one took over from, directly or through others."""
    pairs = Succession.objects.values_list("successor_id", "predecessor_id")
    before: dict[int, set[int]] = {}
    for successor, predecessor in pairs:
        before.setdefault(successor, set()).add(predecessor)
    found: set[int] = set()
    waiting = [agency_id]
    while waiting:
        for one in before.get(waiting.pop(), set()) - found:
            found.add(one)
            waiting.append(one)
    return frozenset(found)


@transaction.atomic
def succession_remove(*, actor: Actor, now: datetime, succession_id: int, reason: str) -> None:
    """Take a succession back that was written wrongly; the journal keeps it.

    The predecessor's last day stays as it is. Raises NotFound; Forbidden; Refusal("missing").
    """
    row = Succession.objects.filter(pk=succession_id).first()
    if row is None:
        raise NotFound()
    for agency_id in (row.predecessor_id, row.successor_id):
        require_manager(actor, agency_id=agency_id, permission="province.manage")
    why = named(reason, what="lý do", field="reason", most=300)
    old = {"predecessor_id": row.predecessor_id, "on": row.on, "basis": row.basis}
    successor_id = row.successor_id
    row.delete()
    note_change(
        actor, now=now, agency_id=successor_id, action="agency.succession_removed",
        object_type="agency", object_id=successor_id, old=old, reason=why,
    )  # fmt: skip
