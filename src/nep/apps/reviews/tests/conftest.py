import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import other_department
from nep.apps.reviews.tests.scene import office_of_review
from nep.apps.workcal import queries as workcal
from tests.standing import kept

agency = kept(office_of_review)
other_agency = kept(other_department)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people and calendars."""
    organization.forget()
    workcal.forget()
    yield
    organization.forget()
    workcal.forget()
