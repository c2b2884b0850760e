"""The page of exceptions from the separation of author, checker and approver."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, services
from nep.apps.documents.forms import ExceptionForm
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal


def exceptions(request: HttpRequest) -> HttpResponse:
    """Show the exceptions that hold and held; leaders may grant and end them."""
    return _page(request, ExceptionForm())


def _page(request: HttpRequest, form: ExceptionForm, *, status: int = 200) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    lines = queries.exception_lines(actor.agency_id)
    context = {
        "form": form,
        "holding": [line for line in lines if line.ended_at is None],
        "past": [line for line in lines if line.ended_at is not None],
        "may_grant": bool(may(actor, "procedure.approve")),
    }
    return pages.render(request, "documents/exceptions.html", context, status=status)


@require_POST
@once
def exception_grant(request: HttpRequest) -> HttpResponse:
    """Grant an exception."""
    form = ExceptionForm(request.POST)
    if form.is_valid():
        try:
            services.exception_grant(
                actor=request.actor,  # type: ignore[attr-defined]
                pair=form.cleaned_data["pair"],
                reason=form.cleaned_data["reason"],
                now=request.now,  # type: ignore[attr-defined]
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã cho phép ngoại lệ."))
            return redirect("documents:exceptions")
    return _page(request, form, status=422)


@require_POST
@once
def exception_end(request: HttpRequest, exception_id: int) -> HttpResponse:
    """End an exception."""
    services.exception_end(
        actor=request.actor,  # type: ignore[attr-defined]
        exception_id=exception_id,
        now=request.now,  # type: ignore[attr-defined]
    )
    messages.success(request, _("Đã dừng ngoại lệ."))
    return redirect("documents:exceptions")
