"""The keeper of a line is judged on the Vietnamese day, which begins at 17:00 UTC."""

from datetime import UTC, date, datetime

import pytest

from nep.apps.organization import queries as organization
from nep.apps.records import services
from nep.apps.records.models import Series
from nep.apps.records.tests import make
from nep.kernel.vietnamese import VN

pytestmark = pytest.mark.django_db


def test_who_begins_today_keeps_a_line_from_the_morning_on(agency):
    plan = make.plan(agency)
    agency.person("moi", "Người Mới")
    agency.appoint("moi", "PKH", "specialist", "Chuyên viên", starts_on=date(2026, 12, 11))
    organization.forget()
    services.series_keep(
        actor=agency.actor("thu"), plan_id=plan, code="X.1", title="Hồ sơ thử", unit_id=None,
        now=datetime(2026, 12, 11, 6, 30, tzinfo=VN).astimezone(UTC), years=10, basis="", mark="?",
        keeper_id=agency.people["moi"], is_permanent=False,
    )  # fmt: skip

    assert Series.objects.get().keeper_id == agency.people["moi"]
