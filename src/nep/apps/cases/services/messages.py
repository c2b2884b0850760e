"""Messages to cases: from other systems, from cases of this installation; kept until wanted."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from nep.apps.cases.models import Case, CaseCall, CaseLink, CaseMessage, CaseWait, FedSource
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import statuses
from nep.apps.cases.rules.waiting import LONGEST, MESSAGE, MOST_FIELDS, joining
from nep.apps.cases.services._started import internal_open
from nep.apps.cases.services._waking import ENDED, WAKING, case_wake
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.queries import VersionFacts
from nep.bpmn import MessageArrived, decode_state
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean, shorten
from nep.kernel.vietnamese import local

KEPT, TAKEN, LEFT = "kept", "taken", "left"
MOST_CHAINED = 5


@dataclass(frozen=True, slots=True)
class MessageTaken:
    """What became of a message: `state` is taken (the case went on) or kept (it will be wanted).

    `is_new` is False where the same message was taken before.
    """

    id: int
    case_code: str
    state: str
    is_new: bool


def message_take(
    *,
    source_id: int,
    now: datetime,
    case_code: str,
    name: str,
    data: Mapping[str, Any],
    idempotency_key: str,
) -> MessageTaken:
    """Take a message of another system for a case of its agency; the same key again answers alike.

    One that a case waits for moves it at once; one that its procedure waits for later, or while it
    is paused, is kept until then. Without a case code it opens a case of the internal procedure in
    force that begins with such a message.
    Raises Conflict("key_reused", "case_finished"); NotFound("case_unknown"); Refusal
    ("message_unknown", "message_data", "message_name").
    """
    source = FedSource.objects.get(pk=source_id)
    wanted, given = clean(name)[:120], _plain(data)
    if not wanted:
        raise Refusal("message_name", "Thông điệp phải có tên.", field="thong_diep")
    text = json.dumps([clean(case_code), wanted, given], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if known := _known(source, idempotency_key, digest):
        return known
    row = CaseMessage(
        agency_id=source.agency_id, way="in", name=wanted, key=idempotency_key[:200],
        digest=digest, source=source, data=json.dumps(given, ensure_ascii=False), at=now,
        state=KEPT,
    )  # fmt: skip
    try:
        with transaction.atomic():
            case = _target(source.agency_id, clean(case_code), row, given, now)
            return MessageTaken(row.pk, case.code, row.state, True)
    except IntegrityError:
        known = _known(source, idempotency_key, digest)
        if known is None:
            raise
        return known


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a message. Raises Refusal("message_data")."""
    if len(data) > MOST_FIELDS:
        raise Refusal("message_data", f"Thông điệp mang tối đa {MOST_FIELDS} trường.")
    for name, value in data.items():
        is_plain = isinstance(value, str | int | float | bool)
        if not is_plain or len(str(value)) > LONGEST or len(name) > 80:
            raise Refusal(
                "message_data",
                f"Trường “{name[:80]}” phải là chữ, số hoặc đúng/sai, dài tối đa {LONGEST} chữ.",
                field="du_lieu",
            )
    return dict(data)


def _known(source: FedSource, key: str, digest: str) -> MessageTaken | None:
    row = CaseMessage.objects.filter(source=source, key=key[:200]).select_related("case").first()
    if row is None:
        return None
    if row.digest != digest:
        raise Conflict(
            "key_reused", "Idempotency-Key này đã dùng cho một nội dung khác. Hãy đặt khóa mới."
        )
    return MessageTaken(row.pk, row.case.code if row.case else "", row.state, False)


def _target(
    agency_id: int, code: str, row: CaseMessage, given: Mapping[str, Any], now: datetime
) -> Case:
    """Let a message move its case, be kept for it, or open one; return the case."""
    if not code:
        return _started_by(agency_id, row, given, now)
    found = Case.objects.filter(agency_id=agency_id, code__iexact=code, origin="run").first()
    if found is None:
        raise NotFound("case_unknown", f"Cơ quan không có hồ sơ mã “{code}”.")
    case = Case.objects.select_for_update().get(pk=found.pk)
    if not _ever_wanted(case, row.name):
        raise Refusal(
            "message_unknown",
            f"Quy trình của hồ sơ {case.code} không chờ thông điệp “{row.name}”.",
            field="thong_diep",
        )
    if case.status in statuses.FINISHED - {statuses.DONE}:
        raise Conflict(
            "case_finished", f"Hồ sơ {case.code} đã kết thúc, không nhận thông điệp nữa."
        )
    row.case = case
    if trouble := _put(row, case, now):
        raise trouble  # the sender hears of it and sends again; nothing is kept
    return case


