"""The page that says which steps another system's words mean, and puts wrong matches right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.cases import queries, services
from nep.apps.cases.forms.fed import FedMatchForm, FedUndoForm
from nep.apps.cases.queries import FedMatches
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal


@once
def fed_match(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show the matches of a case; put one right."""
    found = queries.fed_matches(actor=who(request), case_id=case_id)
    if request.method != "POST":
        return _page(request, found, _form(found, request.GET.get("dong", "")))
    form = FedMatchForm(request.POST, steps=found.steps)
    if form.is_valid():
        try:
            count = services.fed_match_correct(
                actor=who(request),
                now=when(request),
                case_id=case_id,
                row_id=form.cleaned_data["row"],
                node=form.chosen(),
                reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"],
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            said = _("Đã sửa khớp %(count)s lần xử lý. Các tệp sau cùng cách ghi này khớp theo.")
            messages.success(request, said % {"count": count})
            return redirect("cases:fed_match", case_id)
    return _page(request, found, form, status=422)


@require_POST
@once
def fed_match_undo(request: HttpRequest, case_id: int, event_id: int) -> HttpResponse:
    """Take a correction back."""
    form = FedUndoForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        services.fed_match_undo(
            actor=who(request), now=when(request), case_id=case_id, event_id=event_id, reason=reason
        )
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã hoàn tác; hồ sơ khớp bước như trước lần sửa."))
    return redirect("cases:fed_match", case_id)


def _form(found: FedMatches, row: str) -> FedMatchForm | None:
    """Return the form for the line asked for, or None."""
    line = next((one for one in found.lines if str(one.row_id) == row), None)
    if line is None:
        return None
    start = {"row": line.row_id, "node": line.node, "version": found.version}
    return FedMatchForm(initial=start, steps=found.steps)


def _page(
    request: HttpRequest, found: FedMatches, form: FedMatchForm | None, *, status: int = 200
) -> HttpResponse:
    asked = str(form["row"].value()) if form is not None else ""
    context = {
        "found": found,
        "form": form,
        "line": next((one for one in found.lines if str(one.row_id) == asked), None),
    }
    return pages.render(request, "cases/fed_match.html", context, status=status)
