"""Files of the portal: upload, progress, report row by row."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from nep.apps.catalogue import queries, services
from nep.apps.catalogue.forms import UploadForm
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.answers import sheet_answer
from nep.foundation.web.once import once
from nep.kernel.text import whole_number

OUTCOMES = {
    "imported": _later("thêm mới"),
    "changed": _later("đổi"),
    "refused": _later("không nhận"),
}
COLUMNS = (
    SheetColumn("Dòng", "number", 8),
    SheetColumn("Mã", width=14),
    SheetColumn("Kết quả", width=12),
    SheetColumn("Lý do", width=110),
)
_EVERY = 1_000_000


@once
def upload(request: HttpRequest) -> HttpResponse:
    """Take files in; show the latest ones."""
    form = UploadForm(request.POST or None)
    made: list[int] = []

    def act() -> None:
        files = [(one.name or "", one.read()) for one in request.FILES.getlist("files")]
        made.extend(
            services.import_upload(
                actor=who(request), files=files, wish=form.wish(), now=when(request)
            )
        )

    if request.method == "POST" and did(form, act):
        told = _("Đã tải lên %(n)s tệp.") % {"n": len(made)}
        if len(made) == 1:
            return done(request, told, "catalogue:import", made[0])
        return done(request, told, "catalogue:upload")
    latest = queries.imports(actor=who(request))
    context = {
        "form": form,
        "imports": latest,
        "is_working": any(one.is_under_way for one in latest),
        "may_manage": bool(may(who(request), "catalogue.manage")),
    }
    part = "#latest" if request.headers.get("HX-Target") == "gan-day" else ""
    return pages.render(request, f"catalogue/upload.html{part}", context, status=status_of(form))


def import_page(request: HttpRequest, catalogue_import_id: int) -> HttpResponse:
    """Show one file: how far it is, and what became of its rows."""
    found = queries.imported(actor=who(request), import_id=catalogue_import_id)
    here = reverse("catalogue:import", args=[catalogue_import_id])
    if request.headers.get("HX-Target") == "tien-do":
        if not found.is_under_way:
            return HttpResponse(status=204, headers={"HX-Redirect": here})
        return pages.render(request, "catalogue/import.html#progress", {"file": found})
    wanted = request.GET.get("loc", "")
    wanted = wanted if wanted in OUTCOMES else ("refused" if found.refused else "")
    after = whole_number(request.GET.get("sau", ""))
    rows = queries.outcomes(import_id=found.id, outcome=wanted, after=after)
    context = {
        "file": found,
        "rows": [(one, OUTCOMES[one.outcome]) for one in rows],
        "wanted": wanted,
        "tabs": [
            {
                "name": name,
                "count": getattr(found, key),
                "url": f"?loc={key}",
                "is_here": key == wanted,
            }
            for key, name in OUTCOMES.items()
        ],
        "next_url": f"?loc={wanted}&sau={rows[-1].row}" if len(rows) >= 300 else "",
    }
    return pages.render(request, "catalogue/import.html", context)


def import_sheet(request: HttpRequest, catalogue_import_id: int) -> HttpResponse:
    """Give the report of a file as an Excel sheet."""
    found = queries.imported(actor=who(request), import_id=catalogue_import_id)
    if found.is_under_way:
        return redirect("catalogue:import", catalogue_import_id)
    lines = queries.outcomes(import_id=found.id, limit=_EVERY)
    rows = [(one.row, one.code, str(OUTCOMES[one.outcome]), one.reason) for one in lines]
    return sheet_answer(xlsx([("Kết quả nhập", COLUMNS, rows)]), name="ket-qua-nhap-danh-muc")
