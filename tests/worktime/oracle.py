"""A slow second opinion on deadlines, written from the law's words and from nothing of `nep`.

It walks minute by minute (for hours) or day by day (for days) over a plain function that says
whether an office is open. Used by the tests, the drill and the benchmark.
"""

from datetime import date, datetime, time, timedelta

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Office:
    """When an office is open: weekly hours and exceptional days as plain dicts."""

    def __init__(self, weekly, days, zone):
        self.weekly, self.days, self.zone = weekly, days, zone
        self._minutes = {}  # of each day once: the minutes of work

    def hours(self, day: date):
        """Return the (start, end) minutes of a day."""
        return self.days.get(day, self.weekly[day.weekday()])

    def open_at(self, moment: datetime) -> bool:
        """Say whether the minute that begins at this moment is a minute of work."""
        day = moment.date()
        minutes = self._minutes.get(day)
        if minutes is None:
            minutes = {minute for start, end in self.hours(day) for minute in range(start, end)}
            self._minutes[day] = minutes
        return moment.hour * 60 + moment.minute in minutes

    def closing(self, day: date) -> datetime:
        """Return the end of the office day, or midnight's end of a day off."""
        hours = self.hours(day)
        start = datetime.combine(day, time(0), self.zone)
        return start + MINUTE * (hours[-1][1] if hours else 1440)


def due(office: Office, received: datetime, amount: int, unit: str, pauses) -> datetime | None:
    """Return the due moment; pauses are (policy, start, end or None), apart from each other."""
    stops, start = [], received
    for policy, begin, end in sorted(pauses, key=lambda one: one[1]):
        if policy == "none":
            continue
        so_far = _due(office, start, amount, unit, stops)
        if so_far is None or begin > so_far:
            continue
        if policy == "restart":
            if end is None:
                return None
            start, stops = max(start, end), []
        elif _works(office, begin, end):
            stops.append((begin, end))
    return _due(office, start, amount, unit, stops)


def _works(office: Office, begin: datetime, end: datetime | None) -> bool:
    """Say whether any minute of work lies inside; an open pause always has one."""
    if end is None:
        return True
    moment = begin
    while moment < end:
        if office.open_at(moment):
            return True
        moment += MINUTE
    return False


def _due(office, start, amount, unit, stops):
    if unit == "working_hour":
        return _by_minutes(office, start, amount * 60, stops)
    return _by_days(office, start, amount, stops, working=unit == "working_day")


def _by_minutes(office, moment, minutes, stops):
    moment = moment.replace(second=0, microsecond=0)
    while minutes:
        is_open = office.open_at(moment)
        stopped = stops and [
            end for begin, end in stops if begin <= moment and (end is None or moment < end)
        ]
        if is_open and not stopped:
            minutes -= 1
        moment += MINUTE
        if stopped and None in stopped and (is_open or not _opens_later(office, moment)):
            return None
    return moment


def _opens_later(office, moment):
    return any(office.hours(moment.date() + DAY * i) for i in range(40))


def _by_days(office, start, days, stops, *, working):
    day = start.date()
    while days:
        day += DAY
        if working and not office.hours(day):
            continue
        touched = _touched(office, day, stops)
        if touched is None:
            return None
        if not touched:
            days -= 1
    while not office.hours(day):
        day += DAY
    return office.closing(day)


def _touched(office, day, stops):
    """Say whether a stop covers office time of the day (or a day off itself); None: an open one."""
    hours = office.hours(day) or [(0, 1440)]
    midnight = datetime.combine(day, time(0), office.zone)
    for begin, end in stops:
        opens, closes = midnight + MINUTE * hours[0][0], midnight + MINUTE * hours[-1][1]
        if begin < closes and (end is None or end > opens):
            return None if end is None else True
    return False
