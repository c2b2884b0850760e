"""A record gets a further edition of its bytes; those before stay beside it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nep.apps.records import rules
from nep.apps.records.models import Record, RecordEdition
from nep.apps.records.services._ground import locked_file, note, touch_file
from nep.foundation.files import queries as files
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
    if outcome.is_taken:
        RecordEdition.objects.create(
            record=row, position=row.editions.count() + 1, stored_file_id=row.stored_file_id,
            file_name=row.file_name, size=row.size, sha256=row.sha256, replaced_at=now,
            reason=reason[:300],
        )  # fmt: skip
        old, row.stored_file_id, row.file_name = row.sha256, stored.id, stored.name
        row.size, row.sha256, row.changed_at = stored.size, stored.sha256, now
        row.save(update_fields=["stored_file", "file_name", "size", "sha256", "changed_at"])
        touch_file(row.file_id, now=now)
    else:
        old = row.sha256
    note(
        None, agency_id=agency_id, action=action, object_type="record", object_id=row.id, at=now,
        old={"sha256": old}, new=told,
    )  # fmt: skip
    return outcome
