"""The registers of risks and opportunities as files, and the view of the 2008 edition."""

from django.http import HttpRequest, HttpResponse

from nep.apps.organization.queries import who
from nep.apps.planning import queries, services
from nep.apps.planning.rules.scales import OPPORTUNITY, RISK
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of, when
from nep.foundation.web.answers import paper_answer, sheet_answer
from nep.kernel.errors import NotFound

NAMES = {RISK: "so-rui-ro", OPPORTUNITY: "so-co-hoi"}


def risk_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the register of risks as Excel, PDF or Word."""
    return _file(request, RISK, ending)


def opportunity_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the register of opportunities as Excel, PDF or Word."""
    return _file(request, OPPORTUNITY, ending)


def _file(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    wanted = queries.RiskFilter.read(request.GET, kind)
    if ending == "xlsx":
        data = services.risks_sheet(actor=who(request), filter=wanted, now=when(request))
        return sheet_answer(data, name=NAMES[kind])
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Sổ này chỉ có dạng Excel, PDF và Word.")
    data = services.risks_paper(
        actor=who(request), filter=wanted, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name=NAMES[kind], ending=ending)


def prevention(request: HttpRequest) -> HttpResponse:
    """Show the actions on risks as preventive actions of the 2008 edition."""
    lines = queries.preventive_lines(agency_id=who(request).agency_id, today=today_of(request))
    return pages.render(request, "planning/prevention.html", {"lines": lines})


def prevention_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the preventive actions as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Bảng này chỉ có dạng PDF và Word.")
    data = services.prevention_paper(
        actor=who(request), now=when(request), ending="pdf" if ending == "pdf" else "docx"
    )
    return paper_answer(data, name="hanh-dong-phong-ngua", ending=ending)
