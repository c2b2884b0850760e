import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import NOW, Scene, department
from nep.apps.workcal import queries, services
from nep.config.reference import read_toml


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people and calendars."""
    organization.forget()
    queries.forget()
    yield
    organization.forget()
    queries.forget()


@pytest.fixture
def seeded(db) -> int:
    """The shipped years in the database; the number of days they brought."""
    return services.calendar_seed(years=read_toml("calendar"), now=NOW)


@pytest.fixture
def agency(seeded) -> Scene:
    return department()


@pytest.fixture
def other_agency(seeded) -> Scene:
    return department(code="H99.20", name="Sở Tư pháp")
