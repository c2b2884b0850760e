"""Other systems that send cases: set up, their keys, switched off, what they may be told apart by."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from nep.apps.cases.models import FedSource, FedWording
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.fed_steps import match_step
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean, clean_lines, fold

WAYS = ("file", "api", "folder")
BY_NAMES = {"words": "Cách ghi", "status": "Trạng thái", "role": "Chức danh, phòng"}
_SLUG = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A new source or key: `secret` is shown once and never again."""

    source_id: int
    key_id: str
    secret: str


def source_create(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    way: str,
    tthc_id: int | None = None,
    variant: str = "",
) -> SourceKey:
    """Set another system up; for the way "api" with a key of its own.

    Raises Forbidden; NotFound for a TTHC of another agency; Refusal("name_missing", "way_unknown",
    "name_taken").
    """
    require(may(actor, "case.source"))
    name = clean(name)[:120]
    if not name:
        raise Refusal("name_missing", "Hãy đặt tên cho nguồn.", field="name")
    if way not in WAYS:
        raise Refusal("way_unknown", "Hãy chọn cách gửi.", field="way")
    if tthc_id is not None:
        procedures.tthc(tthc_id=tthc_id, agency_id=actor.agency_id)
    secret = secrets.token_urlsafe(32) if way == "api" else ""
    row = FedSource(
        agency_id=actor.agency_id, name=name, way=way,
        key_id=_new_key_id() if way == "api" else "", key_hash=_hash(secret) if secret else "",
        folder=_SLUG.sub("-", fold(name)).strip("-")[:80] if way == "folder" else "",
        tthc_id=tthc_id, variant=clean(variant)[:200], created_at=now,
        created_by_id=actor.person_id,
    )  # fmt: skip
    if way == "folder" and not row.folder:
        raise Refusal("name_missing", "Tên nguồn phải có chữ hoặc số.", field="name")
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise Refusal(
                "name_taken", f"Cơ quan đã có nguồn tên “{name}”. Hãy đặt tên khác.", field="name"
            ) from error
        _record(actor, now, row, "fed_source.created", new={"name": name, "way": way})
    return SourceKey(row.pk, row.key_id, secret)


def source_key_renew(*, actor: Actor, now: datetime, source_id: int) -> SourceKey:
    """Give a source a new key; the old one no longer opens anything.

    Raises Forbidden; NotFound; Refusal("no_key", "source_closed").
    """
    require(may(actor, "case.source"))
    with transaction.atomic():
        row = _source_of(actor, source_id)
        if row.way != "api":
            raise Refusal("no_key", "Nguồn này không gửi qua API nên không có khóa.")
        if row.closed_at is not None:
            raise Refusal("source_closed", "Nguồn này đã tắt. Hãy lập nguồn mới.")
        secret = secrets.token_urlsafe(32)
        row.key_id, row.key_hash = _new_key_id(), _hash(secret)
        row.save(update_fields=["key_id", "key_hash"])
        _record(actor, now, row, "fed_source.key_renewed", new={"key_id": row.key_id})
    return SourceKey(row.pk, row.key_id, secret)


def source_close(*, actor: Actor, now: datetime, source_id: int) -> None:
    """Switch a source off: nothing more is taken from it; what it sent stays.

    A second call does nothing. Raises Forbidden; NotFound.
    """
    require(may(actor, "case.source"))
    with transaction.atomic():
        row = _source_of(actor, source_id)
        if row.closed_at is not None:
            return
        row.closed_at = now
        row.save(update_fields=["closed_at"])
        _record(actor, now, row, "fed_source.closed", new={"name": row.name})


def source_rule_set(
    *,
    actor: Actor,
    now: datetime,
    source_id: int,
    by: str,
    text: str,
    tthc_id: int,
    step: str,
    reason: str,
) -> None:
    """Let a source's words, state or position (`by` words, status, role) mean a step of a TTHC.

    `step` is a number or a name, "" for no step; the next deliveries are read so. Raises Forbidden;
    NotFound; Refusal("by_unknown", "text_missing", "step_unknown", "reason_missing").
    """
    require(may(actor, "case.source"))
    require(acting.decide_reason(reason), kind=Refusal)
    if by not in BY_NAMES:
        raise Refusal("by_unknown", "Hãy chọn khớp theo gì.", field="by")
    text = clean(text)[:300]
    if not text:
        raise Refusal("text_missing", "Hãy ghi đúng chữ mà nguồn gửi.", field="text")
    procedures.tthc(tthc_id=tthc_id, agency_id=actor.agency_id)
    node, name = _step_named(actor, tthc_id, clean(step))
    with transaction.atomic():
        row = _source_of(actor, source_id)
        FedWording.objects.update_or_create(
            agency_id=actor.agency_id, source_id=row.pk, tthc_id=tthc_id, by=by,
            folded=fold(text)[:300],
            defaults={
                "text": text, "node": node, "step_name": name[:600],
                "reason": clean_lines(reason), "changed_at": now,
                "changed_by_id": actor.person_id,
            },
        )  # fmt: skip
        _record(actor, now, row, "fed_source.rule_set", new={"by": by, "text": text, "step": name})


def _step_named(actor: Actor, tthc_id: int, step: str) -> tuple[str, str]:
    if not step:
        return "", ""
    for version in procedures.versions_in_force(agency_id=actor.agency_id, tthc_id=tthc_id):
        found = match_step(step, plan=plan_for(version.content_hash))
        if found is not None:
            return found.node, found.name
    raise Refusal(
        "step_unknown", f"Quy trình đang áp dụng không có bước “{step[:80]}”.", field="step"
    )


def source_wording_remove(*, actor: Actor, now: datetime, source_id: int, wording_id: int) -> None:
    """Forget what words of a source were said to mean; cases told so stay as they are.

    Raises Forbidden; NotFound.
    """
    require(may(actor, "case.source"))
    with transaction.atomic():
        source = _source_of(actor, source_id)
        kept = FedWording.objects.filter(
            pk=wording_id, agency_id=actor.agency_id, source_id__in=(source_id, 0)
        )
        row = kept.first()
        if row is None:
            raise NotFound()
        _record(
            actor, now, source, "fed_source.wording_removed",
            new={"text": row.text, "step": row.step_name},
        )  # fmt: skip
        row.delete()


def key_opens(source: FedSource, secret: str) -> bool:
    """Say whether a secret is the key of a source, in time that tells nothing."""
    return secrets.compare_digest(source.key_hash, _hash(secret))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_key_id() -> str:
    return secrets.token_hex(8)


def _source_of(actor: Actor, source_id: int) -> FedSource:
    found = FedSource.objects.select_for_update()
    row = found.filter(pk=source_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return row


def _record(actor: Actor, now: datetime, row: FedSource, action: str, *, new: dict) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=action,
        object_type="fed_source", object_id=row.pk, at=now, new=new,
    )  # fmt: skip
