"""What a view does with a request: its moment, the action of a form, and where it leads."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local


def when(request: HttpRequest) -> datetime:
    """Return the moment of the request."""
    return request.now  # type: ignore[attr-defined,no-any-return]


def today_of(request: HttpRequest) -> date:
    """Return the day of the request on Vietnam's clock."""
    return local(when(request)).date()


def did(form: Form, act: Callable[[], Any]) -> bool:
    """Do the action of a valid form; put a refusal into the form and say False.

    Refusals of access, of absence and of a lost race go on to their own pages.
    """
    if not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        form_refused(form, refusal)
        return False
    return True


def done(request: HttpRequest, text: Any, place: str, *args: Any, at: str = "") -> HttpResponse:
    """Say what has happened and go to a page, to a part of it with `at`; htmx is told to go there."""
    messages.success(request, str(text))
    answer = redirect(place, *args)
    if at:
        answer["Location"] = f"{answer['Location']}#{at}"
    if not getattr(request, "htmx", False):
        return answer
    return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})


def status_of(*forms: Form | None) -> int:
    """Return 422 when one of the forms was refused, else 200."""
    return 422 if any(form and form.is_bound and form.errors for form in forms) else 200
