"""A calendar by address: what it says again, what changed, what is gone; who may fetch how often."""

from datetime import datetime, timedelta

import pytest

from nep.foundation.journal.models import JournalEntry
from nep.foundation.notify import feeds
from nep.foundation.notify.feeds import Entry, compared
from nep.foundation.notify.models import Feed
from nep.foundation.notify.queries import feed_of
from nep.kernel.errors import NotFound, TooMany
from nep.kernel.vietnamese import VN

NOW = datetime(2026, 12, 10, 9, 0, tzinfo=VN)
ONE = Entry(1, NOW + timedelta(days=1), "Thẩm định", "Cấp giấy phép", "/ho-so/1/")
TWO = Entry(2, (NOW + timedelta(days=2)).date(), "Phê duyệt", "", "/ho-so/2/")


def later(**time) -> datetime:
    return NOW + timedelta(**time)


def test_what_did_not_change_is_said_as_before_whenever_asked():
    first, known = compared({}, [ONE, TWO], now=NOW)
    again, kept = compared(known, [ONE, TWO], now=later(hours=5))

    assert (again, kept) == (first, known)
    assert [event.sequence for event in first] == [0, 0]


def test_a_moved_due_date_keeps_its_uid_and_raises_its_sequence():
    (before, _), known = compared({}, [ONE, TWO], now=NOW)
    moved = ONE._replace(at=ONE.at + timedelta(hours=3))
    (after, other), _ = compared(known, [moved, TWO], now=later(hours=1))

    assert after.uid == before.uid
    assert (after.sequence, after.changed_at) == (1, later(hours=1))
    assert (other.sequence, other.changed_at) == (0, NOW)


def test_what_is_done_is_cancelled_for_a_month_without_its_words():
    _, known = compared({}, [ONE, TWO], now=NOW)
    (_two, gone), known = compared(known, [TWO], now=later(days=1))
    (_two, same), _ = compared(known, [TWO], now=later(days=20))
    left, _ = compared(known, [TWO], now=later(days=32))

    assert gone.is_cancelled
    assert (gone.sequence, gone.description, gone.url) == (1, "", "")
    assert same == gone
    assert len(left) == 1


def test_what_comes_back_is_confirmed_under_the_same_uid_with_a_higher_sequence():
    (first,), known = compared({}, [ONE], now=NOW)
    (gone,), known = compared(known, [], now=later(days=1))
    (back,), _ = compared(known, [ONE], now=later(days=2))

    assert [first.sequence, gone.sequence, back.sequence] == [0, 1, 2]
    assert not back.is_cancelled
    assert back.uid == first.uid


@pytest.mark.django_db
def test_an_address_is_kept_as_a_hash_renewed_and_withdrawn():
    key = feeds.feed_make(person_id=7, agency_id=1, now=NOW)
    found = feeds.feed_person(key=key)
    newer = feeds.feed_make(person_id=7, agency_id=1, now=later(days=1))

    assert found == 7
    assert len(key) >= 32
    assert not Feed.objects.filter(key_hash__contains=newer[:10]).exists()
    with pytest.raises(NotFound):
        feeds.feed_person(key=key)
    assert feeds.feed_person(key=newer) == 7
    assert feeds.feed_withdraw(person_id=7, agency_id=1, now=NOW)
    assert not feeds.feed_withdraw(person_id=7, agency_id=1, now=NOW)
    with pytest.raises(NotFound):
        feeds.feed_person(key=newer)
    actions = list(JournalEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["notify.feed_made", "notify.feed_renewed", "notify.feed_withdrawn"]


@pytest.mark.django_db
def test_fetching_is_noted_once_a_day_and_bounded():
    feeds.feed_make(person_id=7, agency_id=1, now=NOW)

    def fetch(now):
        return feeds.feed_events(person_id=7, agency_id=1, entries=[ONE], now=now)

    for minute in range(feeds.FETCHES):
        fetch(NOW + timedelta(seconds=minute))
    with pytest.raises(TooMany):
        fetch(later(minutes=5))
    fetch(later(minutes=11))
    fetch(later(days=1))

    assert feed_of(7).fetched_at == later(days=1)
    assert JournalEntry.objects.filter(action="notify.feed_fetched").count() == 2
