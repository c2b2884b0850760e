"""Files that leave for good: to the archive, to destruction."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError

from nep.apps.organization.rules import Actor, may
from nep.apps.records import rules
from nep.apps.records.models import (
    Disposal,
    DisposalLine,
    Record,
    RecordEdition,
    RecordFile,
    Transfer,
    TransferLine,
)
from nep.apps.records.services._ground import is_held, is_in_disposal, locked_file, note, save_file
from nep.foundation.files import services as files
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


@transaction.atomic
def transfer_make(
    *,
    actor: Actor,
    file_ids: Sequence[int],
    receiver: str,
    receiver_position: str,
    remark: str,
    now: datetime,
) -> int:
    """Hand closed files over to the archive under one numbered record; return its id.

    All of them or none. Raises Forbidden; NotFound; Refusal(see `decide_transfer`,
    "receiver_missing", "files_missing").
    Source: Nghị định 30/2020/NĐ-CP Điều 30 (mục lục hồ sơ nộp lưu, biên bản giao nhận).
    """
    require(may(actor, "record.manage"))
    if not clean(receiver):
        raise Refusal("receiver_missing", "Hãy ghi họ tên người nhận.", field="receiver")
    rows = _files(actor, file_ids)
    for row in rows:
        require(
            rules.decide_transfer(
                row.state, name=row.code, years=row.retention_years,
                is_permanent=row.is_permanent, is_in_disposal=is_in_disposal(row.id),
            ),
            kind=Refusal,
        )  # fmt: skip
    today = local(now).date()
    transfer = Transfer.objects.create(
        agency_id=actor.agency_id, year=today.year,
        number=take_number(agency_id=actor.agency_id, book="nộp lưu", year=today.year),
        giver_id=actor.person_id, receiver=clean(receiver)[:200],
        receiver_position=clean(receiver_position)[:120], note=clean(remark)[:600], made_at=now,
    )  # fmt: skip
    for place, row in enumerate(rows, start=1):
        TransferLine.objects.create(transfer=transfer, file=row, position=place)
        row.state, row.transferred_on = rules.TRANSFERRED, today
        save_file(row, now=now)
    note(
        actor, agency_id=actor.agency_id, action="transfer.made", object_type="transfer",
        object_id=transfer.id, at=now,
        new={"number": transfer.number, "receiver": transfer.receiver,
             "files": [row.code for row in rows]},
    )  # fmt: skip
    return transfer.id


@transaction.atomic
def transfer_cancel(*, actor: Actor, transfer_id: int, reason: str, now: datetime) -> None:
    """Cancel the minutes of a hand-over made by mistake: its files stand closed here again.

    The minutes stay with their number and say that they are void. Raises Forbidden; NotFound;
    Refusal("transfer_cancelled", "reason_missing").
    """
    require(may(actor, "record.manage"))
    row = (
        Transfer.objects.select_for_update(of=("self",))
        .filter(pk=transfer_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    if row.cancelled_at is not None:
        raise Refusal("transfer_cancelled", "Biên bản này đã hủy rồi.")
    require(rules.decide_reason(reason), kind=Refusal)
    lines = TransferLine.objects.filter(transfer=row)
    rows = _files(actor, list(lines.values_list("file_id", flat=True)))
    for file in rows:
        file.state, file.transferred_on = rules.CLOSED, None
        save_file(file, now=now)
    lines.update(is_live=False)
    row.cancelled_at, row.cancelled_by_id = now, actor.person_id
    row.cancelled_reason = clean(reason)[:600]
    row.save()
    note(
        actor, agency_id=row.agency_id, action="transfer.cancelled", object_type="transfer",
        object_id=row.id, at=now, new={"files": [file.code for file in rows]},
        reason=row.cancelled_reason,
    )  # fmt: skip


@transaction.atomic
def disposal_propose(*, actor: Actor, file_ids: Sequence[int], remark: str, now: datetime) -> int:
    """Propose files whose retention is over for disposal; return the disposal's id.

    All of them or none. Raises Forbidden; NotFound; Refusal(see `decide_proposal`,
    "files_missing").
    """
    require(may(actor, "record.manage"))
    today = local(now).date()
    rows = _files(actor, file_ids)
    for row in rows:
        _require_due(row, today, is_own=False)
    disposal = Disposal.objects.create(
        agency_id=actor.agency_id, year=today.year,
        number=take_number(agency_id=actor.agency_id, book="tiêu hủy", year=today.year),
        proposed_by_id=actor.person_id, proposed_at=now, note=clean(remark)[:600],
    )  # fmt: skip
    DisposalLine.objects.bulk_create(
        [
            DisposalLine(
                disposal=disposal, file=row, position=place, code=row.code, title=row.title,
                retention=rules.retention_text(
                    years=row.retention_years, is_permanent=row.is_permanent
                ),
                retain_until=row.retain_until or today, record_count=row.records.count(),
            )
            for place, row in enumerate(rows, start=1)
        ]
    )  # fmt: skip
    note(
        actor, agency_id=actor.agency_id, action="disposal.proposed", object_type="disposal",
        object_id=disposal.id, at=now, new={"files": [row.code for row in rows]},
    )  # fmt: skip
    return disposal.id


@transaction.atomic
def disposal_approve(
    *,
    actor: Actor,
    disposal_id: int,
    council: str,
    decision_number: str,
    decision_on: date | None,
    now: datetime,
) -> None:
    """Approve a disposal under a decision of the agency; who proposed it may not.

    Raises Forbidden; NotFound; Refusal(see `decide_approval`).
    """
    require(may(actor, "record.approve"))
    row = _disposal(actor, disposal_id)
    require(
        rules.decide_approval(
            state=row.state, proposer_id=row.proposed_by_id, actor_id=actor.person_id,
            council=council, decision_number=decision_number, decision_on=decision_on,
            today=local(now).date(),
        ),
        kind=Refusal,
    )  # fmt: skip
    row.state, row.council = "approved", clean(council)[:400]
    row.decision_number, row.decision_on = clean(decision_number)[:120], decision_on
    row.approved_by_id, row.approved_at, row.version = actor.person_id, now, row.version + 1
    row.save()
    note(
        actor, agency_id=row.agency_id, action="disposal.approved", object_type="disposal",
        object_id=row.id, at=now,
        new={"decision": row.decision_number, "on": decision_on, "council": row.council},
    )  # fmt: skip


@transaction.atomic
def disposal_reject(*, actor: Actor, disposal_id: int, reason: str, now: datetime) -> None:
    """Refuse a disposal; its files stay. Raises Forbidden; NotFound; Refusal("reason_missing")."""
    require(may(actor, "record.approve"))
    row = _disposal(actor, disposal_id)
    if row.state not in {"proposed", "approved"}:
        raise Refusal("disposal_state", "Danh mục này đã kết thúc.")
    require(rules.decide_reason(reason), kind=Refusal)
    row.state, row.rejected_reason, row.version = "rejected", clean(reason)[:600], row.version + 1
    row.save()
    row.lines.update(is_live=False)
    note(
        actor, agency_id=row.agency_id, action="disposal.rejected", object_type="disposal",
        object_id=row.id, at=now, reason=row.rejected_reason,
    )  # fmt: skip


@transaction.atomic
def disposal_execute(*, actor: Actor, disposal_id: int, now: datetime) -> int:
    """Destroy the files of an approved disposal; return how many records lost their bytes.

    Bytes go unless another row still names them; of each file and record a stub stays with code,
    title, days and hash. A file held back meanwhile stops the whole. Raises Forbidden; NotFound;
    Refusal(see `decide_execution`, `decide_proposal`).
    """
    require(may(actor, "record.manage"))
    row = _disposal(actor, disposal_id)
    require(
        rules.decide_execution(
            state=row.state, approver_id=row.approved_by_id, actor_id=actor.person_id
        ),
        kind=Refusal,
    )
    today = local(now).date()
    removed = 0
    for line in row.lines.order_by("position"):
        file = locked_file(row.agency_id, line.file_id)
        _require_due(file, today, is_own=True)
        removed += _destroy(file, line, now)
    row.state, row.executed_by_id, row.executed_at = "executed", actor.person_id, now
    row.version += 1
    row.save()
    note(
        actor, agency_id=row.agency_id, action="disposal.executed", object_type="disposal",
        object_id=row.id, at=now,
        new={"decision": row.decision_number, "files": row.lines.count(), "records": removed},
    )  # fmt: skip
    return removed


def _destroy(file: RecordFile, line: DisposalLine, now: datetime) -> int:
    records = list(Record.objects.filter(file=file).order_by("number"))
    line.hashes = [
        {"number": one.number, "title": one.title, "sha256": one.sha256} for one in records
    ]
    line.record_count = len(records)
    line.save(update_fields=["hashes", "record_count"])
    stored = [one.stored_file_id for one in records if one.stored_file_id]
    before = RecordEdition.objects.filter(record__file=file, stored_file__isnull=False)
    stored += before.values_list("stored_file_id", flat=True)
    before.update(stored_file=None)
    Record.objects.filter(file=file).update(stored_file=None, destroyed_at=now, changed_at=now)
    once = set(stored)
    for file_id in once:
        _forget(file_id)
    file.state, file.destroyed_on = rules.DESTROYED, local(now).date()
    save_file(file, now=now)
    return len(once)


def _forget(file_id: int) -> None:
    """Remove a stored file, unless another part still names it (a revision, a filled form)."""
    with suppress(ProtectedError), transaction.atomic():
        files.forget(file_id=file_id)


def _require_due(row: RecordFile, today: date, *, is_own: bool) -> None:
    require(
        rules.decide_proposal(
            name=row.code, state=row.state, until=row.retain_until,
            is_permanent=row.is_permanent, is_held=is_held(row.id),
            is_in_disposal=not is_own and is_in_disposal(row.id), today=today,
        ),
        kind=Refusal,
    )  # fmt: skip


def _files(actor: Actor, file_ids: Sequence[int]) -> list[RecordFile]:
    """Return the files locked in one order, so that two who take the same never wait in a ring."""
    wanted = sorted(set(file_ids))
    if not wanted:
        raise Refusal("files_missing", "Hãy chọn ít nhất một hồ sơ.", field="files")
    rows = [locked_file(actor.agency_id, id_) for id_ in wanted]
    return sorted(rows, key=lambda row: row.code)


def _disposal(actor: Actor, disposal_id: int) -> Disposal:
    row = (
        Disposal.objects.select_for_update(of=("self",))
        .filter(pk=disposal_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row
