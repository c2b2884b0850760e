"""An agency's ISO year: every obligation with its day and state, and the one that is next."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from nep.apps.conformity.models import IsoYear, YearItem
from nep.apps.conformity.ports import seen_reader
from nep.apps.conformity.queries._look import Look
from nep.apps.conformity.rules import year as rules
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import ROLE_NAMES


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar with what is due in it."""

    number: int
    is_now: bool
    lines: tuple[rules.Line, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class YearPage:
    """The year of an agency: its lines by day, the next one, what was opened from where."""

    year: int
    opened: bool
    copied_from: int | None
    has_last: bool
    headline: str
    lines: tuple[rules.Line, ...]
    next: rules.Line | None
    months: tuple[Month, ...]
    to_confirm: int
    minutes: int
    minutes_left: int

    @property
    def done(self) -> int:
        """Return how many obligations are done."""
        return sum(one.state == rules.DONE for one in self.lines)

    @property
    def folds(self) -> tuple[tuple[int, int, str], ...]:
        """Return the year as a pleat: a fold an obligation, as wide as its minutes."""
        states = {rules.DONE: "done", rules.LATE: "late", rules.SOON: "now"}
        return tuple(
            (max(one.minutes, 10), 100 if one.state == rules.DONE else 0,
             states.get(one.state, "next"))
            for one in self.lines
            if one.state != rules.EXCLUDED
        )  # fmt: skip


def obligations_of(agency_id: int, *, today: date) -> tuple[rules.Obligation, ...]:
    """Return the obligations of an agency by its kind, name and size."""
    agency = organization.agency(agency_id)
    people = len(organization.members(agency_id=agency_id, today=today))
    found = rules.read_obligations(
        settings.ISO_YEAR["obligations"], kind=agency.kind, name=agency.name, people=people
    )
    # where nobody tells from data, a person's word is asked
    return tuple(one if seen_reader(one.seen) else replace(one, seen=rules.HAND) for one in found)


def year_page(*, agency_id: int, year: int, today: date, look: Look | None = None) -> YearPage:
    """Return the year of an agency as it stands today; `look` is what was read of it already."""
    opened = IsoYear.objects.filter(agency_id=agency_id, year__in=[year, year - 1])
    found = {one.year: one for one in opened}
    lines = lines_of(agency_id=agency_id, year=year, today=today, look=look)
    held = found.get(year)
    return YearPage(
        year=year, opened=held is not None, copied_from=held.copied_from if held else None,
        has_last=year - 1 in found,
        headline=rules.headline(lines, year=year, opened=held is not None), lines=lines,
        next=rules.next_of(lines), months=_months(lines, year, today),
        to_confirm=sum(one.to_confirm for one in lines),
        minutes=sum(one.minutes for one in lines if one.state != rules.EXCLUDED),
        minutes_left=sum(
            one.minutes for one in lines if one.state not in {rules.EXCLUDED, rules.DONE}
        ),
    )  # fmt: skip


def lines_of(
    *, agency_id: int, year: int, today: date, look: Look | None = None
) -> tuple[rules.Line, ...]:
    """Return the obligations of a year by day; a year not yet opened shows the shipped ones."""
    look = look or Look(agency_id, year=year, today=today)
    known = {one.code: one for one in obligations_of(agency_id, today=today)}
    rows = list(YearItem.objects.filter(agency_id=agency_id, year=year).order_by("due_on", "code"))
    kept = [kept_of(row) for row in rows]
    pairs: list[tuple[rules.Obligation | None, rules.Kept | None]] = (
        [(known.get(one.code), one) for one in kept]
        if rows
        else [(one, None) for one in known.values()]
    )
    lines = [
        rules.line_of(obligation, one, seen_of(obligation, look), year=year, today=today)
        for obligation, one in pairs
    ]
    return tuple(sorted(lines, key=lambda one: (one.due_on, one.code)))


def seen_of(obligation: rules.Obligation | None, look: Look) -> rules.Seen:
    """Return what the data say of an obligation; nothing where a person's word is asked."""
    reader = seen_reader(obligation.seen) if obligation else None
    return reader(look) if reader else rules.Seen()


def kept_of(row: YearItem) -> rules.Kept:
    """Return a row of a year as rules see it."""
    return rules.Kept(
        code=row.code, title=row.title, due_on=row.due_on, role=row.role, minutes=row.minutes,
        is_own=row.is_own, is_copied=row.is_copied, is_confirmed=row.confirmed_at is not None,
        excluded=row.excluded, done_on=row.done_on, evidence=row.evidence,
    )  # fmt: skip


def next_of(agency_id: int, *, today: date) -> rules.Line | None:
    """Return the one thing an agency does next in its ISO year, None when nothing is left."""
    return rules.next_of(lines_of(agency_id=agency_id, year=today.year, today=today))


def roles_of_year(agency_id: int, *, year: int) -> set[str]:
    """Return the roles that an opened year asks something of; none where it is not opened."""
    if not IsoYear.objects.filter(agency_id=agency_id, year=year).exists():
        return set()
    rows = YearItem.objects.filter(agency_id=agency_id, year=year, done_on=None)
    return set(rows.order_by().values_list("role", flat=True).distinct())


def role_name(role: str) -> str:
    """Return a role in words."""
    return ROLE_NAMES.get(role, role)


def _months(lines: tuple[rules.Line, ...], year: int, today: date) -> tuple[Month, ...]:
    found = []
    for number in range(1, 13):
        due = tuple(one for one in lines if one.due_on.year == year and one.due_on.month == number)
        minutes = sum(one.minutes for one in due if one.state != rules.EXCLUDED)
        found.append(Month(number, (year, number) == (today.year, today.month), due, minutes))
    return tuple(found)
