import pytest

from nep.apps.cases.tests.scene import office
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import other_department
from nep.apps.workcal import queries as workcal
from nep.foundation.accounts import queries as accounts
from tests.standing import kept

at = kept(office)
other_agency = kept(other_department)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people, calendars and security values: what is
    remembered has an age, which a test that stands on another day would read wrongly."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    organization.forget()
    workcal.forget()
    accounts.forget_policy()
