"""What an examination of cases costs: as many questions for many cases as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nep.apps.cases.queries import _whole
from nep.apps.cases.tests.scene import broken
from nep.apps.organization.tests.scene import NOW
from nep.foundation.db import doctor
from nep.foundation.journal import services as journal

pytestmark = pytest.mark.django_db


def asked() -> int:
    with CaptureQueriesContext(connection) as told:
        assert broken("case_") == []
    return len(told)


def test_an_examination_asks_by_portions_of_cases_not_for_each(at, monkeypatch):
    for until in ("b3", "b5"):
        at.walk(at.accept(), until)
    asked()  # what a process reads once is kept
    few = asked()
    for until in ("b2", "b3", "b4", "b5"):
        at.walk(at.accept(), until)
    assert asked() == few

    monkeypatch.setattr(_whole, "PORTION", 2)
    assert few < asked() < 4 * few


def test_an_examination_tells_what_it_looks_at_and_how_far_it_is(at, monkeypatch):
    monkeypatch.setattr(_whole, "PORTION", 2)
    for _ in range(5):
        at.accept()
    told: list[tuple[str, int]] = []
    titles = [
        title
        for title, _ in doctor.examine(
            parts=("case_steps", "case_journal"), tell=lambda *one: told.append(one)
        )
    ]
    assert told == [(title, seen) for title in titles for seen in (0, 2, 4, 5)]


def test_a_case_that_only_the_journal_names_is_found_whatever_its_name(at):
    at.accept()
    for name in ("4711", "9" * 30, "không phải số"):
        journal.record(
            actor_id=None, agency_id=at.scene.agency_id, action="case.noted", object_type="case",
            object_id=name, at=NOW,
        )  # fmt: skip
    found = broken("case_journal")
    assert sorted(found) == [
        f"hồ sơ {name}: nhật ký có, bảng hồ sơ không còn"
        for name in ("4711", "9" * 30, "không phải số")
    ]
