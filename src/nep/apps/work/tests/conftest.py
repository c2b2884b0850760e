import pytest

from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import department, other_department
from nep.apps.work import ports
from nep.worktime import compile_calendar, vietnam_spec
from tests.standing import kept

agency = kept(department)
other_agency = kept(other_department)


@pytest.fixture(scope="session")
def calendar():
    return compile_calendar(
        vietnam_spec(days=(), noticed_years=(), first_year=2025, last_year=2028, version="thử")
    )


@pytest.fixture(autouse=True)
def connected(calendar, monkeypatch):
    """Connect a calendar and no other part; forget people of other tests."""
    organization.forget()
    monkeypatch.setattr(ports, "_calendar_source", lambda agency_id: calendar)
    monkeypatch.setattr(ports, "_explainers", {})
    monkeypatch.setattr(ports, "_listeners", {})
    monkeypatch.setattr(ports, "_locks", {})
    yield
    organization.forget()
