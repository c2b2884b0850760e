"""Hand-overs to the archive, disposals, leavers' minutes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.apps.records import rules
from nep.apps.records.models import (
    Disposal,
    DisposalLine,
    Hold,
    LeaverHandover,
    RecordFile,
    Transfer,
)
from nep.apps.records.queries._files import FileLine, lines_of
from nep.kernel.errors import NotFound

LATEST = 100


@dataclass(frozen=True, slots=True)
class MovementLine:
    """A hand-over, a disposal or a leaver's minutes in the list of movements."""

    kind: str
    id: int
    number: str
    text: str
    state_name: str
    at: datetime
    by: str
    waits: bool = False  # for a decision, or for what was decided to be carried out


@dataclass(frozen=True, slots=True)
class TransferPage:
    """A hand-over to the archive with its files in order."""

    id: int
    number: str
    giver: str
    receiver: str
    receiver_position: str
    note: str
    made_at: datetime
    cancelled_at: datetime | None
    cancelled_by: str
    cancelled_reason: str
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class DisposalFile:
    """A file in a disposal, as it was known."""

    file_id: int
    code: str
    title: str
    retention: str
    retain_until: date
    records: int
    is_held: bool
    hashes: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class DisposalPage:
    """A disposal, who did what, and its files."""

    id: int
    number: str
    state: str
    state_name: str
    note: str
    proposed_by: str
    proposed_by_id: int
    proposed_at: datetime
    council: str
    decision_number: str
    decision_on: date | None
    approved_by: str
    approved_by_id: int | None
    executed_by: str
    executed_at: datetime | None
    rejected_reason: str
    lines: tuple[DisposalFile, ...]


@dataclass(frozen=True, slots=True)
class LeaverPage:
    """The minutes of a leaver's hand-over."""

    id: int
    number: str
    person_id: int
    person: str
    made_by: str
    made_at: datetime
    reason: str
    groups: tuple[dict[str, Any], ...]


def movements(*, actor: Actor) -> tuple[MovementLine, ...]:
    """Return the latest movements of every kind, newest first."""
    own = {"agency_id": actor.agency_id}
    transfers = list(Transfer.objects.filter(**own).order_by("-made_at")[:LATEST])
    disposals = list(Disposal.objects.filter(**own).order_by("-proposed_at")[:LATEST])
    leavers = list(LeaverHandover.objects.filter(**own).order_by("-made_at")[:LATEST])
    names = person_names(
        [
            *(row.giver_id for row in transfers),
            *(row.proposed_by_id for row in disposals),
            *(id_ for row in leavers for id_ in (row.person_id, row.made_by_id)),
        ]
    )
    lines = [
        MovementLine("transfer", row.id, _number(row.number, row.year), f"Nộp lưu cho {row.receiver}",
                     "Đã hủy biên bản" if row.cancelled_at else "Đã giao nhận", row.made_at, names.get(row.giver_id, ""))
        for row in transfers
    ] + [
        MovementLine("disposal", row.id, _number(row.number, row.year), "Tiêu hủy hồ sơ hết thời hạn",
                     rules.DISPOSAL_STATES[row.state], row.proposed_at,
                     names.get(row.proposed_by_id, ""), row.state in {"proposed", "approved"})
        for row in disposals
    ] + [
        MovementLine("leaver", row.id, _number(row.number, row.year),
                     f"{names.get(row.person_id, '')} bàn giao", "Đã bàn giao", row.made_at,
                     names.get(row.made_by_id, ""))
        for row in leavers
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _number(number: int, year: int) -> str:
    return f"{number:02d}/{year}"


def ready_files(*, actor: Actor) -> tuple[FileLine, ...]:
    """Return closed files that may go to the archive: five years or more, or permanent."""
    rows = RecordFile.objects.filter(agency_id=actor.agency_id, state=rules.CLOSED)
    long = rows.filter(retention_years__gte=rules.LEAST_YEARS_TO_TRANSFER) | rows.filter(
        is_permanent=True
    )
    return lines_of(long.exclude(pk__in=_in_disposal()).order_by("closed_on", "code")[:500], actor)


def due_files(*, actor: Actor, today: date) -> tuple[FileLine, ...]:
    """Return closed files whose retention is over and which no open disposal has."""
    rows = RecordFile.objects.filter(
        agency_id=actor.agency_id, state=rules.CLOSED, retain_until__lt=today
    )
    return lines_of(
        rows.exclude(pk__in=_in_disposal()).order_by("retain_until", "code")[:500], actor
    )


def _in_disposal():
    lines = DisposalLine.objects.filter(is_live=True, disposal__state__in=["proposed", "approved"])
    return lines.values("file_id")


def transfer_page(*, actor: Actor, transfer_id: int) -> TransferPage:
    """Return one hand-over of the agency. Raises NotFound."""
    row = Transfer.objects.filter(pk=transfer_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    rows = RecordFile.objects.filter(transfer_lines__transfer=row)
    names = person_names([row.giver_id, row.cancelled_by_id])
    return TransferPage(
        row.id, _number(row.number, row.year), names[row.giver_id], row.receiver,
        row.receiver_position, row.note, row.made_at, row.cancelled_at,
        names.get(row.cancelled_by_id or 0, ""), row.cancelled_reason,
        lines_of(rows.order_by("transfer_lines__position"), actor),
    )  # fmt: skip


def disposal_page(*, actor: Actor, disposal_id: int) -> DisposalPage:
    """Return one disposal of the agency. Raises NotFound."""
    row = Disposal.objects.filter(pk=disposal_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    lines = list(row.lines.order_by("position"))
    held = set(
        Hold.objects.filter(
            file_id__in=[line.file_id for line in lines], lifted_at=None
        ).values_list("file_id", flat=True)
    )
    names = person_names([row.proposed_by_id, row.approved_by_id, row.executed_by_id])
    return DisposalPage(
        id=row.id, number=_number(row.number, row.year), state=row.state,
        state_name=rules.DISPOSAL_STATES[row.state], note=row.note,
        proposed_by=names.get(row.proposed_by_id, ""), proposed_by_id=row.proposed_by_id,
        proposed_at=row.proposed_at, council=row.council, decision_number=row.decision_number,
        decision_on=row.decision_on, approved_by=names.get(row.approved_by_id or 0, ""),
        approved_by_id=row.approved_by_id, executed_by=names.get(row.executed_by_id or 0, ""),
        executed_at=row.executed_at, rejected_reason=row.rejected_reason,
        lines=tuple(
            DisposalFile(
                line.file_id, line.code, line.title, line.retention, line.retain_until,
                line.record_count, line.file_id in held, tuple(line.hashes),
            )
            for line in lines
        ),
    )  # fmt: skip


def leaver_page(*, actor: Actor, leaver_id: int) -> LeaverPage:
    """Return the minutes of a leaver's hand-over, for who manages records and for those named.

    Raises NotFound.
    """
    row = LeaverHandover.objects.filter(pk=leaver_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    receivers = {group.get("receiver_id") for group in row.groups}
    is_named = actor.person_id in {row.person_id, row.made_by_id, *receivers}
    if not is_named and not may(actor, "record.manage") and not may(actor, "record.approve"):
        raise NotFound()
    names = person_names([row.person_id, row.made_by_id])
    return LeaverPage(
        row.id, _number(row.number, row.year), row.person_id, names.get(row.person_id, ""),
        names.get(row.made_by_id, ""), row.made_at, row.reason, tuple(row.groups),
    )  # fmt: skip
