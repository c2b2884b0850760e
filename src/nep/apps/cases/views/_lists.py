"""The list of cases and its spreadsheet."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases import queries, rules
from nep.apps.cases.views._ground import is_fragment
from nep.apps.organization.queries import who
from nep.apps.procedures import queries as procedures
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.kernel.vietnamese import local

GROUPS = {"": "Tất cả", "mo": "Chưa xong", "qua": "Đang quá hạn", **rules.GROUP_NAMES}


def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases that a filter finds, newest first."""
    wanted = queries.CaseFilter.read(request.GET)
    found = queries.cases_list(
        actor=who(request), filter=wanted, now=when(request), after=request.GET.get("sau", "")[:60]
    )
    values = wanted.values()
    is_first = not request.GET.get("sau")
    is_whole = is_first and not found.after
    context = {
        "lines": found.lines,
        "filter": wanted,
        "total": len(found.lines)
        if is_whole
        else queries.cases_count(actor=who(request), filter=wanted, now=when(request)),
        "group_name": GROUPS.get(wanted.group, ""),
        "tabs": _tabs(wanted),
        "months": _months(request, wanted),
        "procedures": procedures.tthc_lines(agency_id=who(request).agency_id),
        "next_url": f"?{urlencode({**values, 'sau': found.after})}" if found.after else "",
        "export_url": f"{reverse('cases:export')}?{urlencode(values)}",
        "is_filtered": bool(values),
        "is_first": is_first,
    }
    part = "" if is_first or not is_fragment(request) else "#rows"
    return pages.render(request, f"cases/list.html{part}", context)


def _tabs(wanted: queries.CaseFilter) -> list[dict[str, object]]:
    kept = {name: value for name, value in wanted.values().items() if name != "nhom"}
    tabs = []
    for key, name in GROUPS.items():
        values = {**kept, "nhom": key} if key else kept
        tabs.append(
            {
                "name": name,
                "url": f"?{urlencode(values)}" if values else "?",
                "is_here": key == wanted.group,
            }
        )
    return tabs


def _months(request: HttpRequest, wanted: queries.CaseFilter) -> list[tuple[int, str]]:
    """Return the months and years that have cases, newest first."""
    found: list[tuple[int, str]] = []
    today = local(when(request))
    for year in queries.figure_years(actor=who(request)):
        found.append((year, _("cả năm %(year)s") % {"year": year}))
        last = today.month if year == today.year else 12
        found += [(year * 100 + month, f"{month:02d}/{year}") for month in range(last, 0, -1)]
    if wanted.month and all(wanted.month != key for key, _name in found):
        year, month = divmod(wanted.month, 100) if wanted.month > 9999 else (wanted.month, 0)
        found.insert(0, (wanted.month, f"{month:02d}/{year}" if month else str(year)))
    return found


COLUMNS = (
    SheetColumn("Mã hồ sơ", width=26),
    SheetColumn("Người nộp", width=26),
    SheetColumn("Mã thủ tục", width=14),
    SheetColumn("Thủ tục", width=60),
    SheetColumn("Trạng thái", width=26),
    SheetColumn("Bước", width=34),
    SheetColumn("Người giữ", width=24),
    SheetColumn("Nhận", "datetime"),
    SheetColumn("Hẹn trả", "datetime"),
    SheetColumn("Xong", "datetime"),
    SheetColumn("Kết quả", width=14),
)


def case_export(request: HttpRequest) -> HttpResponse:
    """Give the filtered cases as an Excel file, applicants masked."""
    wanted = queries.CaseFilter.read(request.GET)
    found = queries.cases_list(
        actor=who(request), filter=wanted, now=when(request), limit=queries.MOST_EXPORTED
    )
    rows: list[tuple[Any, ...]] = [
        (
            line.code, line.applicant, line.tthc_code, line.tthc_name, line.status, line.step,
            line.holder, line.received_at, line.result_due_at, line.finished_at,
            rules.ON_TIME_NAMES.get(line.on_time, ""),
        )
        for line in found.lines
    ]  # fmt: skip
    if found.after:  # never silently short
        said = _("Tệp dừng ở %(count)s hồ sơ mới nhất. Hãy lọc theo tháng để lấy phần còn lại.")
        note = said % {"count": queries.MOST_EXPORTED}
        rows.append((note, *[""] * 6, None, None, None, ""))
    answer = HttpResponse(xlsx([("Hồ sơ", COLUMNS, rows)]), content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = 'attachment; filename="ho-so.xlsx"'
    return answer
