"""Reads: cached, constant in queries, found with and without marks."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from nep.apps.organization import queries, rules, services
from nep.apps.organization.queries import _cache
from nep.apps.organization.tests.scene import NOW, SINCE

TODAY = NOW.date()


def test_an_actor_is_remembered_without_a_query(agency, django_assert_num_queries):
    agency.actor("lan")

    with django_assert_num_queries(0):
        actor = agency.actor("lan")

    assert actor.name == "Trần Thị Mai Lan"
    assert actor.unit_codes == {"PKH"}


def test_a_change_here_acts_at_once(agency):
    before = agency.actor("lan").roles
    agency.appoint("lan", "", "auditor")

    assert before == {"specialist"}
    assert agency.actor("lan").roles == {"specialist", "auditor"}


def test_a_change_of_another_process_acts_when_the_edition_is_looked_at(agency, monkeypatch):
    agency.actor("lan")
    kept = dict(_cache._kept)
    known = (_cache._number, _cache._checked_at)
    agency.appoint("lan", "", "auditor")
    _cache._kept.update(kept)  # what a process keeps that has not heard of the change
    monkeypatch.setattr(_cache, "_number", known[0])
    monkeypatch.setattr(_cache, "_checked_at", known[1])

    stale = agency.actor("lan").roles
    monkeypatch.setattr(_cache, "_checked_at", known[1] - 2 * _cache.FRESH_SECONDS)
    fresh = agency.actor("lan").roles

    assert stale == {"specialist"}
    assert fresh == {"specialist", "auditor"}


def test_an_agency_not_worked_in_falls_back_to_the_first(agency, other_agency):
    actor = queries.actor_for(
        user_id=agency.users["lan"], agency_id=other_agency.agency_id, today=TODAY
    )

    assert actor.agency_id == agency.agency_id


def test_an_account_without_person_is_nobody(agency):
    assert queries.actor_for(user_id=1, agency_id=None, today=TODAY) is None


def test_role_holders_are_found_by_key(agency):
    found = queries.directory(agency_id=agency.agency_id, today=TODAY)

    assert [person.name for person in found.people("PKH/specialist")] == [
        "Phạm Quốc Huy",
        "Trần Thị Mai Lan",
    ]
    assert found.people("MC/leader") == ()
    assert found.unit("MC").name == "Bộ phận Một cửa"
    keys = dict(queries.role_choices(agency.agency_id))
    assert keys["PKH/unit_head"] == "Phòng Kế hoạch: Trưởng phòng"


def test_people_are_found_with_and_without_marks(agency):
    for query in ("mai lan", "Mai Lan", "MAI lan", "trần", "tran"):
        groups = queries.people_page(agency_id=agency.agency_id, today=TODAY, query=query)
        names = {person.name for group in groups for person in group.people}
        assert names == {"Trần Thị Mai Lan"}, query
    groups = queries.people_page(agency_id=agency.agency_id, today=TODAY, query="dang van")
    assert [person.name for person in groups[0].people] == ["Đặng Văn Toàn"]


def test_people_stand_in_vietnamese_order_of_given_names(agency):
    for name in ("Bùi Ân", "Bùi An", "Bùi Ăn", "Bùi Đào", "Bùi Dũng"):
        person_id = services.person_add(
            actor=rules.setup_actor(), now=NOW, agency_id=agency.agency_id, name=name
        )
        services.appointment_start(
            actor=rules.setup_actor(), now=NOW, agency_id=agency.agency_id,
            person_id=person_id, role="viewer", unit_id=agency.units["LD"], starts_on=SINCE,
        )  # fmt: skip

    groups = queries.people_page(agency_id=agency.agency_id, today=TODAY, query="bui")

    assert [person.name for person in groups[0].people] == [
        "Bùi An", "Bùi Ăn", "Bùi Ân", "Bùi Dũng", "Bùi Đào",
    ]  # fmt: skip


def test_the_list_of_people_asks_the_same_number_of_queries_for_any_size(agency):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            queries.people_page(agency_id=agency.agency_id, today=TODAY)
        return len(caught)

    few = count()
    for number in range(12):
        agency.unit(f"P{number}", f"Phòng {number}")
        agency.person(f"them{number}", f"Nguyễn Văn {number}", (f"P{number}", "specialist", ""))

    assert count() == few == 3


def test_names_of_people_are_asked_for_once(agency, django_assert_num_queries):
    ids = [agency.people["lan"], agency.people["huy"], None]
    queries.person_names(ids)

    with django_assert_num_queries(0):
        names = queries.person_names(ids)

    assert names[agency.people["lan"]] == "Trần Thị Mai Lan"
