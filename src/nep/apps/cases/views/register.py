"""The register of cases (Mẫu 07): page, Excel, PDF."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nep.apps.cases.queries import figure_years, month_asked
from nep.apps.cases.queries.register import MOST, Register, register
from nep.apps.cases.services import register_paper
from nep.apps.cases.views._ground import is_fragment
from nep.apps.organization.queries import who
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.kernel.vietnamese import local

MOST_PRINTED = 2_000
MOST_IN_WORD = 500
COLUMNS = (
    SheetColumn("STT", "number", 8),
    SheetColumn("Mã hồ sơ", width=26),
    SheetColumn("Mã thủ tục", width=14),
    SheetColumn("Tên thủ tục hành chính", width=60),
    SheetColumn("Người nộp", width=26),
    SheetColumn("Cơ quan chủ trì giải quyết", width=30),
    SheetColumn("Nhận hồ sơ", "datetime"),
    SheetColumn("Hẹn trả kết quả", "datetime"),
    SheetColumn("Chuyển hồ sơ", "datetime"),
    SheetColumn("Có kết quả", "datetime"),
    SheetColumn("Trả kết quả", "datetime"),
    SheetColumn("Hình thức nhận", width=18),
    SheetColumn("Trạng thái", width=24),
    SheetColumn("Kết quả thời hạn", width=16),
    SheetColumn("Ghi chú", width=30),
)


def register_page(request: HttpRequest) -> HttpResponse:
    """Show the register of a month or year."""
    month = _month(request)
    origin = request.GET.get("nguon", "")
    found = register(
        actor=who(request), month=month, after=request.GET.get("sau", "")[:80], origin=origin
    )
    values = {"thang": str(month), **({"nguon": origin} if origin in {"run", "fed"} else {})}
    today = local(when(request))
    years = sorted({*figure_years(actor=who(request)), today.year}, reverse=True)
    year = month if month <= 9999 else month // 100
    context = {
        "register": found,
        "years": years,
        "year": year,
        "month": month,
        "months": [(year * 100 + number, f"{number:02d}/{year}") for number in range(1, 13)],
        "origin": values.get("nguon", ""),
        "next_url": f"?{urlencode({**values, 'sau': found.after})}" if found.after else "",
        "xlsx_url": f"{reverse('cases:register_xlsx')}?{urlencode(values)}",
        "pdf_url": f"{reverse('cases:register_pdf')}?{urlencode(values)}",
        "docx_url": f"{reverse('cases:register_docx')}?{urlencode(values)}",
    }
    part = "#rows" if is_fragment(request) and request.GET.get("sau") else ""
    return pages.render(request, f"cases/register.html{part}", context)


def register_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the register as an Excel file."""
    found = _whole(request, MOST)
    rows = [
        (
            one.number, one.code, one.tthc_code, one.tthc_name, one.applicant, one.agency,
            one.received_at, one.due_at, one.transfer_at, one.finished_at, one.returned_at,
            one.channel, one.state, one.on_time, one.note,
        )
        for one in found.lines
    ]  # fmt: skip
    answer = HttpResponse(
        xlsx([("Sổ theo dõi hồ sơ", COLUMNS, rows)]), content_type=CONTENT_TYPES["xlsx"]
    )
    return _named(answer, f'attachment; filename="so-theo-doi-ho-so-{found.month}.xlsx"')


def register_file(request: HttpRequest) -> HttpResponse:
    """Give the register as PDF."""
    found = _whole(request, MOST_PRINTED)
    made = register_paper.register_file(actor=who(request), register=found, now=when(request))
    answer = HttpResponse(made, content_type=CONTENT_TYPES["pdf"])
    return _named(answer, f'inline; filename="so-theo-doi-ho-so-{found.month}.pdf"')


def register_word(request: HttpRequest) -> HttpResponse:
    """Give the register as Word."""
    found = _whole(request, MOST_IN_WORD)
    made = register_paper.register_file(
        actor=who(request), register=found, now=when(request), ending="docx"
    )
    answer = HttpResponse(made, content_type=CONTENT_TYPES["docx"])
    return _named(answer, f'attachment; filename="so-theo-doi-ho-so-{found.month}.docx"')


def _month(request: HttpRequest) -> int:
    today = local(when(request))
    return month_asked(request.GET.get("thang", "")) or today.year * 100 + today.month


def _whole(request: HttpRequest, most: int) -> Register:
    return register(
        actor=who(request), month=_month(request), limit=most,
        origin=request.GET.get("nguon", ""),
    )  # fmt: skip


def _named(answer: HttpResponse, disposition: str) -> HttpResponse:
    answer["Content-Disposition"] = disposition
    answer["Cache-Control"] = "private, no-store"
    return answer
