"""What every view of cases reads from the request."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nep.apps.cases import queries
from nep.apps.organization.queries import who
from nep.apps.workcal import queries as workcal
from nep.foundation.web.acting import when
from nep.worktime import Calendar


def calendar(request: HttpRequest) -> Calendar:
    """Return the agency's working calendar."""
    return workcal.calendar_for(who(request).agency_id)


def page_of(request: HttpRequest, case_id: int) -> queries.CasePage:
    """Return a case as its page shows it. Raises NotFound."""
    return queries.case_page(
        actor=who(request), case_id=case_id, now=when(request), calendar=calendar(request)
    )


def back_to(request: HttpRequest, case_id: int, text: Any) -> HttpResponse:
    """Say what was done and lead back to the case."""
    messages.success(request, str(text))
    return redirect(reverse("cases:case", args=[case_id]))


def is_fragment(request: HttpRequest) -> bool:
    """Say whether htmx asked for a part of a page."""
    return bool(getattr(request, "htmx", False))
