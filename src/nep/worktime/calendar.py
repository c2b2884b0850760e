"""A compiled working calendar: prefix sums over office hours, answered by bisection.

All arithmetic is on whole minutes counted from the calendar's first midnight, Vietnam time; seconds
are cut off. A moment that ends a stretch of work is that stretch's own last moment (17:30 today),
never the next opening.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN
from nep.worktime.model import CalendarSpec, DayRule, Pause, Slot

DAY = 1440
_MINUTE = timedelta(minutes=1)


class OutsideCalendar(Refusal, LookupError):
    """A moment lies before or after the years of the calendar."""


def _worked_by_minute(slots: tuple[Slot, ...]) -> list[int]:
    """Return the working minutes from midnight to each minute of a day with these hours."""
    return [
        sum(min(max(minute - slot.start, 0), slot.end - slot.start) for slot in slots)
        for minute in range(DAY)
    ]


class Calendar:
    """Working minutes and days of the years of one spec; make it with `compile_calendar`."""

    __slots__ = (
        "_cum", "_day_slots", "_days", "_end", "_exceptional_on", "_length", "_midnight", "_rank",
        "_rules", "_starts", "_total", "_workdays", "exceptional_days", "first", "noticed", "spec",
    )  # fmt: skip

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self.noticed = spec.noticed_years
        self.first = date(spec.first_year, 1, 1)
        self._midnight = datetime.combine(self.first, time(0), VN)
        self._rules: dict[date, DayRule] = {rule.on: rule for rule in spec.days}
        self.exceptional_days = tuple(sorted(spec.days, key=lambda rule: rule.on))
        self._exceptional_on = [rule.on for rule in self.exceptional_days]
        self._day_slots: list[tuple[Slot, ...]] = []
        self._starts: list[int] = []
        self._length: list[int] = []
        self._cum: list[int] = []
        # of each day: working minutes before it, and from its midnight to each of its minutes
        self._days: list[tuple[int, list[int]]] = []
        self._workdays: list[int] = []
        self._rank: list[int] = []
        self._compile()

    def _compile(self) -> None:
        total = 0
        by_minute: dict[tuple[Slot, ...], list[int]] = {}
        day = self.first
        while day.year <= self.spec.last_year:
            index = len(self._day_slots)
            slots = self._slots_of(day)
            self._day_slots.append(slots)
            self._rank.append(len(self._workdays))
            if slots:
                self._workdays.append(index)
            if slots not in by_minute:
                by_minute[slots] = _worked_by_minute(slots)
            self._days.append((total, by_minute[slots]))
            for slot in slots:
                self._starts.append(index * DAY + slot.start)
                self._length.append(slot.end - slot.start)
                self._cum.append(total)
                total += slot.end - slot.start
            day += timedelta(days=1)
        self._total = total
        self._end = len(self._day_slots) * DAY

    def _slots_of(self, day: date) -> tuple[Slot, ...]:
        rule = self._rules.get(day)
        if rule is None:
            return self.spec.weekly[day.weekday()]
        if rule.slots is not None:
            return rule.slots
        if rule.kind == "swap_work":
            return self.spec.weekly[0]
        if rule.kind == "half_day":
            return self.spec.weekly[day.weekday()][:1]
        return self.spec.weekly[day.weekday()] if rule.kind == "hours" else ()

    # -- moments and minutes ------------------------------------------------------------------

    def minute_of(self, moment: datetime) -> int:
        """Return the minute number of an aware moment. Raises OutsideCalendar."""
        gone = moment - self._midnight
        minute = gone.days * DAY + gone.seconds // 60
        if not 0 <= minute < self._end:
            raise self._outside()
        return minute

    def _outside(self) -> OutsideCalendar:
        first, last = self.spec.first_year, self.spec.last_year
        return OutsideCalendar(
            "outside_calendar",
            f"Lịch làm việc chỉ có từ năm {first} đến năm {last}. Hãy xem lại thời điểm và thời hạn.",
        )

    def moment_of(self, minute: int) -> datetime:
        """Return the moment of a minute number, on Vietnam's clock."""
        return self._midnight + minute * _MINUTE

    def worked(self, minute: int) -> int:
        """Return the working minutes from the calendar's start to a minute."""
        day, spare = divmod(minute, DAY)
        before, inside = self._days[day]
        return before + inside[spare]

    def reach(self, worked: int) -> int:
        """Return the first minute at which so many working minutes are done."""
        if worked > self._total:
            raise self._outside()
        place = bisect_left(self._cum, worked) - 1
        if place < 0:
            return self._starts[0]
        return self._starts[place] + worked - self._cum[place]

    def reach_through(
        self, received_at: datetime, minutes: int, stops: Sequence[Pause]
    ) -> datetime | None:
        """Return when `minutes` of work are done, standing still during closed, ordered stops.

        The one inner loop of hour counting, written out because every worklist row asks it. None
        for any other kind of pause, stops that overlap or stand in another order, or a start before
        the calendar: the general calculator sorts these out.
        """
        midnight, days = self._midnight, self._days
        gone = received_at - midnight
        if gone.days < 0:
            return None
        try:
            before, inside = days[gone.days]
            due = before + inside[gone.seconds // 60] + minutes
            for pause in stops:
                begin, end = pause.start - midnight, pause.end
                if begin < gone or end is None or pause.policy != "stop":
                    return None
                before, inside = days[begin.days]
                done = before + inside[begin.seconds // 60]
                if done >= due:
                    if pause is not stops[-1]:
                        return None
                    break
                gone = end - midnight
                if gone < begin:
                    return None
                before, inside = days[gone.days]
                due += before + inside[gone.seconds // 60] - done
        except IndexError:
            raise self._outside() from None
        return midnight + self.reach(due) * _MINUTE

    def day_index(self, day: date) -> int:
        """Return the number of a day. Raises OutsideCalendar."""
        index = (day - self.first).days
        if not 0 <= index < len(self._day_slots):
            raise self._outside()
        return index

    def rank_after(self, index: int) -> int:
        """Return the rank of the first working day after a day."""
        return self._rank[index] + (1 if self._day_slots[index] else 0)

    def rank_from(self, index: int) -> int:
        """Return the rank of the first working day on or after a day."""
        return self._rank[index]

    def workday(self, rank: int) -> int:
        """Return the day number of a working day's rank. Raises OutsideCalendar."""
        if rank >= len(self._workdays):
            raise self._outside()
        return self._workdays[rank]

    def close_minute(self, index: int) -> int:
        """Return the minute at which a day's office closes; midnight's end on a day off."""
        slots = self._day_slots[index]
        return index * DAY + (slots[-1].end if slots else DAY)

    # -- in words of dates --------------------------------------------------------------------

    def slots_on(self, day: date) -> tuple[Slot, ...]:
        """Return the office hours of a day; empty on a day off."""
        return self._day_slots[self.day_index(day)]

    def is_working_day(self, day: date) -> bool:
        """Say whether any office hours fall on the day."""
        return bool(self.slots_on(day))

    def rule_on(self, day: date) -> DayRule | None:
        """Return the exceptional rule of a day, if it has one."""
        return self._rules.get(day)

    def exceptional_from(self, day: date) -> int:
        """Return the place in `exceptional_days` of the first one after a day."""
        return bisect_right(self._exceptional_on, day)

    def day_name(self, day: date) -> str:
        """Return why a day differs ("Quốc khánh"), or an empty text."""
        rule = self._rules.get(day)
        return rule.name if rule else ""

    def day_close(self, day: date) -> datetime:
        """Return when the office closes on a working day, or the end of a day off."""
        return self.moment_of(self.close_minute(self.day_index(day)))

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """Return the moment at which `minutes` of work are done after `start`."""
        if minutes <= 0:
            return start if minutes == 0 else self.subtract_minutes(start, -minutes)
        return self.moment_of(self.reach(self.worked(self.minute_of(start)) + minutes))

    def subtract_minutes(self, end: datetime, minutes: int) -> datetime:
        """Return the latest moment from which `minutes` of work lie before `end`."""
        worked = self.worked(self.minute_of(end)) - minutes
        if worked < 0:
            raise self._outside()
        place = bisect_right(self._cum, worked) - 1
        return self.moment_of(self._starts[place] + worked - self._cum[place])

    def measure(self, start: datetime, end: datetime) -> int:
        """Return the working minutes between two moments; negative when they are reversed."""
        return self.worked(self.minute_of(end)) - self.worked(self.minute_of(start))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day `count` working days after `day`, which is not counted."""
        rank = self.rank_after(self.day_index(day)) + count - 1
        return self.first + timedelta(days=self.workday(rank))

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to and including `end`."""
        return self.rank_after(self.day_index(end)) - self.rank_after(self.day_index(start))

    def next_opening(self, moment: datetime) -> datetime:
        """Return the moment itself within office hours, else the next opening."""
        minute = self.minute_of(moment)
        place = bisect_right(self._starts, minute) - 1
        if place >= 0 and minute < self._starts[place] + self._length[place]:
            return moment
        if place + 1 >= len(self._starts):
            raise self._outside()
        return self.moment_of(self._starts[place + 1])

    def is_noticed(self, start: date, end: date) -> bool:
        """Say whether official notices fix every year from `start` to `end`."""
        return all(year in self.noticed for year in range(start.year, end.year + 1))


def compile_calendar(spec: CalendarSpec) -> Calendar:
    """Return the calendar of a spec; takes milliseconds, so keep it by `spec.version`."""
    return Calendar(spec)
