"""Figures entered by hand for the indicators, and the formulas of a province."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.oversight import queries, rules, services
from nep.apps.oversight.forms import FormulaForm, InputsForm
from nep.apps.oversight.rules.inputs import COUNTED
from nep.apps.oversight.views import _table as t
from nep.apps.oversight.views.indicators import proposed
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local


@once
def inputs(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period that are entered by hand, and enter them."""
    actor = request.actor
    period, years = t.period_of(request, [actor.agency_id])
    years = tuple(sorted({*years, local(request.now).year, period.year}, reverse=True))
    page = queries.input_page(actor=actor, period=period, now=request.now)
    here = f"{reverse('oversight:inputs')}?{t.asked_of(period)}"
    form = None
    if page.may_enter:
        taken = request.GET.get("dung", "")
        form = InputsForm(request.POST or None, lines=page.lines, taken=taken)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            count = services.inputs_enter(
                actor=actor, now=request.now, period=period, values=form.values(),
                source=form.cleaned_data["source"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã ghi %(n)s số liệu.") % {"n": count})
            return redirect(here)
    missing = sum(line.value is None for line in page.lines)
    when = rules.period_text(period.value)
    heading = _("%(when)s còn %(n)s số liệu chưa có") if missing else _("%(when)s đã đủ số liệu")
    context = {
        "heading": heading % {"when": when, "n": missing}, "title": _("Số liệu nhập tay"),
        "page": page, "form": form, "period": period, "years": years, "here": here,
        "back": f"{reverse('oversight:indicators')}?{t.asked_of(period)}",
        "rows": [
            (
                line,
                t.count(line.value).text if line.value is not None else _("chưa có số liệu"),
                proposed(line),
            )
            for line in page.lines
        ],
        "is_editing": True,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return pages.render(request, "oversight/inputs.html", context, status=status)


@once
def formulas(request: HttpRequest) -> HttpResponse:
    """Show the formulas of the province and set new ones from a month on."""
    page = queries.formula_page(actor=request.actor)
    here = local(request.now)
    form = FormulaForm(
        request.POST or None, rows=[
            {**row, "reverse": "1" if row.get("reverse") else ""}
            for row in page.content["indicator"]
        ],
        inputs=page.content["inputs"],
        initial={"from_month": here.year * 100 + here.month},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            edition = services.formulas_set(
                actor=request.actor, now=request.now, content=form.content(),
                from_month=form.cleaned_data["from_month"], reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã ban hành công thức lần %(n)s.") % {"n": edition})
            return redirect("oversight:formulas")
    context = {
        "page": page, "form": form,
        "counted": [(name, page.content["inputs"].get(name, "")) for name in COUNTED],
        "changes": [(one, rules.period_text(one.from_month).lower()) for one in page.changes],
    }  # fmt: skip
    return pages.render(
        request, "oversight/formulas.html", context, status=422 if form.errors else 200
    )
