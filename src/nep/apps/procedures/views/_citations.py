"""External documents that a procedure names."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.legal import queries as legal
from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.queries import ProcedurePage
from nep.foundation.web.acting import done, today_of
from nep.foundation.web.once import once
from nep.kernel.text import whole_number


def citations_of(request: HttpRequest, page: ProcedurePage) -> dict[str, Any]:
    """Return what the page shows of the texts a procedure names."""
    actor = request.actor  # type: ignore[attr-defined]
    document_id = page.revision.document_id
    warned = legal.citations_of(
        agency_id=actor.agency_id,
        objects=[("document", document_id), ("step", document_id)],
        today=today_of(request),
        actor=actor,
    )
    may_cite = bool(may(actor, "procedure.draft"))
    return {
        "cited": warned,
        "may_cite": may_cite,
        "cite_choices": legal.choices(actor=actor, today=today_of(request)) if may_cite else (),
    }


def _asked(request: HttpRequest) -> tuple[int, str]:
    return whole_number(request.POST.get("external", "")), request.POST.get("step", "")[:80]


@once
def cite(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Add an external document to what a procedure or a step names."""
    actor = request.actor  # type: ignore[attr-defined]
    queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    typed, step = request.POST.get("external", "")[:200], _asked(request)[1]
    if request.method != "POST" or not typed.strip():
        return redirect("procedures:revision", revision_id)
    external_id = legal.chosen(actor=actor, typed=typed, today=today_of(request))
    services.procedure_cite(
        actor=actor, revision_id=revision_id, external_id=external_id, step=step,
        now=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    return done(request, _("Đã ghi viện dẫn."), "procedures:revision", revision_id)


@once
def uncite(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Take an external document out of what a procedure names."""
    actor = request.actor  # type: ignore[attr-defined]
    queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    external_id, step = _asked(request)
    if request.method != "POST" or not external_id:
        return redirect("procedures:revision", revision_id)
    services.procedure_uncite(
        actor=actor, revision_id=revision_id, external_id=external_id, step=step,
        now=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    return done(request, _("Đã bỏ viện dẫn."), "procedures:revision", revision_id)
