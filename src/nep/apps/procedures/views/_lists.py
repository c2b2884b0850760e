"""The list of procedures, and a procedure made by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.forms import ProcedureForm
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of
from nep.foundation.web.once import once
from nep.kernel.text import clean

FILTERS = (
    ("", _later("Tất cả")),
    ("in_force", _later("Đang hiệu lực")),
    ("open", _later("Đang soạn, chờ duyệt")),
    ("none", _later("Chưa ban hành")),
)


def procedure_list(request: HttpRequest) -> HttpResponse:
    """Show the agency's procedures, found with or without marks."""
    actor = request.actor  # type: ignore[attr-defined]
    query = clean(request.GET.get("q", ""))[:80]
    state = request.GET.get("tt", "")
    everything = queries.procedure_lines(agency_id=actor.agency_id)
    lines = (
        queries.procedure_lines(agency_id=actor.agency_id, query=query, state=state)
        if query or state
        else everything
    )
    context = {
        "lines": lines,
        "query": query,
        "state": state,
        "filters": FILTERS,
        "in_force": sum(1 for line in everything if line.state == "in_force"),
        "open": sum(1 for line in everything if line.open_revision_id),
        "total": len(everything),
        "may_draft": bool(may(actor, "procedure.draft")),
    }
    part = "#list" if request.headers.get("HX-Target") == "ds-quy-trinh" else ""
    return pages.render(request, f"procedures/list.html{part}", context)


def procedure_best(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Go to the revision to look at first."""
    actor = request.actor  # type: ignore[attr-defined]
    revision_id = queries.best_revision(procedure_id=procedure_id, agency_id=actor.agency_id)
    return redirect("procedures:revision", revision_id)


@once
def procedure_new(request: HttpRequest) -> HttpResponse:
    """Begin a procedure by hand, for a TTHC of the table."""
    actor = request.actor  # type: ignore[attr-defined]
    lines = queries.tthc_lines(agency_id=actor.agency_id)
    choices = [(line.id, f"{line.code} {line.name}".strip()) for line in lines]
    form = ProcedureForm(
        request.POST or None, initial={"tthc": request.GET.get("thu-tuc")}, choices=choices
    )
    begun: list[services.Begun] = []

    def act() -> None:
        found = form.cleaned_data
        begun.append(
            services.procedure_create(
                actor=actor,
                tthc_id=found["tthc"],
                code=found["code"],
                title=found["title"],
                variant=found["variant"],
                now=request.now,  # type: ignore[attr-defined]
            )
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã mở bản thảo."), "procedures:revision", begun[0].revision_id)
    context = {"form": form, "has_tthc": bool(choices)}
    return pages.render(request, "procedures/new.html", context, status=status_of(form))
