"""Proof of reading: who is asked, who has read and understood, who is reminded."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.events import ReadingAcknowledged
from nep.apps.documents.models import Document, Reading, Recipient, Revision
from nep.apps.documents.ports import ReaderNote, readers_of
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.work.queries import open_items_of
from nep.apps.workcal.queries import calendar_for
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import publish
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import shorten
from nep.kernel.vietnamese import date_text, local
from nep.worktime import Calendar

READING = "document_reading"


def readings_make(*, document_id: int, now: datetime) -> int:
    """Ask whom the list reaches today, and whose work it changes, to read the revision in force;
    return how many are new.

    Whoever calls how often, each person is asked once for a revision. Who wrote, checked or
    approved it is not asked. Open readings of other revisions, and of people whom the list no
    longer reaches, end with their reason.
    """
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(pk=document_id).first()
        if document is None:
            return 0
        current = _in_force(document)
        if current is None:
            _end(Reading.objects.filter(document_id=document_id), rules.READ_WITHDRAWN, now)
            return 0
        old = Reading.objects.filter(document_id=document_id).exclude(revision_id=current.id)
        _end(old, rules.READ_REPLACED, now)
        today = local(now).date()
        notes = readers_of(document.kind, current.id, document.agency_id, today)
        wanted = _readers(document, current, notes, today)
        _end_unreached(document, current, wanted, now)
        return _ask(document, current, wanted, notes, now)


def readings_sync(*, now: datetime) -> int:
    """Bring the readings of every document in line with its list today; return how many are new.

    People who have come to a unit are asked, who has left is asked no more.
    """
    listed = Recipient.objects.filter(document__status="in_force").values("document_id")
    asked = Reading.objects.filter(acknowledged_at=None, ended_at=None).values("document_id")
    ids = Document.objects.filter(pk__in=listed.union(asked)).values_list("id", flat=True)
    return sum(readings_make(document_id=document_id, now=now) for document_id in list(ids))


def reading_acknowledge(
    *, actor: Actor, revision_id: int, answers: Mapping[int, int | None], now: datetime
) -> frozenset[int]:
    """State that the actor has read and understood a revision, once, for ever.

    `answers` maps question ids to the chosen options. Returns the questions answered wrongly, with
    which nothing is acknowledged and the count of wrong tries grows; empty when it is done.
    Raises NotFound, Conflict("reading_done", "reading_ended").
    """
    require(may(actor, "document.see"))
    with transaction.atomic():
        row = (
            Reading.objects.select_for_update()
            .filter(revision_id=revision_id, agency_id=actor.agency_id, person_id=actor.person_id)
            .first()
        )
        if row is None:
            raise NotFound("reading_unknown", "Bạn không được giao đọc bản này.")
        decision = rules.decide_acknowledge(
            is_mine=True, is_done=row.acknowledged_at is not None, end_reason=row.end_reason
        )
        require(decision, kind=Conflict)
        wrong = rules.wrong_answers(queries.asked_questions(revision_id), answers)
        if wrong:
            row.wrong_answers += 1
            row.save(update_fields=["wrong_answers"])
            _note(actor, row, "reading.answered_wrong", now, new={"wrong": len(wrong)})
            return wrong
        row.acknowledged_at = now
        row.first_seen_at = row.first_seen_at or now
        row.save(update_fields=["acknowledged_at", "first_seen_at"])
        _close_item(row.id, now, by_id=actor.person_id)
        _note(actor, row, "reading.acknowledged", now, new={"hash": row.revision.content_hash})
        publish(
            ReadingAcknowledged(
                agency_id=row.agency_id, revision_id=revision_id, person_id=actor.person_id
            ),
            agency_id=row.agency_id,
            at=now,
        )
    return frozenset()


def readings_hand_back(
    *, actor: Actor, person_id: int, reading_ids: Collection[int], reason: str, now: datetime
) -> int:
    """End what a leaving person has not read, as part of the hand-over; return how many.

    The person is not asked for these revisions again. Call it in the transaction of the hand-over;
    whoever hands over for the leaver may (`record.manage`). Raises Forbidden, NotFound.
    """
    require(may(actor, "record.manage"))
    rows = Reading.objects.select_for_update().filter(
        pk__in=list(reading_ids), agency_id=actor.agency_id, person_id=person_id
    )
    found = list(rows.order_by("id"))
    if len(found) != len(set(reading_ids)):
        raise NotFound()
    for row in found:
        if row.acknowledged_at is not None or row.ended_at is not None:
            continue
        row.ended_at, row.end_reason = now, f"{rules.READ_HANDED_BACK}: {reason}"[:300]
        row.save(update_fields=["ended_at", "end_reason"])
        _note(actor, row, "reading.handed_back", now, new={"person": person_id}, reason=reason)
    _withdraw_items([row.id for row in found], now)
    return len(found)


def readings_nudge(*, actor: Actor, document_id: int, now: datetime) -> int:
    """Remind everybody who has not read a document yet; return how many people got a line.

    A person gets one line a day, however many documents and however often this is pressed.
    Raises Refusal("nudged_today", "nobody_to_nudge").
    """
    require(may(actor, "document.manage"))
    document = Document.objects.filter(pk=document_id, agency_id=actor.agency_id).first()
    if document is None:
        raise NotFound()
    today = local(now).date()
    open_ = Reading.objects.filter(document_id=document_id, acknowledged_at=None, ended_at=None)
    people = sorted(set(open_.values_list("person_id", flat=True)))
    if not people:
        raise Refusal("nobody_to_nudge", "Mọi người đã đọc, không còn ai để nhắc.")
    if queries.nudged_on(document_id=document_id) == today:
        raise Refusal("nudged_today", "Hôm nay đã nhắc rồi. Mỗi tài liệu nhắc một lần một ngày.")
    with transaction.atomic():
        _remind(agency_id=actor.agency_id, people=people, now=now)
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="readings.nudged",
            object_type="document", object_id=document_id, at=now, new={"people": len(people)},
        )  # fmt: skip
    return len(people)


def readings_remind(*, now: datetime) -> int:
    """Remind who must read soon or should have; one line per person and working day.

    Returns how many people were reminded in this round.
    """
    today = local(now).date()
    agencies = Reading.objects.filter(acknowledged_at=None, ended_at=None)
    count = 0
    for agency_id in sorted(set(agencies.values_list("agency_id", flat=True))):
        calendar = calendar_for(agency_id)
        if not calendar.is_working_day(today):
            continue
        until = calendar.add_working_days(today, rules.REMIND_DAYS_BEFORE)
        due = agencies.filter(agency_id=agency_id, due_on__lte=until)
        people = sorted(set(due.values_list("person_id", flat=True)))
        with transaction.atomic():
            _remind(agency_id=agency_id, people=people, now=now)
        count += len(people)
    return count


def due_day(calendar: Calendar, now: datetime, *, days: int) -> date:
    """Return the day until which a revision that comes today is to be read; in working days."""
    return calendar.add_working_days(local(now).date(), days)


def _in_force(document: Document) -> Revision | None:
    rows = Revision.objects.filter(document_id=document.id, state=rules.IN_FORCE)
    return rows.select_related("document").first()


def _readers(
    document: Document, current: Revision, notes: Mapping[int, ReaderNote], today: date
) -> dict[int, rules.Seat]:
    targets = queries.targets_of(document.id, agency_id=document.agency_id, must_read=True)
    seats = queries.seats_of(agency_id=document.agency_id, today=today)
    made = {current.drafted_by_id, current.checked_by_id, current.approved_by_id}
    made |= set(current.authors.values_list("person_id", flat=True))
    by_unit = sorted(
        seats, key=lambda seat: seat.unit_id is not None
    )  # who sits in one stands there
    changed = {seat.person_id: seat for seat in by_unit if seat.person_id in notes}
    reached = changed | rules.people_reached(targets, seats)
    return {id_: seat for id_, seat in reached.items() if id_ not in made}


def _end_unreached(
    document: Document, current: Revision, wanted: Mapping[int, rules.Seat], now: datetime
) -> None:
    lost = Reading.objects.filter(revision_id=current.id).exclude(person_id__in=list(wanted))
    today = local(now).date()
    here = {seat.person_id for seat in queries.seats_of(agency_id=document.agency_id, today=today)}
    _end(lost.filter(person_id__in=here), rules.READ_NOT_REACHED, now)
    _end(lost.exclude(person_id__in=here), rules.READ_LEFT, now)


def _end(rows, reason: str, now: datetime) -> None:
    ids = list(rows.filter(acknowledged_at=None, ended_at=None).values_list("id", flat=True))
    if not ids:
        return
    Reading.objects.filter(pk__in=ids).update(ended_at=now, end_reason=reason)
    _withdraw_items(ids, now)
    first = Reading.objects.get(pk=ids[0])
    record(
        actor_id=None, agency_id=first.agency_id, action="readings.ended",
        object_type="document", object_id=first.document_id, at=now,
        new={"count": len(ids)}, reason=reason,
    )  # fmt: skip


def _ask(
    document: Document,
    current: Revision,
    wanted: Mapping[int, rules.Seat],
    notes: Mapping[int, ReaderNote],
    now: datetime,
) -> int:
    known = {row.person_id: row for row in Reading.objects.filter(revision_id=current.id)}
    calendar = calendar_for(document.agency_id)
    days = queries.reading_term(document.agency_id).days
    due_on = due_day(calendar, now, days=days)
    fresh = [
        Reading(
            agency_id=document.agency_id, document_id=document.id, revision_id=current.id,
            person_id=id_, unit_id=seat.unit_id, asked_at=now, due_on=due_on,
        )
        for id_, seat in wanted.items()
        if id_ not in known
    ]  # fmt: skip
    Reading.objects.bulk_create(fresh, batch_size=200)
    again = [
        row
        for id_, row in known.items()
        if id_ in wanted
        and row.ended_at is not None
        and not row.end_reason.startswith(rules.READ_HANDED_BACK)
    ]
    for row in again:
        row.ended_at, row.end_reason, row.asked_at, row.due_on = None, "", now, due_on
        row.save(update_fields=["ended_at", "end_reason", "asked_at", "due_on"])
    asked = [*fresh, *(row for row in again if row.acknowledged_at is None)]
    for row in asked:
        _open_item(document, current, row, calendar, now, notes.get(row.person_id))
    if asked:
        record(
            actor_id=None, agency_id=document.agency_id, action="readings.asked",
            object_type="revision", object_id=current.id, at=now,
            new={"people": [row.person_id for row in asked], "due_on": due_on},
        )  # fmt: skip
    return len(asked)


def _open_item(
    document: Document,
    current: Revision,
    row: Reading,
    calendar: Calendar,
    now: datetime,
    changed: ReaderNote | None = None,
) -> None:
    until = f"Đọc và xác nhận trước hết ngày {date_text(row.due_on)}."
    said = shorten(" ".join(f"{words}." for words in changed.words), 400) if changed else ""
    number = rules.revision_text(current.issue, current.amendment)
    work.item_open(
        batch=None,
        agency_id=document.agency_id,
        kind="reading",
        title=f"Đọc {document.title}"[:300],
        detail=f"{document.code}, {number}",
        link=f"/tai-lieu/{document.id}/",
        source_type=READING,
        source_id=row.id,
        source_code=document.code[:60],
        step_label="Cần đọc",
        person_id=row.person_id,
        opened_at=now,
        due_at=calendar.day_close(row.due_on),
        note=f"{said} {until}".strip(),
    )


def _close_item(reading_id: int, now: datetime, *, by_id: int) -> None:
    for item in open_items_of(source_type=READING, source_id=reading_id):
        work.item_close(batch=None, item_id=item.id, at=now, by_id=by_id)


def _withdraw_items(reading_ids: Iterable[int], now: datetime) -> None:
    for reading_id in reading_ids:
        work.items_withdraw_of(source_type=READING, source_id=reading_id, at=now, by_id=None)


def _remind(*, agency_id: int, people: Iterable[int], now: datetime) -> None:
    today = local(now).date()
    for person_id in people:
        mine = queries.to_read(person_id=person_id, agency_id=agency_id, today=today)
        if not mine:
            continue
        late = sum(1 for one in mine if one.is_late)
        work.notice_add(
            person_id=person_id,
            agency_id=agency_id,
            key=f"reading:{today.isoformat()}",
            text=rules.reminder_text(count=len(mine), late=late),
            detail="; ".join(f"{one.code} {one.title}" for one in mine[:3]),
            icon="file-check",
            link=f"/tai-lieu/{mine[0].document_id}/" if len(mine) == 1 else "/tai-lieu/can-doc/",
            at=now,
            kind="reading",
        )


def _note(actor: Actor, row: Reading, action: str, now: datetime, **what) -> None:
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=action,
        object_type="revision", object_id=row.revision_id, at=now, **what,
    )  # fmt: skip
