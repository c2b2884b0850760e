"""Delegation: who acts for whom, within which days."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import DelegationForm, ReasonForm
from nep.apps.organization.rules import Actor, may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of
from nep.foundation.web.once import once


@once
def delegations(request: HttpRequest) -> HttpResponse:
    """Show delegations; give one's own role to a colleague for some days."""
    actor = request.actor  # type: ignore[attr-defined]
    form = _form(request, actor)

    def act() -> None:
        services.delegation_start(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            **form.values(),
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã ghi ủy quyền."), "organization:delegations")
    return _page(request, actor, form)


def _form(request: HttpRequest, actor: Actor) -> DelegationForm:
    today = today_of(request)
    own_only = None if may(actor, "organization.manage") else actor.person_id
    hats = queries.delegable_hats(agency_id=actor.agency_id, today=today, person_id=own_only)
    people = queries.people_for(agency_id=actor.agency_id, today=today)
    name_first = own_only is None
    return DelegationForm(
        request.POST or None,
        initial={"starts_on": today, "signing": "KT."},
        appointments=[
            (hat.id, f"{hat.person}: {_hat(hat)}" if name_first else _hat(hat)) for hat in hats
        ],
        people=[
            (person.id, f"{person.name}, {person.position or person.unit}".rstrip(", "))
            for person in people
            if person.id != own_only
        ],
    )


def _hat(hat: queries.HatLine) -> str:
    return f"{hat.position or hat.role_name}, {hat.unit}"


def _page(request: HttpRequest, actor: Actor, form: DelegationForm, **more) -> HttpResponse:
    is_manager = bool(may(actor, "organization.manage"))
    lines = queries.delegation_lines(agency_id=actor.agency_id, today=today_of(request))
    context = {
        "form": form,
        "now_lines": [line for line in lines if line.state == "now"],
        "later_lines": [line for line in lines if line.state == "later"],
        "past_lines": [line for line in lines if line.state == "past"],
        "is_manager": is_manager,
        "end_form": ReasonForm(auto_id=False),
        **more,
    }
    forms = [form, context["end_form"]]
    status = max(status_of(one) for one in forms)
    return pages.render(request, "organization/delegations.html", context, status=status)


@once
def delegation_end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Take a delegation back, with a reason."""
    if request.method != "POST":
        return redirect("organization:delegations")
    actor = request.actor  # type: ignore[attr-defined]
    form = ReasonForm(request.POST, auto_id=False)

    def act() -> None:
        services.delegation_end(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            delegation_id=delegation_id,
            reason=form.cleaned_data["reason"],
        )

    if did(form, act):
        return done(request, _("Đã thu hồi ủy quyền."), "organization:delegations")
    empty = _form_unbound(request, actor)
    return _page(request, actor, empty, end_form=form, ending=delegation_id)


def _form_unbound(request: HttpRequest, actor: Actor) -> DelegationForm:
    form = _form(request, actor)
    form.is_bound, form.data = False, {}
    return form
