"""The clock of a step or a case as values of a row: started, paused, stopped.

`due_at` is derived by `deadline` from the row and its pauses; these functions say how much of the
limit is used and how urgent it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from nep.worktime.calendar import Calendar
from nep.worktime.deadlines import Deadline, deadline
from nep.worktime.model import Pause, PauseKind, Policy

Urgency = Literal["trong", "sap", "qua"]
_SOON_SHARE = 0.2  # DESIGN: "sắp đến hạn" from the last 20 % of the limit …
_SOON_DAYS_MINUTES = 480  # … or the last working day


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that runs: amount in unit, from `started_at`, through `pauses`, until `stopped_at`.

    A step entered again goes on with the same clock (`clock_again`); where the procedure says
    restart, it gets a new one from `clock_start`.
    """

    amount: Decimal
    unit: str
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None

    @property
    def is_paused(self) -> bool:
        """Say whether the last pause is still open."""
        return bool(self.pauses) and self.pauses[-1].end is None


def clock_start(*, amount: Decimal, unit: str, now: datetime) -> Clock:
    """Return a clock that starts now."""
    return Clock(amount, unit, now)


def clock_pause(
    clock: Clock, *, kind: PauseKind, policy: Policy, now: datetime, charged: str = ""
) -> Clock:
    """Return the clock with an open pause; a second open pause is a programming error."""
    if clock.is_paused or clock.stopped_at is not None:
        raise ValueError("the clock does not run")
    return replace(clock, pauses=(*clock.pauses, Pause(kind, policy, now, None, charged)))


def clock_resume(clock: Clock, *, now: datetime) -> Clock:
    """Return the clock running again from now."""
    if not clock.is_paused:
        raise ValueError("the clock is not paused")
    return replace(clock, pauses=(*clock.pauses[:-1], replace(clock.pauses[-1], end=now)))


def clock_stop(clock: Clock, *, now: datetime) -> Clock:
    """Return the clock stopped, as when its step is done."""
    return replace(clock, stopped_at=now)


def clock_again(clock: Clock, *, now: datetime) -> Clock:
    """Return a stopped clock going on for a step entered again; the time between is not counted."""
    if clock.stopped_at is None:
        return clock
    gap = Pause("agency", "stop", clock.stopped_at, now, "")
    return replace(clock, pauses=(*clock.pauses, gap), stopped_at=None)


def clock_due(clock: Clock, *, calendar: Calendar) -> Deadline:
    """Return when the clock's limit ends."""
    return deadline(
        calendar=calendar,
        received_at=clock.started_at,
        amount=clock.amount,
        unit=clock.unit,
        pauses=clock.pauses,
    )


def clock_used(clock: Clock, *, calendar: Calendar, now: datetime) -> int:
    """Return the working minutes used until now (or until it stopped), pauses left out."""
    end = clock.stopped_at or now
    return used_minutes(
        calendar=calendar, started_at=clock.started_at, end=end, pauses=clock.pauses
    )


def used_minutes(
    *, calendar: Calendar, started_at: datetime, end: datetime, pauses: Sequence[Pause] = ()
) -> int:
    """Return working minutes between two moments, stopping and restarting pauses left out."""
    start = started_at
    for pause in pauses:
        if pause.policy == "restart" and pause.end is not None and pause.end <= end:
            start = max(start, pause.end)
    used = calendar.measure(start, end)
    covered = start
    for pause in sorted(pauses, key=lambda one: one.start):
        if pause.policy == "none":
            continue
        low = max(pause.start, covered)
        high = min(pause.end or end, end)
        if high > low:
            used -= calendar.measure(low, high)
            covered = high
    return max(0, used)


def remaining(*, calendar: Calendar, now: datetime, due_at: datetime) -> int:
    """Return the working minutes left until the due moment; negative when it is past.

    Past it by rest time only is less than a minute of work late: -1.
    """
    left = calendar.measure(now, due_at)
    return -1 if left == 0 and now > due_at else left


def urgency(*, calendar: Calendar, now: datetime, due_at: datetime, amount_minutes: int) -> Urgency:
    """Return "qua" past the due moment, "sap" in the last fifth or the last working day.

    For limits of at most a day the last fifth alone decides, else they would be urgent at birth.
    """
    if now > due_at:
        return "qua"
    left = calendar.measure(now, due_at)
    if left <= amount_minutes * _SOON_SHARE:
        return "sap"
    if amount_minutes > _SOON_DAYS_MINUTES and left <= _SOON_DAYS_MINUTES:
        return "sap"
    return "trong"
