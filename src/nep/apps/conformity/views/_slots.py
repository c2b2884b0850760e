"""What conformity shows on pages of lower apps."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nep.apps.conformity import queries
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.standards.queries import Comparison
from nep.foundation.web import slots
from nep.foundation.web.acting import today_of


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


slots.register("standards.gaps", gaps_table)
