"""Who changes something sees it at once, also where another process answers."""

import pytest
from django.urls import reverse

from nep.apps.organization.models import Agency, Edition
from nep.apps.organization.queries import _cache
from nep.apps.organization.tests.scene import department
from nep.apps.workcal import queries as workcal
from tests.standing import kept

agency = kept(department)


def elsewhere(agency_id: int, **values) -> None:
    """Change an agency as another process does: this one's memory knows nothing of it."""
    Agency.objects.filter(pk=agency_id).update(**values)
    row = Edition.objects.get()
    Edition.objects.update(number=row.number + 1)


@pytest.fixture
def just_looked(monkeypatch):
    """Let what is remembered be as fresh as it is asked to be."""
    monkeypatch.setattr(_cache, "FRESH_SECONDS", 3600.0)
    monkeypatch.setattr(workcal, "FRESH_SECONDS", 3600.0)


def test_a_change_is_followed_by_a_cookie_that_makes_the_next_process_look(
    agency, client, just_looked
):
    agency.sign_in(client, "admin")
    page = reverse("organization:settings")
    assert "nep_changed" not in client.get(page).cookies
    elsewhere(agency.agency_id, phone="0225 111 222")
    assert "0225 111 222" not in client.get(page).content.decode()  # remembered a moment longer

    client.cookies["nep_changed"] = "1"
    assert "0225 111 222" in client.get(page).content.decode()


def test_only_what_is_remembered_sets_the_cookie(agency, client):
    agency.sign_in(client, "admin")
    client.post(
        reverse("organization:absences"),
        {"person": agency.people["admin"], "starts_on": "x", "ends_on": "y", "reason": ""},
    )
    assert "nep_changed" not in client.cookies

    made = client.post(reverse("organization:unit_new"), {"code": "P9", "name": "Phòng Thử"})
    assert made.status_code == 302
    assert made.cookies["nep_changed"]["max-age"] == 3
    assert made.cookies["nep_changed"]["httponly"]
