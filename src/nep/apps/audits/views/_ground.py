"""What the views of audits share."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.files import queries as files
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import NotFound, Refusal
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


def done(request: HttpRequest, text: Any, place: str, *args: Any, at: str = "") -> HttpResponse:
    """Say what has happened and go to a page, to a part of it with `at`."""
    messages.success(request, str(text))
    answer = redirect(place, *args)
    if at:
        answer["Location"] = f"{answer['Location']}#{at}"
    return answer


def status_of(*forms: Form | None) -> int:
    """Return 422 when one of the forms was refused, else 200."""
    return 422 if any(form and form.is_bound and form.errors for form in forms) else 200


def people_choices(request: HttpRequest) -> list[tuple[int, str]]:
    """Return (id, name with post) of everybody who holds an appointment in the agency today."""
    members = organization.members(agency_id=who(request).agency_id, today=today_of(request))
    return [
        (one.id, ", ".join(filter(None, (one.name, one.position or "".join(one.units[:1])))))
        for one in members
    ]


def paper_answer(data: bytes, *, name: str, ending: str) -> HttpResponse:
    """Answer with a paper: PDF in the browser, Word and Excel as files."""
    answer = HttpResponse(data, content_type=CONTENT_TYPES[ending])
    place = "inline" if ending == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{place}; filename="{name}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def ending_of(text: str) -> Any:
    """Return "pdf" or "docx". Raises NotFound."""
    if text not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Giấy này chỉ có dạng PDF và Word.")
    return text


def file_answer(file_id: int) -> HttpResponse:
    """Answer with a stored file."""
    kept = files.facts(file_id)
    answer = HttpResponse(files.read(file_id), content_type=kept.content_type)
    is_shown = kept.content_type in {"application/pdf", "image/png", "image/jpeg"}
    place = "inline" if is_shown else "attachment"
    answer["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(kept.name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
