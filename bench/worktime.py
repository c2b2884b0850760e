"""Deadlines: ours beside numpy's busday arithmetic and businesstimedelta, in one run.

`python3 dev.py bench worktime` prints microseconds per deadline and ratios, and one line of JSON.
Goals: ≤ 3 µs without and ≤ 20 µs with explanation; ≥ 3 × numpy; ≥ 100 × businesstimedelta with three
pauses; no disagreement with the oracle.
"""

import datetime as dt
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import businesstimedelta
import numpy as np

from nep.config.reference import calendar_of
from nep.worktime import VN, Pause, deadline, explain
from tests.worktime.cases import all_offices, disagreement, random_case

ROUNDS = 7
SLICE = 0.04  # seconds
CALENDAR = calendar_of()
OFF = [rule.on for rule in CALENDAR.spec.days if not CALENDAR.is_working_day(rule.on)]
RECEIVED = [
    dt.datetime(2026, 1, 5, 8, 0, tzinfo=VN) + dt.timedelta(minutes=97 * i) for i in range(400)
]
OPEN = (450, 690, 810, 1050)


def three_pauses(received: dt.datetime) -> list[Pause]:
    """Return three stopping pauses after a receipt."""
    starts = [received + dt.timedelta(hours=hours) for hours in (5, 40, 90)]
    return [Pause("supplement", "stop", s, s + dt.timedelta(hours=20)) for s in starts]


def per_call(work: Callable[[Any], Any], inputs: Sequence[Any]) -> float:
    """Return the microseconds of processor time of one call, over at least a slice of passes."""
    passes = 0
    start = time.thread_time()
    while (spent := time.thread_time() - start) < SLICE:
        for one in inputs:
            work(one)
        passes += 1
    return spent / (passes * len(inputs)) * 1e6


NUMPY_CALENDAR = np.busdaycalendar(holidays=[np.datetime64(day) for day in OFF])


def numpy_hours(received: dt.datetime, minutes: int = 1200) -> dt.datetime:
    """Count working minutes as a careful user of numpy would: whole days by busday_offset."""
    day = np.datetime64(received.date())
    if not np.is_busday(day, busdaycal=NUMPY_CALENDAR):
        day = np.busday_offset(day, 0, roll="forward", busdaycal=NUMPY_CALENDAR)
        minute = 0
    else:
        minute = received.hour * 60 + received.minute
    first = max(0, min(minute, OPEN[1]) - OPEN[0]) + max(0, min(minute, OPEN[3]) - OPEN[2])
    days, rest = divmod(first + minutes, 480)
    if rest == 0:
        days, rest = days - 1, 480
    last = np.busday_offset(day, days, busdaycal=NUMPY_CALENDAR).astype(dt.date)
    into = OPEN[0] + rest if rest <= 240 else OPEN[2] + rest - 240
    return dt.datetime.combine(last, dt.time(into // 60, into % 60), VN)


def business_rules():
    """Return the rules of businesstimedelta for the same hours and days off."""
    morning = businesstimedelta.WorkDayRule(
        start_time=dt.time(7, 30), end_time=dt.time(11, 30), working_days=[0, 1, 2, 3, 4]
    )
    afternoon = businesstimedelta.WorkDayRule(
        start_time=dt.time(13, 30), end_time=dt.time(17, 30), working_days=[0, 1, 2, 3, 4]
    )
    off = businesstimedelta.HolidayRule(dict.fromkeys(OFF, "off"))
    return businesstimedelta.Rules([morning, afternoon, off])


def business_with_pauses(rules, received: dt.datetime, pauses: Sequence[Pause]) -> dt.datetime:
    """Count twenty working hours through three pauses with businesstimedelta."""
    left = businesstimedelta.BusinessTimeDelta(rules, hours=20)
    now = received.replace(tzinfo=None)
    for pause in pauses:
        start, end = pause.start.replace(tzinfo=None), pause.end.replace(tzinfo=None)
        room = rules.difference(now, start)
        if room.hours * 3600 + room.seconds >= left.hours * 3600 + left.seconds:
            break
        left = businesstimedelta.BusinessTimeDelta(
            rules,
            hours=left.hours - room.hours,
            seconds=left.seconds - room.seconds,
        )
        now = end
    return now + left


def candidates() -> dict[str, tuple[Callable[[Any], Any], Sequence[Any]]]:
    """Return what is measured: name, call (as the product calls it), inputs."""
    rules = business_rules()
    paused = [(received, three_pauses(received)) for received in RECEIVED]
    return {
        "deadline": (
            lambda r: deadline(calendar=CALENDAR, received_at=r, amount=20, unit="working_hour"),
            RECEIVED,
        ),
        "deadline_days": (
            lambda r: deadline(calendar=CALENDAR, received_at=r, amount=15, unit="working_day"),
            RECEIVED,
        ),
        "deadline_3_pauses": (
            lambda case: deadline(
                calendar=CALENDAR, received_at=case[0], amount=20, unit="working_hour",
                pauses=case[1],
            ),
            paused,
        ),
        "explained": (
            lambda r: explain(calendar=CALENDAR, received_at=r, amount=20, unit="working_hour"),
            RECEIVED,
        ),
        "explained_days": (
            lambda r: explain(calendar=CALENDAR, received_at=r, amount=15, unit="working_day"),
            RECEIVED,
        ),
        "numpy": (numpy_hours, RECEIVED),
        "business_3_pauses": (lambda case: business_with_pauses(rules, *case), paused[::10]),
    }  # fmt: skip


def main() -> None:
    """Measure every candidate once a round in random order; print medians and ratios in a round."""
    chance = random.Random(7)
    work = candidates()
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        order = chance.sample(sorted(work), len(work))
        rounds.append({name: per_call(*work[name]) for name in order})
    table = {name: statistics.median(one[name] for one in rounds) for name in work}
    pairs = {
        "numpy / ours": ("numpy", "deadline"),
        "businesstimedelta / ours (3 pauses)": ("business_3_pauses", "deadline_3_pauses"),
    }
    ratios = {
        name: statistics.median(one[theirs] / one[ours] for one in rounds)
        for name, (theirs, ours) in pairs.items()
    }
    offices = all_offices()
    faults = sum(bool(disagreement(random_case(chance), offices)) for _ in range(1000))
    for name, value in table.items():
        print(f"{name:<40}{value:>12.2f} µs")
    for name, value in ratios.items():
        print(f"{name:<40}{value:>12.1f} ×")
    print(f"{'disagreements with the oracle':<40}{faults:>12} of 1000")
    print(json.dumps({"us": table, "ratios": ratios, "disagreements": faults}))


if __name__ == "__main__":
    main()
