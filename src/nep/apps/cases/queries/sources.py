"""Other systems that send cases: their list, their last deliveries, what their words mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from nep.apps.cases.models import FedImport, FedSource, FedWaiting, FedWording
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.kernel.errors import NotFound

WAY_NAMES = {"file": "Tệp tải lên", "api": "API", "folder": "Thư mục theo dõi"}
BY_NAMES = {"words": "cách ghi", "status": "trạng thái", "role": "chức danh, phòng"}
STATE_NAMES = {
    "looked": "Chưa nhập", "waiting": "Chờ nhập", "running": "Đang nhập", "done": "Đã nhập",
    "failed": "Không nhập được",
}  # fmt: skip
LAST = 20


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A source that puts files into a folder of its agency's code, or of one that it had before."""

    id: int
    agency_code: str
    folder: str
    former_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of the list, with its deliveries of the last 30 days."""

    id: int
    name: str
    way: str
    closed_at: datetime | None
    last_at: datetime | None
    deliveries: int
    failed: int


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery: its state in words and its tally, or why it failed."""

    id: int
    name: str
    at: datetime
    state: str
    state_name: str
    rows: int
    report: Mapping[str, Any]
    refused: int


@dataclass(frozen=True, slots=True)
class WordingLine:
    """What words of a source were said to mean."""

    id: int
    by: str
    text: str
    step: str
    tthc: str
    reason: str
    is_general: bool


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One source with its last deliveries and remembered meanings."""

    id: int
    name: str
    way: str
    way_name: str
    key_id: str
    folder: str
    tthc: str
    variant: str
    created_at: datetime
    created_by: str
    closed_at: datetime | None
    waiting: int
    deliveries: tuple[DeliveryLine, ...]
    wordings: tuple[WordingLine, ...]


def folder_sources() -> tuple[FolderSource, ...]:
    """Return the sources whose folder is watched, of all agencies."""
    rows = FedSource.objects.filter(way="folder", closed_at=None).order_by("id")
    had = organization.former_codes()
    return tuple(
        FolderSource(
            row.pk, organization.agency(row.agency_id).code, row.folder, had.get(row.agency_id, ())
        )
        for row in rows
    )


def source_lines(*, actor: Actor, since: datetime) -> tuple[SourceLine, ...]:
    """Return the sources of the actor's agency; deliveries are counted from `since` on."""
    recent = FedImport.objects.filter(agency_id=actor.agency_id, created_at__gte=since)
    counted = recent.values("source_id").annotate(
        count=Count("id"), failed=Count("id", filter=Q(state="failed")), last=Max("created_at")
    )
    by_source = {row["source_id"]: row for row in counted}
    none: dict[str, Any] = {"count": 0, "failed": 0, "last": None}
    lines = []
    for row in FedSource.objects.filter(agency_id=actor.agency_id).order_by("closed_at", "name"):
        found = by_source.get(row.pk, none)
        lines.append(
            SourceLine(
                row.pk, row.name, WAY_NAMES[row.way], row.closed_at, found["last"],
                found["count"], found["failed"],
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda one: one.closed_at is not None))


def source_page(*, actor: Actor, source_id: int) -> SourcePage:
    """Return one source of the actor's agency. Raises NotFound."""
    row = FedSource.objects.filter(pk=source_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound("not_found", "Không tìm thấy nguồn này trong cơ quan của bạn.")
    names = organization.person_names([row.created_by_id])
    tthc = {line.id: line.name for line in procedures.tthc_lines(agency_id=actor.agency_id)}
    deliveries = FedImport.objects.filter(source=row).order_by("-id")[:LAST]
    kept = FedWording.objects.filter(agency_id=actor.agency_id, source_id__in=(row.pk, 0))
    return SourcePage(
        id=row.pk, name=row.name, way=row.way, way_name=WAY_NAMES[row.way], key_id=row.key_id,
        folder=row.folder, tthc=tthc.get(row.tthc_id or 0, ""), variant=row.variant,
        created_at=row.created_at, created_by=names.get(row.created_by_id or 0, ""),
        closed_at=row.closed_at, waiting=FedWaiting.objects.filter(source=row).count(),
        deliveries=tuple(_delivery(one) for one in deliveries),
        wordings=tuple(
            WordingLine(
                one.pk, BY_NAMES[one.by], one.text, one.step_name, tthc.get(one.tthc_id, ""), one.reason,
                one.source_id == 0,
            )
            for one in kept.order_by("folded")[:200]
        ),
    )  # fmt: skip


def source_choices(agency_id: int) -> tuple[tuple[int, str], ...]:
    """Return the open sources of an agency to choose from."""
    rows = FedSource.objects.filter(agency_id=agency_id, closed_at=None).order_by("name")
    return tuple(rows.values_list("id", "name"))


def _delivery(row: FedImport) -> DeliveryLine:
    refused = row.report.get("refused", [])
    return DeliveryLine(
        row.pk, row.name, row.created_at, row.state, STATE_NAMES[row.state], row.rows,
        row.report, len(refused),
    )  # fmt: skip
