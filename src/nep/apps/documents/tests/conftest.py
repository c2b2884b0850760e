import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import Scene, department


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people."""
    organization.forget()
    yield
    organization.forget()


@pytest.fixture
def agency(db) -> Scene:
    return department()


@pytest.fixture
def other_agency(db) -> Scene:
    return department(code="H99.20", name="Sở Tư pháp")
