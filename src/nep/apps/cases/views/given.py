"""The book of papers given out: page, Excel, print."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nep.apps.cases.queries import given
from nep.apps.cases.rules.form_fields import FORM_NAMES
from nep.apps.cases.services.given_paper import given_book_pdf
from nep.apps.cases.views._ground import is_fragment
from nep.apps.organization.queries import who
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.kernel.vietnamese import local

MOST_PRINTED = 1_000
COLUMNS = (
    SheetColumn("Mẫu số", width=10),
    SheetColumn("Tên văn bản", width=46),
    SheetColumn("Số", width=26),
    SheetColumn("Mã hồ sơ", width=26),
    SheetColumn("Người nộp", width=26),
    SheetColumn("Nội dung", width=26),
    SheetColumn("Người lập", width=26),
    SheetColumn("Lúc", "datetime"),
    SheetColumn("Văn bản ban hành mẫu", width=40),
)


def given_page(request: HttpRequest) -> HttpResponse:
    """Show the papers given out in a year, newest first."""
    asked = _asked(request)
    after = request.GET.get("sau", "")[:60]
    book = given.given_book(actor=who(request), filter=asked, after=after)
    values = asked.values()
    query = urlencode(values)
    context = {
        "book": book,
        "filter": asked,
        "forms": [(key, name, book.counts.get(key, 0)) for key, name in FORM_NAMES.items()],
        "is_filtered": len(values) > 1,
        "next_url": f"?{urlencode({**values, 'sau': book.after})}" if book.after else "",
        "xlsx_url": f"{reverse('cases:given_xlsx')}?{query}",
        "pdf_url": f"{reverse('cases:given_pdf')}?{query}",
    }
    part = "#rows" if is_fragment(request) and after else ""
    return pages.render(request, f"cases/given.html{part}", context)


def given_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the book as an Excel file."""
    asked = _asked(request)
    book = given.given_book(actor=who(request), filter=asked, limit=given.MOST)
    rows = [
        (
            one.form, one.form_name, one.number_text, one.code, one.applicant, one.about, one.by,
            one.at, one.edition,
        )
        for one in book.lines
    ]  # fmt: skip
    answer = HttpResponse(
        xlsx([("Sổ văn bản đã cấp", COLUMNS, rows)]), content_type=CONTENT_TYPES["xlsx"]
    )
    return _named(answer, f'attachment; filename="so-van-ban-{asked.year}.xlsx"')


def given_pdf(request: HttpRequest) -> HttpResponse:
    """Give the book as PDF."""
    asked = _asked(request)
    book = given.given_book(actor=who(request), filter=asked, limit=MOST_PRINTED)
    made = given_book_pdf(actor=who(request), book=book, year=asked.year, now=when(request))
    answer = HttpResponse(made, content_type=CONTENT_TYPES["pdf"])
    return _named(answer, f'inline; filename="so-van-ban-{asked.year}.pdf"')


def _asked(request: HttpRequest) -> given.GivenFilter:
    return given.GivenFilter.read(request.GET, year=local(when(request)).year)


def _named(answer: HttpResponse, disposition: str) -> HttpResponse:
    answer["Content-Disposition"] = disposition
    answer["Cache-Control"] = "private, no-store"
    return answer
