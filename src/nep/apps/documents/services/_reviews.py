"""Reviews on their day: when the next one is due, who is asked, how it ended."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document, Review, ReviewInterval
from nep.apps.documents.services._requests import request_ask
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.work.queries import open_items_of
from nep.apps.workcal.queries import calendar_for
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import date_text, local
from nep.worktime import OutsideCalendar

REVIEW = "document_review"
log = logging.getLogger(__name__)


def review_plan(*, document_id: int, now: datetime) -> None:
    """Set the day of the next review of a document that has come into force.

    An open review of the version before is overtaken. Whoever calls how often, the day is the
    same: the first day in force and the interval of the kind.
    """
    with transaction.atomic():
        row = Document.objects.select_for_update().filter(pk=document_id).first()
        if row is None:
            return
        for review in Review.objects.filter(document_id=row.id, result=""):
            if row.current_id != review.revision_id:
                _close(review, rules.OVERTAKEN, "", None, now)
        _set_day(row, now)


def reviews_open(*, now: datetime) -> int:
    """Open the reviews that are due within 30 days, each with one work item; return how many."""
    until = local(now).date() + rules.AHEAD
    due = Document.objects.filter(status="in_force", next_review_on__lte=until)
    waiting = due.exclude(reviews__result="").values_list("id", flat=True)
    return sum(_opened(document_id, now) for document_id in list(waiting))


def _opened(document_id: int, now: datetime) -> int:
    """Open one review; a fault of one document stops no other's."""
    try:
        return _open(document_id, now)
    except Exception:
        log.exception("review of document %s not opened", document_id)
        return 0


def reviews_remind(*, now: datetime) -> int:
    """Tell who reviews of everything that is due, one line a person and week; return how many.

    Weekly from 30 days before the due day until the review is done, on working days only. What is
    more than 30 days late is told to the ISO secretary too.
    """
    today = local(now).date()
    lines: dict[tuple[int, int], list[date]] = {}
    for review in Review.objects.filter(result="").select_related("document"):
        if not calendar_for(review.agency_id).is_working_day(today):
            continue
        people = set(_reviewers(review.document, today))
        if review.due_on < today - rules.LONG_LATE:
            people |= set(_secretaries(review.agency_id, today))
        for person_id in sorted(people):
            lines.setdefault((review.agency_id, person_id), []).append(review.due_on)
    year, week, _day = today.isocalendar()
    for (agency_id, person_id), days in lines.items():
        late = sum(1 for day in days if day < today)
        near = sum(1 for day in days if today <= day <= today + rules.NEAR)
        work.notice_add(
            person_id=person_id, agency_id=agency_id, key=f"review:{year}-{week}",
            text=rules.review_reminder(soon=len(days) - late - near, near=near, late=late),
            link="/tai-lieu/soat-xet/", icon="calendar-days", at=now,
        )  # fmt: skip
    return len(lines)


def review_end(
    *, actor: Actor, review_id: int, result: str, note: str, version: int, now: datetime
) -> int | None:
    """Say how a review ended; return the request for change it led to, if any.

    "valid" moves the next review by the interval; "change" and "withdraw" ask for it with the
    note as the reason. Raises NotFound, Forbidden, Conflict("review_closed"), Refusal.
    """
    with transaction.atomic():
        review = (
            Review.objects.select_for_update()
            .filter(pk=review_id, agency_id=actor.agency_id)
            .select_related("document")
            .first()
        )
        if review is None or not queries.may_see(actor, document_id=review.document_id):
            raise NotFound()
        document = review.document
        require(rules.may_review(actor, owner_unit_id=document.owner_unit_id))
        if review.version != version or review.result:
            raise Conflict(
                "review_closed", "Người khác vừa ghi kết quả soát xét này. Hãy tải lại trang."
            )
        note = clean(note)[:1000]
        require(rules.decide_review(result=result, note=note, is_open=True), kind=Refusal)
        if result != rules.VALID:
            review.request_id = request_ask(
                actor=actor, wish=result, document_id=document.id,
                reason=f"Kết quả soát xét định kỳ: {note}"[:1000], content=note, now=now,
            )  # fmt: skip
        _close(review, result, note, actor, now)
        _set_day(document, now)
    return review.request_id


@transaction.atomic
def reviews_hold(
    *, actor: Actor, chosen: Sequence[tuple[int, int]], note: str, now: datetime
) -> int:
    """State that several documents were looked at and still hold; return how many.

    `chosen` are (review, version) as they were shown, `note` is what was looked at. Raises what
    `review_end` raises; Refusal("nothing_chosen", "note_missing").
    """
    if not chosen:
        raise Refusal("nothing_chosen", "Hãy chọn ít nhất một tài liệu.")
    if len(clean(note)) < rules.LEAST_NOTE:
        raise Refusal("note_missing", "Hãy ghi đã xem gì để kết luận.", field="note")
    for review_id, version in chosen:
        review_end(
            actor=actor,
            review_id=review_id,
            result=rules.VALID,
            note=note,
            version=version,
            now=now,
        )
    return len(chosen)


