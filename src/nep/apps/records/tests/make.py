"""Plans, files and records for tests."""

import hashlib
from datetime import date

from nep.apps.organization.tests.scene import NOW, Scene
from nep.apps.records import services
from nep.foundation.files.services import store


def plan(agency: Scene, *, year: int = 2026, by: str = "thu") -> int:
    """Open a plan of a year."""
    return services.plan_open(actor=agency.actor(by), year=year, now=NOW)


def series(agency: Scene, plan_id: int, code: str = "ISO.01", *, by: str = "thu", **change) -> int:
    """Write a line that is kept ten years."""
    values = {
        "title": "Hồ sơ kiểm soát tài liệu", "unit_id": agency.units["PKH"],
        "keeper_id": agency.people["lan"], "years": 10, "is_permanent": False, "basis": "",
        "mark": "?",
    }  # fmt: skip
    return services.series_keep(
        actor=agency.actor(by), plan_id=plan_id, code=code, now=NOW, **{**values, **change}
    )


def stored(agency: Scene, text: str = "a;b\n1;2\n", *, name: str = "so.csv") -> int:
    """Keep a small file and return its id."""
    return store(
        data=text.encode(), name=name, agency_id=agency.agency_id, actor_id=None, at=NOW,
        kinds=("csv",),
    ).id  # fmt: skip


def digest(text: str = "a;b\n1;2\n") -> str:
    """Return the hash of such a file."""
    return hashlib.sha256(text.encode()).hexdigest()


def deposit(agency: Scene, *, by: str = "lan", **change) -> int:
    """Deposit a record."""
    values = {
        "series_id": None, "title": "Biên bản họp soát xét tài liệu", "source_type": "upload",
        "source_id": 0, "file_id": None, "made_on": date(2026, 12, 1), "now": NOW,
    }  # fmt: skip
    return services.record_deposit(actor=agency.actor(by), **{**values, **change})
