"""A record gets a further edition of its bytes; those before stay beside it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from nep.apps.records import rules
from nep.apps.records.models import Record, RecordEdition
from nep.apps.records.services._ground import locked_file, note, touch_file
from nep.foundation.files import queries as files
from nep.foundation.files.queries import FileFacts
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class EditionOutcome:
    """What became of a further edition; `keeper_id` keeps the file that takes nothing more."""

    record_id: int
    is_taken: bool
    is_new: bool
    file_id: int | None = None
    file_code: str = ""
    keeper_id: int | None = None


@transaction.atomic
def record_edition(
    *, agency_id: int, source_type: str, source_id: int, file_id: int, reason: str, now: datetime
) -> EditionOutcome | None:
    """Have the record of a source hold other bytes, the old ones kept as an edition before.

    For subscribers, as `record_collect`: nobody's permission is asked, and repeating it changes
    nothing. A file that is no longer open takes nothing more: the record stays as it was, which
    the journal and the outcome tell. None when the source has no record. Raises NotFound for a
    stored file of another agency.
    """
    row = (
        Record.objects.select_for_update(of=("self",))
        .filter(agency_id=agency_id, source_type=source_type, source_id=source_id)
        .exclude(source_type="upload")
        .first()
    )
    stored = files.facts(file_id)
    if stored.agency_id not in (None, agency_id):
        raise NotFound()
    if row is None:
        return None
    file = locked_file(agency_id, row.file_id) if row.file_id else None
    outcome = EditionOutcome(
        record_id=row.id,
        is_taken=file is None or bool(rules.decide_deposit(file.state, name=file.code)),
        is_new=row.sha256 != stored.sha256,
        file_id=file.id if file else None,
        file_code=file.code if file else "",
        keeper_id=file.keeper_id if file else None,
    )
    if not outcome.is_new:
        return outcome
    told = {"reason": reason, "sha256": stored.sha256, "file": outcome.file_code}
    action = "record.edition_added" if outcome.is_taken else "record.edition_left_out"
    old = row.sha256
    if outcome.is_taken:
        _succeed(row, stored, reason=reason, now=now)
    note(
        None, agency_id=agency_id, action=action, object_type="record", object_id=row.id, at=now,
        old={"sha256": old}, new=told,
    )  # fmt: skip
    return outcome


@transaction.atomic
def record_redone(
    *,
    agency_id: int,
    source_type: str,
    old_ids: Collection[int],
    source_id: int,
    file_id: int | None,
    made_on: date,
    now: datetime,
) -> int | None:
    """Have the record of work that was taken back be that of the same work done again; return it.

    What it held before stays as an edition. For subscribers, as `record_collect`. None when the old
    work left no record, or its file takes nothing more: then the new work leaves one of its own.
    """
    rows = Record.objects.select_for_update(of=("self",)).filter(
        agency_id=agency_id, source_type=source_type, source_id__in=old_ids, destroyed_at=None
    )
    row = rows.order_by("-id").first()
    if row is None:
        return None
    file = locked_file(agency_id, row.file_id) if row.file_id else None
    if file is not None and not rules.decide_deposit(file.state, name=file.code):
        return None
    stored = files.facts(file_id) if file_id is not None else None
    old = {"source": f"{source_type} {row.source_id}", "sha256": row.sha256}
    if row.sha256 != (stored.sha256 if stored else ""):
        _succeed(row, stored, reason="Bước được thu hồi rồi làm lại", now=now)
    Record.objects.filter(pk=row.pk).update(source_id=source_id, made_on=made_on, changed_at=now)
    touch_file(row.file_id, now=now)
    note(
        None, agency_id=agency_id, action="record.redone", object_type="record", object_id=row.id,
        at=now, old=old,
        new={"source": f"{source_type} {source_id}", "sha256": stored.sha256 if stored else ""},
    )  # fmt: skip
    return row.id


def _succeed(row: Record, stored: FileFacts | None, *, reason: str, now: datetime) -> None:
    """Let other bytes, or none, take the place of those a record holds, which stay beside it."""
    if row.sha256:
        RecordEdition.objects.create(
            record=row, position=row.editions.count() + 1, stored_file_id=row.stored_file_id,
            file_name=row.file_name, size=row.size, sha256=row.sha256, replaced_at=now,
            reason=reason[:300],
        )  # fmt: skip
    row.stored_file_id, row.file_name = (stored.id, stored.name) if stored else (None, "")
    row.size, row.sha256 = (stored.size, stored.sha256) if stored else (0, "")
    row.changed_at = now
    row.save(update_fields=["stored_file", "file_name", "size", "sha256", "changed_at"])
    touch_file(row.file_id, now=now)
