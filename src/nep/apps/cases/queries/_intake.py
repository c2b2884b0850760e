"""What the intake page needs: the procedure, its papers, the date it would promise."""

import calendar as weeks
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.queries._steps import Names
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.queries import TthcFacts, VersionFacts
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import date_text, local, weekday_name
from nep.worktime import Calendar, Explanation, LedgerRow, explain


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A TTHC that can be taken in."""

    id: int
    code: str
    name: str
    limit_words: str


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the little calendar; `kind` is "", off, cnt (counted), hol, recv or due."""

    day: int
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class MonthCells:
    """One month of the little calendar: weeks of seven cells, None outside the month."""

    title: str
    weeks: tuple[tuple[DayCell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """The date that acceptance now would promise, with its account."""

    day_text: str
    time_text: str
    short: str
    sentence: str
    rows: tuple[LedgerRow, ...]
    is_estimated: bool
    months: tuple[MonthCells, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """One TTHC on the intake page; `promise` is None without a limit."""

    tthc: TthcFacts
    version: VersionFacts
    variants: tuple[VersionFacts, ...]
    promise: Promise | None
    reception_name: str
    next_step: str


def suggestions(
    *, actor: Actor, query: str, limit: int = 12, internal: bool = False
) -> tuple[Suggestion, ...]:
    """Return the TTHC with a procedure in force that hold every word, marks ignored.

    With `internal` the procedures of the agency's own work instead.
    """
    lines = procedures.tthc_lines(
        agency_id=actor.agency_id, query=query, only_in_force=True, internal=internal, limit=limit
    )
    return tuple(Suggestion(one.id, one.code, one.name, one.limit_words) for one in lines)


def intake(
    *, actor: Actor, tthc_id: int, variant: str, now: datetime, calendar: Calendar
) -> Intake:
    """Return the intake page of a TTHC. Raises NotFound, also without a procedure in force."""
    facts = procedures.tthc(tthc_id=tthc_id, agency_id=actor.agency_id)
    today = local(now).date()
    found = procedures.versions_in_force(agency_id=actor.agency_id, tthc_id=tthc_id, on=today)
    if not found:
        raise NotFound(
            "procedure_missing", "Thủ tục này chưa có quy trình đang áp dụng nên chưa nhận hồ sơ."
        )
    version = next((one for one in found if one.variant == variant), found[0])
    return Intake(
        tthc=facts,
        version=version,
        variants=found if len(found) > 1 else (),
        promise=promise(version=version, now=now, calendar=calendar),
        reception_name=organization.agency(actor.agency_id).reception_name,
        next_step=_next_step(actor, version, today),
    )


def promise(*, version: VersionFacts, now: datetime, calendar: Calendar) -> Promise | None:
    """Return the date that acceptance now would promise, or None without a limit."""
    if version.limit is None or version.at_once:
        return None
    account = explain(
        calendar=calendar,
        received_at=now,
        amount=version.limit.amount,
        unit=version.limit.unit,
    )
    if account.due_at is None:
        return None
    due = local(account.due_at)
    name = weekday_name(due.date())
    return Promise(
        day_text=f"{name[0].upper()}{name[1:]}, {date_text(due.date())}",
        time_text=f"{due:%H:%M}",
        short=date_text(due.date()),
        sentence=account.sentence,
        rows=account.ledger,
        is_estimated=account.estimated,
        months=_months(account, now, calendar, version.limit.unit),
    )


def _next_step(actor: Actor, version: VersionFacts, today: date) -> str:
    """Return who gets the case after reception: "Đặng Văn Toàn, bước 2 “Phân công”"."""
    plan = plan_for(version.content_hash)
    directory = organization.directory(agency_id=actor.agency_id, today=today)
    units = {unit.code: unit.name for unit in directory.units.values()}
    names = Names({}, {}, units, directory, actor.person_id)
    first = plan.order[0]
    step = first
    if first.role == "reception" and first.following:
        step = plan.steps[first.following[0]]
    return f"{names.expected(step)}, bước {step.number} “{step.name}”"


_MOST_MONTHS = 2


def _months(
    account: Explanation, now: datetime, calendar: Calendar, unit: str
) -> tuple[MonthCells, ...]:
    """Return the months from receipt to the due date, when they are few enough to be read."""
    first, last = local(now).date(), local(account.due_at or now).date()
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    if span > _MOST_MONTHS:
        return ()
    made = []
    year, month = first.year, first.month
    for _ in range(span):
        made.append(_month(year, month, first, last, calendar, unit))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(made)


def _month(
    year: int, month: int, first: date, last: date, calendar: Calendar, unit: str
) -> MonthCells:
    rows = []
    for week in weeks.Calendar().monthdatescalendar(year, month):
        cells = [
            _cell(day, first, last, calendar, unit) if day.month == month else None for day in week
        ]
        rows.append(tuple(cells))
    return MonthCells(f"Tháng {month}/{year}", tuple(rows))


def _cell(day: date, first: date, last: date, calendar: Calendar, unit: str) -> DayCell:
    works = calendar.is_working_day(day)
    if day == last:
        return DayCell(day.day, "due", "Hạn trả")
    if day == first:
        return DayCell(day.day, "recv", "Ngày nhận")
    name = calendar.day_name(day)
    if name and not works:
        return DayCell(day.day, "hol", name)
    if first < day < last and (works or unit == "calendar_day"):
        return DayCell(day.day, "cnt", "Được tính")
    return DayCell(day.day, "" if works else "off", name)
