"""Nobody takes over a log-in that stands above their own."""

import pytest

from nep.apps.organization import services
from nep.apps.organization.tests.scene import NOW
from nep.foundation.accounts import queries as accounts
from nep.foundation.accounts.models import SecondFactor
from nep.kernel.errors import Forbidden, Refusal


def told(agency, by, about):
    return {
        "actor": agency.actor(by),
        "now": NOW,
        "agency_id": agency.agency_id,
        "person_id": agency.people[about],
        "reason": "Mất điện thoại",
    }


@pytest.fixture
def admins(agency):
    agency.person("quantri2", "Lê Văn Quản", ("", "agency_admin", ""))
    agency.person("tinh", "Phạm Thị Tỉnh", ("", "province_admin", ""))
    agency.person("canbo", "Vũ Hải Yến")
    return agency


def test_an_agency_administrator_leaves_the_province_administrator_alone(admins):
    for act in (
        services.person_account_reset,
        services.person_account_disable,
        services.person_second_factor_remove,
    ):
        with pytest.raises(Forbidden):
            act(**told(admins, "quantri2", "tinh"))


def test_a_lost_second_factor_is_taken_away_by_another_administrator(admins):
    for name in ("canbo", "quantri2"):
        SecondFactor.objects.create(user_id=admins.users[name], nonce="x", confirmed_at=NOW)

    services.person_second_factor_remove(**told(admins, "quantri2", "canbo"))

    assert not accounts.has_second_factor(admins.users["canbo"])
    with pytest.raises(Refusal):
        services.person_second_factor_remove(**told(admins, "quantri2", "quantri2"))
