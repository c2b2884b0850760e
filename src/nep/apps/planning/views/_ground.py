"""What the views of planning share."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local


def who(request: HttpRequest) -> Actor:
    """Return the signed-in person."""
    return request.actor  # type: ignore[attr-defined]


def when(request: HttpRequest) -> datetime:
    """Return the request's moment."""
    return request.now  # type: ignore[attr-defined]


def today_of(request: HttpRequest) -> date:
    """Return the day of the request on Vietnam's clock."""
    return local(when(request)).date()


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


def done(request: HttpRequest, text: Any, place: str, *args: Any) -> HttpResponse:
    """Say what has happened and go to a page."""
    messages.success(request, str(text))
    return redirect(place, *args)


def status_of(*forms: Form | None) -> int:
    """Return 422 when one of the forms was refused, else 200."""
    return 422 if any(form and form.is_bound and form.errors for form in forms) else 200


def sheet_answer(data: bytes, *, name: str) -> HttpResponse:
    """Answer with an Excel file made here."""
    answer = HttpResponse(data, content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def paper_answer(data: bytes, *, name: str, ending: str) -> HttpResponse:
    """Answer with a paper made here: a PDF is shown, a Word file is saved."""
    answer = HttpResponse(data, content_type=CONTENT_TYPES[ending])
    place = "inline" if ending == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{place}; filename="{name}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def people_choices(request: HttpRequest) -> list[tuple[int, str]]:
    """Return (id, name with post) of everybody who holds an appointment in the agency today."""
    members = organization.members(agency_id=who(request).agency_id, today=today_of(request))
    return [
        (one.id, ", ".join(filter(None, (one.name, one.position or "".join(one.units[:1])))))
        for one in members
    ]


def offset_of(request: HttpRequest) -> int:
    """Return from which line on a list is asked for."""
    asked = request.GET.get("tu", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def kept_with(values: dict[str, str], **change: str) -> str:
    """Return a query string of a list's filter with something changed; empty values fall away."""
    merged = {name: value for name, value in {**values, **change}.items() if value}
    return f"?{urlencode(merged)}"


def tabs_of(scopes: dict[str, str], values: dict[str, str], counts: dict[str, int]) -> list[dict]:
    """Return the tabs of a list: each scope with its address and count."""
    kept = {name: value for name, value in values.items() if name != "loc"}
    return [
        {
            "name": name,
            "count": counts.get(key),
            "url": f"?{urlencode({**kept, 'loc': key} if key else kept)}",
            "is_here": key == values.get("loc", ""),
        }
        for key, name in scopes.items()
    ]


def paging_of(*, offset: int, shown: int, found: int, page: int, values: dict) -> dict[str, str]:
    """Return the paging of a list: its words, the pages before and after."""
    last = offset + shown

    def address(start: int) -> str:
        return f"?{urlencode({**values, 'tu': start} if start else values)}"

    return {
        "text": f"{offset + 1 if shown else 0}–{last} / {found}",
        "previous_url": address(max(0, offset - page)) if offset else "",
        "next_url": address(last) if last < found else "",
    }
