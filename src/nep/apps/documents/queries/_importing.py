"""Batches of imported documents: how far they are, what was refused and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from nep.apps.documents.models import ImportBatch, ImportedRow
from nep.kernel.errors import NotFound

OUTCOMES = ("created", "changed", "unchanged", "refused")


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """One import: how many of its rows are done and what became of them."""

    id: int
    source: str
    started_at: datetime
    finished_at: datetime | None
    is_dry: bool
    total: int
    archive_file_id: int | None
    created: int
    changed: int
    unchanged: int
    refused: int

    @property
    def done(self) -> int:
        """Return how many rows are done."""
        return self.created + self.changed + self.unchanged + self.refused

    @property
    def is_done(self) -> bool:
        """Say whether the import is over."""
        return self.finished_at is not None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A file or row that was not taken, and why."""

    path: str
    code: str
    reason: str


def import_tally(*, batch_id: int) -> dict[str, int]:
    """Return how many rows of a batch ended in each way."""
    rows = ImportedRow.objects.filter(batch_id=batch_id).values_list("outcome")
    found = dict(rows.annotate(n=Count("id")))
    return {outcome: found.get(outcome, 0) for outcome in OUTCOMES}


def import_batch(*, batch_id: int, agency_id: int) -> BatchFacts:
    """Return how a batch stands. Raises NotFound."""
    row = ImportBatch.objects.filter(pk=batch_id, agency_id=agency_id).first()
    if row is None:
        raise NotFound()
    return _facts(row)


def import_batches(*, agency_id: int, limit: int = 10) -> tuple[BatchFacts, ...]:
    """Return the latest batches of an agency, newest first."""
    rows = ImportBatch.objects.filter(agency_id=agency_id).order_by("-started_at")[:limit]
    return tuple(_facts(row) for row in rows)


def _facts(row: ImportBatch) -> BatchFacts:
    tally: dict[str, Any] = import_tally(batch_id=row.pk)
    return BatchFacts(
        id=row.pk,
        source=row.source,
        started_at=row.started_at,
        finished_at=row.finished_at,
        is_dry=row.is_dry,
        total=row.total,
        archive_file_id=row.archive_file_id,
        **tally,
    )


def refused_rows(*, batch_id: int, limit: int | None = None) -> tuple[RefusedRow, ...]:
    """Return the refused rows of a batch in their order."""
    rows = ImportedRow.objects.filter(batch_id=batch_id, outcome="refused").order_by("id")
    return tuple(RefusedRow(row.path, row.reason_code, row.reason) for row in rows[:limit])


def latest_batch(*, agency_id: int, source_key: str, is_dry: bool) -> BatchFacts:
    """Return the latest batch of a source. Raises NotFound."""
    rows = ImportBatch.objects.filter(agency_id=agency_id, source_key=source_key, is_dry=is_dry)
    row = rows.order_by("-started_at", "-id").first()
    if row is None:
        raise NotFound()
    return _facts(row)
