"""The register of nonconformities: the list, its spreadsheet, a new sheet, the rules over cases."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.actions.rules import ORIGIN_NAMES
from nep.apps.cases.queries import troubles
from nep.apps.improvement import queries, services
from nep.apps.improvement.forms import RuleForm, SheetForm
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.apps.planning import queries as planning
from nep.apps.workcal import queries as workcal
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import sheet_answer
from nep.foundation.web.lists import offset_of, paging_of, tabs_of
from nep.foundation.web.once import once
from nep.kernel.references import Reference
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import local

ANALYSE_DAYS = 10
COLUMNS = (
    SheetColumn("Số", width=14),
    SheetColumn("Nội dung", width=60),
    SheetColumn("Loại", width=18),
    SheetColumn("Mức", width=14),
    SheetColumn("Điều khoản", width=12),
    SheetColumn("Nguồn", width=24),
    SheetColumn("Nội dung nguồn", width=40),
    SheetColumn("Đơn vị", width=24),
    SheetColumn("Người phụ trách", width=24),
    SheetColumn("Ngày phát hiện", "date", 12),
    SheetColumn("Sự khắc phục", width=40),
    SheetColumn("Nguyên nhân", width=40),
    SheetColumn("Hạn đang chạy", "date", 12),
    SheetColumn("Ngày xét hiệu lực", "date", 12),
    SheetColumn("Trạng thái", width=26),
    SheetColumn("Lần phân tích", "number", 10),
    SheetColumn("Ngày kết thúc", "date", 12),
)


def register(request: HttpRequest) -> HttpResponse:
    """Show the nonconformities that a filter finds."""
    wanted, offset = queries.SheetFilter.read(request.GET), offset_of(request)
    found = queries.nonconformities(
        actor=who(request), filter=wanted, today=today_of(request), offset=offset
    )
    values = wanted.values()
    counts = {"": found.open_count, "toi": found.mine, "hieu-luc": found.to_judge,
              "phong-ngua": found.potential}  # fmt: skip
    context = {
        "page": found,
        "filter": wanted,
        "is_filtered": bool(wanted.query or wanted.unit_id or wanted.origin),
        "tabs": tabs_of(queries.SCOPES, values, counts),
        "units": organization.units_of(who(request).agency_id),
        "origins": ORIGIN_NAMES.items(),
        "may_report": bool(may(who(request), "improvement.report")),
        "export_url": f"{reverse('improvement:export')}?{urlencode(values)}",
        "paging": paging_of(offset=offset, shown=len(found.lines), found=found.found,
                            page=queries.PAGE, values=values),
    }  # fmt: skip
    return pages.render(request, "improvement/register.html", context)


def export(request: HttpRequest) -> HttpResponse:
    """Give the filtered register as an Excel file."""
    found = queries.nonconformities(
        actor=who(request), filter=queries.SheetFilter.read(request.GET), today=today_of(request),
        limit=queries.MOST_EXPORTED,
    )  # fmt: skip
    rows = [
        (
            one.code, one.title, "phòng ngừa" if one.potential else "khắc phục", one.level_name,
            one.clause, one.origin_name, one.origin_title, one.unit, one.owner, one.found_on,
            one.correction, one.cause, one.due_on, one.effect_on, one.state_name, one.round,
            local(one.ended_at).date() if one.ended_at else None,
        )
        for one in found.lines
    ]  # fmt: skip
    heading = f"Sổ theo dõi sự không phù hợp, {organization.agency(who(request).agency_id).name}"
    data = xlsx([("Sự không phù hợp", COLUMNS, rows)], heading=heading)
    return sheet_answer(data, name="so-theo-doi-su-khong-phu-hop")


@once
def new(request: HttpRequest) -> HttpResponse:
    """Write a nonconformity down, from a case when the address names one."""
    case = _origin_asked(request)
    today = today_of(request)
    due_on = workcal.working_day_from(
        agency_id=who(request).agency_id, day=today + timedelta(days=ANALYSE_DAYS)
    )
    start: dict[str, Any] = {"found_on": today, "due_on": due_on,
                             "potential": request.GET.get("loai") == "phong-ngua"}  # fmt: skip
    form = SheetForm(request.POST or None, people=people_choices(request), initial=start)
    made: list[int] = []

    def act() -> None:
        kept = form.cleaned_data
        origin = case or Reference(kept["source"] or "hand", 0, kept["source_text"])
        made.append(
            services.nonconformity_open(
                actor=who(request), origin=origin, values=form.values(),
                subjects=(case,) if case else (), now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã ghi nhận."), "improvement:sheet", made[0])
    return pages.render(
        request, "improvement/new.html", {"form": form, "case": case}, status=status_of(form)
    )


def _origin_asked(request: HttpRequest) -> Reference | None:
    """Return the case, the risk or the feedback that the address names, None for none of them."""
    case_id = whole_number(request.GET.get("ho-so", ""))
    if case_id:
        return troubles.case_reference(actor=who(request), case_id=case_id)
    risk_id = whole_number(request.GET.get("rui-ro", ""))
    if risk_id:
        return planning.risk_reference(actor=who(request), risk_id=risk_id)
    feedback_id = whole_number(request.GET.get("phan-hoi", ""))
    if not feedback_id or not may(who(request), "feedback.see"):
        return None
    return queries.feedback_page(
        actor=who(request), feedback_id=feedback_id, today=today_of(request)
    ).reference


def case_rules(request: HttpRequest) -> HttpResponse:
    """Show the rules by which cases open nonconformities by themselves."""
    return _rules(request)


def _rules(request: HttpRequest, bound: RuleForm | None = None) -> HttpResponse:
    rules = queries.case_rules_of(agency_id=who(request).agency_id)
    forms = {}
    if may(who(request), "improvement.set"):
        for rule in rules:
            start = {"code": rule.code, "is_on": rule.is_on, "share": rule.share,
                     "least": rule.least}  # fmt: skip
            forms[rule.code] = RuleForm(initial=start, auto_id=f"{rule.code}_%s")
    if bound is not None and bound.data.get("code") in forms:
        forms[bound.data["code"]] = bound
    context = {"rules": [(rule, forms.get(rule.code)) for rule in rules]}
    return pages.render(request, "improvement/rules.html", context, status=status_of(bound))


@once
def rule_set(request: HttpRequest) -> HttpResponse:
    """Set a rule for the agency."""
    if request.method != "POST":
        return redirect("improvement:case_rules")
    form = RuleForm(request.POST, auto_id="luat_%s")
    if did(form, lambda: services.rule_set(actor=who(request), now=when(request),
                                           **form.cleaned_data)):  # fmt: skip
        return done(request, _("Đã đặt luật."), "improvement:case_rules")
    return _rules(request, form)
