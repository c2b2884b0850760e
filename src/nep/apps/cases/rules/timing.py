"""When a case and its steps are due, how a finished case kept its time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from nep.kernel.vietnamese import local
from nep.worktime import Calendar, Deadline, OutsideCalendar, Pause, deadline

TRANSFER_HOUR = 15


def transfer_moment(
    *, accepted_at: datetime, calendar: Calendar, hour: int = TRANSFER_HOUR
) -> datetime:
    """Return from when the resolving unit has the file.

    The same moment, or the next working morning when it was accepted after 15:00 (`hour`) or on a
    day off.
    Only the transfer moves, never the clock of the case.
    Source: Nghị định 118/2025/NĐ-CP Điều 18 khoản 2.
    """
    here = local(accepted_at)
    limit = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if here <= limit and calendar.is_working_day(here.date()):
        return accepted_at
    tomorrow = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return calendar.next_opening(tomorrow)


def result_deadline(
    *,
    calendar: Calendar,
    accepted_at: datetime,
    amount: Decimal | None,
    unit: str,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Return the date promised to the applicant; none when the procedure sets no limit."""
    if amount is None or not unit:
        return Deadline(None, False)
    return deadline(
        calendar=calendar, received_at=accepted_at, amount=amount, unit=unit, pauses=pauses
    )


def as_subtracted(pauses: Sequence[Pause]) -> tuple[Pause, ...]:
    """Return the pauses as the indicators count them: every waiting is taken off.

    Source: Quyết định 766/QĐ-TTg ngày 23/6/2022.
    """
    return tuple(replace(pause, policy="stop") for pause in pauses)


def step_due(
    *, calendar: Calendar, opened_at: datetime, amount: Decimal | None, unit: str, left: int | None
) -> datetime | None:
    """Return when a step is due.

    A step entered for the first time counts in its own unit; one that goes on (`left` working
    minutes remain of its limit) counts minutes. None for a step without limit.
    """
    if amount is None:
        return None
    if left is not None:
        return calendar.add_minutes(opened_at, left)
    return deadline(calendar=calendar, received_at=opened_at, amount=amount, unit=unit).due_at


def on_time_word(*, finished_at: datetime, due_at: datetime | None) -> str:
    """Return truoc (an earlier day), dung (the due day, in time), tre, or nothing without a date.

    Source: Quyết định 766/QĐ-TTg: ngày kết thúc xử lý không sau ngày hẹn trả.
    """
    if due_at is None:
        return ""
    if finished_at > due_at:
        return "tre"
    return "truoc" if local(finished_at).date() < local(due_at).date() else "dung"


def working_minutes(calendar: Calendar, start: datetime | None, end: datetime) -> int:
    """Return the working minutes since a clock began to run; none when it does not run."""
    if start is None or end <= start:
        return 0
    try:
        return max(0, calendar.measure(start, end))
    except OutsideCalendar:
        return 0
