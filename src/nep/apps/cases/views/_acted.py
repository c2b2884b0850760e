"""An act on a case: asked for in a box over the case's page, or on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _l

from nep.apps.cases import queries
from nep.apps.cases.views._ground import back_to, calendar, is_fragment
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.text import whole_number

_BACK = _l("Quay lại")
SEEN = "ban"  # the version of the case that the reader saw when asking for the box


@dataclass(frozen=True, slots=True)
class Told:
    """What an act says: its title, its button (the title where empty), what goes with it
    (`hint`: a name that the template knows)."""

    title: Any
    button: Any = ""
    hint: str = ""
    back: Any = _BACK
    is_grave: bool = False


def acted(
    request: HttpRequest,
    case_id: int,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    told: Told,
) -> HttpResponse:
    """Do one act from its form; a refused one is shown on a page of its own with what was typed."""
    found = queries.case_view(
        actor=who(request), case_id=case_id, now=when(request), calendar=calendar(request)
    )
    if not form.is_bound:
        seen = whole_number(request.GET.get(SEEN, ""))
        form.initial = {**form.initial, "version": seen or found.page.version}
    elif form.is_valid():
        try:
            return back_to(request, case_id, act(form.cleaned_data))
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
    return asked(request, form, told, case=found.page, running=found.running)


def asked(
    request: HttpRequest,
    form: forms.Form,
    told: Told,
    *,
    case: queries.CasePage,
    running: queries.Running | None = None,
) -> HttpResponse:
    """Answer with an act's form: as a box where a page asks for one, else as a page."""
    is_box = is_fragment(request) and request.method == "GET"
    if is_box:
        form.auto_id = "hop_%s"  # beside the fields of the page below
    context = {"case": case, "form": form, "told": told, "running": running}
    part = "cases/act.html#box" if is_box else "cases/act.html"
    status = 422 if form.is_bound and form.errors else 200
    return pages.render(request, part, context, status=status)
