"""What a person does with an entry: add, write a further edition, abolish, restore."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import TruncDate

from nep.apps.catalogue import rules
from nep.apps.catalogue.events import CatalogueChanged
from nep.apps.catalogue.models import Entry, EntryEdition
from nep.apps.catalogue.services._writing import (
    Incoming,
    Portion,
    add_edition,
    show,
    turns_of,
)
from nep.apps.organization.rules import Actor, may
from nep.foundation.db import new_id
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import publish
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import VN, local


def entry_add(
    *, actor: Actor, code: str, value: rules.Published, effective_from: date | None, now: datetime
) -> str:
    """Add an entry by hand; return its base code.

    Raises Forbidden; Refusal("code_malformed", "code_taken", "name_missing").
    """
    require(may(actor, "catalogue.manage"))
    known = rules.base_and_full(code)
    if known is None:
        raise Refusal(
            "code_malformed", "Mã thủ tục phải có dạng 1.012766 hoặc 1.012766.H05.", field="code"
        )
    told = _told(value)
    with transaction.atomic():
        if Entry.objects.filter(code=known[0]).exists():
            raise Refusal("code_taken", f"Danh mục đã có mã {known[0]}.", field="code")
        portion = _portion(actor, now)
        entry = Entry(
            id=new_id(), code=known[0], full_code=known[1], effective_from=effective_from,
            changed_at=now, version=0,
        )  # fmt: skip
        portion.born.append(entry)
        add_edition(portion, entry, told, effective_from)
        portion.save()
        _note(actor, entry, "catalogue.added", now, new={"name": told.name})
    return entry.code


def entry_edit(
    *,
    actor: Actor,
    code: str,
    version: int,
    value: rules.Published,
    effective_from: date | None,
    now: datetime,
) -> bool:
    """Write a further edition of an entry; say whether anything differs from what holds until then.

    What the form does not show (steps, ways to hand in) stays as it was. Raises Forbidden, NotFound,
    Conflict("entry_changed"), Refusal("name_missing").
    """
    require(may(actor, "catalogue.manage"))
    told = _told(value)
    with transaction.atomic():
        entry = _locked(code, version)
        portion = _portion(actor, now)
        portion.load([code])
        day = max(effective_from or portion.how.today, portion.how.today)
        base = portion.standing(entry, on=day)
        if rules.content_hash(told) == base.content_hash:
            return False
        add_edition(portion, entry, told, effective_from)
        portion.save()
        changed = rules.differences(rules.published(base.content), told)
        _note(actor, entry, "catalogue.edited", now, new={"fields": [one.field for one in changed]})
    return True


def entry_abolish(
    *, actor: Actor, code: str, version: int, decision: str, on: date | None, now: datetime
) -> None:
    """Abolish an entry by a decision from a day on.

    Source: Nghị định 63/2010/NĐ-CP (công bố bãi bỏ thủ tục hành chính). Raises Forbidden, NotFound, Conflict, Refusal.
    """
    require(may(actor, "catalogue.manage"))
    with transaction.atomic():
        entry = _locked(code, version)
        require(
            rules.decide_abolition(decision=decision, effective_from=entry.effective_from, on=on),
            kind=Refusal,
        )
        entry.abolished_from, entry.abolition = on, clean(decision)[:200]
        entry.version, entry.changed_at = entry.version + 1, now
        entry.save()
        _note(actor, entry, "catalogue.abolished", now, new={"by": entry.abolition, "from": on})


def entry_restore(*, actor: Actor, code: str, version: int, reason: str, now: datetime) -> None:
    """Take an abolition back, with the decision that publishes the entry again as reason.

    Raises Forbidden, NotFound, Conflict, Refusal("reason_missing", "not_abolished").
    """
    require(may(actor, "catalogue.manage"))
    if len(clean(reason)) < 5:
        raise Refusal(
            "reason_missing", "Hãy ghi quyết định công bố lại hoặc lý do.", field="reason"
        )
    with transaction.atomic():
        entry = _locked(code, version)
        if entry.abolished_from is None:
            raise Refusal("not_abolished", "Thủ tục này không bị bãi bỏ.")
        old = {"by": entry.abolition, "from": entry.abolished_from}
        entry.abolished_from, entry.abolition = None, ""
        entry.version, entry.changed_at = entry.version + 1, now
        entry.save()
        _note(actor, entry, "catalogue.restored", now, old=old, reason=clean(reason)[:1000])


def editions_take_force(*, now: datetime) -> int:
    """Show the editions whose day has come; return of how many entries. Idempotent."""
    today, done = local(now).date(), 0
    dated = EntryEdition.objects.filter(effective_from__isnull=False, effective_from__lte=today)
    came = dated.filter(effective_from__gt=TruncDate("at", tzinfo=VN))  # published beforehand
    hidden = came.exclude(number=F("entry__edition")).order_by("entry_id")
    for entry_id in hidden.values_list("entry_id", flat=True).distinct():
        with transaction.atomic():
            row = Entry.objects.select_for_update().get(pk=entry_id)
            if _take_force(row, today, now):
                publish(CatalogueChanged((row.code,)), agency_id=None, at=now)
                done += 1
    return done


def _take_force(row: Entry, today: date, now: datetime) -> bool:
    """Take the turns that have come one after the other; say whether anything else is shown now.

    What was published meanwhile stays: an edition brings what it changed of the one it was written on,
    as a further edition where that is not what it was written as.
    """
    editions = {one.number: one for one in row.editions.order_by("number")}
    turns, before = turns_of(editions.values()), row.edition
    for turn in rules.due(turns, shown=row.edition, on=today):
        coming, shown = editions[turn.number], editions[row.edition]
        value, base = rules.published(coming.content), rules.base_of(turn, turns)
        if base is not None and base != shown.number:
            value = rules.rebased(
                value, base=rules.published(editions[base].content),
                shown=rules.published(shown.content),
            )  # fmt: skip
        if rules.content_hash(value) == shown.content_hash:
            continue
        if rules.content_hash(value) != coming.content_hash:
            coming = _further(coming, value, max(editions) + 1, now)
            editions[coming.number] = coming
        show(row, value, coming.number, now=now)
    if row.edition == before:
        return False
    row.save()
    return True


def _further(of: EntryEdition, value: rules.Published, number: int, now: datetime) -> EntryEdition:
    return EntryEdition.objects.create(
        id=new_id(), entry_id=of.entry_id, number=number, content=rules.text_of(value),
        content_hash=rules.content_hash(value), decision=of.decision,
        effective_from=of.effective_from, source=of.source, person_id=of.person_id, at=now,
    )  # fmt: skip


def _told(value: rules.Published) -> rules.Published:
    told = rules.cleaned(value)
    if not told.name:
        raise Refusal("name_missing", "Hãy ghi tên thủ tục.", field="name")
    return told


def _portion(actor: Actor, now: datetime) -> Portion:
    return Portion(
        Incoming(
            source="hand", kind="current", decision="", on=None, overwrite=True,
            person_id=actor.person_id or None, now=now, today=local(now).date(),
        )
    )  # fmt: skip


def _locked(code: str, version: int) -> Entry:
    entry = Entry.objects.select_for_update().filter(code=code).first()
    if entry is None:
        raise NotFound()
    if entry.version != version:
        raise Conflict("entry_changed", "Người khác vừa sửa thủ tục này. Hãy mở lại để xem.")
    return entry


def _note(actor: Actor, entry: Entry, action: str, now: datetime, **what) -> None:
    record(
        actor_id=actor.person_id or None, agency_id=actor.agency_id or None, action=action,
        object_type="catalogue_entry", object_id=entry.code, at=now, **what,
    )  # fmt: skip
    publish(CatalogueChanged((entry.code,)), agency_id=None, at=now)
