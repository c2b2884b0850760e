"""Which agency of the province took over from which."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import ReasonForm, SuccessionForm
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


@once
def successions(request: HttpRequest) -> HttpResponse:
    """Show the successions of the province; write one more."""
    actor = request.actor  # type: ignore[attr-defined]
    form = _form(request, is_sent=request.method == "POST")

    def act() -> None:
        services.succession_add(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            **form.values(),
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã ghi việc kế thừa."), "organization:successions")
    return _page(request, form)


def _form(request: HttpRequest, *, is_sent: bool) -> SuccessionForm:
    province_id = request.actor.province_id  # type: ignore[attr-defined]
    lines = queries.agency_lines(province_id=province_id, limit=1000)
    return SuccessionForm(
        request.POST if is_sent else None,
        agencies=[(line.id, f"{line.name} ({line.code})") for line in lines],
    )


def _page(request: HttpRequest, form: SuccessionForm, **more: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "form": form,
        "lines": queries.successions_of_province(actor.province_id),
        "province": actor.province,
        "remove_form": ReasonForm(auto_id=False),
        **more,
    }
    status = max(status_of(form), status_of(context["remove_form"]))
    return pages.render(request, "organization/successions.html", context, status=status)


@once
def succession_remove(request: HttpRequest, succession_id: int) -> HttpResponse:
    """Take a succession back, with a reason."""
    actor = request.actor  # type: ignore[attr-defined]
    lines = queries.successions_of_province(actor.province_id)
    if succession_id not in {line.id for line in lines}:
        raise NotFound()
    if request.method != "POST":
        return redirect("organization:successions")
    form = ReasonForm(request.POST, auto_id=False)

    def act() -> None:
        services.succession_remove(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            succession_id=succession_id,
            reason=form.cleaned_data["reason"],
        )

    if did(form, act):
        return done(request, _("Đã bỏ việc kế thừa."), "organization:successions")
    empty = _form(request, is_sent=False)
    return _page(request, empty, remove_form=form, removing=succession_id)