def _ever_wanted(case: Case, name: str) -> bool:
    waits = plan_for(case.content_hash).beyond.waits.values()
    return any(one.trigger is not None and one.trigger.name == name for one in waits)


def _put(row: CaseMessage, case: Case, now: datetime) -> Refusal | None:
    """Keep a message of a locked case, and let it wake the case where it waits for it now.

    Where the case cannot move by it, the message stays kept, the wait says why and waits for a
    person; return the refusal. Raises Conflict where somebody acts on the case at this moment.
    """
    row.case = case
    row.save(force_insert=row._state.adding)
    wait = CaseWait.objects.filter(
        case=case, closed_at=None, kind=MESSAGE, message=row.name
    ).order_by("id").first()  # fmt: skip
    if wait is None or case.status not in WAKING:
        return None
    read = plan_for(case.content_hash).beyond.reads
    joins = joining(json.loads(row.data), read)
    data = {**json.loads(case.data), **joins}
    told = {
        "message": row.pk, "name": row.name,
        "wait": {"id": wait.pk, "token": wait.token, "how": "arrived"},
    }  # fmt: skip
    try:
        with transaction.atomic():
            case_wake(
                case=case, event=MessageArrived(wait.token, wait.node, data), now=now,
                kind="message_arrived", told=told, joins=joins,
                ends={(wait.token, wait.node): "arrived"},
            )  # fmt: skip
    except Conflict:
        raise
    except Refusal as trouble:
        CaseWait.objects.filter(pk=wait.pk).update(trouble=shorten(trouble.message, 400))
        return trouble
    row.state, row.taken_at = TAKEN, now
    row.save(update_fields=["state", "taken_at"])
    return None


def messages_deliver(*, case_id: int, now: datetime) -> int:
    """Let the messages that were kept for a case move it, oldest first; return how many did.

    Repeating is harmless: what was taken is not taken again.
    """
    taken = 0
    kept = CaseMessage.objects.filter(case_id=case_id, way="in", state=KEPT).order_by("id")
    for pk in list(kept.values_list("pk", flat=True)):
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=case_id)
            row = CaseMessage.objects.filter(pk=pk, state=KEPT).first()
            if row is not None:
                _put(row, case, now)
                taken += row.state == TAKEN
    return taken


def message_route(*, message_id: int, now: datetime) -> int:
    """Give a message that a case sent to the cases it belongs to; return how many got it.

    Those are the cases tied to it, those that called it or that it called, as far as their
    procedures wait for it; where none does, an internal procedure that begins with it opens a case.
    Other systems fetch it by their key. Repeating is harmless.
    """
    sent = CaseMessage.objects.filter(pk=message_id, way="out").select_related("case").first()
    if sent is None or sent.case is None:
        return 0
    count = 0
    for case_id in _neighbours(sent.case):
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=case_id)
            is_over = case.status in statuses.FINISHED - {statuses.DONE}
            if is_over or not _ever_wanted(case, sent.name):
                continue
            count += 1
            if not CaseMessage.objects.filter(case=case, key=_key(sent), way="in").exists():
                _put(_copy(sent, case, now), case, now)
    return count or _opened_by(sent, now)


def _key(sent: CaseMessage) -> str:
    return f"ho-so:{sent.pk}"


def _copy(sent: CaseMessage, case: Case, now: datetime) -> CaseMessage:
    """Return what a case gets of a message: only the data that its own process reads."""
    read = joining(json.loads(sent.data), plan_for(case.content_hash).beyond.reads)
    return CaseMessage(
        id=new_id(), agency_id=sent.agency_id, way="in", name=sent.name, key=_key(sent),
        other_id=sent.case_id, data=json.dumps(read, ensure_ascii=False), at=now, state=KEPT,
    )  # fmt: skip


