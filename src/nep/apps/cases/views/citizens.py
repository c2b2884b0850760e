"""Pages of what citizens said: ratings with their figures, reported deviations and their answers."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases.forms.citizens import ReportAnswerForm, ReportCloseForm
from nep.apps.cases.queries import citizens as queries
from nep.apps.cases.queries import figure_years
from nep.apps.cases.rules.citizens import ANSWER_DAYS, CHANGE_DAYS, DEGREES
from nep.apps.cases.services import citizens as services
from nep.apps.cases.views._ground import is_fragment
from nep.apps.organization.queries import who
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import local

COLUMNS = (
    SheetColumn("Mã hồ sơ", width=26),
    SheetColumn("Tên thủ tục hành chính", width=60),
    SheetColumn("Đơn vị", width=30),
    SheetColumn("Mức", "number", 8),
    SheetColumn("Mức hài lòng", width=20),
    SheetColumn("Lời góp ý", width=60),
    SheetColumn("Đánh giá lúc", "datetime"),
)


def ratings(request: HttpRequest) -> HttpResponse:
    """Show how content citizens are, by unit, procedure and month, and every rating behind it."""
    asked = _asked(request)
    page = queries.rating_page(
        actor=who(request), asked=asked, after=request.GET.get("sau", "")[:60]
    )
    today = local(when(request))
    year = int(str(asked.month)[:4])
    base = asked.values()

    def link(**other: int) -> str:
        values = {**base, **{key: str(value) for key, value in other.items()}}
        return f"?{urlencode({key: value for key, value in values.items() if value != '0'})}"

    context = {
        "page": page,
        "asked": asked,
        "year": year,
        "years": sorted({*figure_years(actor=who(request)), today.year}, reverse=True),
        "bars": [(*bar, link(muc=bar[0], kem=0)) for bar in page.figures.bars],
        "units": [(name, one, link(dv=key)) for key, name, one in page.units],
        "procedures": [(name, one, link(tt=key)) for key, name, one in page.procedures],
        "months": [(f"{key % 100:02d}/{key // 100}", one, link(thang=key))
                   for key, one in page.months],
        "degree_name": _("không hài lòng trở xuống")
        if asked.only_displeased
        else DEGREES.get(asked.degree, ""),
        "all_url": f"?thang={asked.month}",
        "next_url": f"{link()}&sau={page.after}" if page.after else "",
        "xlsx_url": f"{reverse('cases:ratings_xlsx')}{link()}",
        "open_reports": queries.open_report_count(agency_id=who(request).agency_id),
        "change_days": CHANGE_DAYS,
    }  # fmt: skip
    part = "#rows" if is_fragment(request) and request.GET.get("sau") else ""
    return pages.render(request, f"cases/ratings.html{part}", context)


def ratings_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the ratings as an Excel file."""
    page = queries.rating_page(
        actor=who(request), asked=_asked(request), limit=queries.MOST_EXPORTED
    )
    rows = [
        (one.code, one.tthc_name, one.unit, one.degree, one.degree_name, one.remark, one.rated_at)
        for one in page.lines
    ]
    answer = HttpResponse(xlsx([("Đánh giá", COLUMNS, rows)]), content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = 'attachment; filename="danh-gia-cua-nguoi-dan.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _asked(request: HttpRequest) -> queries.RatingFilter:
    period = queries.rating_period(request.GET.get("thang", "")) or local(when(request)).year
    degree = _whole(request, "muc")
    return queries.RatingFilter(
        period, degree if degree in DEGREES else 0, _whole(request, "dv"), _whole(request, "tt"),
        only_displeased=_whole(request, "kem") == 1,
    )  # fmt: skip


def _whole(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return whole_number(text)


def reports(request: HttpRequest) -> HttpResponse:
    """List reported deviations, those that are open first shown alone."""
    everything = request.GET.get("tat-ca") == "1"
    lines = queries.report_lines(
        actor=who(request), now=when(request), only_open=not everything,
        after=_whole(request, "sau"),
    )  # fmt: skip
    more = len(lines) > queries.PAGE
    lines = lines[: queries.PAGE]
    values = {"tat-ca": "1"} if everything else {}
    context = {
        "lines": lines,
        "everything": everything,
        "open": queries.open_report_count(agency_id=who(request).agency_id),
        "days": ANSWER_DAYS,
        "next_url": f"?{urlencode({**values, 'sau': lines[-1].id})}" if more else "",
    }
    part = "#rows" if is_fragment(request) and request.GET.get("sau") else ""
    return pages.render(request, f"cases/reports.html{part}", context)


@once
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show one reported deviation; answer it."""
    form = ReportAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.report_answer(
                actor=who(request), now=when(request), report_id=report_id, **form.cleaned_data
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã trả lời. Người dân đọc được bằng mã trên giấy hẹn."))
            return redirect("cases:report", report_id)
    return _report_page(request, report_id, answer=form)


@once
def report_close(request: HttpRequest, report_id: int) -> HttpResponse:
    """Close an answered report."""
    if request.method != "POST":
        queries.report_page(actor=who(request), report_id=report_id, now=when(request))
        return redirect("cases:report", report_id)
    form = ReportCloseForm(request.POST)
    if form.is_valid():
        try:
            services.report_close(
                actor=who(request), now=when(request), report_id=report_id, **form.cleaned_data
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã khép lời báo."))
            return redirect("cases:report", report_id)
    return _report_page(request, report_id, close=form)


def _report_page(
    request: HttpRequest,
    report_id: int,
    *,
    answer: ReportAnswerForm | None = None,
    close: ReportCloseForm | None = None,
) -> HttpResponse:
    page = queries.report_page(actor=who(request), report_id=report_id, now=when(request))
    bad = any(form is not None and form.is_bound and form.errors for form in (answer, close))
    context: dict[str, Any] = {
        "page": page,
        "answer_form": answer or ReportAnswerForm(),
        "close_form": close or ReportCloseForm(),
    }
    return pages.render(request, "cases/report.html", context, status=422 if bad else 200)
