import pytest

from nep.apps.actions.tests.conftest import with_secretary
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import department, other_department
from tests.standing import kept


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people."""
    organization.forget()
    yield
    organization.forget()


agency = kept(with_secretary, on=department)
other_agency = kept(other_department)
