"""What the views of standards share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from nep.apps.organization.rules import Actor
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal


def who(request: HttpRequest) -> Actor:
    """Return the signed-in person."""
    return request.actor  # type: ignore[attr-defined]


def when(request: HttpRequest) -> datetime:
    """Return the request's moment."""
    return request.now  # type: ignore[attr-defined]


def did(form: Form, act: Callable[[], Any]) -> bool:
    """Do the action of a valid form; put a refusal into the form and say False."""
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


def status_of(*forms: Form | None) -> int:
    """Return 422 when one of the forms was refused, else 200."""
    return 422 if any(form and form.is_bound and form.errors for form in forms) else 200


def sheet_answer(data: bytes, *, name: str) -> HttpResponse:
    """Answer with an Excel file made here."""
    answer = HttpResponse(data, content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer
