"""Imports of other systems' files, as their pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from nep.apps.cases.models import FedImport
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class FedFile:
    """One file: `state` is looked, waiting, running, done or failed; `report` a tally or empty."""

    id: int
    name: str
    state: str
    heads: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    columns: Mapping[str, int]
    tthc_id: int | None
    rows: int
    rows_done: int
    report: Mapping[str, Any]
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    forgotten_at: datetime | None
    sha256: str
    size: int
    variant: str

    @property
    def is_working(self) -> bool:
        """Say whether the worker has it."""
        return self.state in {"waiting", "running"}


def fed_file(*, actor: Actor, import_id: int) -> FedFile:
    """Return one import of the actor's agency. Raises NotFound."""
    row = FedImport.objects.filter(pk=import_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return _line(row, organization.person_names([row.created_by_id]))


def fed_files(*, actor: Actor, limit: int = 20) -> tuple[FedFile, ...]:
    """Return the latest imports of the actor's agency, newest first."""
    rows = list(FedImport.objects.filter(agency_id=actor.agency_id).order_by("-id")[:limit])
    names = organization.person_names([row.created_by_id for row in rows])
    return tuple(_line(row, names) for row in rows)


def fed_file_days() -> int:
    """Return how many days the bytes of such a file are kept after its import."""
    return settings.NEP.fed_file_days


def _line(row: FedImport, names: Mapping[int, str]) -> FedFile:
    return FedFile(
        id=row.pk,
        name=row.name,
        state=row.state,
        heads=tuple(row.heads),
        sample=tuple(tuple(one) for one in row.sample),
        columns=row.columns,
        tthc_id=row.tthc_id,
        rows=row.rows,
        rows_done=row.rows_done,
        report=row.report,
        created_at=row.created_at,
        created_by=names.get(row.created_by_id or 0, ""),
        finished_at=row.finished_at,
        forgotten_at=row.forgotten_at,
        sha256=row.sha256,
        size=row.size,
        variant=row.variant,
    )
