"""Keeping what other parts tell of the chances of their sources to be late.

Parts of the worker's round: no person asks, nothing of the business changes, so nothing is
journaled; what is kept can be told anew at any time.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.work.models import Chance, Forecast


@dataclass(frozen=True, slots=True)
class ChanceTold:
    """One chance as `models.Chance` keeps it."""

    agency_id: int
    source_type: str
    source_id: int
    mark: int
    person_id: int | None
    unit_id: int | None
    due_at: datetime
    percent: int | None
    after: int | None
    middle: int
    high: int
    why: str


_KEYS = ("source_type", "source_id")


@transaction.atomic
def chances_put(*, told: Sequence[ChanceTold], now: datetime) -> None:
    """Keep chances in the place of those told before."""
    rows = [Chance(**{**asdict(one), "why": one.why[:300]}, told_at=now) for one in told]
    columns = [field.name for field in Chance._meta.fields if field.name not in ("id", *_KEYS)]
    Chance.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=list(_KEYS), update_fields=columns,
        batch_size=200,
    )  # fmt: skip


@transaction.atomic
def chances_drop(*, source_type: str, source_ids: Collection[int]) -> int:
    """Forget the chances of sources that are over; return how many there were."""
    rows = Chance.objects.filter(source_type=source_type, source_id__in=list(source_ids))
    return rows.delete()[0]


@transaction.atomic
def forecast_put(
    *,
    agency_id: int,
    source_type: str,
    state: str,
    body: dict[str, Any],
    cases: int,
    now: datetime,
    tested: int = 0,
    brier: float | None = None,
    base: float | None = None,
) -> None:
    """Keep what an agency's finished sources teach, in the place of what they taught before."""
    Forecast.objects.update_or_create(
        agency_id=agency_id, source_type=source_type,
        defaults={
            "state": state, "body": body, "cases": cases, "tested": tested, "brier": brier,
            "base": base, "fitted_at": now,
        },
    )  # fmt: skip
