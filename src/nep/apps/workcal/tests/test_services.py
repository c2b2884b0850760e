"""Changing the calendar: who may, what is kept, and what the next due date then says."""

import copy
from datetime import date, datetime, time

import pytest

from nep.apps.organization.tests.scene import NOW
from nep.apps.workcal import queries, services
from nep.apps.workcal.models import CalendarEdition, SpecialDay
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import VN
from nep.worktime import deadline

STORM = date(2026, 12, 14)
MORNING = (time(8, 0), time(12, 0))
AFTERNOON = (time(13, 0), time(17, 0))


def due(agency, received=datetime(2026, 12, 11, 9, 0, tzinfo=VN)) -> datetime:
    calendar = queries.calendar_for(agency.agency_id)
    found = deadline(calendar=calendar, received_at=received, amount=1, unit="working_day").due_at
    assert found is not None
    return found


def close(agency, *, by="admin", on=STORM, **more) -> int:
    values = {"kind": "closure", "name": "Nghỉ tránh bão", "reason": "Công điện 12"} | more
    return services.day_rule_add(
        actor=agency.actor(by), now=NOW, agency_id=agency.agency_id, on=on, **values
    )


def set_hours(agency, *, by="admin", **more) -> None:
    values = {
        "morning": MORNING, "afternoon": AFTERNOON, "saturday_morning": False,
        "reason": "Quyết định giờ mùa đông",
    } | more  # fmt: skip
    services.office_hours_set(actor=agency.actor(by), now=NOW, agency_id=agency.agency_id, **values)


def entries(agency, action: str) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(agency_id=agency.agency_id, action=action))


class TestSeed:
    def test_every_shipped_day_is_in_force(self, agency, years):
        calendar = queries.calendar_for(agency.agency_id)
        shipped = [day for year in years.values() for day in year["days"]]

        assert len(shipped) > 40
        for day in shipped:
            assert calendar.is_working_day(day["on"]) == (day["kind"] == "swap_work"), day

    def test_repeating_it_changes_nothing(self, seeded, years):
        number = CalendarEdition.objects.get().number
        again = services.calendar_seed(years=years, now=NOW)

        assert (seeded > 40, again) == (True, 0)
        assert CalendarEdition.objects.get().number == number

    def test_a_corrected_release_takes_its_wrong_day_back_but_no_agencys_day(self, agency, years):
        close(agency, on=date(2026, 11, 23))
        years = copy.deepcopy(years)
        days = years["vn-2026"]["days"]
        years["vn-2026"]["days"] = [one for one in days if one["on"] != date(2026, 11, 24)]
        changed = services.calendar_seed(years=years, now=NOW)
        calendar = queries.calendar_for(agency.agency_id)

        assert changed == 1
        assert calendar.is_working_day(date(2026, 11, 24))
        assert not calendar.is_working_day(date(2026, 11, 23))

    def test_a_notice_that_comes_later_ends_the_estimate(self, agency):
        received = datetime(2026, 12, 28, 9, 0, tzinfo=VN)
        before = queries.calendar_for(agency.agency_id)
        assert deadline(
            calendar=before, received_at=received, amount=10, unit="working_day"
        ).estimated
        year = {
            "year": 2027, "source": "TB thử", "notice": "1/TB", "verified": True,
            "days": [{"on": date(2027, 1, 1), "kind": "holiday", "name": "Tết Dương lịch"}],
        }  # fmt: skip
        services.calendar_seed(years={"vn-2027": year}, now=NOW)
        after = queries.calendar_for(agency.agency_id)

        assert before.spec.version != after.spec.version
        assert not deadline(
            calendar=after, received_at=received, amount=10, unit="working_day"
        ).estimated


