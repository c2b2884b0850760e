"""The agency's settings, and changing to another agency."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import AgencyForm, CodeForm, ReasonForm
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of
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
    form = _settings_form(request, request.POST or None)

    def act() -> None:
        services.agency_change(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            **form.cleaned_data,
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lưu thiết lập cơ quan."), "organization:settings")
    return _settings_page(request, form)


def _settings_form(request: HttpRequest, data: QueryDict | None) -> AgencyForm:
    actor = request.actor  # type: ignore[attr-defined]
    facts = queries.agency(actor.agency_id)
    others = queries.agency_names(province_id=actor.province_id)
    return AgencyForm(
        data,
        initial={name: getattr(facts, name) for name in AgencyForm.base_fields}
        | {"parent_id": facts.parent_id or ""},
        above=[(pk, name) for pk, (name, _code) in others.items() if pk != actor.agency_id],
    )


def _settings_page(request: HttpRequest, form: AgencyForm, **more: Any) -> HttpResponse:
    """Show the settings; `more` may hold a refused form of a code, and which line it is about."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    context = {
        "form": form,
        "code_form": CodeForm(auto_id="ma-%s"),
        "remove_form": ReasonForm(auto_id=False),
        "agency": queries.agency(agency_id),
        "codes": queries.agency_codes(agency_id),
        "successions": queries.agency_successions(agency_id),
        "calendar_url": _calendar_url(),
        **more,
    }
    forms = (form, context["code_form"], context["remove_form"])
    status = max(status_of(one) for one in forms)
    return pages.render(request, "organization/settings.html", context, status=status)


@once
def code_add(request: HttpRequest) -> HttpResponse:
    """Add a further code of the agency."""
    if request.method != "POST":
        return redirect("organization:settings")
    actor = request.actor  # type: ignore[attr-defined]
    form = CodeForm(request.POST, auto_id="ma-%s")

    def act() -> None:
        services.agency_code_add(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            **form.cleaned_data,
        )

    if did(form, act):
        return done(request, _("Đã ghi mã."), "organization:settings")
    return _settings_page(request, _settings_form(request, None), code_form=form)


@once
def code_remove(request: HttpRequest, code_id: int) -> HttpResponse:
    """Take a further code back, with a reason."""
    if request.method != "POST":
        return redirect("organization:settings")
    actor = request.actor  # type: ignore[attr-defined]
    queries.agency_code(agency_id=actor.agency_id, code_id=code_id)
    form = ReasonForm(request.POST, auto_id=False)

    def act() -> None:
        services.agency_code_remove(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            code_id=code_id,
            reason=form.cleaned_data["reason"],
        )

    if did(form, act):
        return done(request, _("Đã bỏ mã."), "organization:settings")
    return _settings_page(
        request, _settings_form(request, None), remove_form=form, removing=code_id
    )


def _calendar_url() -> str:
    """Return the page of office hours where that part stands."""
    try:
        return reverse("workcal:year")
    except NoReverseMatch:
        return ""
