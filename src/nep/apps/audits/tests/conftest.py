import pytest

from nep.apps.audits.tests.scene import (
    with_announcement,
    with_auditors,
    with_plan,
    with_report,
)
from nep.apps.cases.tests.scene import office
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import other_department
from nep.apps.workcal import queries as workcal
from tests.standing import kept

at = kept(office)
agency = kept(with_auditors, on=office)
planned = kept(with_plan, on=with_auditors)
announced = kept(with_announcement, on=with_plan)
reported = kept(with_report, on=with_announcement)
other_agency = kept(other_department)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people and calendars."""
    organization.forget()
    workcal.forget()
    yield
    organization.forget()
    workcal.forget()
