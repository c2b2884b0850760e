"""The TTHC table: list, new, one with its papers."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.forms import (
    PaperFormSet,
    TthcForm,
    paper_initial,
    tthc_initial,
    tthc_values,
)
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of
from nep.foundation.web.lists import offset_of, paging_of
from nep.foundation.web.once import once
from nep.kernel.decisions import require
from nep.kernel.text import clean

PAGE = 200


def tthc_list(request: HttpRequest) -> HttpResponse:
    """Show the agency's TTHC, found with or without marks."""
    actor = request.actor  # type: ignore[attr-defined]
    query = clean(request.GET.get("q", ""))[:80]
    found = queries.tthc_lines(agency_id=actor.agency_id, query=query)
    offset = offset_of(request)
    lines = found[offset : offset + PAGE]
    context = {
        "lines": lines,
        "found": len(found),
        "paging": paging_of(
            offset=offset,
            shown=len(lines),
            found=len(found),
            page=PAGE,
            values={"q": query} if query else {},
        ),
        "query": query,
        "may_draft": bool(may(actor, "procedure.draft")),
    }
    part = "#list" if request.headers.get("HX-Target") == "ds-thu-tuc" else ""
    return pages.render(request, f"procedures/tthc_list.html{part}", context)


@once
def tthc_new(request: HttpRequest) -> HttpResponse:
    """Add a TTHC by hand."""
    actor = request.actor  # type: ignore[attr-defined]
    form = TthcForm(request.POST or None)
    papers = PaperFormSet(request.POST or None, prefix="giay")
    made: list[int] = []

    def act() -> None:
        made.append(
            services.tthc_create(
                actor=actor,
                values=tthc_values(form, papers),
                now=request.now,  # type: ignore[attr-defined]
            )
        )

    if request.method == "POST" and papers.is_valid() and did(form, act):
        return done(request, _("Đã thêm thủ tục."), "procedures:tthc", made[0])
    context = {"form": form, "papers": papers}
    return pages.render(request, "procedures/tthc.html", context, status=status_of(form))


@once
def tthc_edit(request: HttpRequest, tthc_id: int) -> HttpResponse:
    """Show one TTHC; change it for those who draft procedures."""
    actor = request.actor  # type: ignore[attr-defined]
    facts = queries.tthc(tthc_id=tthc_id, agency_id=actor.agency_id)
    decision = may(actor, "procedure.draft")
    form = TthcForm(request.POST or None, initial=tthc_initial(facts))
    papers = PaperFormSet(request.POST or None, prefix="giay", initial=paper_initial(facts))

    def act() -> None:
        services.tthc_change(
            actor=actor,
            tthc_id=tthc_id,
            version=form.cleaned_data.get("version") or 0,
            values=tthc_values(form, papers),
            now=request.now,  # type: ignore[attr-defined]
        )

    if request.method == "POST":
        require(decision)
        if papers.is_valid() and did(form, act):
            return done(request, _("Đã lưu thủ tục."), "procedures:tthc", tthc_id)
    lines = queries.procedure_lines(agency_id=actor.agency_id)
    shares = queries.shares_of(tthc_id=tthc_id)
    context = {
        "tthc": facts,
        "published": queries.published_side(facts=facts, today=today_of(request)),
        "shares": shares,
        "to_share": _to_share(lines, tthc_id, {one.procedure_id for one in shares}),
        "form": form,
        "papers": papers,
        "may_draft": bool(decision),
        "procedures": [line for line in lines if line.tthc_id == tthc_id],
    }
    return pages.render(request, "procedures/tthc.html", context, status=status_of(form))


def _to_share(
    lines: tuple[queries.ProcedureLine, ...], tthc_id: int, taken: set[int]
) -> list[tuple[int, str]]:
    """Return the procedures in force of other TTHC by which this one could go."""
    return [
        (line.procedure_id, f"{line.code} {line.title}")
        for line in lines
        if line.tthc_id != tthc_id
        and line.state == "in_force"
        and line.tthc_code
        and line.procedure_id not in taken
    ]
