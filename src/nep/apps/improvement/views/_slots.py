"""What improvement shows on pages of lower apps."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nep.apps.cases.queries import CasePage
from nep.apps.improvement import queries
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.planning.queries import RiskPage
from nep.foundation.web import slots
from nep.foundation.web.acting import today_of


def case_card(*, request: HttpRequest, case: CasePage) -> str:
    """Show the nonconformities of a case, and open another."""
    return _card(request, kind="case", ref_id=case.id, asked=f"ho-so={case.id}")


def risk_card(*, request: HttpRequest, risk: RiskPage) -> str:
    """Show the nonconformities of a risk, and open one when it came true or was not treated."""
    line = risk.line
    is_asked = bool(line.happened) or any(one.is_late for one in risk.actions)
    return _card(request, kind=line.kind, ref_id=line.id,
                 asked=f"rui-ro={line.id}" if is_asked else "")  # fmt: skip


def _card(request: HttpRequest, *, kind: str, ref_id: int, asked: str) -> str:
    if not may(who(request), "improvement.see"):
        return ""
    lines = queries.about(
        agency_id=who(request).agency_id, kind=kind, ref_id=ref_id, today=today_of(request)
    )
    may_report = bool(asked) and bool(may(who(request), "improvement.report"))
    if not lines and not may_report:
        return ""
    context = {"lines": lines, "asked": asked, "may_report": may_report}
    return render_to_string("improvement/_case_card.html", context)


slots.register("case.side", case_card, order=70)
slots.register("risk.side", risk_card, order=70)
