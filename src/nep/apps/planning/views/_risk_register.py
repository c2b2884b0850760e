"""The registers of risks and opportunities: lists, a new line, proposals, the scale."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.apps.planning import queries, services
from nep.apps.planning.forms import RiskForm, ScaleForm
from nep.apps.planning.rules.scales import OPPORTUNITY, RISK, Scale
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.lists import kept_with, offset_of, paging_of, tabs_of
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal

PLACES = {RISK: "planning:risks", OPPORTUNITY: "planning:opportunities"}


def risks(request: HttpRequest) -> HttpResponse:
    """Show the register of risks with its matrix."""
    return _register(request, RISK)


def opportunities(request: HttpRequest) -> HttpResponse:
    """Show the register of opportunities with its matrix."""
    return _register(request, OPPORTUNITY)


def _register(request: HttpRequest, kind: str) -> HttpResponse:
    wanted, offset = queries.RiskFilter.read(request.GET, kind), offset_of(request)
    page = queries.risk_register(
        actor=who(request), filter=wanted, today=today_of(request), offset=offset
    )
    values = wanted.values()
    words = page.scale.words(kind)[0]
    counts = {"": page.open_count, "cao": page.high, "chua": page.unrated, "dang": page.treating}
    context = {
        "page": page,
        "filter": wanted,
        "is_risk": kind == RISK,
        "is_filtered": bool(wanted.query or wanted.unit_id or wanted.likelihood),
        "tabs": tabs_of(queries.SCOPES, values, counts),
        "rows": [
            (row[0].likelihood, words[row[0].likelihood - 1],
             [(cell, kept_with(values, o=f"{cell.likelihood}x{cell.impact}")) for cell in row])
            for row in page.matrix
        ],
        "units": organization.units_of(who(request).agency_id),
        "may_open": bool(may(who(request), "risk.work")),
        "query": kept_with(values),
        "all_url": reverse(PLACES[kind]),
        "paging": paging_of(offset=offset, shown=len(page.lines), found=page.found,
                            page=queries.PAGE, values=values),
    }  # fmt: skip
    return pages.render(request, "planning/risks.html", context)


@once
def risk_new(request: HttpRequest) -> HttpResponse:
    """Write a risk or an opportunity down, rated at once when both steps are chosen."""
    kind = OPPORTUNITY if request.GET.get("loai") == "co-hoi" else RISK
    form = RiskForm(
        request.POST or None, kind=kind, **form_choices(request),
        initial={"owner_id": who(request).person_id, "title": request.GET.get("noi-dung", "")[:400],
                 "clause": request.GET.get("dieu", "")[:40]},
    )  # fmt: skip
    made: list[int] = []

    def act() -> None:
        made.append(
            services.risk_open(
                actor=who(request), values=form.values(), steps=form.steps(), now=when(request)
            )
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã ghi vào sổ."), "planning:risk", made[0])
    context = {"form": form, "is_risk": kind == RISK, "all_url": reverse(PLACES[kind])}
    return pages.render(request, "planning/risk_new.html", context, status=status_of(form))


def form_choices(request: HttpRequest) -> dict[str, Any]:
    """Return what the form of a risk offers to choose from."""
    agency_id = who(request).agency_id
    return {
        "scale": queries.scale_of(agency_id=agency_id),
        "people": people_choices(request),
        "procedures": queries.procedure_choices(agency_id),
        "objectives": queries.objective_choices(agency_id=agency_id, today=today_of(request)),
    }


def risk_proposals(request: HttpRequest) -> HttpResponse:
    """Show what cases, context and starters propose, each with its rows and one tap to take it."""
    return _proposals(request)


def _proposals(request: HttpRequest, refusal: str = "") -> HttpResponse:
    found = queries.proposals(agency_id=who(request).agency_id, today=today_of(request))
    groups: dict[str, list[queries.Proposal]] = {}
    for one in found:
        groups.setdefault(one.source, []).append(one)
    context = {
        "groups": [(queries.SOURCE_NAMES[source], lines) for source, lines in groups.items()],
        "count": len(found),
        "refusal": refusal,
        "may_open": bool(may(who(request), "risk.work")),
    }
    return pages.render(
        request, "planning/risk_proposals.html", context, status=422 if refusal else 200
    )


@once
def risk_take(request: HttpRequest) -> HttpResponse:
    """Take proposals over into the registers: the one tapped, or all that were marked."""
    if request.method != "POST":
        return redirect("planning:risk_proposals")
    keys = [request.POST["key"]] if request.POST.get("key") else request.POST.getlist("keys")
    try:
        made = services.risks_take_over(actor=who(request), keys=keys[:100], now=when(request))
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return _proposals(request, str(refusal))
    if len(made) == 1:
        return done(request, _("Đã đưa vào sổ. Hãy đánh giá mức."), "planning:risk", made[0])
    return done(request, _("Đã đưa %d dòng vào sổ.") % len(made), "planning:risks")


def risk_scale(request: HttpRequest) -> HttpResponse:
    """Show how the agency rates, each threshold with its mark."""
    return _scale(request)


def _scale(request: HttpRequest, bound: ScaleForm | None = None) -> HttpResponse:
    agency_id = who(request).agency_id
    current = queries.scale_of(agency_id=agency_id)
    shown = []
    for method in queries.shipped_scales():
        scale = queries.scale_of(agency_id=agency_id, method=method)
        form = None
        if may(who(request), "risk.set"):
            form = ScaleForm(
                auto_id=f"{method}_%s",
                initial={"method": method, "medium_from": scale.medium_from,
                         "high_from": scale.high_from},
            )  # fmt: skip
        if bound is not None and bound.data.get("method") == method:
            form = bound
        shown.append((scale, method == current.method, form, list(_steps_of(scale))))
    context = {"scales": shown, "current": current}
    return pages.render(request, "planning/risk_scale.html", context, status=status_of(bound))


def _steps_of(scale: Scale):
    """Yield the number of each step with what it means for likelihood and impact."""
    return zip(range(1, scale.steps + 1), scale.likelihood, scale.impact, strict=True)


@once
def risk_scale_set(request: HttpRequest) -> HttpResponse:
    """Choose a method and its thresholds."""
    if request.method != "POST":
        return redirect("planning:risk_scale")
    form = ScaleForm(request.POST, auto_id="thang_%s")
    if did(form, lambda: services.risk_scale_set(actor=who(request), now=when(request),
                                                 **form.cleaned_data)):  # fmt: skip
        return done(request, _("Đã đặt thang đánh giá."), "planning:risk_scale")
    return _scale(request, form)
