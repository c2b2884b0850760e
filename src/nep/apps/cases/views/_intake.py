"""Taking a case in, and the receipt that the applicant gets."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases import queries, services
from nep.apps.cases.forms import IntakeForm, InternalForm, read_papers
from nep.apps.cases.rules.form_fields import RECEIPT, SUPPLEMENT
from nep.apps.cases.services import papers
from nep.apps.cases.views._ground import back_to, calendar, is_fragment
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.foundation.printing import paper_data
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.text import whole_number


@once
def intake(request: HttpRequest) -> HttpResponse:
    """Choose a procedure, fill in applicant and papers, take the case in."""
    tthc_id = whole_number(request.GET.get("tt", ""))
    if not tthc_id:
        return _choose(request)
    found = queries.intake(
        actor=who(request),
        tthc_id=tthc_id,
        variant=request.GET.get("truong-hop", "")[:400],
        now=when(request),
        calendar=calendar(request),
    )
    form = IntakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _take_in(request, found, form)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
    states = {
        paper.id: request.POST.get(f"giay-{paper.id}", "du" if paper.is_required else "kc")
        for paper in found.tthc.papers
    }
    context = {
        "intake": found,
        "form": form,
        "papers": [(paper, _quantity(paper), states[paper.id]) for paper in found.tthc.papers],
    }
    if is_fragment(request) and request.GET.get("phan") == "han":
        return pages.render(request, "cases/intake.html#due", context)
    return pages.render(request, "cases/intake.html", context, status=422 if form.errors else 200)


def _quantity(paper) -> str:
    parts = []
    if paper.originals:
        parts.append(f"{paper.originals:02d} bản chính")
    if paper.copies:
        parts.append(f"{paper.copies:02d} bản sao")
    if not paper.is_required:
        parts.append("nếu có")
    return " · ".join(parts)


def _choose(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:120]
    found = queries.suggestions(actor=who(request), query=query)
    context = {"suggestions": found, "query": query}
    part = "#suggestions" if is_fragment(request) else ""
    return pages.render(request, f"cases/intake_choose.html{part}", context)


def _take_in(request: HttpRequest, found: queries.Intake, form: IntakeForm) -> HttpResponseRedirect:
    papers = read_papers(found.tthc.papers, request.POST, request.FILES)
    facts = {
        "actor": who(request),
        "now": when(request),
        "tthc_id": found.tthc.id,
        "variant": found.version.variant,
        "applicant": form.applicant(),
        "papers": papers,
        "channel": form.cleaned_data["channel"],
        "received_at": form.received(),
    }
    if any(paper.state == "thieu" for paper in papers):
        made = services.case_receive_incomplete(**facts, reason=form.cleaned_data["reason"])
    else:
        made = services.case_accept(**facts)
        if found.version.at_once:
            messages.success(request, _("Đã nhận. Trả kết quả ngay, không cần giấy hẹn."))
            return redirect("cases:case", made.id)
    return redirect(reverse("cases:receipt", args=[made.id]))


def receipt(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show what to print for the applicant: the receipt, or the request for supplement."""
    page = queries.case_page(
        actor=who(request), case_id=case_id, now=when(request), calendar=calendar(request)
    )
    context: dict[str, object] = {"case": page}
    if page.is_waiting:
        form = SUPPLEMENT
    else:
        form = RECEIPT
        context["receipt"] = queries.receipt_data(actor=who(request), case_id=case_id)
    sheet = papers.case_sheet(actor=who(request), now=when(request), case_id=case_id, form=form)
    context["paper"] = paper_data(sheet)
    return pages.render(request, "cases/receipt.html", context)


@once
def internal(request: HttpRequest) -> HttpResponse:
    """Open work of the agency itself by one of its internal procedures."""
    found = queries.suggestions(actor=who(request), query="", limit=300, internal=True)
    units = {unit.id: unit.name for unit in organization.units_of(who(request).agency_id)}
    form = None
    if found:
        form = InternalForm(request.POST or None, procedures=found, actor=who(request), units=units)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            made = services.internal_start(
                actor=who(request), now=when(request), tthc_id=form.cleaned_data["tthc"],
                subject=form.cleaned_data["subject"],
                unit_id=form.cleaned_data.get("unit") or None,
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            return back_to(request, made.id, _("Đã mở việc nội bộ."))
    status = 422 if form is not None and form.errors else 200
    return pages.render(request, "cases/internal.html", {"form": form}, status=status)
