"""What the views here share: who asks, the day of the request, an answer to a post."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from nep.apps.organization.rules import Actor
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local


def who(request: HttpRequest) -> Actor:
    """Return the person who asks."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


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


def done(request: HttpRequest, text: str, place: str, *args: Any) -> HttpResponse:
    """Go to a page and say what has happened; htmx is told to go there."""
    messages.success(request, text)
    answer = redirect(place, *args)
    if not getattr(request, "htmx", False):
        return answer
    return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})


def status_of(form: Form) -> int:
    """Return 422 for a form that was refused, else 200."""
    return 422 if form.is_bound and form.errors else 200