def review_interval_set(
    *, actor: Actor, kind: str, months: int, version: int, now: datetime
) -> None:
    """Set after how many months documents of a kind are reviewed in the actor's agency.

    The days of documents in force move with it. `version` is 0 while the proposal stands. Raises
    Refusal, Conflict.
    """
    require(may(actor, "document.manage"))
    if kind not in rules.DEFAULT_MONTHS:
        raise Refusal("kind_unknown", "Hãy chọn loại tài liệu trong danh sách.", field="kind")
    require(rules.decide_interval(months), kind=Refusal)
    with transaction.atomic():
        rows = ReviewInterval.objects.select_for_update()
        row = rows.filter(agency_id=actor.agency_id, kind=kind).first()
        if (row.version if row else 0) != version:
            raise Conflict("interval_changed", "Chu kỳ vừa được người khác sửa. Hãy tải lại trang.")
        old = row.months if row else None
        row = row or ReviewInterval(agency_id=actor.agency_id, kind=kind, version=0)
        row.months, row.version = months, row.version + 1
        row.save()
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="review_interval.set",
            object_type="review_interval", object_id=row.id, at=now, old=old,
            new={"kind": kind, "months": months},
        )  # fmt: skip
        held = Document.objects.filter(agency_id=actor.agency_id, kind=kind, status="in_force")
        for document in held.exclude(reviews__result=""):
            _set_day(document, now)


def _set_day(row: Document, now: datetime) -> None:
    """Write the day of the next review: from the last one, else from the first day in force."""
    day: date | None = None
    if row.status == "in_force" and row.in_force_since and row.current_id is not None:
        months = row.review_months or queries.review_months(row.agency_id, row.kind)
        done = Review.objects.filter(
            document_id=row.id, revision_id=row.current_id, result__in=rules.CHOSEN_RESULTS
        ).aggregate(last=Max("done_at"))["last"]
        day = rules.add_months(local(done).date() if done else row.in_force_since, months)
    if row.next_review_on != day:
        Document.objects.filter(pk=row.id).update(next_review_on=day)
        record(
            actor_id=None, agency_id=row.agency_id, action="review.planned",
            object_type="document", object_id=row.id, at=now, old=row.next_review_on, new=day,
        )  # fmt: skip
        row.next_review_on = day


def _open(document_id: int, now: datetime) -> int:
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=document_id)
        if (
            row.status != "in_force"
            or row.next_review_on is None
            or row.current_id is None
            or Review.objects.filter(document_id=row.id, result="").exists()
        ):
            return 0
        review = Review.objects.create(
            agency_id=row.agency_id, document_id=row.id, revision_id=row.current_id,
            due_on=row.next_review_on, opened_at=now,
        )  # fmt: skip
        _lay_before(row, review, now)
        record(
            actor_id=None, agency_id=row.agency_id, action="review.opened",
            object_type="document", object_id=row.id, at=now, new={"due_on": review.due_on},
        )  # fmt: skip
    return 1


def _lay_before(row: Document, review: Review, now: datetime) -> None:
    """Give the review to the heads of the owner unit, else to each ISO secretary."""
    for person_id in _reviewers(row, local(now).date()):
        work.item_open(
            batch=None,
            agency_id=row.agency_id,
            kind="document",
            title=f"Soát xét {row.title}"[:300],
            detail=row.code,
            link=f"/tai-lieu/soat-xet/{review.id}/",
            source_type=REVIEW,
            source_id=review.id,
            source_code=row.code[:60],
            step_label="Soát xét định kỳ",
            person_id=person_id,
            opened_at=now,
            due_at=_closing(row.agency_id, review.due_on, now),
            note=f"Ghi kết quả trước hết ngày {date_text(review.due_on)}.",
        )


def _closing(agency_id: int, day: date, now: datetime) -> datetime:
    """Return when the office closes on a day; today where the calendars begin later."""
    calendar = calendar_for(agency_id)
    try:
        return calendar.day_close(day)
    except OutsideCalendar:
        return calendar.day_close(local(now).date())


def _close(review: Review, result: str, note: str, actor: Actor | None, now: datetime) -> None:
    by_id = actor.person_id if actor else None
    review.result, review.note, review.done_at = result, note, now
    review.done_by_id, review.version = by_id, review.version + 1
    review.save()
    if actor is None:
        work.items_withdraw_of(source_type=REVIEW, source_id=review.id, at=now, by_id=None)
    for item in open_items_of(source_type=REVIEW, source_id=review.id):
        work.item_close(batch=None, item_id=item.id, at=now, by_id=by_id)
    record(
        actor_id=by_id, agency_id=review.agency_id, action="review.ended",
        object_type="document", object_id=review.document_id, at=now, new=result, reason=note,
    )  # fmt: skip


def _heads(row: Document, today: date) -> tuple[int, ...]:
    units = {unit.id: unit.code for unit in organization.units_of(row.agency_id)}
    code = units.get(row.owner_unit_id) if row.owner_unit_id else None
    if code is None:
        return ()
    people = organization.people_for(
        agency_id=row.agency_id, today=today, unit_code=code, role="unit_head"
    )
    return tuple(person.id for person in people)


def _reviewers(row: Document, today: date) -> tuple[int, ...]:
    """Return who reviews a document: the owner unit's head, else the ISO secretary."""
    heads = _heads(row, today)
    if heads:
        return heads
    return _secretaries(row.agency_id, today)


def _secretaries(agency_id: int, today: date) -> tuple[int, ...]:
    people = organization.people_for(agency_id=agency_id, today=today, role="iso_secretary")
    return tuple(person.id for person in people)
