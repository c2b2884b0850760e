"""The agency's settings, and changing to another agency."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import AgencyForm
from nep.apps.organization.views._ground import did, done, status_of, today_of
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound

SESSION_AGENCY = "agency_id"


def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's agencies from now on."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    wanted = request.POST.get("agency", "")
    choices = queries.agencies_of(user_id=int(request.user.pk or 0), today=today_of(request))
    chosen = next((one for one in choices if str(one.id) == wanted), None)
    if chosen is None:
        raise NotFound()
    request.session[SESSION_AGENCY] = chosen.id
    messages.success(request, _("Bạn đang làm việc ở %(agency)s.") % {"agency": chosen.name})
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if safe else "/")


@once
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change the agency's names, contacts and mask of case codes."""
    actor = request.actor  # type: ignore[attr-defined]
    facts = queries.agency(actor.agency_id)
    fields = AgencyForm.base_fields
    form = AgencyForm(request.POST or None, initial={name: getattr(facts, name) for name in fields})

    def act() -> None:
        services.agency_change(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            **form.cleaned_data,
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lưu thiết lập cơ quan."), "organization:settings")
    context = {
        "form": form,
        "agency": facts,
        "codes": queries.agency_codes(actor.agency_id),
        "successions": queries.agency_successions(actor.agency_id),
        "calendar_url": _calendar_url(),
    }
    return pages.render(request, "organization/settings.html", context, status=status_of(form))


def _calendar_url() -> str:
    """Return the page of office hours where that part stands."""
    try:
        return reverse("workcal:year")
    except NoReverseMatch:
        return ""
