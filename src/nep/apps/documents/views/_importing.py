"""Bringing documents in: upload, progress, report, the refused rows as a sheet, the sample sheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import ImportForm
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once

_SHOWN = 200
_SAMPLE: tuple[tuple[Any, ...], ...] = (
    (
        "QT-01", "Kiểm soát tài liệu", "Quy trình hệ thống", "02", "01", "05/01/2026", "",
        "nội bộ", "Lê Quang Vinh", "QT-01 Kiểm soát tài liệu.docx", "", "hiệu lực",
        "ISO 9001:2015: 7.5", "văn thư",
    ),
    (
        "BM-01.01", "Danh mục tài liệu", "Biểu mẫu", "01", "00", "05/01/2026", "", "nội bộ",
        "Lê Quang Vinh", "BM-01.01.xlsx", "QT-01", "hiệu lực", "", "",
    ),
)  # fmt: skip


@once
def imports(request: HttpRequest) -> HttpResponse:
    """Take a ZIP of documents; the worker judges it or brings it in."""
    actor = who(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    begun: list[int] = []

    def act() -> None:
        given = form.cleaned_data["file"]
        begun.append(
            services.import_upload(
                actor=actor, name=given.name, data=given.read(),
                is_dry="that" not in request.POST, now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã nhận tệp."), "documents:import", begun[0])
    context = {
        "form": form,
        "batches": queries.import_batches(agency_id=actor.agency_id),
        "fields": rules.FIELD_NAMES.items(),
        "may_import": bool(may(actor, "document.draft")),
    }
    return pages.render(request, "documents/imports.html", context, status=status_of(form))


def import_page(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show how far an import is, then its report row by row."""
    batch = queries.import_batch(batch_id=batch_id, agency_id=who(request).agency_id)
    refused = queries.refused_rows(batch_id=batch_id, limit=_SHOWN)
    context = {"batch": batch, "refused": refused, "more": batch.refused - len(refused)}
    if request.headers.get("HX-Target") == "tien-do":
        if not batch.is_done:
            return pages.render(request, "documents/import.html#progress", context)
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return pages.render(request, "documents/import.html", context)


@require_POST
@once
def import_for_real(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Bring in what a dry run has judged."""
    new_id = services.import_again(actor=who(request), batch_id=batch_id, now=when(request))
    return done(request, _("Đã bắt đầu nhập."), "documents:import", new_id)


def import_refused(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give the refused rows as an Excel file, each with its reason."""
    batch = queries.import_batch(batch_id=batch_id, agency_id=who(request).agency_id)
    columns = (
        SheetColumn("Tệp", width=60),
        SheetColumn("Mã lý do", width=22),
        SheetColumn("Lý do", width=90),
    )
    rows = [(one.path, one.code, one.reason) for one in queries.refused_rows(batch_id=batch.id)]
    return _sheet("Không nhận", columns, rows, "tai-lieu-khong-nhan.xlsx")


def import_sample(request: HttpRequest) -> HttpResponse:
    """Give a sample of the sheet that goes with the files."""
    columns = [SheetColumn(name, width=20) for name in rules.FIELD_NAMES.values()]
    return _sheet("Bảng dữ liệu", columns, _SAMPLE, "bang-du-lieu-tai-lieu.xlsx")


def _sheet(name: str, columns: Any, rows: Any, filename: str) -> HttpResponse:
    answer = HttpResponse(xlsx([(name, columns, rows)]), content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
