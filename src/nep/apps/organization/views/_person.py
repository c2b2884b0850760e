"""One person: contacts, roles, log-in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import (
    AccountForm,
    ContactForm,
    HatEndForm,
    HatForm,
    ReasonForm,
)
from nep.apps.organization.rules import may
from nep.apps.organization.views._people import roles_for, unit_choices
from nep.foundation.accounts import queries as accounts
from nep.foundation.accounts.services import NewAccount
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound

ACCOUNT_ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "cap-lai": (services.person_account_reset, ""),
    "go-ma": (
        services.person_second_factor_remove,
        "Đã gỡ mã hai lớp; lần đăng nhập tới sẽ đăng ký lại.",
    ),
    "ngung": (services.person_account_disable, "Đã ngừng tài khoản; các phiên đã kết thúc."),
    "mo-lai": (services.person_account_enable, "Đã mở lại tài khoản."),
}


def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show a person."""
    return _page(request, person_id)


def _page(request: HttpRequest, person_id: int, **forms: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    today = today_of(request)
    found = queries.person_page(agency_id=actor.agency_id, person_id=person_id, today=today)
    is_keeper = found.agency_id == actor.agency_id
    may_manage = bool(may(actor, "organization.manage"))
    account = None
    if found.user_id and is_keeper and may(actor, "account.manage"):
        account = accounts.account_row(found.user_id, now=request.now)  # type: ignore[attr-defined]
    contact = {name: getattr(found, name) for name in ContactForm.base_fields}
    context = {
        "person": found,
        "account": account,
        "fresh": None,
        "may_manage": may_manage,
        "may_account": is_keeper and bool(may(actor, "account.manage")),
        "is_keeper": is_keeper,
        "is_self": found.id == actor.person_id,
        "contact_form": ContactForm(initial=contact),
        "hat_form": _hat_form(request),
        "account_form": AccountForm(),
        "end_form": HatEndForm(initial={"ends_on": today}, auto_id=False),
        "reset_form": ReasonForm(prefix="cap-lai"),
        "code_form": ReasonForm(prefix="go-ma"),
        "stop_form": ReasonForm(prefix="ngung"),
        "open_form": ReasonForm(prefix="mo-lai"),
        "positions": queries.position_names(actor.agency_id),
        "delegations": queries.delegation_lines(
            agency_id=actor.agency_id, today=today, person_id=person_id
        ),
        **forms,
    }
    bound = [form for form in forms.values() if hasattr(form, "is_bound")]
    status = max([status_of(form) for form in bound], default=200)
    return pages.render(request, "organization/person.html", context, status=status)


def _hat_form(request: HttpRequest, data: Any = None) -> HatForm:
    actor = request.actor  # type: ignore[attr-defined]
    start = {"starts_on": today_of(request), "role": "specialist"}
    return HatForm(
        data, initial=start, units=unit_choices(actor), roles=roles_for(actor), prefix="bn"
    )


def _common(request: HttpRequest, person_id: int) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    return {
        "actor": actor,
        "now": request.now,  # type: ignore[attr-defined]
        "agency_id": actor.agency_id,
        "person_id": person_id,
    }


@once
def person_contact(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change a person's name and contacts."""
    if request.method != "POST":
        return redirect("organization:person", person_id)
    form = ContactForm(request.POST)
    common = _common(request, person_id)
    if did(form, lambda: services.person_change(**common, **form.cleaned_data)):
        return done(request, _("Đã lưu thông tin."), "organization:person", person_id)
    return _page(request, person_id, contact_form=form)


@once
def hat_new(request: HttpRequest, person_id: int) -> HttpResponse:
    """Appoint a person to a role."""
    if request.method != "POST":
        return redirect("organization:person", person_id)
    form = _hat_form(request, request.POST)
    common = _common(request, person_id)
    if did(form, lambda: services.appointment_start(**common, **form.values())):
        return done(request, _("Đã bổ nhiệm."), "organization:person", person_id)
    return _page(request, person_id, hat_form=form)


@once
def hat_end(request: HttpRequest, person_id: int, appointment_id: int) -> HttpResponse:
    """Set the last day of an appointment."""
    if request.method != "POST":
        return redirect("organization:person", person_id)
    form = HatEndForm(request.POST, auto_id=False)
    common = _common(request, person_id)
    del common["person_id"]

    def act() -> None:
        services.appointment_end(**common, appointment_id=appointment_id, **form.cleaned_data)

    if did(form, act):
        return done(request, _("Đã kết thúc bổ nhiệm."), "organization:person", person_id)
    return _page(request, person_id, end_form=form, ending=appointment_id)


def account_open(request: HttpRequest, person_id: int) -> HttpResponse:
    """Open a log-in and show its one-time password; a repeated post is refused, nothing is kept."""
    if request.method != "POST":
        return redirect("organization:person", person_id)
    form = AccountForm(request.POST)
    made: list[NewAccount] = []
    common = _common(request, person_id)

    def act() -> None:
        username = form.cleaned_data["username"]
        made.append(services.person_account_open(**common, username=username))

    if did(form, act):
        return _fresh_page(request, person_id, made[0])
    return _page(request, person_id, account_form=form)


def _fresh_page(request: HttpRequest, person_id: int, account: NewAccount) -> HttpResponse:
    """Answer with the person's page that shows a password once; no browser or server keeps it."""
    response = _page(request, person_id, fresh=account)
    response["Cache-Control"] = "no-store"
    return response


def account_change(request: HttpRequest, person_id: int, act: str) -> HttpResponse:
    """Reset, stop or reopen a log-in, with a reason."""
    if act not in ACCOUNT_ACTS:
        raise NotFound()
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    service, text = ACCOUNT_ACTS[act]
    form = ReasonForm(request.POST, prefix=act)
    made: list[Any] = []
    common = _common(request, person_id)
    if did(form, lambda: made.append(service(**common, **form.cleaned_data))):
        if isinstance(made[0], NewAccount):
            return _fresh_page(request, person_id, made[0])
        return done(request, _(text), "organization:person", person_id)
    names = {
        "cap-lai": "reset_form",
        "go-ma": "code_form",
        "ngung": "stop_form",
        "mo-lai": "open_form",
    }
    return _page(request, person_id, **{names[act]: form})
