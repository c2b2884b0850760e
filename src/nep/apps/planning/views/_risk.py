"""One risk or opportunity: its page and what is done with it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.organization.queries import people_choices, who
from nep.apps.planning import queries, services
from nep.apps.planning.forms import (
    RateForm,
    RiskAcceptForm,
    RiskActForm,
    RiskAssignForm,
    RiskChangeForm,
    RiskHappenForm,
    RiskReasonForm,
    RiskTreatForm,
    RiskVerifyForm,
)
from nep.apps.planning.rules import risks as life
from nep.apps.planning.rules.scales import RISK
from nep.apps.planning.views._risk_register import PLACES, form_choices
from nep.apps.workcal import queries as workcal
from nep.foundation.web import pages, slots
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once

ACT_DAYS, REVIEW_DAYS = 30, 365


def risk(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Show one risk: what is known, its level, what comes next."""
    return _page(request, risk_id)


def _found(request: HttpRequest, risk_id: int) -> queries.RiskPage:
    return queries.risk_page(actor=who(request), risk_id=risk_id, today=today_of(request))


def _page(request: HttpRequest, risk_id: int, **bound: Form) -> HttpResponse:
    page = _found(request, risk_id)
    context = {
        "page": page,
        "line": page.line,
        "is_risk": page.line.kind == RISK,
        "all_url": reverse(PLACES[page.line.kind]),
        "side": slots.collect("risk.side", request=request, risk=page),
        **_forms(request, page),
        **bound,
    }
    return pages.render(request, "planning/risk.html", context, status=status_of(*bound.values()))


def _forms(request: HttpRequest, page: queries.RiskPage) -> dict[str, Form]:
    """Return the forms of what the reader may do now; changing the text has a page of its own."""
    line, today = page.line, today_of(request)
    people = people_choices(request) if page.may & {life.ASSIGN, life.ACT, life.RATE} else []
    later = _working_day(request, REVIEW_DAYS)
    made: dict[str, tuple[str, Callable[[], Form]]] = {
        life.RATE: ("rate_form", lambda: _rating(request, page)),
        life.ACT: ("act_form", lambda: RiskActForm(
            auto_id="h_%s", people=people,
            initial={"owner_id": line.owner_id, "due_on": _working_day(request, ACT_DAYS)})),
        life.ACCEPT: ("accept_form", lambda: RiskAcceptForm(
            auto_id="c_%s", initial={"review_on": later})),
        life.VERIFY: ("verify_form", lambda: RiskVerifyForm(
            auto_id="k_%s", scale=page.row_scale, kind=line.kind, initial={"review_on": later})),
        life.RETURN: ("return_form", lambda: RiskReasonForm(auto_id="r_%s")),
        life.ASSIGN: ("assign_form", lambda: RiskAssignForm(
            auto_id="g_%s", people=people, initial={"owner_id": line.owner_id})),
        life.HAPPEN: ("happen_form", lambda: RiskHappenForm(
            auto_id="x_%s", initial={"on": today})),
        life.CLOSE: ("close_form", lambda: RiskReasonForm(auto_id="d_%s")),
    }  # fmt: skip
    return {name: make() for move, (name, make) in made.items() if move in page.may}


def _working_day(request: HttpRequest, days: int) -> date:
    """Return the day so many days on, or the next one the agency works on."""
    day = today_of(request) + timedelta(days=days)
    return workcal.working_day_from(agency_id=who(request).agency_id, day=day)


def _rating(request: HttpRequest, page: queries.RiskPage, data: Any = None) -> RateForm:
    """Return the form of a rating; the first one takes the action as well."""
    line = page.line
    common: dict[str, Any] = {"auto_id": "m_%s", "scale": page.scale, "kind": line.kind}
    if line.state != life.DRAFT:
        start = {"likelihood": line.likelihood, "impact": line.impact}
        return RateForm(data, initial=start, **common)
    due_on = _working_day(request, ACT_DAYS)
    return RiskTreatForm(data, people=people_choices(request), initial={"due_on": due_on}, **common)


