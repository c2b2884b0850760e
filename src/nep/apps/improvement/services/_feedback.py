"""Feedback is written down, given to somebody, accepted, answered, ended, its sender erased."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from nep.apps.improvement import queries
from nep.apps.improvement.models import Feedback, FeedbackLimit, FeedbackMove
from nep.apps.improvement.rules import feedback as rules
from nep.apps.improvement.services._ground import end_of
from nep.apps.improvement.services._opening import known_unit
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean, clean_lines, fold, shorten
from nep.kernel.vietnamese import VN, local
from nep.worktime import deadline

SOURCE = "feedback"


@dataclass(frozen=True, slots=True)
class FeedbackValues:
    """What came: `sender` and `contact` are kept apart from everything else and may be empty."""

    kind: str
    channel: str
    received_on: date
    title: str
    text: str = ""
    sender: str = ""
    contact: str = ""
    owner_id: int | None = None


@transaction.atomic
def feedback_add(
    *, actor: Actor, values: FeedbackValues, now: datetime, case: Reference | None = None
) -> int:
    """Write feedback into the register with the limits of its kind; return its id.

    Without an owner it waits for the reception. Raises Forbidden; Refusal(see `decide_open`,
    "owner_unknown"). Source: see `reference/feedback_limits.toml`.
    """
    require(may(actor, "feedback.answer"))
    today, kinds = local(now).date(), queries.limits_of(actor.agency_id)
    require(
        rules.decide_open(
            kind=values.kind, channel=values.channel, title=values.title,
            received_on=values.received_on, today=today, kinds=kinds,
        ),
        kind=Refusal,
    )  # fmt: skip
    limit = kinds[values.kind]
    unit_id = known_unit(actor.agency_id, values.owner_id, None, today)
    row = Feedback.objects.create(
        agency_id=actor.agency_id, year=today.year,
        number=take_number(agency_id=actor.agency_id, book="phản hồi", year=today.year),
        kind=values.kind, channel=values.channel, received_on=values.received_on,
        title=clean(values.title)[:400], folded=fold(values.title)[:500],
        text=clean_lines(values.text), sender=clean(values.sender)[:200],
        contact=clean(values.contact)[:300], case_id=case.id if case else None,
        case_title=case.title if case else "", unit_id=unit_id, owner_id=values.owner_id,
        needs_acceptance=bool(limit.accept),
        accept_due_on=_due(actor.agency_id, values.received_on, limit.accept, limit.unit)
        if limit.accept else None,
        answer_due_on=_due(actor.agency_id, values.received_on, limit.answer, limit.unit),
        limit_words=limit.words, limit_source=limit.source[:400], limit_mark=limit.verified,
        added_by_id=actor.person_id, added_at=now, changed_at=now, version=0,
    )  # fmt: skip
    _item(row, actor, now)
    _stepped(actor, row, "open", f"{limit.label}: {limit.words}.", now)
    return row.id


@transaction.atomic
def feedback_limit_set(
    *, actor: Actor, kind: str, accept: int, answer: int, unit: str, source: str, now: datetime
) -> None:
    """Set how long the agency gives a kind of feedback from now on, and on what ground.

    What was received before keeps its days. Raises Forbidden; Refusal(`decide_limit`).
    """
    require(may(actor, "improvement.set"))
    old = queries.limits_of(actor.agency_id).get(kind)
    shipped = queries.limits().get(kind)
    require(
        rules.decide_limit(shipped, accept=accept, answer=answer, unit=unit, source=source),
        kind=Refusal,
    )
    FeedbackLimit.objects.update_or_create(
        agency_id=actor.agency_id, kind=kind,
        defaults={"accept": accept, "answer": answer, "unit": unit,
                  "source": clean(source)[:400], "changed_by_id": actor.person_id,
                  "changed_at": now},
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="feedback.limit_set",
        object_type="feedback_limit", object_id=kind, at=now, old={"limit": old.words if old else ""},
        new={"accept": accept, "answer": answer, "unit": unit}, reason=shorten(source, 1000),
    )  # fmt: skip


def _due(agency_id: int, received_on: date, days: int, unit: str) -> date:
    """Return the last day of a limit counted from the day after it came."""
    due = deadline(
        calendar=workcal.calendar_for(agency_id), amount=days,
        received_at=datetime.combine(received_on, time(8, 0), VN),
        unit="working_day" if unit == "working" else "calendar_day",
    ).due_at  # fmt: skip
    return local(due).date() if due else received_on


@transaction.atomic
def feedback_assign(*, actor: Actor, feedback_id: int, owner_id: int, now: datetime) -> None:
    """Give feedback to who handles it. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "feedback.answer"))
    row = _locked(actor, feedback_id)
    require(rules.decide_move(actor, facts_of(row), rules.ASSIGN), kind=Refusal)
    unit_id = known_unit(actor.agency_id, owner_id, None, local(now).date())
    row.owner_id, row.unit_id = owner_id, unit_id or row.unit_id
    _item(row, actor, now)
    name = organization.person_names([owner_id]).get(owner_id, "")
    _stepped(actor, row, rules.ASSIGN, name, now)


