"""Pages of what other systems told: words without a step, deviations from the declared order."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases.forms.sources import MeaningForm
from nep.apps.cases.queries import CasePage, figure_years, month_asked
from nep.apps.cases.queries import unmatched as queries
from nep.apps.cases.queries.sources import source_choices
from nep.apps.cases.services.meanings import meanings_assign
from nep.apps.cases.views._ground import is_fragment
from nep.apps.organization.queries import who
from nep.apps.procedures import queries as procedures
from nep.foundation.web import pages, slots
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.text import whole_number


@once
def unmatched(request: HttpRequest) -> HttpResponse:
    """Show the words that mean no step; say at once which step several of them mean."""
    asked = request.GET.get("tt", "")
    tthc_id = whole_number(asked)
    found = queries.unmatched(actor=who(request), tthc_id=tthc_id)
    form = MeaningForm(
        request.POST or None,
        words=[(one.folded, one.text) for one in found.words],
        steps=found.steps,
        sources=source_choices(who(request).agency_id),
    )
    if request.method == "POST" and form.is_valid() and found.chosen is not None:
        try:
            count = meanings_assign(
                actor=who(request), now=when(request), tthc_id=found.chosen.tthc_id,
                words=form.cleaned_data["words"], node=form.chosen(),
                reason=form.cleaned_data["reason"], source_id=form.cleaned_data["source"] or 0,
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            said = _("Đang khớp lại %(count)s lần xử lý. Các lần gửi sau khớp theo.")
            messages.success(request, said % {"count": count})
            return redirect(f"{reverse('cases:unmatched')}?tt={found.chosen.tthc_id}")
    status = 422 if form.is_bound and form.errors else 200
    ticked = set(form["words"].value() or ())
    context = {"found": found, "form": form, "ticked": ticked}
    return pages.render(request, "cases/unmatched.html", context, status=status)


def deviations(request: HttpRequest) -> HttpResponse:
    """Show where cases left the declared order, each with its case."""
    month = month_asked(request.GET.get("thang", ""))
    kind, asked = request.GET.get("loai", ""), request.GET.get("tt", "")
    tthc_id = whole_number(asked)
    page = queries.deviation_page(
        actor=who(request), month=month, kind=kind, tthc_id=tthc_id,
        after=request.GET.get("sau", ""),
    )  # fmt: skip
    values = {name: value for name, value in (
        ("thang", str(month or "")), ("loai", kind), ("tt", str(tthc_id or ""))) if value}  # fmt: skip
    rest = {name: value for name, value in values.items() if name != "loai"}
    context = {
        "page": page,
        "month": month,
        "kind": kind,
        "tthc_id": tthc_id,
        "years": figure_years(actor=who(request)),
        "procedures": procedures.tthc_lines(agency_id=who(request).agency_id),
        "tabs": [
            (name, count, f"?{urlencode({**rest, 'loai': key})}", key == kind)
            for key, name, count in page.counts
        ],
        "all_url": f"?{urlencode(rest)}" if rest else "?",
        "next_url": f"?{urlencode({**values, 'sau': page.after})}" if page.after else "",
    }
    part = "#rows" if is_fragment(request) and request.GET.get("sau") else ""
    return pages.render(request, f"cases/deviations.html{part}", context)


def told_otherwise(request: HttpRequest, case: CasePage) -> str:
    """Return what stands beside a case of another system: deviations, tellings that contradict."""
    if case.origin != "fed":
        return ""
    context = {
        "deviations": queries.case_deviations(actor=who(request), case_id=case.id),
        "contradictions": queries.case_contradictions(actor=who(request), case_id=case.id),
    }
    return render_to_string("cases/_fed_told.html", context).strip()


slots.register("case.side", told_otherwise, order=50)