def _act(
    request: HttpRequest, page: queries.RiskPage, name: str, form: Form, told: str,
    act: Callable[..., Any],
) -> HttpResponse:  # fmt: skip
    """Do one action of a form with the risk's id, and show the page again."""
    if request.method != "POST":
        return redirect("planning:risk", page.line.id)

    def go() -> None:
        act(actor=who(request), risk_id=page.line.id, now=when(request), **form.cleaned_data)

    if did(form, go):
        return done(request, told, "planning:risk", page.line.id)
    return _page(request, page.line.id, **{name: form})


@once
def risk_edit(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Change what is written of a risk before it is treated."""
    page = _found(request, risk_id)
    line = page.line
    number = line.step.partition(",")[0].removeprefix("Bước ")
    start = {
        "title": line.title, "cause": line.cause, "effect": line.effect, "clause": line.clause,
        "controls": line.controls, "procedure_id": line.procedure_id, "owner_id": line.owner_id,
        "objective_id": line.objective_id, "version": page.version,
        "step": int(number) if number.isdecimal() and len(number) < 10 else None,
    }  # fmt: skip
    form = RiskChangeForm(
        request.POST or None, kind=line.kind, initial=start, **form_choices(request)
    )

    def act() -> None:
        services.risk_change(
            actor=who(request), risk_id=risk_id, values=form.values(), now=when(request),
            version=form.cleaned_data["version"],
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã sửa."), "planning:risk", risk_id)
    context = {"form": form, "line": line, "is_risk": line.kind == RISK}
    return pages.render(request, "planning/risk_edit.html", context, status=status_of(form))


@once
def risk_rate(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Rate it; lay down the action where one is told."""
    page = _found(request, risk_id)
    form = _rating(request, page, request.POST or None)

    @transaction.atomic
    def rate(*, likelihood: int, impact: int, **own: Any) -> None:
        told = {name: own.pop(name, None) for name in ("title", "owner_id", "due_on")}
        services.risk_rate(likelihood=likelihood, impact=impact, **own)
        if told["title"]:
            services.risk_act(**told, **own)

    return _act(request, page, "rate_form", form, _("Đã đánh giá mức."), rate)


@once
def risk_act(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Lay down an action."""
    form = RiskActForm(request.POST or None, auto_id="h_%s", people=people_choices(request))
    page = _found(request, risk_id)
    return _act(request, page, "act_form", form, _("Đã giao hành động."), services.risk_act)


@once
def risk_accept(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Leave it as it is, with a reason."""
    form = RiskAcceptForm(request.POST or None, auto_id="c_%s")
    page = _found(request, risk_id)
    return _act(request, page, "accept_form", form, _("Đã ghi quyết định."), services.risk_accept)


@once
def risk_verify(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Find the treatment effective and rate what is left."""
    page = _found(request, risk_id)
    form = RiskVerifyForm(
        request.POST or None, auto_id="k_%s", scale=page.row_scale, kind=page.line.kind
    )
    return _act(request, page, "verify_form", form, _("Đã ghi kết quả kiểm tra."),
                services.risk_verify)  # fmt: skip


@once
def risk_return(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Ask for more."""
    form = RiskReasonForm(request.POST or None, auto_id="r_%s")
    page = _found(request, risk_id)
    return _act(request, page, "return_form", form, _("Đã yêu cầu làm tiếp."),
                services.risk_return)  # fmt: skip


@once
def risk_assign(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Say who answers for it."""
    form = RiskAssignForm(request.POST or None, auto_id="g_%s", people=people_choices(request))
    page = _found(request, risk_id)
    return _act(request, page, "assign_form", form, _("Đã giao người phụ trách."),
                services.risk_assign)  # fmt: skip


@once
def risk_happen(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Write down that it came true."""
    form = RiskHappenForm(request.POST or None, auto_id="x_%s")
    page = _found(request, risk_id)
    return _act(request, page, "happen_form", form, _("Đã ghi lần xảy ra."),
                services.risk_happen)  # fmt: skip


@once
def risk_close(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Watch it no more."""
    form = RiskReasonForm(request.POST or None, auto_id="d_%s")
    page = _found(request, risk_id)
    return _act(request, page, "close_form", form, _("Đã thôi theo dõi."), services.risk_close)
