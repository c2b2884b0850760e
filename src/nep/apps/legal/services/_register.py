"""The register of external documents: added, changed, replaced, amended, taken out."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from nep.apps.legal import rules
from nep.apps.legal.models import ExternalDocument
from nep.apps.legal.services._reviews import review_open
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import services as files
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import local

FILE_KINDS = ("pdf", "docx", "odt", "xlsx", "png", "jpg")


@dataclass(frozen=True, slots=True)
class ExternalValues:
    """What a person writes about an external document; texts as typed."""

    kind: str
    number: str
    title: str
    issuer: str = ""
    issued_on: date | None = None
    effective_from: date | None = None
    expires_on: date | None = None
    source_address: str = ""
    level: str = "internal"
    kept_at: str = ""
    checked_on: date | None = None
    note: str = ""


@transaction.atomic
def external_add(
    *,
    actor: Actor,
    values: ExternalValues,
    now: datetime,
    follow: bool = False,
    upload: tuple[str, bytes] | None = None,
) -> int:
    """Write an external document into the register and return its id.

    `follow` opens the three-month clock for a text that changes the agency's own documents.
    Raises Forbidden; Refusal(see `decide_entry`, "symbol_known", what the file store refuses).
    Source: Quyết định 19/2014/QĐ-TTg Điều 4 khoản 4 điểm a.
    """
    require(may(actor, "legal.manage"))
    row = ExternalDocument(
        agency_id=actor.agency_id, added_by_id=actor.person_id, added_at=now, changed_at=now
    )
    _fill(row, values)
    _keep_file(row, actor, upload, now)
    _save(row)
    _note(actor, row, "legal.added", now, new=_plain(values))
    if follow:
        _follow(row, now)
    return row.id


@transaction.atomic
def external_change(
    *,
    actor: Actor,
    external_id: int,
    version: int,
    values: ExternalValues,
    now: datetime,
    upload: tuple[str, bytes] | None = None,
) -> None:
    """Change what the register says of an external document.

    Raises Forbidden; NotFound; Conflict("external_changed"); Refusal as `external_add`.
    """
    require(may(actor, "legal.manage"))
    row = _locked(actor, external_id)
    _refuse_withdrawn(row)
    if row.version != version:
        raise Conflict(
            "external_changed", "Người khác vừa sửa văn bản này. Hãy tải lại trang để xem."
        )
    old = {name: getattr(row, name) for name in asdict(values)}
    _fill(row, values)
    _keep_file(row, actor, upload, now)
    row.changed_at, row.version = now, row.version + 1
    _save(row)
    changed = {name: value for name, value in _plain(values).items() if old[name] != value}
    _note(actor, row, "legal.changed", now, old={k: old[k] for k in changed}, new=changed)


@transaction.atomic
def external_replace(
    *, actor: Actor, external_id: int, new_id: int, on: date, reason: str, now: datetime
) -> None:
    """Write that another text of the register takes its place from a day on.

    The old one ends the day before; while something still names it, the three-month clock opens.
    Raises Forbidden; NotFound; Refusal(see `decide_replacement`, "replaced_already").
    """
    require(may(actor, "legal.manage"))
    row, new = _locked(actor, external_id), _locked(actor, new_id)
    _refuse_withdrawn(row)
    if row.replaced_by_id is not None:
        raise Refusal("replaced_already", "Văn bản này đã có văn bản thay thế.", field="new")
    require(rules.decide_reason(reason), kind=Refusal)
    require(
        rules.decide_replacement(
            external_id=external_id, new_id=new_id,
            new_state=_state(new, local(now).date()), successors=_successors(new),
        ),
        kind=Refusal,
    )  # fmt: skip
    last = on - timedelta(days=1)
    if row.effective_from and last < row.effective_from:
        raise Refusal(
            "period_reversed", "Ngày thay thế phải sau ngày văn bản cũ có hiệu lực.", field="on"
        )
    row.replaced_by, row.expires_on = new, last
    row.changed_at, row.version = now, row.version + 1
    row.save()
    _note(
        actor, row, "legal.replaced", now, new={"by": new.number, "last_day": last},
        reason=clean(reason),
    )  # fmt: skip
    if row.citations.exists():
        _follow(new, now)


@transaction.atomic
def external_amended(*, actor: Actor, external_id: int, by_id: int, now: datetime) -> None:
    """Write that another text of the register amends this one.

    Raises Forbidden; NotFound; Refusal("same_text").
    """
    require(may(actor, "legal.manage"))
    row, new = _locked(actor, external_id), _locked(actor, by_id)
    if row.id == new.id:
        raise Refusal("same_text", "Hãy chọn văn bản khác làm văn bản sửa đổi.", field="new")
    row.amended_by.add(new)
    _note(actor, row, "legal.amended", now, new={"by": new.number})
    if row.citations.exists():
        _follow(new, now)


@transaction.atomic
def external_withdraw(*, actor: Actor, external_id: int, reason: str, now: datetime) -> None:
    """Take a text out of the register, with the reason; its row stays readable.

    Raises Forbidden; NotFound; Refusal("reason_missing", "external_cited").
    """
    require(may(actor, "legal.manage"))
    row = _locked(actor, external_id)
    _refuse_withdrawn(row)
    require(rules.decide_reason(reason), kind=Refusal)
    if count := row.citations.count():
        raise Refusal(
            "external_cited",
            f"Còn {count} nơi viện dẫn văn bản này. Hãy bỏ viện dẫn trước, hoặc ghi ngày hết hiệu "
            "lực.",
        )
    row.withdrawn_on, row.withdraw_reason = local(now).date(), clean(reason)[:1000]
    row.changed_at, row.version = now, row.version + 1
    row.save()
    _note(actor, row, "legal.withdrawn", now, reason=row.withdraw_reason)


@transaction.atomic
def external_checked(*, actor: Actor, external_id: int, now: datetime) -> None:
    """Note that a text's validity was looked up today. Raises Forbidden; NotFound."""
    require(may(actor, "legal.manage"))
    row = _locked(actor, external_id)
    old, row.checked_on = row.checked_on, local(now).date()
    row.save(update_fields=["checked_on"])
    _note(actor, row, "legal.checked", now, old=old, new=row.checked_on)


