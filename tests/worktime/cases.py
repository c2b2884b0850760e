"""Random calendars, limits and pauses for the comparison with the oracle."""

import random
from datetime import date, datetime, timedelta

from nep.worktime import VN, DayRule, Pause, Slot, compile_calendar, deadline, vietnam_spec
from tests.worktime.oracle import Office, due

WEEKS = [
    [[(450, 690), (810, 1050)]] * 5 + [[], []],
    [[(450, 690), (780, 1020)]] * 5 + [[(450, 690)], []],
    [[(420, 690), (810, 1020)]] * 5 + [[], []],
]
DAYS_2026 = {
    date(2026, 1, 1): ("holiday", []),
    date(2026, 1, 2): ("swap_off", []),
    date(2026, 1, 10): ("swap_work", None),
    **{date(2026, 2, day): ("holiday", []) for day in range(16, 21)},
    date(2026, 4, 27): ("holiday", []),
    date(2026, 4, 30): ("holiday", []),
    date(2026, 5, 1): ("holiday", []),
    date(2026, 6, 12): ("half_day", "first"),
    date(2026, 7, 8): ("closure", []),
    date(2026, 8, 22): ("swap_work", None),
    date(2026, 8, 31): ("swap_off", []),
    date(2026, 9, 1): ("holiday", []),
    date(2026, 9, 2): ("holiday", []),
    date(2026, 11, 24): ("holiday", []),
    date(2026, 12, 18): ("hours", [(480, 720)]),
}


def calendar_and_office(week):
    """Return the same hours and days as a compiled calendar and as the oracle's office."""
    rules, days = [], {}
    for on, (kind, hours) in DAYS_2026.items():
        if hours is None:
            hours = week[0]
        elif hours == "first":
            hours = week[on.weekday()][:1]
        days[on] = hours
        slots = tuple(Slot(*pair) for pair in hours) if kind == "hours" else None
        rules.append(DayRule(on, kind, kind, slots=slots))
    weekly = tuple(tuple(Slot(*pair) for pair in day) for day in week)
    spec = vietnam_spec(
        days=rules, noticed_years={2025, 2026, 2027, 2028}, first_year=2025, last_year=2028,
        version="thử", weekly=weekly,
    )  # fmt: skip
    return compile_calendar(spec), Office(week, days, VN)


def random_case(chance: random.Random):
    """Return (week number, received, amount, unit, pauses as triples)."""
    received = datetime(2025, 12, 20, tzinfo=VN) + timedelta(
        days=chance.randrange(350), minutes=chance.randrange(1440), seconds=chance.randrange(60)
    )
    unit = chance.choice(["working_hour", "working_hour", "working_day", "working_day",
                          "calendar_day"])  # fmt: skip
    amount = chance.choice([1, 2, 3, 4, 5, 7, 8, 10, 15, 20, 25, 30])
    pauses, start = [], received
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        start += timedelta(days=chance.randrange(6), minutes=chance.randrange(1, 1440))
        start = start.replace(second=0)
        end = start + timedelta(days=chance.randrange(9), minutes=chance.randrange(1, 1440))
        policy = chance.choice(["stop", "stop", "stop", "restart", "none"])
        pauses.append((policy, start, end))
        start = end
    if pauses and chance.random() < 0.05:
        pauses[-1] = (*pauses[-1][:2], None)
    chance.shuffle(pauses)  # whoever asks need not have sorted them
    return chance.randrange(len(WEEKS)), received, amount, unit, pauses


def disagreement(case, offices) -> str:
    """Return an empty text when product and oracle agree on a case, else both answers."""
    week, received, amount, unit, triples = case
    calendar, office = offices[week]
    pauses = [Pause("supplement", policy, start, end) for policy, start, end in triples]
    ours = deadline(
        calendar=calendar, received_at=received, amount=amount, unit=unit, pauses=pauses
    ).due_at
    theirs = due(office, received, amount, unit, triples)
    return "" if ours == theirs else f"{case}: ours {ours}, oracle {theirs}"


def all_offices():
    """Return calendar and office for each of the week patterns."""
    return [calendar_and_office(week) for week in WEEKS]