def _neighbours(case: Case) -> list[int]:
    """Return the cases of the agency that belong to a case, each once."""
    ties = CaseLink.objects.filter(Q(case=case) | Q(other=case))
    calls = CaseCall.objects.filter(Q(case=case) | Q(child=case)).exclude(child=None)
    pairs = [*ties.values_list("case_id", "other_id"), *calls.values_list("case_id", "child_id")]
    found = {one for pair in pairs for one in pair} - {case.pk}
    mine = Case.objects.filter(pk__in=found, agency_id=case.agency_id, origin="run")
    return list(mine.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _opened_by(sent: CaseMessage, now: datetime) -> int:
    """Open the case of a procedure that begins with a message sent here, once.

    Cases that open one another by messages without end are not opened; the journal says so.
    """
    row = CaseMessage.objects.select_for_update().get(pk=sent.pk)
    sender = sent.case
    version = next(_beginning_with(row.agency_id, row.name, now), None)
    if version is None or sender is None or row.other_id is not None:
        return 0
    if _is_endless(sender, row.name):
        journal.record(
            actor_id=None, agency_id=row.agency_id, action="case.message_endless",
            object_type="case", object_id=sender.pk, at=now,
            new={"code": sender.code, "name": row.name},
        )  # fmt: skip
        return 0
    case = _open(version, row, json.loads(row.data), now)
    row.other = case
    row.save(update_fields=["other"])
    CaseLink.objects.create(
        case=case,
        other=sender,
        kind="same",
        note=f"Thông điệp “{row.name}”"[:300],
        at=now,
    )
    return 1


def _is_endless(sender: Case, name: str) -> bool:
    """Say whether a message of this name opened its own sender, or too long a chain led to it."""
    begins = plan_for(sender.content_hash).beyond.starts_with == name
    came = CaseMessage.objects.filter(case=sender, way="in", name=name).exclude(source=None)
    if begins and came.exists():
        return True
    opener: int | None = sender.pk
    for place in range(MOST_CHAINED):
        sent = CaseMessage.objects.filter(other_id=opener, way="out").order_by("id").first()
        if sent is None or sent.case_id is None:
            return False
        if place == 0 and sent.name == name:
            return True
        opener = sent.case_id
    return True


def _started_by(agency_id: int, row: CaseMessage, given: Mapping[str, Any], now: datetime) -> Case:
    """Open a case by a message of another system."""
    version = next(_beginning_with(agency_id, row.name, now), None)
    if version is None:
        raise Refusal(
            "message_unknown",
            f"Không quy trình nội bộ nào đang áp dụng bắt đầu bằng thông điệp “{row.name}”. "
            "Hãy ghi mã hồ sơ nhận.",
            field="thong_diep",
        )
    case = _open(version, row, given, now)
    row.case, row.state, row.taken_at = case, TAKEN, now
    row.save(force_insert=True)
    return case


def _beginning_with(agency_id: int, name: str, now: datetime) -> Iterator[VersionFacts]:
    """Yield the internal procedures in force that begin with a message."""
    for one in procedures.versions_in_force(agency_id=agency_id, on=local(now).date()):
        if one.is_internal and plan_for(one.content_hash).beyond.starts_with == name:
            yield one


def _open(version: VersionFacts, row: CaseMessage, given: Mapping[str, Any], now: datetime) -> Case:
    read = plan_for(version.content_hash).beyond.reads
    case = internal_open(
        agency_id=row.agency_id, version=version, now=now, data=joining(given, read),
        note=f"Thông điệp “{row.name}”",
    )  # fmt: skip
    journal.record(
        actor_id=None, agency_id=row.agency_id, action="case.opened_by_message",
        object_type="case", object_id=case.pk, at=now, new={"code": case.code, "name": row.name},
    )  # fmt: skip
    return case


def messages_leave(*, case_id: int, now: datetime) -> int:
    """Give up the messages kept for a case that is over; return how many.

    One whose result is not yet handed out may still wait: of it nothing is given up until then.
    """
    case = Case.objects.get(pk=case_id)
    if case.status == statuses.DONE and case.state and decode_state(case.state).status != ENDED:
        return 0
    rows = CaseMessage.objects.filter(case_id=case_id, way="in", state=KEPT)
    return rows.update(state=LEFT, taken_at=now)
