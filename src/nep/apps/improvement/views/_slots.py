"""What improvement shows on pages of lower apps."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nep.apps.cases.queries import CasePage
from nep.apps.improvement import queries
from nep.apps.improvement.views._ground import today_of, who
from nep.apps.organization.rules import may
from nep.foundation.web import slots


def case_card(*, request: HttpRequest, case: CasePage) -> str:
    """Show the nonconformities of a case, and open another."""
    if not may(who(request), "improvement.see"):
        return ""
    lines = queries.about(
        agency_id=who(request).agency_id, kind="case", ref_id=case.id, today=today_of(request)
    )
    may_report = bool(may(who(request), "improvement.report"))
    if not lines and not may_report:
        return ""
    context = {"lines": lines, "case_id": case.id, "may_report": may_report}
    return render_to_string("improvement/_case_card.html", context)


slots.register("case.side", case_card, order=70)
