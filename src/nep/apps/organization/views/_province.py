"""The agencies of the province."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from nep.apps.organization import queries, services
from nep.apps.organization.forms import NewAgencyForm
from nep.apps.organization.rules import Actor
from nep.apps.organization.views._province_agency import administrator_made
from nep.foundation.accounts.services import NewAccount
from nep.foundation.web import pages
from nep.foundation.web.acting import did, status_of, today_of, when
from nep.kernel.text import clean


def province(request: HttpRequest) -> HttpResponse:
    """Show the agencies of the province."""
    actor = request.actor  # type: ignore[attr-defined]
    query = clean(request.GET.get("q", ""))[:80]
    lines = queries.agency_lines(province_id=actor.province_id, query=query)
    today = today_of(request)
    context = {
        "lines": lines,
        "query": query,
        "province": actor.province,
        "today": today,
        "ended_count": sum(1 for line in lines if line.valid_to and line.valid_to < today),
    }
    part = "#list" if request.headers.get("HX-Target") == "ds-co-quan" else ""
    return pages.render(request, f"organization/province.html{part}", context)


def agency_new(request: HttpRequest) -> HttpResponse:
    """Set up an agency with its first administrator, whose password is shown once.

    A repeated post meets the agency's unique code; nothing of the answer is kept anywhere.
    """
    actor = request.actor  # type: ignore[attr-defined]
    form = NewAgencyForm(request.POST or None, initial={"valid_from": today_of(request)})
    made: list[NewAccount] = []
    if request.method == "POST" and did(form, lambda: made.append(_set_up(request, actor, form))):
        context = {"account": made[0], "name": form.cleaned_data["name"]}
        response = pages.render(request, "organization/agency_made.html", context)
        response["Cache-Control"] = "no-store"
        return response
    context = {"form": form, "province": actor.province}
    return pages.render(request, "organization/agency_new.html", context, status=status_of(form))


@transaction.atomic
def _set_up(request: HttpRequest, actor: Actor, form: NewAgencyForm) -> NewAccount:
    """Set up agency, administrator and log-in: all of it or nothing."""
    found = form.cleaned_data
    agency_id = services.agency_setup(
        actor=actor,
        now=when(request),
        name=found["name"],
        code=found["code"],
        kind=found["kind"],
        province=actor.province,
        valid_from=found["valid_from"],
    )
    return administrator_made(request, agency_id, found)
