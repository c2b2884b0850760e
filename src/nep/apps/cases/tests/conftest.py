import pytest

from nep.apps.cases.tests.scene import Office, office
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import Scene, department
from nep.apps.workcal import queries as workcal


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people and calendars."""
    organization.forget()
    workcal.forget()
    yield
    organization.forget()
    workcal.forget()


@pytest.fixture
def at(db) -> Office:
    return office()


@pytest.fixture
def other_agency(db) -> Scene:
    return department(code="H99.20", name="Sở Tư pháp")
