import tomllib
from pathlib import Path
from typing import Any

import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import NOW, Scene, department
from nep.apps.workcal import queries, services


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people and calendars."""
    organization.forget()
    queries.forget()
    yield
    organization.forget()
    queries.forget()


@pytest.fixture
def years() -> dict[str, dict[str, Any]]:
    """The shipped years as the release reads them."""
    folder = Path(__file__).resolve().parents[5] / "reference" / "calendar"
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")
    }


@pytest.fixture
def seeded(db, years) -> int:
    """The number of days that the shipped years brought into the database."""
    return services.calendar_seed(years=years, now=NOW)


@pytest.fixture
def agency(seeded) -> Scene:
    return department()


@pytest.fixture
def other_agency(seeded) -> Scene:
    return department(code="H99.20", name="Sở Tư pháp")