@transaction.atomic
def feedback_accept(*, actor: Actor, feedback_id: int, now: datetime) -> None:
    """Accept feedback for handling. Raises NotFound; Refusal(see `decide_move`)."""
    row = _moved(actor, feedback_id, rules.ACCEPT)
    row.state, row.accepted_at = rules.ACCEPTED, now
    _item(row, actor, now)
    _stepped(actor, row, rules.ACCEPT, "", now)


@transaction.atomic
def feedback_answer(
    *, actor: Actor, feedback_id: int, answer: str, number: str, founded: str, now: datetime
) -> None:
    """Answer feedback: what was found, and under which letter. Raises NotFound; Refusal."""
    row = _moved(actor, feedback_id, rules.ANSWER, words=answer, field="answer")
    if founded not in rules.FOUNDED_NAMES:
        raise Refusal("founded_missing", "Hãy chọn kết luận.", field="founded")
    row.state, row.answer, row.answer_number = (
        rules.ANSWERED,
        clean_lines(answer),
        clean(number)[:80],
    )
    row.founded, row.answered_at, row.answered_by_id = founded, now, actor.person_id
    _item(row, actor, now)
    _stepped(actor, row, rules.ANSWER, rules.FOUNDED_NAMES[founded], now)


@transaction.atomic
def feedback_end(*, actor: Actor, feedback_id: int, move: str, reason: str, now: datetime) -> None:
    """End feedback: close an answered one, refuse one that is not the agency's, or note that the
    sender has withdrawn it; the last two with a reason. Raises NotFound; Refusal."""
    if move not in {rules.CLOSE, rules.REFUSE, rules.WITHDRAW}:
        raise ValueError(move)
    row = _moved(actor, feedback_id, move, words=reason)
    row.state = rules.LIFE[row.state, move]
    row.ended_at, row.end_note = now, clean(reason)[:1000]
    _item(row, actor, now)
    _stepped(actor, row, move, row.end_note, now)


@transaction.atomic
def feedback_sender_erase(*, actor: Actor, feedback_id: int, reason: str, now: datetime) -> None:
    """Erase who sent an ended piece of feedback; what was said and answered stays.

    Raises NotFound; Refusal("sender_erased", see `decide_move`).
    Source: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 (xóa khi đã đạt mục đích; chưa xác minh).
    """
    row = _moved(actor, feedback_id, rules.ERASE, words=reason)
    if row.erased_at is not None:
        raise Refusal("sender_erased", "Thông tin người gửi đã được xóa.")
    row.sender, row.contact, row.erased_at = "", "", now
    _stepped(actor, row, rules.ERASE, clean(reason)[:1000], now)


def facts_of(row: Feedback) -> rules.Facts:
    """Return feedback as rules see it."""
    return rules.Facts(row.state, row.owner_id, row.needs_acceptance)


def _locked(actor: Actor, feedback_id: int) -> Feedback:
    row = (
        Feedback.objects.select_for_update(of=("self",))
        .filter(pk=feedback_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def _moved(
    actor: Actor, feedback_id: int, move: str, *, words: str = "", field: str = "reason"
) -> Feedback:
    """Return the row locked, once the rules let the move pass."""
    require(may(actor, "feedback.see"))
    row = _locked(actor, feedback_id)
    decision = rules.decide_move(actor, facts_of(row), move, words=words, field=field)
    require(decision, kind=Refusal)
    return row


def _stepped(actor: Actor, row: Feedback, move: str, text: str, now: datetime) -> None:
    row.changed_at, row.version = now, row.version + 1
    row.save()
    FeedbackMove.objects.create(
        feedback=row, move=move, state=row.state, text=text[:1000], by_id=actor.person_id, at=now
    )
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=f"feedback.{move}",
        object_type="feedback", object_id=row.id, at=now,
        new={"state": row.state, "kind": row.kind, "answer_due_on": row.answer_due_on},
        reason=text[:1000],
    )  # fmt: skip


def _item(row: Feedback, actor: Actor, now: datetime) -> None:
    """Close the work item and put what comes next before its person.

    Its title may leave the house in a letter and says nothing of what was written.
    """
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    row.item_id = None
    if row.state in rules.ENDED:
        return
    step, due_on = "Trả lời", row.answer_due_on
    if row.state == rules.RECEIVED and row.accept_due_on is not None:
        step, due_on = "Thụ lý", row.accept_due_on
    elif row.state == rules.ANSWERED:
        step = "Kết thúc"
    role, unit_id = ("", row.unit_id) if row.owner_id else _reception(row.agency_id, now)
    code = f"PH {row.number:02d}/{row.year}"
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="improvement", title=f"{step} phản hồi",
        detail=shorten(row.title, 400), link=f"/phan-hoi/{row.id}/", source_type=SOURCE,
        source_id=row.id, source_code=code, opened_at=now, due_at=end_of(row.agency_id, due_on),
        person_id=row.owner_id, role=role, unit_id=unit_id, step_label=step,
    )  # fmt: skip


def _reception(agency_id: int, now: datetime) -> tuple[str, int | None]:
    """Return (role, unit) of who handles feedback nobody was given: reception, else the secretary."""
    directory = organization.directory(agency_id=agency_id, today=local(now).date())
    for role in ("reception", "iso_secretary", "leader"):
        codes = sorted(code for code, held in directory.holders if held == role)
        if codes:
            unit = directory.unit(codes[0])
            return role, unit.id if unit else None
    return "reception", None
