"""Finished cases of a year as a one-stop system tells of them, imported as an official would.

Three cases a month of each of two procedures are done in half their time; of the first procedure the
cases of June take twice theirs.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from nep.apps.cases.services.fed import import_cases
from nep.apps.organization.models import Agency
from nep.apps.workcal.queries import calendar_for
from nep.demonstration import facts
from nep.demonstration.fed import _csv
from nep.demonstration.procedures import actor_with
from nep.kernel.codes import CASE_MASK, render_code
from nep.kernel.vietnamese import VN, local
from nep.worktime import Calendar
from tests import world

LATE_MONTH, USED, USED_LATE, EVERY_DAYS = 6, 0.5, 2.0, 7
Row = tuple[str, ...]


def rows_of(
    agency: dict[str, Any], calendar: Calendar, *, year: int, months: range
) -> Iterator[Row]:
    """Yield the steps of the cases received in these months, as a one-stop system exports them."""
    for month in months:
        for number, day in enumerate(range(1, 16, EVERY_DAYS), start=1):
            for place, procedure in enumerate(facts.procedures(agency)[:2]):
                start = datetime.combine(date(year, month, day), time(8, 10 + place), VN)
                received = calendar.next_opening(start)
                code = render_code(
                    CASE_MASK, agency=agency["code"], on=local(received).date(),
                    seq=100 * month + 10 * number + place,
                )  # fmt: skip
                share = USED_LATE if month == LATE_MONTH and not place else USED
                yield from _case(procedure, calendar, code=code, at=received, share=share)


def _case(
    procedure: dict[str, Any], calendar: Calendar, *, code: str, at: datetime, share: float
) -> Iterator[Row]:
    steps = [one for one in procedure["steps"] if not one.get("only_by_branch")]
    for step in steps:
        end = calendar.add_minutes(at, round(step["hours"] * 60 * share))
        said = "Đã trả kết quả" if step is steps[-1] else "Đang xử lý"
        yield (code, procedure["tthc"], step["name"], said, "",
               f"{local(at):%d/%m/%Y %H:%M}", f"{local(end):%d/%m/%Y %H:%M}")  # fmt: skip
        at = end


def feed(number: int, months: range, *, now: datetime) -> None:
    """Import the file of these months at an agency of the demonstration."""
    agency = world.agency_facts(number)
    agency_id = Agency.objects.get(code=agency["code"]).pk
    reception = actor_with(agency, "reception", agency_id=agency_id, now=now)
    calendar = calendar_for(agency_id)
    rows = list(rows_of(agency, calendar, year=local(now).year, months=months))
    import_cases(actor=reception, now=now, files=[("mot-cua.csv", _csv(rows))])
