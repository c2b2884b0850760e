"""What conformity shows on pages of lower apps."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nep.apps.conformity import queries
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.standards.queries import Comparison
from nep.foundation.web import slots
from nep.foundation.web.acting import today_of

SECRETARY = "iso_secretary"


def gaps_table(*, request: HttpRequest, comparison: Comparison) -> str:
    """Show what is new in an edition beside what the agency already has for it."""
    if not may(who(request), "year.see"):
        return ""
    found = queries.matrix(
        actor=who(request), today=today_of(request), edition=comparison.newer.code,
        beside=comparison.older.code,
    )  # fmt: skip
    rows = {row.clause.number: row for row in found.rows}
    lines = [(line, rows[line.newer[0].number]) for line in comparison.gaps]
    return render_to_string("conformity/_gaps.html", {"lines": lines, "comparison": comparison})


def next_of_year(*, request: HttpRequest) -> str:
    """Show who keeps the ISO year what is next in it, on their list of work."""
    if not may(who(request), "year.manage"):
        return ""
    today, agency_id, roles = today_of(request), who(request).agency_id, set(who(request).roles)
    if not roles & {SECRETARY, *queries.roles_of_year(agency_id, year=today.year)}:
        return ""  # before the whole year is read
    page = queries.year_page(agency_id=agency_id, year=today.year, today=today)
    if page.opened and page.next is None:
        return ""
    role = page.next.role if page.opened and page.next else SECRETARY
    if not {role, SECRETARY} & roles:
        return ""
    context = {"page": page, "one": page.next}
    return render_to_string("conformity/_year_next.html", context, request=request)


slots.register("standards.gaps", gaps_table)
slots.register("work.mine.above", next_of_year)
