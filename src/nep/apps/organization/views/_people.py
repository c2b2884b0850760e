"""The people of the agency by unit, and adding one."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import PersonForm, role_choices
from nep.apps.organization.rules import Actor, may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of
from nep.foundation.web.once import once
from nep.kernel.text import clean


def people(request: HttpRequest) -> HttpResponse:
    """Show units and people, found with or without marks."""
    actor = request.actor  # type: ignore[attr-defined]
    query = clean(request.GET.get("q", ""))[:80]
    groups = queries.people_page(agency_id=actor.agency_id, today=today_of(request), query=query)
    persons = {person.id for group in groups for person in group.people}
    context = {
        "groups": groups,
        "query": query,
        "person_count": len(persons),
        "unit_count": sum(1 for group in groups if group.id),
        "may_manage": bool(may(actor, "organization.manage")),
        "agency": queries.agency(actor.agency_id),
        "without_account": _without_account(groups) if may(actor, "account.manage") else 0,
    }
    part = "#list" if request.headers.get("HX-Target") == "ds-nguoi" else ""
    return pages.render(request, f"organization/people.html{part}", context)


def _without_account(groups: tuple[queries.UnitGroup, ...]) -> int:
    """Return how many of the people shown hold a role and cannot log in."""
    shown = (person for group in groups for person in group.people)
    return len({person.id for person in shown if person.hats and not person.username})


@once
def person_new(request: HttpRequest) -> HttpResponse:
    """Add a person with a first role; the log-in is opened on the person's page."""
    actor = request.actor  # type: ignore[attr-defined]
    units = unit_choices(actor)
    first = units[0][0] if units else ""
    start = {
        "starts_on": today_of(request),
        "unit": request.GET.get("don-vi", first),
        "role": "specialist",
    }
    form = PersonForm(request.POST or None, initial=start, units=units, roles=roles_for(actor))
    made: list[int] = []

    if request.method == "POST" and did(form, lambda: made.append(_add(request, actor, form))):
        text = _("Đã thêm %(name)s.") % {"name": form.cleaned_data["name"]}
        return done(request, text, "organization:person", made[0])
    context = {"form": form, "positions": queries.position_names(actor.agency_id)}
    return pages.render(request, "organization/person_new.html", context, status=status_of(form))


@transaction.atomic
def _add(request: HttpRequest, actor: Actor, form: PersonForm) -> int:
    """Add the person and the first role: both or nothing."""
    found = form.cleaned_data
    common = {
        "actor": actor,
        "now": request.now,  # type: ignore[attr-defined]
        "agency_id": actor.agency_id,
    }
    person_id = services.person_add(
        **common, name=found["name"], email=found["email"], phone=found["phone"],
        is_another=found["is_another"],
    )  # fmt: skip
    services.appointment_start(**common, person_id=person_id, **form.hat_values())
    return person_id


def unit_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the units of the actor's agency for a choice."""
    return [(unit.id, unit.name) for unit in queries.units_of(actor.agency_id)]


def roles_for(actor: Actor) -> list[tuple[str, str]]:
    """Return the roles the actor may give."""
    return role_choices(with_province=bool(may(actor, "province.manage")))
