"""The page that shows where a case stands on the diagram of its procedure."""

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from nep.apps.cases.queries.figure import case_figure
from nep.apps.organization.queries import who
from nep.foundation.web import pages


def figure(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show a case on the diagram: what is done, where it stands and with whom."""
    found = case_figure(actor=who(request), case_id=case_id)
    context = {"case_id": case_id, "found": found, "diagram": mark_safe(found.svg)}  # noqa: S308
    return pages.render(request, "cases/figure.html", context)
