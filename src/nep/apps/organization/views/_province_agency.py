"""One agency of the province: set right, ended, and its administrators helped."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import (
    AdministratorForm,
    AgencyEndForm,
    IdentityForm,
    ReasonForm,
)
from nep.apps.organization.queries import AgencyFacts, who
from nep.apps.organization.views._person import ACCOUNT_ACTS
from nep.foundation.accounts import queries as accounts
from nep.foundation.accounts.services import NewAccount
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


def agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Show an agency of the province."""
    return _page(request, _found(request, agency_id))


@once
def agency_identify(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Set name, code, kind or first day of an agency right."""
    if request.method != "POST":
        return redirect("organization:agency", agency_id)
    found = _found(request, agency_id)
    form = IdentityForm(request.POST)
    common = _common(request, found)
    if did(form, lambda: services.agency_identify(**common, **form.cleaned_data)):
        text = _("Đã lưu %(name)s.") % {"name": form.cleaned_data["name"]}
        return done(request, text, "organization:agency", agency_id)
    return _page(request, found, form=form)


@once
def agency_end(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Set the last day of an agency, or take it back."""
    if request.method != "POST":
        return redirect("organization:agency", agency_id)
    found = _found(request, agency_id)
    form = (AgencyEndForm if found.valid_to is None else ReasonForm)(request.POST, prefix="kt")
    act = services.agency_close if found.valid_to is None else services.agency_reopen
    common = _common(request, found)
    if did(form, lambda: act(**common, **form.cleaned_data)):
        text = _("Đã ghi ngày kết thúc.") if found.valid_to is None else _("Đã bỏ ngày kết thúc.")
        return done(request, text, "organization:agency", agency_id)
    return _page(request, found, end_form=form)


def administrator_new(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Give an agency a further administrator, whose password is shown once and kept nowhere."""
    if request.method != "POST":
        return redirect("organization:agency", agency_id)
    found = _found(request, agency_id)
    form = AdministratorForm(request.POST)
    made: list[NewAccount] = []
    if did(form, lambda: made.append(administrator_made(request, found.id, form.cleaned_data))):
        return _page(request, found, fresh=made[0])
    return _page(request, found, admin_form=form)


@transaction.atomic
def administrator_made(request: HttpRequest, agency_id: int, values: dict[str, Any]) -> NewAccount:
    """Add a person, make them administrator and open their log-in: all of it or nothing."""
    common: dict[str, Any] = {
        "actor": who(request), "now": when(request), "agency_id": agency_id,
    }  # fmt: skip
    person_id = services.person_add(**common, name=values["admin_name"])
    services.appointment_start(
        **common, person_id=person_id, role="agency_admin", starts_on=today_of(request)
    )
    return services.person_account_open(**common, person_id=person_id, username=values["username"])


def administrator_account(
    request: HttpRequest, agency_id: int, person_id: int, act: str
) -> HttpResponse:
    """Reset, stop or reopen the log-in of an agency's administrator, with a reason."""
    if act not in ACCOUNT_ACTS:
        raise NotFound()
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found = _found(request, agency_id)
    known = queries.administrators(agency_id=agency_id, today=today_of(request))
    if person_id not in {one for one, *_more in known}:
        raise NotFound()
    service, text = ACCOUNT_ACTS[act]
    form = ReasonForm(request.POST)
    made: list[Any] = []
    common = _common(request, found) | {"person_id": person_id}
    if did(form, lambda: made.append(service(**common, **form.cleaned_data))):
        if isinstance(made[0], NewAccount):
            return _page(request, found, fresh=made[0])
        return done(request, _(text), "organization:agency", agency_id)
    return _page(request, found, refused=form, refused_at=(person_id, act))


def _found(request: HttpRequest, agency_id: int) -> AgencyFacts:
    found = queries.agency(agency_id)
    if found.province_id != who(request).province_id:
        raise NotFound()
    return found


def _common(request: HttpRequest, found: AgencyFacts) -> dict[str, Any]:
    return {"actor": who(request), "now": when(request), "agency_id": found.id}


def _page(request: HttpRequest, found: AgencyFacts, **more: Any) -> HttpResponse:
    today = today_of(request)
    held = queries.administrators(agency_id=found.id, today=today)
    known = accounts.account_rows(
        [user_id for *_person, user_id in held if user_id], now=when(request)
    )
    start = {name: getattr(found, name, None) for name in IdentityForm.base_fields}
    fresh = more.get("fresh")
    ends = AgencyEndForm(prefix="kt") if found.valid_to is None else ReasonForm(prefix="kt")
    context = {
        "agency": found,
        "is_ended": found.valid_to is not None and found.valid_to < today,
        "form": IdentityForm(initial=start | {"keeps_code": True}),
        "end_form": ends,
        "admin_form": AdministratorForm(),
        "reason_form": ReasonForm(auto_id=False),
        "administrators": [
            (person_id, name, known.get(user_id or 0)) for person_id, name, user_id in held
        ],
        "own_id": who(request).person_id,
        "refused_at": (0, ""),
        **more,
    }
    forms = [context["form"], context["end_form"], context["admin_form"], more.get("refused")]
    response = pages.render(request, "organization/agency.html", context, status=status_of(*forms))
    if fresh is not None:
        response["Cache-Control"] = "no-store"
    return response
