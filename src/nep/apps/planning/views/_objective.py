"""One objective: its page and what is done with it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.apps.planning import queries, services
from nep.apps.planning.forms import ExplainForm, JudgeForm, RecordForm, WhyForm
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.views._objectives import form_of, to_year
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import file_answer
from nep.foundation.web.once import once


def objective(request: HttpRequest, objective_id: int) -> HttpResponse:
    """Show one objective: its series, what is missing, what comes next."""
    return _page(request, objective_id)


def _read(request: HttpRequest, objective_id: int) -> queries.ObjectivePage:
    return queries.objective_page(
        actor=who(request), objective_id=objective_id, today=today_of(request)
    )


def _page(request: HttpRequest, objective_id: int, **bound: Form) -> HttpResponse:
    page = _read(request, objective_id)
    line = page.line
    may_measure = line.is_automatic and line.state == rules.APPROVED
    context = {
        "page": page, "line": line, **_forms(request, page), **bound,
        "may_measure": may_measure and bool(may(who(request), "objective.manage")),
    }  # fmt: skip
    return pages.render(
        request, "planning/objective.html", context, status=status_of(*bound.values())
    )


def _periods(found: tuple[queries.PeriodLine, ...]) -> list[tuple[str, str]]:
    return [(one.starts_on.isoformat(), one.name) for one in found]


def _next(found: tuple[queries.PeriodLine, ...], *, untold: bool) -> str:
    """Return the period that a form begins with: the first that still wants it, else the last."""
    wanting = [one for one in found if (not one.is_explained if untold else one.value is None)]
    chosen = wanting[0] if wanting else (found[-1] if found else None)
    return chosen.starts_on.isoformat() if chosen else ""


def _forms(request: HttpRequest, page: queries.ObjectivePage) -> dict[str, Form]:
    found: dict[str, Form] = {}
    if rules.RECORD in page.may and page.open_periods:
        found["record_form"] = RecordForm(
            auto_id="k_%s", periods=_periods(page.open_periods),
            initial={"period": _next(page.open_periods, untold=False)},
        )  # fmt: skip
    if rules.EXPLAIN in page.may and page.unexplained:
        found["explain_form"] = ExplainForm(
            auto_id="n_%s", periods=_periods(page.unexplained), people=people_choices(request),
            initial={
                "period": _next(page.unexplained, untold=True), "owner": page.line.owner_id,
            },
        )  # fmt: skip
    if rules.JUDGE in page.may:
        found["judge_form"] = JudgeForm(auto_id="d_%s")
    if rules.DROP in page.may:
        found["drop_form"] = WhyForm(auto_id="b_%s")
    return found


def _act(
    request: HttpRequest, objective_id: int, name: str, form: Form, told: str,
    act: Callable[..., Any], values: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:  # fmt: skip
    """Do one action of a form with the objective's id, and show the page again."""
    if request.method != "POST":
        return redirect("planning:objective", objective_id)

    def go() -> None:
        kept = values() if values else form.cleaned_data
        act(actor=who(request), objective_id=objective_id, now=when(request), **kept)

    if did(form, go):
        return done(request, told, "planning:objective", objective_id)
    return _page(request, objective_id, **{name: form})


@once
def objective_edit(request: HttpRequest, objective_id: int) -> HttpResponse:
    """Change a proposal."""
    page = _read(request, objective_id)
    line = page.line
    if rules.CHANGE not in page.may:
        return redirect("planning:objective", objective_id)
    start = {name: getattr(line, name) for name in
             ("title", "measure", "better", "target", "unit_word", "method", "frequency", "whole")}  # fmt: skip
    start |= {"unit": line.unit_id, "owner": line.owner_id}
    form = form_of(request, request.POST or None, initial=start)

    def act() -> None:
        services.objective_change(
            actor=who(request), objective_id=objective_id, values=form.values(), now=when(request)
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lưu mục tiêu."), "planning:objective", objective_id)
    context = {"form": form, "year": line.year, "line": line}
    return pages.render(request, "planning/objective_new.html", context, status=status_of(form))


@once
def objective_confirm(request: HttpRequest, objective_id: int) -> HttpResponse:
    """State that a copy of last year holds as it is."""
    page = _read(request, objective_id)
    if request.method == "POST":
        services.objective_confirm(actor=who(request), objective_id=objective_id, now=when(request))
        return to_year(request, _("Đã xác nhận giữ nguyên."), page.line.year)
    return redirect("planning:objective", objective_id)


@once
def value_record(request: HttpRequest, objective_id: int) -> HttpResponse:
    """Write what a period came to."""
    page = _read(request, objective_id)
    form = RecordForm(
        request.POST or None, request.FILES or None, auto_id="k_%s",
        periods=_periods(page.open_periods),
    )  # fmt: skip
    return _act(
        request, objective_id, "record_form", form, _("Đã ghi kết quả."), services.value_record,
        lambda: {"starts_on": date.fromisoformat(form.cleaned_data["period"]),
                 "value": form.cleaned_data["value"], "proof": form.proof(),
                 "evidence": form.cleaned_data["evidence"]},
    )  # fmt: skip


@once
def value_explain(request: HttpRequest, objective_id: int) -> HttpResponse:
    """Write why a period missed the target."""
    page = _read(request, objective_id)
    form = ExplainForm(
        request.POST or None, auto_id="n_%s", periods=_periods(page.unexplained),
        people=people_choices(request),
    )  # fmt: skip
    return _act(
        request, objective_id, "explain_form", form, _("Đã ghi nguyên nhân, biện pháp."),
        services.value_explain,
        lambda: {"starts_on": date.fromisoformat(form.cleaned_data["period"]),
                 "cause": form.cleaned_data["cause"], "act": form.act()},
    )  # fmt: skip


@once
def objective_judge(request: HttpRequest, objective_id: int) -> HttpResponse:
    """Conclude on the year."""
    _read(request, objective_id)
    form = JudgeForm(request.POST if request.method == "POST" else None, auto_id="d_%s")
    return _act(request, objective_id, "judge_form", form, _("Đã đánh giá mục tiêu."),
                services.objective_judge)  # fmt: skip


@once
def objective_drop(request: HttpRequest, objective_id: int) -> HttpResponse:
    """Leave it out."""
    _read(request, objective_id)
    form = WhyForm(request.POST if request.method == "POST" else None, auto_id="b_%s")
    return _act(request, objective_id, "drop_form", form, _("Đã đưa ra khỏi danh sách."),
                services.objective_drop)  # fmt: skip


@once
def objective_measure(request: HttpRequest, objective_id: int) -> HttpResponse:
    """Measure from data at once."""
    _read(request, objective_id)
    if request.method == "POST":
        services.objective_measure(actor=who(request), objective_id=objective_id, now=when(request))
        return done(request, _("Đã đo lại từ dữ liệu."), "planning:objective", objective_id)
    return redirect("planning:objective", objective_id)


def value_file(request: HttpRequest, value_id: int) -> HttpResponse:
    """Give the file that shows a value."""
    file_id = queries.value_file(actor=who(request), value_id=value_id)
    return file_answer(file_id)
