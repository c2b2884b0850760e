"""Working time: deadlines, pauses and clocks over a given calendar. Pure.

Times are aware datetimes; whole minutes count, seconds are cut off; the zone is Asia/Ho_Chi_Minh.
"""

from nep.kernel.vietnamese import VN
from nep.worktime.calendar import Calendar, OutsideCalendar, compile_calendar
from nep.worktime.clock import (
    Clock,
    clock_again,
    clock_due,
    clock_pause,
    clock_resume,
    clock_start,
    clock_stop,
    clock_used,
    remaining,
    urgency,
    used_minutes,
)
from nep.worktime.deadlines import Deadline, UnusableLimit, deadline, minutes_of
from nep.worktime.model import (
    DAY_KIND_NAMES,
    HOURS_PER_DAY,
    OFFICE_HOURS,
    PAUSE_NAMES,
    POLICY_NAMES,
    UNIT_NAMES,
    UNITS,
    CalendarSpec,
    DayRule,
    Pause,
    Slot,
)
from nep.worktime.report import deadline_report, parse_moment, parse_pause
from nep.worktime.vietnam import expected_days_off, vietnam_spec
from nep.worktime.words import (
    Explanation,
    LedgerRow,
    amount_words,
    due_words,
    duration_words,
    explain,
    hours_words,
    moment_words,
)

__all__ = [
    "DAY_KIND_NAMES", "HOURS_PER_DAY", "OFFICE_HOURS", "PAUSE_NAMES", "POLICY_NAMES",
    "UNITS", "UNIT_NAMES", "VN", "Calendar", "CalendarSpec", "Clock", "DayRule", "Deadline",
    "Explanation", "LedgerRow", "OutsideCalendar", "Pause", "Slot", "UnusableLimit", "amount_words",
    "clock_again", "clock_due", "clock_pause", "clock_resume", "clock_start", "clock_stop",
    "clock_used", "compile_calendar", "deadline", "deadline_report", "due_words",
    "duration_words", "expected_days_off", "explain", "hours_words", "minutes_of",
    "moment_words", "parse_moment", "parse_pause", "remaining", "urgency", "used_minutes",
    "vietnam_spec",
]  # fmt: skip
