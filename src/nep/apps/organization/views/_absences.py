"""Absence: who is away, and who does their work meanwhile."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import AbsenceForm
from nep.apps.organization.rules import Actor, may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of
from nep.foundation.web.once import once


@once
def absences(request: HttpRequest) -> HttpResponse:
    """Show who is away; write down an absence."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    manages = bool(may(actor, "case.manage") or may(actor, "organization.manage"))
    people = queries.people_for(agency_id=actor.agency_id, today=today_of(request))
    choices = [(one.id, one.name) for one in people if manages or one.id == actor.person_id]
    if not any(key == actor.person_id for key, _name in choices):
        choices.insert(0, (actor.person_id, actor.name))
    form = AbsenceForm(
        request.POST or None, people=choices,
        initial={"person": actor.person_id, "starts_on": today_of(request)},
    )  # fmt: skip

    def act() -> None:
        services.absence_start(actor=actor, now=request.now, **form.values())  # type: ignore[attr-defined]

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã ghi vắng mặt."), "organization:absences")
    lines = queries.absence_lines(agency_id=actor.agency_id, today=today_of(request))
    away = queries.away_today(agency_id=actor.agency_id, today=today_of(request))
    context = {"form": form, "lines": lines, "away": list(away.values()), "manages": manages}
    return pages.render(request, "organization/absences.html", context, status=status_of(form))


@once
def absence_end(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Write down that a person is back."""
    if request.method != "POST":
        return redirect("organization:absences")
    is_begun = services.absence_end(
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        absence_id=absence_id,
    )
    told = _("Đã ghi người này trở lại.") if is_begun else _("Đã bỏ lần vắng mặt này.")
    return done(request, told, "organization:absences")
