"""Reads of Word imports."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nep.apps.procedures.models import WordImport
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One file of a batch: state waiting, reading, read, done or refused; progress in tables."""

    id: int
    batch: int
    name: str
    at: datetime
    state: str
    done: int
    total: int
    refusal: str
    report: dict[str, Any]

    @property
    def is_waiting(self) -> bool:
        """Say whether the worker still has to read it."""
        return self.state in {"waiting", "reading"}


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One upload in the list of recent ones."""

    batch: int
    at: datetime
    files: int
    names: str
    is_done: bool


def import_lines(*, agency_id: int, batch: int) -> tuple[ImportLine, ...]:
    """Return the files of a batch in the order given. Raises NotFound."""
    rows = list(
        WordImport.objects.filter(agency_id=agency_id, batch=batch).defer("upload").order_by("id")
    )
    if not rows:
        raise NotFound()
    return tuple(
        ImportLine(
            id=row.id,
            batch=row.batch,
            name=row.name,
            at=row.at,
            state=row.state,
            done=row.done,
            total=row.total,
            refusal=row.refusal,
            report=json.loads(row.report) if row.report else {},
        )
        for row in rows
    )


def recent_batches(agency_id: int, *, limit: int = 10) -> tuple[BatchLine, ...]:
    """Return the latest uploads, newest first."""
    rows = WordImport.objects.filter(agency_id=agency_id).order_by("-batch", "id")
    found: dict[int, list[WordImport]] = {}
    for row in rows.defer("report", "upload")[: limit * 30]:
        found.setdefault(row.batch, []).append(row)
    return tuple(
        BatchLine(
            batch,
            group[0].at,
            len(group),
            ", ".join(row.name for row in group[:3]) + ("…" if len(group) > 3 else ""),
            all(row.state in {"done", "refused"} for row in group),
        )
        for batch, group in list(found.items())[:limit]
    )
