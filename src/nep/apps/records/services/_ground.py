"""What every service of records needs: rows of the own agency, the journal, the next number."""

from datetime import datetime
from typing import Any

from nep.apps.organization.rules import Actor
from nep.apps.records.models import DisposalLine, Hold, RecordFile
from nep.foundation.journal import services as journal
from nep.kernel.errors import Conflict, NotFound


def locked_file(agency_id: int, file_id: int) -> RecordFile:
    """Return a file of the agency, locked until the transaction ends. Raises NotFound."""
    row = (
        RecordFile.objects.select_for_update(of=("self",))
        .filter(pk=file_id, agency_id=agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def save_file(row: RecordFile, *, now: datetime, version: int | None = None) -> None:
    """Write a file under its version. Raises Conflict when the person saw an older one."""
    if version is not None and version != row.version:
        raise Conflict(
            "file_changed", "Người khác vừa sửa hồ sơ này. Hãy tải lại trang để xem thay đổi."
        )
    row.version += 1
    row.changed_at = now
    row.save()


def touch_file(file_id: int | None, *, now: datetime) -> None:
    """Note that something was put into a file or taken out of it."""
    if file_id is not None:
        RecordFile.objects.filter(pk=file_id).update(changed_at=now)


def is_held(file_id: int) -> bool:
    """Say whether a file is held back today."""
    return Hold.objects.filter(file_id=file_id, lifted_at=None).exists()


def is_in_disposal(file_id: int) -> bool:
    """Say whether a file stands in a disposal that is not over."""
    rows = DisposalLine.objects.filter(file_id=file_id, is_live=True)
    return rows.filter(disposal__state__in=["proposed", "approved"]).exists()


def note(
    actor: Actor | None,
    *,
    agency_id: int,
    action: str,
    object_type: str,
    object_id: int,
    at: datetime,
    old: Any = None,
    new: Any = None,
    reason: str = "",
) -> None:
    """Write one action into the journal; without an actor it is the system's."""
    journal.record(
        actor_id=actor.person_id if actor else None, agency_id=agency_id, action=action,
        object_type=object_type, object_id=object_id, at=at, old=old, new=new, reason=reason,
    )  # fmt: skip
