"""What objectives read of nonconformities, feedback and surveys."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from nep.apps.actions import services as actions
from nep.apps.actions.tests import make
from nep.apps.improvement import services
from nep.apps.improvement.queries import sheets_of_clause
from nep.apps.improvement.services import FeedbackValues
from nep.apps.improvement.tests.scene import opened
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning.queries import measured
from nep.kernel.references import Reference

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
KEYS = ("closed", "in_time", "answered", "surveyed")


def read(agency, key: str, *, until: date = TODAY):
    return measured(
        f"improvement.{key}", agency_id=agency.scene.agency_id, since=date(2026, 10, 1),
        until=until,
    )  # fmt: skip


def test_nothing_found_measures_nothing(agency):
    assert [read(agency, key) for key in KEYS] == [None] * 4


def test_overdue_actions_and_answers_count_as_missed(agency):
    origin = Reference("nonconformity", 5, "Phiếu thiếu chữ ký", "/khong-phu-hop/5/")
    done = make.action(agency.scene, origin=origin)
    make.done(agency.scene, done)
    actions.action_check(
        actor=agency.scene.actor("thu"), action_id=done, accepted=True, note="", now=NOW
    )
    make.action(agency.scene, origin=origin, due_on=TODAY)
    make.action(agency.scene, due_on=TODAY)  # of an audit: another measure
    for days in (0, 20):
        services.feedback_add(
            actor=agency.scene.actor("tuan"), now=NOW,
            values=FeedbackValues("petition", "phone", TODAY - timedelta(days=days), "Chờ lâu"),
        )  # fmt: skip

    tomorrow = TODAY + timedelta(days=5)
    assert read(agency, "in_time").value == Decimal(100)
    assert (read(agency, "in_time", until=tomorrow).value, read(agency, "in_time").of) == (50, 1)
    assert read(agency, "answered", until=tomorrow).value == 0


def test_sheets_are_counted_under_a_clause_and_its_parts_alone(agency):
    for clause in ("2015:8.4.1", "8.4", "2015:8.5.1"):
        opened(agency, clause=clause)
    opened(agency, clause="2015:18.4", origin=Reference("audit", 3, "Đánh giá", "/danh-gia/3/"))
    own = {"agency_id": agency.scene.agency_id, "clause": "8.4"}
    days = {"starts_on": date(2026, 1, 1), "ends_on": TODAY}

    assert sheets_of_clause(**own, **days) == (2, 2)
    assert sheets_of_clause(**own, starts_on=TODAY + timedelta(days=1), ends_on=TODAY) == (0, 2)
