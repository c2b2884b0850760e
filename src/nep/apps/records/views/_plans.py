"""The file plan of a year."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.records import queries, rules, services
from nep.apps.records.forms import DecisionForm, PlanForm, ReasonForm, RuleForm, SeriesForm
from nep.apps.records.views._ground import paper_ending, people_choices
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, status_of, today_of, when
from nep.foundation.web.answers import given
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound

COLUMNS = (
    SheetColumn("Số, ký hiệu hồ sơ", width=18),
    SheetColumn("Tiêu đề hồ sơ", width=60),
    SheetColumn("Thời hạn bảo quản", width=18),
    SheetColumn("Căn cứ", width=40),
    SheetColumn("Mức xác minh", width=22),
    SheetColumn("Đơn vị", width=24),
    SheetColumn("Người lập hồ sơ", width=24),
    SheetColumn("Ghi chú", width=30),
)


def plan(request: HttpRequest) -> HttpResponse:
    """Show the plan of a year; lines are changed beside it."""
    return _page(request, _year(request))


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("nam", "")
    is_year = asked.isascii() and asked.isdigit() and len(asked) == 4
    return int(asked) if is_year else today_of(request).year


def _page(request: HttpRequest, year: int, **bound: Form) -> HttpResponse:
    actor = who(request)
    page = queries.plan_page(actor=actor, year=year)
    years = queries.plan_years(actor=actor)
    manages = bool(may(actor, "record.manage"))
    context: dict[str, Any] = {
        "page": page,
        "year": year,
        "years": sorted({*years, year}, reverse=True),
        "may_manage": manages,
        "may_approve": bool(may(actor, "record.approve"))
        and page is not None
        and page.state == "draft"
        and bool(page.lines),
        "rules": queries.deposit_rules(actor=actor),
        "marks": rules.MARK_NAMES.items(),
    }
    if manages:
        context["new_form"] = PlanForm(
            years=years, auto_id="n_%s",
            initial={"year": year if page is None else max(years) + 1,
                     "copy_year": max(years) if years else ""},
        )  # fmt: skip
        context["rule_form"] = RuleForm(auto_id="r_%s")
        if page is not None and page.state == "draft":
            context["series_form"] = _series_form(request, page)
        elif page is not None:
            context["reopen_form"] = ReasonForm(auto_id="l_%s")
    if context["may_approve"]:
        context["decision_form"] = DecisionForm(auto_id="q_%s")
    return pages.render(
        request, "records/plan.html", {**context, **bound}, status=status_of(*bound.values())
    )


def _series_form(request: HttpRequest, page: queries.PlanPage) -> SeriesForm:
    units = [(u.id, u.name) for u in organization.units_of(who(request).agency_id)]
    people = people_choices(request)
    if request.method == "POST":
        return SeriesForm(request.POST, units=units, people=people, auto_id="d_%s")
    asked = request.GET.get("sua", "")
    line = next((one for one in page.lines if str(one.id) == asked), None)
    initial = (
        {"code": line.code, "title": line.title, "unit": line.unit_id, "keeper": line.keeper_id,
         "years": line.years, "is_permanent": line.is_permanent, "basis": line.basis,
         "mark": line.mark, "remark": line.note, "series_id": line.id, "version": line.version}
        if line
        else {}
    )  # fmt: skip
    return SeriesForm(units=units, people=people, initial=initial, auto_id="d_%s")


def _back(request: HttpRequest, year: int) -> HttpResponse:
    return redirect(f"{reverse('records:plan')}?nam={year}")


@once
def plan_new(request: HttpRequest) -> HttpResponse:
    """Begin the plan of a year, copied from another when chosen."""
    years = queries.plan_years(actor=who(request))
    form = PlanForm(request.POST or None, years=years, auto_id="n_%s")
    if request.method != "POST":
        return redirect("records:plan")

    def act() -> None:
        services.plan_open(
            actor=who(request), year=form.cleaned_data["year"], copy_year=form.copied(),
            now=when(request),
        )  # fmt: skip

    if did(form, act):
        return _back(request, form.cleaned_data["year"])
    return _page(request, _year(request), new_form=form)


def _own_plan(request: HttpRequest, plan_id: int) -> queries.PlanPage:
    """Return the agency's plan with this id. Raises NotFound."""
    for year in queries.plan_years(actor=who(request)):
        page = queries.plan_page(actor=who(request), year=year)
        if page is not None and page.id == plan_id:
            return page
    raise NotFound()


@once
def series_keep(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Write a line of the plan."""
    page = _own_plan(request, plan_id)
    if request.method != "POST":
        return _back(request, page.year)
    form = _series_form(request, page)

    def act() -> None:
        services.series_keep(
            actor=who(request), plan_id=plan_id, now=when(request), **form.values()
        )

    if did(form, act):
        messages.success(request, _("Đã ghi dòng %(code)s.") % {"code": form.values()["code"]})
        return _back(request, page.year)
    return _page(request, page.year, series_form=form)


@once
def series_drop(request: HttpRequest, series_id: int) -> HttpResponse:
    """Remove a line without files."""
    if request.method == "POST":
        services.series_drop(actor=who(request), series_id=series_id, now=when(request))
        messages.success(request, _("Đã bỏ dòng khỏi danh mục."))
    return _back(request, _year(request))


@once
def plan_approve(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Issue the plan under a decision."""
    page = _own_plan(request, plan_id)
    form = DecisionForm(request.POST or None, auto_id="q_%s")
    if request.method != "POST":
        return _back(request, page.year)

    def act() -> None:
        services.plan_approve(
            actor=who(request), plan_id=plan_id, now=when(request), **form.cleaned_data
        )

    if did(form, act):
        return _back(request, page.year)
    return _page(request, page.year, decision_form=form)


@once
def plan_reopen(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Open an issued plan for another edition."""
    page = _own_plan(request, plan_id)
    form = ReasonForm(request.POST or None, auto_id="l_%s")
    if request.method != "POST":
        return _back(request, page.year)

    def act() -> None:
        services.plan_reopen(
            actor=who(request), plan_id=plan_id, now=when(request), **form.cleaned_data
        )

    if did(form, act):
        messages.success(request, _("Đã mở lại danh mục; sửa xong thì trình ban hành lại."))
        return _back(request, page.year)
    return _page(request, page.year, reopen_form=form)


@once
def rule_set(request: HttpRequest) -> HttpResponse:
    """Set into which series a kind of source goes by itself."""
    form = RuleForm(request.POST or None, auto_id="r_%s")
    if request.method != "POST":
        return redirect("records:plan")

    def act() -> None:
        services.deposit_rule_set(actor=who(request), now=when(request), **form.cleaned_data)

    if did(form, act):
        return _back(request, _year(request))
    return _page(request, _year(request), rule_form=form)


def plan_paper(request: HttpRequest, year: int, ending: str) -> HttpResponse:
    """Give the plan as PDF, Word or Excel."""
    name = f"danh-muc-ho-so-{year}"
    if ending != "xlsx":
        kind = paper_ending(ending)
        data = services.plan_paper(actor=who(request), year=year, now=when(request), ending=kind)
        return given(data, name=name, ending=ending, inline=ending == "pdf")
    page = queries.plan_page(actor=who(request), year=year)
    if page is None:
        raise NotFound()
    rows = [
        (one.code, one.title, one.retention, one.basis, one.mark_name, one.unit, one.keeper,
         one.note)
        for one in page.lines
    ]  # fmt: skip
    return given(xlsx([(f"Năm {year}", COLUMNS, rows)]), name=name, ending="xlsx")
