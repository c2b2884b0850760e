"""Keeping the agency's TTHC equal to what is published: bind, take over, take entries in, draft."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from nep.apps.catalogue import queries as catalogue
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import Tthc
from nep.apps.procedures.queries import TthcFacts, own_side, tthc
from nep.apps.procedures.rules import published as rules
from nep.apps.procedures.services._drafts import Begun, procedure_create
from nep.apps.procedures.services._tthc import (
    PaperValues,
    TthcValues,
    tthc_change,
    tthc_create,
)
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local

MOST_AT_ONCE = 300


def tthc_bind(*, actor: Actor, tthc_id: int, entry_code: str, now: datetime) -> None:
    """Say which published entry a TTHC of the agency is; a missing code is taken over with it.

    Raises Forbidden, NotFound, Refusal("entry_unknown", "entry_bound", "code_taken").
    """
    require(may(actor, "procedure.draft"))
    entry_id = next(iter(catalogue.entry_ids([entry_code]).values()), None)
    if entry_id is None:
        raise Refusal("entry_unknown", f"Danh mục không có mã {entry_code[:30]}.", field="code")
    today = local(now).date()
    code = catalogue.entry_facts(entry_ids=[entry_id], today=today)[entry_id].code
    with transaction.atomic():
        row = _locked(actor, tthc_id)
        others = Tthc.objects.filter(agency_id=actor.agency_id).exclude(pk=row.pk)
        if others.filter(entry_id=entry_id).exists() or others.filter(code=code).exists():
            raise Refusal(
                "entry_bound", f"Một thủ tục khác của cơ quan đã mang mã {code}.", field="code"
            )
        if row.is_internal or (row.code and row.code != code):
            raise Refusal(
                "code_differs",
                f"Thủ tục đang mang mã {row.code or 'nội bộ'}, khác mã {code}. Hãy sửa mã trước.",
                field="code",
            )
        _bind(row, entry_id, code)
        _note(actor, row, "tthc.bound", now, new={"code": code})


def _bind(row: Tthc, entry_id: int, code: str) -> None:
    row.entry_id, row.code, row.version = entry_id, code, row.version + 1
    if not row.folded.startswith(code):
        row.folded = f"{code} {row.folded}".replace("  ", " ")[:700]
    row.save(update_fields=["entry", "code", "folded", "version"])


def tthc_bind_all(*, now: datetime, agency_id: int | None = None) -> int:
    """Bind every TTHC that carries an entry's code and names no entry yet; return how many.

    What the worker does when the catalogue has changed; idempotent.
    """
    rows = Tthc.objects.filter(entry=None, is_internal=False).exclude(code="")
    if agency_id is not None:
        rows = rows.filter(agency_id=agency_id)
    ids = catalogue.entry_ids(set(rows.values_list("code", flat=True)))
    done = 0
    for row in rows.filter(code__in=ids).order_by("id"):
        with transaction.atomic():
            changed = Tthc.objects.filter(pk=row.pk, entry=None, code=row.code)
            if changed.update(entry_id=ids[row.code]):
                record(
                    actor_id=None, agency_id=row.agency_id, action="tthc.bound",
                    object_type="tthc", object_id=row.pk, at=now, new={"code": row.code},
                )  # fmt: skip
                done += 1
    return done


def tthc_take_over(
    *, actor: Actor, tthc_id: int, version: int, parts: Collection[str], now: datetime
) -> tuple[str, ...]:
    """Replace parts of the agency's table by what is published now; return those that changed.

    `parts` are keys of `rules.PART_NAMES`; empty takes every part that differs. Raises Forbidden,
    NotFound, Conflict, Refusal("entry_missing").
    """
    require(may(actor, "procedure.draft"))
    facts = tthc(tthc_id=tthc_id, agency_id=actor.agency_id)
    told = _told(facts, now)
    differing = [one.part for one in rules.differences(own_side(facts), told)]
    wanted = tuple(part for part in differing if not parts or part in parts)
    if not wanted:
        return ()
    own, new = own_side(facts), rules.own_of(told)
    for part in wanted:
        names = ("limit_amount", "limit_unit") if part == "limit" else (part,)
        own = replace(own, **{name: getattr(new, name) for name in names})
    values = replace(
        _values(own), code=facts.code, is_internal=facts.is_internal, at_once=facts.at_once
    )
    tthc_change(actor=actor, tthc_id=tthc_id, version=version, values=values, now=now)
    return wanted


def _told(facts: TthcFacts, now: datetime):
    entry_id = Tthc.objects.filter(pk=facts.id).values_list("entry_id", flat=True).first()
    if entry_id is None:
        raise Refusal("entry_missing", "Thủ tục chưa ghép với mục nào của danh mục.")
    return catalogue.entry_facts(entry_ids=[entry_id], today=local(now).date())[entry_id].value


def _values(own: rules.Own) -> TthcValues:
    return TthcValues(
        name=own.name, field=own.field, limit_amount=own.limit_amount, limit_unit=own.limit_unit,
        result=own.result, fee=own.fee, legal_basis=own.legal_basis,
        papers=tuple(
            PaperValues(one.name, one.originals, one.copies, one.is_required)
            for one in own.papers
        ),
    )  # fmt: skip


def tthc_take_entries(*, actor: Actor, entry_ids: Iterable[int], now: datetime) -> tuple[int, ...]:
    """Add published entries to the agency's table with papers, time and fee; return the new TTHC.

    Entries that the table has already are passed over; at most 300 at once. Raises Forbidden,
    Refusal("nothing_chosen", "too_many").
    """
    require(may(actor, "procedure.draft"))
    wanted = list(dict.fromkeys(entry_ids))
    if not wanted:
        raise Refusal("nothing_chosen", "Hãy chọn ít nhất một thủ tục.", field="entries")
    if len(wanted) > MOST_AT_ONCE:
        raise Refusal("too_many", f"Mỗi lần nhận tối đa {MOST_AT_ONCE} thủ tục.", field="entries")
    found = catalogue.entry_facts(entry_ids=wanted, today=local(now).date())
    made = []
    with transaction.atomic():
        rows = Tthc.objects.filter(agency_id=actor.agency_id)
        have = set(rows.exclude(entry=None).values_list("entry_id", flat=True))
        codes = set(rows.exclude(code="").values_list("code", flat=True))
        for entry_id in wanted:
            entry = found.get(entry_id)
            if entry is None or entry_id in have or entry.code in codes:
                continue
            values = replace(_values(rules.own_of(entry.value)), code=entry.code)
            made.append(tthc_create(actor=actor, values=values, now=now))
    return tuple(made)


def draft_from_tthc(*, actor: Actor, tthc_id: int, now: datetime) -> Begun:
    """Begin a procedure of a TTHC; what its table leaves empty is taken over from what is published.

    Raises Forbidden, NotFound, Refusal("tthc_abolished", "variant_taken").
    """
    require(may(actor, "procedure.draft"))
    facts = tthc(tthc_id=tthc_id, agency_id=actor.agency_id)
    today = local(now).date()
    with transaction.atomic():
        entry_id = Tthc.objects.filter(pk=facts.id).values_list("entry_id", flat=True).first()
        if entry_id is not None:
            entry = catalogue.entry_facts(entry_ids=[entry_id], today=today)[entry_id]
            if entry.state == "abolished":
                raise Refusal(
                    "tthc_abolished",
                    f"Thủ tục đã bị bãi bỏ theo {entry.abolition}, không soạn quy trình mới.",
                )
            empty = {
                one.part for one in rules.differences(own_side(facts), entry.value) if not one.own
            }
            if empty:
                tthc_take_over(
                    actor=actor, tthc_id=tthc_id, version=facts.version, parts=empty, now=now
                )
        return procedure_create(actor=actor, tthc_id=tthc_id, now=now)


def _locked(actor: Actor, tthc_id: int) -> Tthc:
    row = Tthc.objects.select_for_update().filter(pk=tthc_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return row


def _note(actor: Actor, row: Tthc, action: str, now: datetime, **what) -> None:
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=action, object_type="tthc",
        object_id=row.pk, at=now, **what,
    )  # fmt: skip
