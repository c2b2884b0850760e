import tomllib
from pathlib import Path
from typing import Any

import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import NOW, Scene, department, other_department
from nep.apps.workcal import queries, services
from tests.standing import kept


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people and calendars."""
    organization.forget()
    queries.forget()
    yield
    organization.forget()
    queries.forget()


def shipped_years() -> dict[str, dict[str, Any]]:
    """Return the shipped years as the release reads them."""
    folder = Path(__file__).resolve().parents[5] / "reference" / "calendar"
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")
    }


def seed() -> int:
    """Bring the shipped years into the database; return the number of days."""
    return services.calendar_seed(years=shipped_years(), now=NOW)


def seeded_department(_: int) -> Scene:
    return department()


def other_seeded_department(_: int) -> Scene:
    return other_department()


@pytest.fixture
def years() -> dict[str, dict[str, Any]]:
    return shipped_years()


seeded = kept(seed)
agency = kept(seeded_department, on=seed)
other_agency = kept(other_seeded_department, on=seed)
