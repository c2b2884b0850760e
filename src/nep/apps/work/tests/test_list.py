"""The list: groups, order, paging, tabs, counts, words."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nep.apps.organization import services as organization
from nep.apps.organization.tests.scene import NOW
from nep.apps.work import ports, queries, rules, services
from nep.apps.work.models import WorkItem
from nep.apps.work.tests.make import at, item


def listed(agency, calendar, who="lan", now=NOW, **more):
    return queries.my_items(actor=agency.actor(who, now=now), now=now, calendar=calendar, **more)


def keys(worklist) -> dict[str, int]:
    return {group.key: group.count for group in worklist.groups}


def test_items_stand_in_groups_by_urgency_the_nearest_first(agency, calendar):
    later = item(agency, due=at(22, 9))
    week = item(agency, due=at(11, 9))
    today = item(agency, due=at(10, 17))
    late_2 = item(agency, due=at(9, 9))
    late_1 = item(agency, due=at(8, 9))
    no_due = item(agency)
    paused = item(agency, due=at(8, 9), paused=True)
    done = item(agency, due=at(8, 9))
    services.item_close(batch=None, item_id=done, at=NOW, by_id=None)

    found = listed(agency, calendar)

    assert [(g.key, [row.id for row in g.rows]) for g in found.groups] == [
        ("late", [late_1, late_2]),
        ("today", [today]),
        ("week", [week]),
        ("later", [later, no_due]),
        ("paused", [paused]),
    ]
    assert found.headline == "6 việc đang chờ bạn, 2 việc đã quá hạn"
    assert found.total == 7


def test_other_people_and_other_agencies_are_not_listed(agency, other_agency, calendar):
    item(agency, "huy", due=at(11, 9))
    item(other_agency, due=at(11, 9))

    assert listed(agency, calendar).total == 0
    assert listed(other_agency, calendar).total == 1


def test_a_person_in_two_agencies_sees_the_work_of_the_one_chosen(agency, other_agency, calendar):
    other_agency.people["lan"] = agency.people["lan"]
    other_agency.users["lan"] = agency.users["lan"]
    other_agency.appoint("lan", "PKH", "specialist")
    here, there = item(agency), item(other_agency)

    assert [r.id for g in listed(agency, calendar).groups for r in g.rows] == [here]
    assert [r.id for g in listed(other_agency, calendar).groups for r in g.rows] == [there]


def test_what_waits_for_the_unit_is_listed_for_each_of_its_role(agency, calendar):
    waiting = item(agency, None, due=at(11, 9))
    item(agency, None, due=at(11, 9), unit_id=agency.units["MC"], role="reception")

    assert [row.id for row in listed(agency, calendar).waiting.rows] == [waiting]
    assert [row.id for row in listed(agency, calendar, "huy").waiting.rows] == [waiting]
    assert listed(agency, calendar, "toan").waiting.rows == ()
    assert listed(agency, calendar, "tuan").waiting.count == 1


def test_a_delegate_sees_what_waits_for_the_role_lent(agency, calendar):
    waiting = item(agency, None, unit_id=agency.units["PKH"], role="unit_head")
    organization.delegation_start(
        actor=agency.actor("toan"), now=NOW, agency_id=agency.agency_id, appointment_id=agency.hat("toan"),
        receiver_id=agency.people["lan"], prefix="KT.", starts_on=NOW.date(),
        ends_on=NOW.date() + timedelta(days=1),
    )  # fmt: skip

    assert [row.id for row in listed(agency, calendar).waiting.rows] == [waiting]
    assert listed(agency, calendar, now=NOW + timedelta(days=2)).waiting.rows == ()


def test_a_delegate_sees_what_the_absent_person_holds_and_how_to_sign(agency, calendar):
    held = item(agency, "toan", unit_id=agency.units["PKH"], role="unit_head")
    other = item(agency, "toan", unit_id=agency.units["LD"], role="leader")
    organization.delegation_start(
        actor=agency.actor("toan"), now=NOW, agency_id=agency.agency_id, appointment_id=agency.hat("toan"),
        receiver_id=agency.people["lan"], prefix="KT.", starts_on=NOW.date(),
        ends_on=NOW.date() + timedelta(days=1),
    )  # fmt: skip

    rows = [row for group in listed(agency, calendar).groups for row in group.rows]
    seen = rules.Holding(
        agency.agency_id, agency.people["toan"], agency.units["PKH"], "unit_head", True
    )
    assert [(row.id, row.acting) for row in rows] == [(held, "KT. Đặng Văn Toàn")]
    assert rules.may_act_on(agency.actor("lan"), seen)
    assert not rules.may_act_on(agency.actor("huy"), seen)
    assert listed(agency, calendar, now=NOW + timedelta(days=2)).total == 0
    assert other not in {row.id for row in rows}


def test_due_dates_are_written_in_working_time(agency, calendar):
    item(agency, due=at(10, 11, 30), limit_minutes=1200)
    item(agency, due=at(9, 16, 30), limit_minutes=1440)
    item(agency, due=at(15, 9, 0), limit_minutes=2400)
    late, soon, ample = [row for group in listed(agency, calendar).groups for row in group.rows]

    assert (soon.state, soon.state_text, soon.due_text) == (
        "sap", "còn 1 giờ 10 phút", "Hạn 11:30 hôm nay",
    )  # fmt: skip
    assert soon.used_text == "dùng 18/20 giờ"
    assert soon.pleat[1] == (1440, 94, "now")
    assert (late.state, late.state_text) == ("qua", "3 giờ")
    assert late.due_text == "Hạn 16:30 thứ Tư, 09/12"
    assert late.pleat[1] == (1440, 100, "late")
    assert (ample.state, ample.state_text) == ("trong", "còn 2 ngày 6 giờ")


def test_a_pleat_is_read_as_it_was_given_and_as_earlier_items_keep_it(agency, calendar):
    steps = [(240, 60, "done"), (480, 100, "late"), (480, 0, "done"), (240, 0, "next")]
    new = item(agency, due=at(14, 9), pleat=steps)
    old = item(agency, due=at(14, 10))
    text = json.dumps([[240, 60, "done"], [480, 100, "late"], [480, 0, "done"], [240, 0, "next"]])
    WorkItem.objects.filter(pk=old).update(pleat=text)
    rows = {row.id: row for row in listed(agency, calendar).groups[0].rows}

    assert rows[new].pleat == rows[old].pleat == tuple(steps)
    assert WorkItem.objects.get(pk=new).pleat == "[240,60,480,101,480,0,240,-2]"


def test_a_paused_item_has_no_running_due_date(agency, calendar):
    item_id = item(agency, due=at(9, 9))
    services.item_pause(batch=None, item_id=item_id, note="Chờ người nộp bổ sung")
    (paused,) = listed(agency, calendar).groups[0].rows
    services.item_resume(batch=None, item_id=item_id, due_at=at(14, 9))
    (running,) = listed(agency, calendar).groups[0].rows

    assert (paused.state, paused.due_text, paused.used_text) == ("tam", "", "")
    assert paused.note == "Chờ người nộp bổ sung"
    assert paused.pleat[1][2] == "pause"
    assert (running.state, running.due_at) == ("trong", at(14, 9))


def test_a_registered_source_explains_its_due_dates(agency, calendar):
    item_id = item(agency, due=at(11, 9), source_id=77)
    own = listed(agency, calendar).groups[0].rows[0].explain_url
    ports.register_explainer("case", lambda source_id, item: f"/ho-so/{source_id}/han/{item}/")
    theirs = listed(agency, calendar).groups[0].rows[0].explain_url

    assert own == f"/viec/{item_id}/cach-tinh/"
    assert theirs == f"/ho-so/77/han/{item_id}/"


def test_tabs_count_each_kind_and_filter(agency, calendar):
    item(agency, due=at(11, 9))
    item(agency, due=at(9, 9), kind="procedure")

    everything = listed(agency, calendar)
    cases = listed(agency, calendar, kind="case")

    assert [(tab.name, tab.count, tab.is_current) for tab in everything.tabs] == [
        ("Tất cả", 2, True), ("Hồ sơ", 1, False), ("Quy trình", 1, False),
    ]  # fmt: skip
    assert keys(cases) == {"week": 1}
    assert cases.late == 1  # the menu counts what is late whatever tab is open


def test_more_than_fifty_of_a_group_come_page_by_page_without_gap_or_repeat(agency, calendar):
    ids = [item(agency, due=at(22, 9) + timedelta(minutes=n // 3)) for n in range(120)]
    ids += [item(agency) for _ in range(7)]
    (group,) = listed(agency, calendar).groups
    seen, after = [row.id for row in group.rows], group.after
    pages = 0
    while after:
        page = queries.group_page(
            actor=agency.actor("lan"), now=NOW, calendar=calendar, key="later", after=after
        )
        seen += [row.id for row in page.rows]
        after = page.after
        pages += 1

    assert group.count == 127
    assert len(group.rows) == 50
    assert pages == 2
    assert seen == ids


def test_what_waits_beyond_fifty_comes_page_by_page_too(agency, calendar):
    ids = [item(agency, None, due=at(22, 9)) for _ in range(53)]
    waiting = listed(agency, calendar).waiting
    page = queries.group_page(
        actor=agency.actor("lan"), now=NOW, calendar=calendar, key="waiting", after=waiting.after
    )
    stranger = queries.group_page(
        actor=agency.actor("tuan"), now=NOW, calendar=calendar, key="waiting", after=waiting.after
    )

    assert waiting.count == 53
    assert [row.id for row in (*waiting.rows, *page.rows)] == ids
    assert page.after == ""
    assert stranger.rows == ()


def test_a_place_that_cannot_be_read_gives_nothing(agency, calendar):
    item(agency)
    for after in ("", "x~y", "2026-12-10~1", "~", "'; drop"):
        page = queries.group_page(
            actor=agency.actor("lan"), now=NOW, calendar=calendar, key="later", after=after
        )
        assert page.rows == (), after


def test_the_five_days_skip_the_weekend(agency, calendar):
    for due in (at(10, 9), at(10, 17), at(14, 9), at(19, 9)):
        item(agency, due=due)
    item(agency, due=at(14, 9), paused=True)

    days = listed(agency, calendar).days

    assert [(day.label, day.count) for day in days] == [
        ("Hôm nay", 2), ("T6", 0), ("T2", 1), ("T3", 0), ("T4", 0),
    ]  # fmt: skip


def test_the_list_asks_at_most_six_queries_whatever_its_length(agency, calendar):
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            listed(agency, calendar)
        return len(caught)

    agency.actor("lan")
    item(agency, due=at(10, 9))
    item(agency, None, due=at(10, 9))
    few = count()
    for number in range(30):
        item(agency, due=at(11 + number % 15, 9))
        item(agency, None, due=at(11, 9))

    assert count() == few == 6


@pytest.mark.skipif(connection.vendor != "sqlite", reason="đọc kế hoạch truy vấn của SQLite")
def test_open_items_are_found_through_the_partial_indexes(agency, calendar):
    item(agency, due=at(11, 9))
    agency.actor("lan")
    asked = []

    def keep(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        listed(agency, calendar)
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
            assert not re.search(r"SCAN (?!(constant|grouped))", plan), plan
            assert re.search("work_open_of_|work_urgent_newest|work_uncounted", plan), plan
            assert "work_uncounted" in plan or "stale" not in sql.partition("WHERE")[2], plan


def test_loads_and_late_counts(agency):
    item(agency, due=at(9, 9))
    item(agency, due=at(9, 9), paused=True)
    item(agency, due=at(11, 9))
    lan, huy = agency.people["lan"], agency.people["huy"]

    assert queries.late_count(person_id=lan, agency_id=agency.agency_id, now=NOW) == 1
    assert queries.loads_of(agency_id=agency.agency_id, person_ids=[lan, huy]) == {lan: 3, huy: 0}
    assert WorkItem.objects.count() == 3
