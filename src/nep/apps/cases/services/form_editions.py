"""Editions of the forms of the law: loaded as shipped, drafted, published, withdrawn."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from nep.apps.cases.models import FormEdition
from nep.apps.cases.queries.form_editions import edition_row, layout_of, may_manage
from nep.apps.cases.rules.form_editions import (
    DRAFT,
    PUBLISHED,
    WITHDRAWN,
    Shipped,
    decide_period,
    decide_publish,
    decide_withdraw,
    read_shipped,
)
from nep.apps.cases.rules.form_layout import Layout, faults, layout_data
from nep.apps.legal import queries as legal
from nep.apps.legal import services as citing
from nep.apps.legal.rules import number_key
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import local

OBJECT = "form_edition"
_REPLACED = "Được thay bằng bản sửa của nhà cung cấp phần mềm"


@transaction.atomic
def form_editions_load(*, now: datetime, content: Mapping[str, Any] | None = None) -> int:
    """Load the shipped editions (reference/legal_forms.toml); return how many were new.

    Repeating it changes nothing. An edition whose layout changed is loaded beside the old one,
    which is withdrawn and kept by the papers printed with it.
    """
    editions = _read(content) if content else _shipped()
    known = {
        (row.shipped_key, row.digest): row for row in FormEdition.objects.exclude(shipped_key="")
    }
    new = []
    for one, text, digest in editions:
        facts = {
            "name": one.name, "legal_number": one.legal_number,
            "legal_key": number_key(one.legal_number), "since": one.since, "until": one.until,
            "mark": one.mark,
        }  # fmt: skip
        row = known.get((one.key, digest))
        if row is None:
            made = {"shipped_key": one.key, "form": one.form, "layout": text, "digest": digest}
            when = {"state": PUBLISHED, "made_at": now, "published_at": now}
            new.append(FormEdition(**facts, **made, **when))
        elif any(getattr(row, name) != value for name, value in facts.items()):
            FormEdition.objects.filter(pk=row.pk).update(**facts, version=F("version") + 1)
    if new:
        _replace(new, known.values(), now)
    return len(new)


def _replace(new: list[FormEdition], known: Iterable[FormEdition], now: datetime) -> None:
    """Keep new editions and withdraw those they stand for; a process that does the same at the
    same time has kept them already."""
    keys = {row.shipped_key for row in new}
    old = [row.pk for row in known if row.shipped_key in keys and row.state == PUBLISHED]
    FormEdition.objects.filter(pk__in=old).update(
        state=WITHDRAWN, withdrawn_at=now, withdraw_reason=_REPLACED, version=F("version") + 1
    )
    FormEdition.objects.bulk_create(new, ignore_conflicts=True)
    journal.record(
        actor_id=None, agency_id=None, action="case.forms_loaded", object_type=OBJECT,
        object_id=0, at=now, new={"editions": len(new)},
    )  # fmt: skip


def _read(content: Mapping[str, Any]) -> tuple[tuple[Shipped, str, str], ...]:
    """Return the editions of a file, each with its layout as a row keeps it and its digest."""
    texts = [(one, layout_text(one.layout)) for one in read_shipped(content)]
    return tuple((one, text, _digest(text)) for one, text in texts)


@cache
def _shipped() -> tuple[tuple[Shipped, str, str], ...]:
    return _read(settings.LEGAL_FORMS)


def layout_text(layout: Layout) -> str:
    """Return a layout as its row keeps it."""
    return json.dumps(layout_data(layout), ensure_ascii=False, sort_keys=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def form_draft(*, actor: Actor, now: datetime, like_id: int, province: bool = False) -> int:
    """Begin an edition as a copy of another one, for the agency or its whole province; return it.

    Raises Forbidden; NotFound.
    """
    require(may(actor, "province.manage" if province else "form.manage"))
    require(may(actor, "form.manage"))
    like = edition_row(actor=actor, edition_id=like_id)
    row = FormEdition.objects.create(
        form=like.form, agency_id=None if province else actor.agency_id,
        province_id=actor.province_id if province else None, state=DRAFT, name=like.name,
        legal_number=like.legal_number, legal_key=like.legal_key, since=local(now).date(),
        mark=like.mark, layout=like.layout, digest=like.digest, made_at=now,
        made_by_id=actor.person_id,
    )  # fmt: skip
    _record(actor, now, row, "case.form_drafted", {"form": row.form, "like": like.pk})
    return row.pk


@transaction.atomic
def form_change(
    *,
    actor: Actor,
    now: datetime,
    edition_id: int,
    name: str,
    legal_number: str,
    since: date,
    until: date | None,
    mark: str,
    layout: Layout,
    expected_version: int,
) -> None:
    """Keep what was typed of a draft, printable or not.

    Raises NotFound; Forbidden; Conflict; Refusal("form_not_draft", "form_period", "form_nameless").
    """
    row = _own(actor, edition_id, expected_version)
    if row.state != DRAFT:
        raise Refusal(
            "form_not_draft",
            "Mẫu đã áp dụng không sửa được nữa. Hãy thêm một bản mới từ mẫu này.",
        )
    if not clean(name) or not clean(legal_number):
        raise Refusal(
            "form_nameless", "Hãy ghi tên và số, ký hiệu của văn bản ban hành mẫu.",
            field="legal_number",
        )  # fmt: skip
    require(decide_period(since=since, until=until), kind=Refusal)
    text = layout_text(layout)
    old = {"digest": row.digest, "since": row.since}
    row.name, row.legal_number = clean(name)[:200], clean(legal_number)[:80]
    row.legal_key, row.since, row.until = number_key(row.legal_number), since, until
    row.mark, row.layout, row.digest = clean(mark)[:200], text, _digest(text)
    row.version += 1
    row.save()
    _record(
        actor, now, row, "case.form_changed", {"digest": row.digest, "since": row.since}, old=old
    )


@transaction.atomic
def form_publish(*, actor: Actor, now: datetime, edition_id: int, expected_version: int) -> None:
    """Bring a draft into force for papers from its first day on; it is never changed again.

    It is bound to the text of the register with its symbol, and cited there. Papers given out
    before keep their edition. Raises NotFound; Forbidden; Conflict; Refusal("form_not_draft",
    "form_faulty", "form_unbound").
    """
    row = _own(actor, edition_id, expected_version)
    found = legal.by_symbol(actor=actor, numbers=[row.legal_number]).get(row.legal_key)
    wrong = [one.message for one in faults(row.form, layout_of(row))]
    require(decide_publish(state=row.state, faults=wrong, is_bound=found is not None), kind=Refusal)
    row.state, row.external_id = PUBLISHED, found
    row.published_at, row.published_by_id = now, actor.person_id
    row.version += 1
    row.save()
    if found is not None and row.agency_id:
        citing.cite(
            actor=actor, external_id=found, object_type=OBJECT, object_id=row.pk,
            label=f"Mẫu số {row.form}, {row.name}", link=f"/ho-so/bieu-mau/{row.pk}/", now=now,
        )  # fmt: skip
    _record(
        actor, now, row, "case.form_published",
        {"form": row.form, "since": row.since, "until": row.until, "legal": row.legal_number},
    )  # fmt: skip


@transaction.atomic
def form_withdraw(
    *, actor: Actor, now: datetime, edition_id: int, reason: str, expected_version: int
) -> None:
    """Withdraw an edition: no new paper is made by it, those given out are printed as before.

    Raises NotFound; Forbidden; Conflict; Refusal("form_shipped", "form_not_published",
    "reason_missing").
    """
    row = _own(actor, edition_id, expected_version)
    require(
        decide_withdraw(state=row.state, is_shipped=bool(row.shipped_key), reason=reason),
        kind=Refusal,
    )
    row.state, row.withdrawn_at, row.withdrawn_by_id = WITHDRAWN, now, actor.person_id
    row.withdraw_reason = clean_lines(reason)[:1000]
    row.version += 1
    row.save()
    if row.external_id and row.agency_id:
        citing.uncite(
            actor=actor, external_id=row.external_id, object_type=OBJECT, object_id=row.pk, now=now
        )
    _record(
        actor, now, row, "case.form_withdrawn", {"state": WITHDRAWN}, reason=row.withdraw_reason
    )


@transaction.atomic
def form_drop(*, actor: Actor, now: datetime, edition_id: int, expected_version: int) -> None:
    """Remove a draft that was never in force.

    Raises NotFound; Forbidden; Conflict; Refusal("form_not_draft").
    """
    row = _own(actor, edition_id, expected_version)
    if row.state != DRAFT:
        raise Refusal("form_not_draft", "Chỉ bản đang soạn mới bỏ được.")
    _record(actor, now, row, "case.form_dropped", {}, old={"form": row.form, "name": row.name})
    row.delete()


def _own(actor: Actor, edition_id: int, version: int) -> FormEdition:
    """Return an edition the actor may change, locked. Raises NotFound; Forbidden; Conflict."""
    require(may(actor, "form.manage"))
    found = edition_row(actor=actor, edition_id=edition_id)
    row = FormEdition.objects.select_for_update().get(pk=found.pk)
    if not may_manage(actor, row) and not row.shipped_key:
        raise NotFound("not_found", "Mẫu này do cơ quan khác lập.")
    if row.version != version:
        raise Conflict("changed", "Mẫu vừa được người khác thay đổi. Hãy xem lại rồi làm lần nữa.")
    return row


def _record(
    actor: Actor,
    now: datetime,
    row: FormEdition,
    action: str,
    new: Mapping[str, Any],
    *,
    old: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=action, object_type=OBJECT,
        object_id=row.pk, at=now, old=dict(old or {}), new=dict(new), reason=reason,
    )  # fmt: skip
