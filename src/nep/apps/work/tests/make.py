"""Items for tests of the worklist."""

from datetime import datetime, timedelta

from nep.apps.organization.tests.scene import NOW, Scene
from nep.apps.work import services
from nep.foundation.db import Batch

_SERIAL = iter(range(1, 1_000_000))


def item(
    agency: Scene,
    person: str | None = "lan",
    *,
    due: datetime | None = None,
    batch: Batch | None = None,
    **change,
) -> int:
    """Open an item of the planning unit's specialists, held by a person when named."""
    number = next(_SERIAL)
    columns = {
        "kind": "case", "title": "Thẩm định hồ sơ", "detail": "Bệnh viện Tâm An",
        "link": f"/ho-so/{number}/", "source_type": "case", "source_id": number,
        "source_code": f"H99.18-261210-{number:04d}", "step_label": "Bước 2/3",
        "person_id": agency.people[person] if person else None,
        "unit_id": agency.units["PKH"], "role": "specialist",
        "opened_at": NOW - timedelta(days=2), "due_at": due, "limit_minutes": 1440,
        "pleat": [(240, 100, "done"), (1440, 0, "now"), (480, 0, "next")],
    }  # fmt: skip
    return services.item_open(batch=batch, agency_id=agency.agency_id, **{**columns, **change})


def passed_on(agency: Scene, item_id: int, person: str | None = "lan", **change) -> int:
    """Close an item and open the next one in one batch, as a step of a case does."""
    batch = Batch()
    made = item(agency, person, batch=batch, ends_id=item_id, **change)
    services.item_close(batch=batch, item_id=item_id, at=NOW, by_id=None, told=True)
    batch.flush()
    return made


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of December 2026."""
    return NOW.replace(day=day, hour=hour, minute=minute)
