"""What audits found, of the whole agency."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nep.apps.audits import queries
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of
from nep.foundation.web.answers import paper_answer

COLUMNS = (
    SheetColumn("Cuộc đánh giá", width=14),
    SheetColumn("Số", "number", 6),
    SheetColumn("Đơn vị", width=28),
    SheetColumn("Điều khoản", width=10),
    SheetColumn("Mức", width=20),
    SheetColumn("Câu hỏi", width=44),
    SheetColumn("Nội dung, bằng chứng", width=60),
    SheetColumn("Ý kiến đơn vị", width=30),
    SheetColumn("Kết luận trưởng đoàn", width=30),
    SheetColumn("Tình trạng", width=22),
    SheetColumn("Phiếu khắc phục", width=16),
)


def findings(request: HttpRequest) -> HttpResponse:
    """Show what audits found, nonconformities that are not put right first."""
    wanted, asked = queries.FindingFilter.read(request.GET), request.GET.get("tu", "")
    offset = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    found = queries.finding_register(
        actor=who(request), filter=wanted, today=today_of(request), offset=offset
    )
    values = wanted.values()
    kept = {name: value for name, value in values.items() if name != "loc"}
    counts = {"": found.open_count, "cho": found.waiting}
    tabs: list[dict[str, Any]] = [
        {"name": name, "count": counts.get(key), "is_here": key == wanted.scope,
         "url": f"?{urlencode({**kept, 'loc': key} if key else kept)}"}
        for key, name in queries.SCOPES.items()
    ]  # fmt: skip
    last = offset + len(found.lines)
    context = {
        "page": found, "filter": wanted, "tabs": tabs,
        "units": organization.units_of(who(request).agency_id),
        "export_url": f"{reverse('audits:findings_sheet')}?{urlencode(values)}",
        "paging": {
            "text": f"{offset + 1 if found.lines else 0}–{last} / {found.found}",
            "previous_url": f"?{urlencode({**values, 'tu': max(0, offset - queries.PAGE)})}"
            if offset else "",
            "next_url": f"?{urlencode({**values, 'tu': last})}" if last < found.found else "",
        },
    }  # fmt: skip
    return pages.render(request, "audits/findings.html", context)


def findings_sheet(request: HttpRequest) -> HttpResponse:
    """Give the filtered register as an Excel file."""
    found = queries.finding_register(
        actor=who(request), filter=queries.FindingFilter.read(request.GET),
        today=today_of(request), limit=queries.MOST_EXPORTED,
    )  # fmt: skip
    rows = [
        (one.audit_code, one.number, one.unit, one.clause, one.level_name, one.question, one.text,
         one.answer, one.settlement, one.sheet.state_name if one.sheet else one.state_name,
         one.sheet.code if one.sheet else "")
        for one in found.lines
    ]  # fmt: skip
    heading = f"Phát hiện của đánh giá nội bộ, {organization.agency(who(request).agency_id).name}"
    data = xlsx([("Phát hiện đánh giá", COLUMNS, rows)], heading=heading)
    return paper_answer(data, name="phat-hien-danh-gia", ending="xlsx")
