"""When a timer fires: by the agency's calendar, by the clock, by a field of the case; cycles."""

import pytest

from nep.apps.cases.rules.waiting import (
    TimerUnreadable,
    fields_read,
    first_moment,
    joining,
    next_moment,
    shifted,
    wait_words,
)
from nep.apps.cases.tests.nets import ASKING_IN_TURN, RACE, timer
from nep.apps.cases.tests.scene import moment
from nep.worktime import compile_calendar
from nep.worktime.vietnam import vietnam_spec

CALENDAR = compile_calendar(
    vietnam_spec(days=(), noticed_years=(), first_year=2026, last_year=2027, version="thử")
)
NOW = moment(10, 9)  # a Thursday


@pytest.mark.parametrize(
    ("form", "value", "unit", "due"),
    [
        ("duration", "P3D", "working_day", moment(15, 17, 30)),
        ("duration", "P1W", "working_day", moment(17, 17, 30)),
        ("duration", "PT4H", "working_hour", moment(10, 15)),
        ("duration", "P1D", "working_hour", moment(11, 9)),
        ("duration", "P3D", "", moment(13, 9)),
        ("duration", "PT36H", "", moment(11, 21)),
        ("duration", "P1M", "", moment(10, 9, month=12).replace(year=2027, month=1)),
        ("date", "2026-12-13", "", moment(13, 0)),
        ("date", "2026-12-13", "working_day", moment(14, 7, 30)),
        ("date", "2026-12-13T15:00:00", "", moment(13, 15)),
        ("date", "ngay_hen", "", moment(20, 0)),
        ("cycle", "R3/PT4H", "working_hour", moment(10, 15)),
    ],
)
def test_a_timer_fires_at_its_moment(form, value, unit, due):
    data = {"ngay_hen": "20/12/2026"}
    found = first_moment(timer(form, value, unit), now=NOW, calendar=CALENDAR, data=data)
    assert found.due_at == due


@pytest.mark.parametrize(
    ("form", "value", "unit"),
    [
        ("date", "ngay_la", ""), ("duration", "P", ""), ("duration", "P1M", "working_day"),
        ("cycle", "P1D", ""), ("cycle", "R2/ngay/P1D", ""),
        ("duration", "P9999999D", ""), ("duration", "P9000Y", ""), ("date", "0001-01-01", ""),
        ("date", "9999-12-31T23:00:00-12:00", ""), ("cycle", "R2/P9000Y", ""),
        ("duration", f"P{'9' * 5000}D", ""), ("duration", f"PT{'9' * 30}S", ""),
    ],
)  # fmt: skip
def test_a_timer_without_a_moment_says_why(form, value, unit):
    with pytest.raises(TimerUnreadable, match=r"\w+.*\."):
        first_moment(timer(form, value, unit), now=NOW, calendar=CALENDAR, data={})


def test_a_cycle_ends_after_its_last_moment_and_skips_those_gone_by():
    cycle = timer("cycle", "R3/P1D")
    first = first_moment(cycle, now=NOW, calendar=CALENDAR, data={})
    assert (first.due_at, first.left) == (moment(11, 9), 2)
    again = {"calendar": CALENDAR, "data": {}}
    second = next_moment(cycle, last=first.due_at, left=2, now=first.due_at, **again)
    assert second == (moment(12, 9), 1)
    late = next_moment(cycle, last=first.due_at, left=2, now=moment(12, 10), **again)
    assert late == (moment(13, 9), 0)
    assert next_moment(cycle, last=moment(13, 9), left=0, now=moment(13, 9), **again) is None
    assert next_moment(cycle, last=first.due_at, left=2, now=moment(20, 9), **again) is None


def test_a_pause_leaves_what_was_left_of_working_time():
    moved = {"paused_at": moment(10, 10), "resumed_at": moment(14, 10), "calendar": CALENDAR}
    assert shifted(moment(10, 15), **moved) == moment(14, 15)
    assert shifted(moment(10, 9), **moved) == moment(10, 9)


def test_only_what_a_process_reads_joins_a_case_from_outside():
    assert fields_read(RACE) == {"han_cho"}
    assert fields_read(ASKING_IN_TURN) >= {"noi_hoi"}
    given = {"han_cho": "2026-12-14", "ho_ten": "Nguyễn Văn An", "noi_hoi": ["x"]}
    assert joining(given, frozenset({"han_cho", "noi_hoi"})) == {"han_cho": "2026-12-14"}


def test_a_wait_is_said_in_words():
    assert wait_words(timer("duration", "P1D"), moment(24, 9)) == (
        "Chờ đến 09:00 thứ Năm 24/12/2026"
    )