def _fill(row: ExternalDocument, values: ExternalValues) -> None:
    require(
        rules.decide_entry(
            kind=values.kind, number=values.number, title=values.title, level=values.level,
            issued_on=values.issued_on, effective_from=values.effective_from,
            expires_on=values.expires_on,
        ),
        kind=Refusal,
    )  # fmt: skip
    for name, value in _plain(values).items():
        setattr(row, name, value)
    row.number_key = rules.number_key(values.number)[:80]
    row.folded = fold(f"{row.number} {row.title} {row.issuer}")[:900]


def _plain(values: ExternalValues) -> dict[str, Any]:
    """Return the values as they are kept: clean, and no longer than their columns."""
    kept = asdict(values)
    for name, value in kept.items():
        if isinstance(value, str):
            most = getattr(ExternalDocument._meta.get_field(name), "max_length", None)
            kept[name] = clean(value)[:most]
    kept["number"] = rules.number_text(kept["number"])
    return kept


def _save(row: ExternalDocument) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refusal(
            "symbol_known",
            f"Danh mục đã có {rules.KIND_NAMES[row.kind].lower()} {row.number} của cùng cơ quan "
            "ban hành.",
            field="number",
        ) from error


def _keep_file(
    row: ExternalDocument, actor: Actor, upload: tuple[str, bytes] | None, now: datetime
) -> None:
    if upload is None:
        return
    name, data = upload
    kept = files.store(
        data=data, name=name, agency_id=actor.agency_id, actor_id=actor.person_id, at=now,
        kinds=FILE_KINDS,
    )  # fmt: skip
    row.file_id = kept.id


def _follow(row: ExternalDocument, now: datetime) -> None:
    start = row.effective_from or row.issued_on or local(now).date()
    review_open(
        agency_id=row.agency_id, kind=rules.CHANGE, key=f"change:{row.id}", external_id=row.id,
        title=f"Cập nhật tài liệu theo {row.number or row.title}", due_on=rules.update_due(start),
        now=now,
    )  # fmt: skip


def _successors(row: ExternalDocument) -> frozenset[int]:
    """Return every text that has taken a text's place, one after another."""
    found: set[int] = set()
    current = row
    while current.replaced_by_id and current.replaced_by_id not in found:
        found.add(current.replaced_by_id)
        current = ExternalDocument.objects.get(pk=current.replaced_by_id)
    return frozenset(found)


def _state(row: ExternalDocument, today: date) -> str:
    validity = rules.Validity(row.effective_from, row.expires_on, row.withdrawn_on)
    return rules.state_of(validity, today=today)


def _locked(actor: Actor, external_id: int) -> ExternalDocument:
    row = (
        ExternalDocument.objects.select_for_update()
        .filter(pk=external_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def _refuse_withdrawn(row: ExternalDocument) -> None:
    if row.withdrawn_on is not None:
        raise Refusal("external_withdrawn", "Văn bản này đã bỏ khỏi danh mục.")


def _note(
    actor: Actor,
    row: ExternalDocument,
    action: str,
    now: datetime,
    *,
    old: Any = None,
    new: Any = None,
    reason: str = "",
) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=action,
        object_type="external_document", object_id=row.id, at=now, old=old, new=new, reason=reason,
    )  # fmt: skip
