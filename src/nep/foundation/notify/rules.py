"""When whom to tell of what: pure decisions over given values.

Working days and office hours are those of a calendar given by the caller; hours and days are of
Vietnam's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nep.kernel.vietnamese import local
from nep.worktime import Calendar, OutsideCalendar

NEVER, NOW, DAY, WEEK = "off", "now", "day", "week"
PACE_NAMES: dict[str, str] = {
    NEVER: "không gửi thư",
    NOW: "ngay trong 15 phút",
    DAY: "thư hằng ngày",
    WEEK: "thư hằng tuần",
}
FIRST_HOUR, LAST_HOUR = 7, 16
HOUR, WEEKDAY = 8, 0  # as shipped: eight o'clock; Monday for what is told weekly
SLOT = 15  # minutes in which what happened becomes one letter
BEFORE, ON, AFTER, NEW = "before", "on", "after", "new"
PAUSES = (60, 300, 900, 3600, 4 * 3600, 8 * 3600)  # seconds to the next try of a letter
SENDING_FOR = timedelta(minutes=10)  # longer than any talk with a mail server may take


ALWAYS, CHOSEN, LIST = "always", "chosen", "list"


@dataclass(frozen=True, slots=True)
class Kind:
    """Something a person may be told of; `mail` is the pace as shipped, `paces` those offered.

    `bell` says whether the bell always tells of it, may be kept quiet, or the list alone shows it.
    """

    code: str
    label: str
    hint: str
    mail: str
    bell: str
    paces: tuple[str, ...] = (NEVER, NOW, DAY, WEEK)


_BY_DATE = (NEVER, DAY, WEEK)
KINDS: tuple[Kind, ...] = (
    Kind(
        "late", "Việc quá hạn", "Sau ngày đến hạn, rồi nhắc lại khi vẫn còn trễ.", DAY, ALWAYS,
        _BY_DATE,
    ),
    Kind(
        "soon", "Việc sắp đến hạn", "Trước hạn vài ngày làm việc và đúng ngày đến hạn.", DAY,
        CHOSEN, _BY_DATE,
    ),
    Kind("handed", "Việc bàn giao cho bạn", "Người khác chuyển việc đang làm sang bạn.", NOW, CHOSEN),
    Kind("returned", "Bản thảo bị trả lại", "Tài liệu, quy trình bạn soạn cần sửa.", DAY, LIST),
    Kind("reading", "Tài liệu cần đọc", "Khi được giao đọc và khi gần hết hạn đọc.", DAY, CHOSEN),
    Kind("new", "Việc mới khác", "Mọi bước hồ sơ, việc mới mở cho bạn.", NEVER, LIST),
)  # fmt: skip
KIND_OF: dict[str, Kind] = {kind.code: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Values:
    """The values in force, in the units of `reference/notices.toml`."""

    before_days: int
    after_days: int
    again_days: int
    new_days: int
    letters_a_day: int
    keep_days: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants to be told."""

    mail: Mapping[str, str]
    silent: frozenset[str] = frozenset()
    hour: int = HOUR
    weekday: int = WEEKDAY

    def pace(self, kind: str) -> str:
        """Return how a kind comes by e-mail."""
        return self.mail.get(kind) or KIND_OF[kind].mail

    def kinds(self, *paces: str) -> frozenset[str]:
        """Return the kinds that come at one of these paces."""
        return frozenset(kind.code for kind in KINDS if self.pace(kind.code) in paces)


SHIPPED = Wish({})


def is_office_time(calendar: Calendar, now: datetime) -> bool:
    """Say whether the moment lies in office hours; outside them nobody is written to."""
    here = local(now)
    minute = here.hour * 60 + here.minute
    return any(slot.start <= minute < slot.end for slot in calendar.slots_on(here.date()))


def week_begins(today: date, weekday: int) -> date:
    """Return the latest day of that weekday, today included."""
    return today - timedelta(days=(today.weekday() - weekday) % 7)


def kinds_of_today(
    wish: Wish, *, now: datetime, day_on: date | None, week_on: date | None
) -> frozenset[str] | None:
    """Return the kinds that the daily letter tells now, or None before its hour or after its turn.

    `day_on` and `week_on` say how far the person has been looked at. A weekly part missed on its
    day (a holiday, a server at rest) comes on the next working day.
    """
    here = local(now)
    if here.hour < wish.hour or (day_on is not None and day_on >= here.date()):
        return None
    kinds = wish.kinds(NOW, DAY)
    if week_on is None:
        is_week = here.weekday() == wish.weekday
    else:
        is_week = week_on < week_begins(here.date(), wish.weekday)
    return kinds | wish.kinds(WEEK) if is_week else kinds


def occasion(*, calendar: Calendar, now: datetime, due_at: datetime, values: Values) -> str:
    """Return what a due date gives reason to say today, or nothing.

    "before" within `before_days` working days, "on" on the day itself, "after0", "after1", …
    from `after_days` working days later and again after every `again_days`. Each is said once; so is
    that an item is late which is older than the calendars.
    """
    today, due_on = local(now).date(), local(due_at).date()
    if due_on == today:
        return ON
    if due_on > today:
        try:
            left = calendar.working_days_between(today, due_on)
        except OutsideCalendar:
            return ""
        return BEFORE if left <= values.before_days and values.before_days else ""
    try:
        gone = calendar.working_days_between(due_on, today)
    except OutsideCalendar:
        return f"{AFTER}0"
    if gone < values.after_days:
        return ""
    again = (gone - values.after_days) // values.again_days if values.again_days else 0
    return f"{AFTER}{again}"


def line_key(item_id: int, what: str, due_at: datetime | None = None) -> str:
    """Return under which key a line about an item is told once; a moved due date is another."""
    return f"{item_id}:{what}:{due_at:%y%m%d%H%M}" if due_at else f"{item_id}:{what}"


def day_period(today: date) -> str:
    """Return the period of a daily letter."""
    return f"day:{today.isoformat()}"


def slot_period(now: datetime) -> str:
    """Return the quarter of an hour whose happenings become one letter."""
    here = local(now)
    return f"now:{here.date().isoformat()}T{here.hour:02d}:{here.minute // SLOT * SLOT:02d}"


def next_try(attempts: int) -> timedelta | None:
    """Return how long a letter rests after so many tries in vain, or None when it is given up."""
    if attempts > len(PAUSES):
        return None
    return timedelta(seconds=PAUSES[attempts - 1])
