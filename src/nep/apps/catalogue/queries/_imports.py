"""Reads of imports: the latest, one with its report row by row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from nep.apps.catalogue.models import CatalogueImport, ImportOutcome
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound

KIND_NAMES = {
    "current": "Danh sách đang áp dụng",
    "coming": "Danh sách chưa có hiệu lực",
    "abolished": "Danh sách bãi bỏ",
}
MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """One file: its state (waiting, reading, done, refused) and counts of rows."""

    id: int
    name: str
    kind: str
    at: datetime
    person: str
    state: str
    total: int
    done: int
    imported: int
    changed: int
    unchanged: int
    refused: int
    refusal: str

    @property
    def kind_name(self) -> str:
        """Return the kind in words."""
        return KIND_NAMES[self.kind]

    @property
    def is_under_way(self) -> bool:
        """Say whether the worker still has rows to read."""
        return self.state in {"waiting", "reading"}

    @property
    def percent(self) -> int:
        """Return how far the reading is."""
        return round(100 * self.done / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One row that was imported, changed or refused."""

    row: int
    code: str
    outcome: str
    reason_code: str
    reason: str


def imports(*, actor: Actor, limit: int = 20) -> tuple[ImportFacts, ...]:
    """Return the latest imports of the actor's agency and of the command line, newest first."""
    return _facts(list(_seen_by(actor).order_by("-id")[:limit]))


def imported(*, actor: Actor, import_id: int) -> ImportFacts:
    """Return one import. Raises NotFound, also for one of another agency."""
    rows = list(_seen_by(actor).filter(pk=import_id))
    if not rows:
        raise NotFound()
    return _facts(rows)[0]


def _seen_by(actor: Actor):
    rows = CatalogueImport.objects.filter(Q(agency_id=actor.agency_id) | Q(agency_id=None))
    return rows.defer("upload")


def _facts(rows: list[CatalogueImport]) -> tuple[ImportFacts, ...]:
    names = person_names(row.person_id for row in rows if row.person_id)
    return tuple(
        ImportFacts(
            id=row.pk, name=row.name, kind=row.kind, at=row.at,
            person=names.get(row.person_id or 0, "dòng lệnh"), state=row.state, total=row.total,
            done=row.done, imported=row.imported, changed=row.changed, unchanged=row.unchanged,
            refused=row.refused, refusal=row.refusal,
        )
        for row in rows
    )  # fmt: skip


def outcomes(
    *, import_id: int, outcome: str = "", after: int = 0, limit: int = MOST_ROWS
) -> tuple[OutcomeLine, ...]:
    """Return rows of an import that were not simply unchanged, refused first where all are asked.

    With `outcome` only those, by row, behind the row `after`.
    """
    rows = ImportOutcome.objects.filter(of_import_id=import_id, row__gt=after)
    if outcome:
        rows = rows.filter(outcome=outcome)
    ordered = rows.order_by("row").values_list("row", "code", "outcome", "reason_code", "reason")
    return tuple(OutcomeLine(*row) for row in ordered[:limit])


def tally(import_ids: tuple[int, ...]) -> dict:
    """Return {read, imported, changed, unchanged, refused: [{file, row, code, reason}]} of files."""
    rows = {
        row.pk: row for row in CatalogueImport.objects.filter(pk__in=import_ids).defer("upload")
    }
    total = {
        name: sum(getattr(row, column) for row in rows.values())
        for name, column in (
            ("read", "done"), ("imported", "imported"), ("changed", "changed"),
            ("unchanged", "unchanged"),
        )
    }  # fmt: skip
    refused: list[dict[str, Any]] = [
        {"file": row.name, "row": None, "code": "", "reason": row.refusal}
        for row in rows.values()
        if row.state == "refused"
    ]
    turned = ImportOutcome.objects.filter(of_import_id__in=import_ids, outcome="refused")
    for one in turned.order_by("of_import_id", "row"):
        name = rows[one.of_import_id].name  # type: ignore[attr-defined]
        refused.append({"file": name, "row": one.row, "code": one.code, "reason": one.reason})
    return {**total, "refused": refused}
