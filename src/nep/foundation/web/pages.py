"""Rendering a page: the frame is gathered before the template starts, so that rendering never
asks the database."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as django_render
from django.template import loader
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nep.foundation.accounts.middleware import FETCH_HEADER
from nep.foundation.web import hooks
from nep.foundation.web.menu import NOTHING, Menu, account_menu, menu_for

THEMES = ("light", "dark")
REFUSED = 422
_ALERT = '<div class="refused" id="tu-choi" role="alert">'


@dataclass(frozen=True, slots=True)
class Account:
    """The signed-in person as the top bar shows them."""

    name: str
    position: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around a page's own content."""

    menu: Menu
    account: Account | None
    agency_name: str
    switch: hooks.AgencySwitch | None
    bell: hooks.Bell | None
    search: hooks.SearchBox | None
    is_demonstration: bool
    long_work: str
    is_system_admin: bool
    account_links: SafeString = NOTHING
    warning: hooks.Alert | None = None
    onward: hooks.Onward | None = None


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    toast: str = "",
) -> HttpResponse:
    """Answer with a page, or with one part of it ("page.html#part") for htmx.

    `toast` is one sentence about what has happened, shown for six seconds.
    """
    if "#" not in template:
        frame_of(request)
    given = dict(context or {})
    response = django_render(request, template, given, status=status)
    if status == REFUSED and "#" not in template:
        _tell_the_rest(response, given)
        _tell_of_files(request, response)
    if toast:
        show_toast(response, toast)
    return response


def _tell_the_rest(response: HttpResponse, context: Mapping[str, Any]) -> None:
    """Say at the top of a refused page what is wrong with a form that the page does not draw: one
    that is not for this person, or no longer. Nobody is refused without a word."""
    page = response.content.decode()
    untold = [
        said
        for form in context.values()
        if isinstance(form, BaseForm) and form.is_bound
        for error, said in _faults(form)
        if conditional_escape(error) not in page
    ]
    if untold:
        _say_above(response, *dict.fromkeys(untold))


def _tell_of_files(request: HttpRequest, response: HttpResponse) -> None:
    """Say which files have to be chosen again: no browser keeps them through a refusal by itself;
    the script that sent them does."""
    if request.method != "POST" or request.headers.get(FETCH_HEADER):
        return
    names = [one.name for _, files in request.FILES.lists() for one in files]
    if names:
        told = ", ".join(f"“{name}”" for name in names)
        _say_above(
            response, _("Biểu mẫu chưa được ghi. Hãy chọn lại tệp %(names)s.") % {"names": told}
        )


def _say_above(response: HttpResponse, first: Any, *rest: Any) -> None:
    told = {"refusal": {"message": first, "details": rest}}
    note = loader.render_to_string("web/error.html#refusal", told)
    response.content = response.content.decode().replace(_ALERT, f"{_ALERT}{note}", 1)


def _faults(form: BaseForm) -> Iterator[tuple[str, str]]:
    """Yield each error of a form and how it reads away from its field."""
    for name, errors in form.errors.items():
        label = str(form[name].label) if name in form.fields else ""
        for error in errors:
            yield str(error), f"{label}: {error}" if label else str(error)


def show_toast(response: HttpResponse, text: str, *, undo: str = "") -> None:
    """Have an htmx answer show a sentence; `undo` is the id of the form that takes it back."""
    detail = {"text": text, **({"undo": undo} if undo else {})}
    response["HX-Trigger"] = json.dumps({"nep-toast": detail})  # escaped: headers are ASCII


def frame_of(request: HttpRequest) -> Frame:
    """Return the request's frame, gathered once."""
    known = getattr(request, "nep_frame", None)
    if known is None:
        known = request.nep_frame = _gather(request)  # type: ignore[attr-defined]
    return known


def _gather(request: HttpRequest) -> Frame:
    actor = getattr(request, "actor", None) or None
    user = getattr(request, "user", None)
    is_signed_in = bool(user is not None and user.is_authenticated)
    is_system_admin = bool(is_signed_in and getattr(user, "is_system_admin", False))
    return Frame(
        menu=menu_for(request) if actor else Menu(),
        account=_account(actor, user) if is_signed_in else None,
        agency_name=getattr(actor, "agency_name", "") if actor else "",
        switch=hooks.agencies_of(request) if actor else None,
        bell=hooks.bell_of(request) if actor else None,
        search=hooks.search_form() if actor else None,
        is_demonstration=bool(actor and getattr(actor, "is_demo", False))
        or bool(is_signed_in and getattr(user, "is_demonstration", False)),
        long_work=hooks.long_work() if is_signed_in else "",
        is_system_admin=is_system_admin,
        account_links=(
            account_menu(hooks.account_links(is_system_admin=is_system_admin)) if actor else NOTHING
        ),
        warning=hooks.warning() if is_system_admin and actor else None,
        onward=hooks.onward_of(request) if actor and has_acted(request) else None,
    )


def has_acted(request: HttpRequest) -> bool:
    """Say whether the page tells of an act that has just been done; reading it does not use it up."""
    return len(get_messages(request)) > 0


def _account(actor: Any, user: Any) -> Account:
    if not actor:
        return Account(user.username, "")
    hats = [hat for hat in actor.hats if hat.agency_id == actor.agency_id]
    return Account(actor.name, next((hat.position for hat in hats if hat.position), ""))


def theme_of(request: HttpRequest) -> str:
    """Return the chosen look, or nothing where the device decides."""
    chosen = request.COOKIES.get("nep_theme", "")
    return chosen if chosen in THEMES else ""


def wants_json(request: HttpRequest) -> bool:
    """Say whether the caller is a program rather than a person."""
    if request.path.startswith("/api/"):
        return True
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept
