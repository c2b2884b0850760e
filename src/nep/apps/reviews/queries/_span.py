"""Of which agency and days the inputs of a review are read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nep.apps.organization.rules import Actor
from nep.kernel.vietnamese import local, number_text


@dataclass(frozen=True, slots=True)
class Span:
    """The period of a review and the one of the same length before it, for the trend."""

    actor: Actor
    starts_on: date
    ends_on: date
    previous_id: int | None
    now: datetime

    @property
    def agency_id(self) -> int:
        """Return the agency."""
        return self.actor.agency_id

    @property
    def today(self) -> date:
        """Return the day on which the figures are frozen."""
        return local(self.now).date()

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return self.starts_on, self.ends_on

    @property
    def days_before(self) -> tuple[date, date]:
        """Return the first and the last day of the period before."""
        last = self.starts_on - timedelta(days=1)
        return last - (self.ends_on - self.starts_on), last

    @property
    def months(self) -> tuple[int, int]:
        """Return the first and the last month as 202611."""
        return _month(self.starts_on), _month(self.ends_on)

    @property
    def months_before(self) -> tuple[int, int]:
        """Return as many months before."""
        first, last = self.months
        count = _place(last) - _place(first) + 1
        return _at(_place(first) - count), _at(_place(first) - 1)


def months_in(months: tuple[int, int]) -> list[int]:
    """Return every month from one to another."""
    return [_at(place) for place in range(_place(months[0]), _place(months[1]) + 1)]


def percent(part: int, whole: int) -> str:
    """Return a share as it is written: "97,5%"; a dash for a share of nothing."""
    if not whole:
        return "–"
    return f"{number_text(round(100 * part / whole, 1), places=1).removesuffix(',0')}%"


def count(number: int) -> str:
    """Return a count as it is written."""
    return number_text(number)


def _month(day: date) -> int:
    return day.year * 100 + day.month


def _place(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def _at(place: int) -> int:
    return place // 12 * 100 + place % 12 + 1