class TestDays:
    def test_a_closure_moves_the_next_due_date_of_this_agency_only(self, agency, other_agency):
        assert due(agency) == datetime(2026, 12, 14, 17, 30, tzinfo=VN)
        close(agency)

        assert due(agency) == datetime(2026, 12, 15, 17, 30, tzinfo=VN)
        assert due(other_agency) == datetime(2026, 12, 14, 17, 30, tzinfo=VN)

    def test_it_is_journaled_with_its_reason(self, agency):
        day_id = close(agency)
        (entry,) = entries(agency, "calendar.day_added")

        assert (entry.object_id, entry.reason) == (str(day_id), "Công điện 12")
        assert entry.actor_id == agency.people["admin"]

    def test_an_agencys_day_goes_before_the_countrys(self, agency):
        close(agency, on=date(2026, 11, 24), kind="swap_work", name="Trực", notice="15/TB-UBND")

        assert queries.calendar_for(agency.agency_id).is_working_day(date(2026, 11, 24))

    def test_own_hours_of_a_day_count(self, agency):
        close(agency, kind="hours", name="Họp cơ quan", slots=(MORNING,))

        assert due(agency) == datetime(2026, 12, 14, 12, 0, tzinfo=VN)

    def test_removing_it_brings_the_day_back(self, agency):
        day_id = close(agency)
        services.day_rule_remove(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, day_id=day_id,
            reason="Bão đổi hướng",
        )  # fmt: skip

        assert due(agency) == datetime(2026, 12, 14, 17, 30, tzinfo=VN)
        assert entries(agency, "calendar.day_removed")[0].reason == "Bão đổi hướng"

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"reason": "  "}, "reason_missing"),
            ({"kind": "swap_off"}, "notice_missing"),
            ({"kind": "hours"}, "hours_missing"),
            ({"on": date(2050, 1, 4)}, "day_outside"),
        ],
    )
    def test_what_cannot_stand_is_refused_and_leaves_nothing(self, agency, more, code):
        with pytest.raises(Refusal) as refused:
            close(agency, **more)

        assert refused.value.code == code
        assert not SpecialDay.objects.filter(agency_id=agency.agency_id).exists()

    def test_the_same_day_twice_is_refused(self, agency):
        close(agency)
        with pytest.raises(Refusal, match="đã được ghi"):
            close(agency)

    def test_a_specialist_may_not(self, agency):
        with pytest.raises(Forbidden):
            close(agency, by="lan")

    def test_another_agencys_day_and_the_countrys_are_not_found(self, agency, other_agency):
        national = SpecialDay.objects.filter(agency_id=None).first()
        assert national is not None
        for day_id in (close(other_agency), national.pk):
            with pytest.raises(NotFound):
                services.day_rule_remove(
                    actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
                    day_id=day_id, reason="thử",
                )  # fmt: skip
        with pytest.raises(NotFound):
            services.day_rule_add(
                actor=agency.actor("admin"), now=NOW, agency_id=other_agency.agency_id, on=STORM,
                kind="closure", name="thử", reason="thử",
            )  # fmt: skip


class TestHours:
    def test_new_hours_are_the_next_due_dates_hours(self, agency):
        set_hours(agency)

        assert due(agency) == datetime(2026, 12, 14, 17, 0, tzinfo=VN)
        assert len(entries(agency, "calendar.hours_set")) == 1

    def test_the_same_hours_again_change_nothing(self, agency):
        set_hours(agency)
        set_hours(agency, version=1)

        assert len(entries(agency, "calendar.hours_set")) == 1

    def test_who_saw_older_hours_is_told(self, agency):
        set_hours(agency)
        with pytest.raises(Conflict):
            set_hours(agency, afternoon=(time(13, 0), time(16, 30)), version=0)

        assert due(agency) == datetime(2026, 12, 14, 17, 0, tzinfo=VN)

    def test_more_than_eight_hours_a_day_are_refused_by_law(self, agency):
        with pytest.raises(Refusal) as refused:
            set_hours(agency, morning=(time(7, 0), time(12, 0)))

        assert refused.value.code == "hours_too_long"
        assert "Điều 105" in refused.value.clause

    def test_a_specialist_may_not(self, agency):
        with pytest.raises(Forbidden):
            set_hours(agency, by="lan")


class TestRemembered:
    def test_a_calendar_is_read_once(self, agency, django_assert_num_queries):
        queries.calendar_for(agency.agency_id)
        with django_assert_num_queries(0):
            for _ in range(5):
                queries.calendar_for(agency.agency_id)

    def test_a_change_by_another_process_is_seen(self, agency, monkeypatch):
        before = queries.calendar_for(agency.agency_id)
        SpecialDay.objects.create(agency_id=agency.agency_id, on=STORM, kind="closure", name="x")
        CalendarEdition.objects.update(number=7)
        assert queries.calendar_for(agency.agency_id) is before

        monkeypatch.setattr(queries, "FRESH_SECONDS", 0.0)
        assert not queries.calendar_for(agency.agency_id).is_working_day(STORM)


@pytest.mark.parametrize(
    ("day", "from_it", "five_after"),
    [
        (date(2026, 6, 4), date(2026, 6, 4), date(2026, 6, 11)),
        (date(2026, 6, 7), date(2026, 6, 8), date(2026, 6, 12)),
        (date(2026, 9, 1), date(2026, 9, 3), date(2026, 9, 9)),
    ],
)
def test_work_is_due_on_a_working_day_as_the_office_closes(agency, day, from_it, five_after):
    scene_id = agency.agency_id
    assert queries.working_day_from(agency_id=scene_id, day=day) == from_it
    found = queries.working_day_after(agency_id=scene_id, day=day, count=5)
    assert found == five_after
    closing = queries.calendar_for(scene_id).slots_on(found)[-1].end
    due = queries.day_end(agency_id=scene_id, day=found)
    assert (due.date(), due.hour * 60 + due.minute) == (found, closing)


def test_work_of_a_day_off_or_beyond_the_calendar_is_due_at_five(agency):
    for day in (date(2026, 6, 7), date(2099, 6, 1)):
        assert queries.day_end(agency_id=agency.agency_id, day=day).hour == 17
