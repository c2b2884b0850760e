"""Reminders: once per stage and due date, one line a day."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from nep.apps.organization.tests.scene import NOW
from nep.apps.work import queries, services
from nep.apps.work.models import Notice, Reminder, WorkItem
from nep.apps.work.services import _notices as reminding
from nep.apps.work.tests.make import at, item


def lines(agency, who="lan"):
    return queries.notice_lines(actor=agency.actor(who))


def test_near_and_passed_due_dates_are_told_once(agency):
    item(agency, due=at(9, 9))
    item(agency, due=at(10, 15))
    item(agency, due=at(22, 9))

    first = services.reminders_send(now=NOW)
    again = services.reminders_send(now=NOW + timedelta(minutes=2))

    assert (first, again) == (2, 0)
    assert {line.text for line in lines(agency)} == {
        "1 việc của bạn vừa quá hạn",
        "1 việc của bạn sắp đến hạn",
    }


def test_reminders_of_a_day_become_one_line_and_it_is_new_again(agency):
    item(agency, due=at(10, 11))
    services.reminders_send(now=NOW)
    services.notices_read(actor=agency.actor("lan"), now=NOW)
    item(agency, due=at(10, 15))
    services.reminders_send(now=NOW + timedelta(minutes=5))

    (line,) = lines(agency)
    assert line.text == "2 việc của bạn sắp đến hạn"
    assert line.is_new
    assert line.link == "/viec/"


def test_an_item_is_told_again_when_it_passes_from_near_to_late(agency):
    item(agency, due=at(10, 11))
    services.reminders_send(now=NOW)
    services.reminders_send(now=at(10, 11, 5))

    assert sorted(Reminder.objects.values_list("stage", flat=True)) == ["qua", "sap"]


def test_a_moved_due_date_may_be_told_again(agency):
    item_id = item(agency, due=at(10, 11))
    services.reminders_send(now=NOW)
    services.item_due_change(batch=None, item_id=item_id, due_at=at(14, 9))
    quiet = services.reminders_send(now=NOW)
    later = services.reminders_send(now=at(11, 16))

    assert quiet == 0
    assert later == 1


def test_paused_and_closed_items_are_silent(agency):
    item(agency, due=at(9, 9), paused=True)
    done = item(agency, due=at(9, 9))
    services.item_close(batch=None, item_id=done, at=NOW, by_id=None)

    assert services.reminders_send(now=NOW) == 0
    assert not Notice.objects.exists()


def test_an_item_nobody_took_is_told_to_all_of_its_role(agency):
    item(agency, None, due=at(9, 9))
    services.reminders_send(now=NOW)

    told = set(Notice.objects.values_list("person_id", flat=True))
    assert told == {agency.people["lan"], agency.people["huy"]}


def test_missed_nights_are_made_good(agency):
    item(agency, due=at(9, 9))
    item(agency, due=at(1, 9), opened_at=at(1, 8))

    assert services.reminders_send(now=NOW) == 2
    assert WorkItem.objects.filter(state=0).count() == 2


def test_the_bell_counts_what_is_new_in_this_agency_only(agency, other_agency):
    item(agency, due=at(9, 9))
    item(other_agency, due=at(9, 9))
    services.reminders_send(now=NOW)

    before = queries.notice_count(actor=agency.actor("lan"))
    read = services.notices_read(actor=agency.actor("lan"), now=NOW)

    assert (before, read) == (1, 1)
    assert queries.notice_count(actor=agency.actor("lan")) == 0
    assert queries.notice_count(actor=other_agency.actor("lan")) == 1


def test_what_was_told_is_not_looked_at_again_and_rounds_go_on_where_they_ended(
    agency, monkeypatch
):
    monkeypatch.setattr(reminding, "_ROUND", 2)
    for minute in range(5):
        item(agency, due=at(9, 9, minute))
    item(agency, due=at(9, 9, 4))

    first = services.reminders_send(now=NOW)
    with CaptureQueriesContext(connection) as asked:
        again = services.reminders_send(now=NOW + timedelta(minutes=2))

    assert (first, again) == (6, 0)
    assert len(asked) == 1
