import pytest

from nep.apps.cases.tests.scene import office
from nep.apps.conformity import ports
from nep.apps.conformity.tests.declared import FULL, with_people
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import other_department
from nep.apps.workcal import queries as workcal
from tests.standing import kept

at = kept(office)
agency = kept(with_people, on=office)
other_agency = kept(other_department)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people and calendars."""
    organization.forget()
    workcal.forget()
    yield
    organization.forget()
    workcal.forget()


@pytest.fixture
def connect():
    """Return a function that connects readers until the end of the test."""
    before = ports.readers()
    yield ports.connect
    ports.connect(before)


@pytest.fixture
def full(connect):
    """Connect readers that tell of everything a declaration asks for."""
    connect(FULL)
