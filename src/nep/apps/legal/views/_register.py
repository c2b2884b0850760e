"""The register, its spreadsheet, its import."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.legal import queries, rules, services
from nep.apps.legal.forms import ImportForm
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, status_of, today_of, when

COLUMNS = (
    SheetColumn("Loại văn bản", width=16),
    SheetColumn("Số, ký hiệu", width=22),
    SheetColumn("Cơ quan ban hành", width=26),
    SheetColumn("Trích yếu", width=70),
    SheetColumn("Ngày ban hành", "date", 14),
    SheetColumn("Ngày có hiệu lực", "date", 14),
    SheetColumn("Ngày hết hiệu lực", "date", 14),
    SheetColumn("Tình trạng", width=18),
    SheetColumn("Thay thế bởi", width=22),
    SheetColumn("Số nơi viện dẫn", "number", 12),
    SheetColumn("Nơi lưu", width=26),
    SheetColumn("Nguồn", width=40),
    SheetColumn("Tra hiệu lực ngày", "date", 14),
    SheetColumn("Ghi chú", width=40),
)


def register(request: HttpRequest) -> HttpResponse:
    """Show the external documents that a filter finds, newest first."""
    wanted = queries.RegisterFilter.read(request.GET)
    offset = _offset(request)
    found = queries.register(
        actor=who(request), filter=wanted, today=today_of(request), offset=offset
    )
    values = wanted.values()
    context = {
        "page": found,
        "filter": wanted,
        "kinds": rules.KIND_NAMES.items(),
        "tabs": _tabs(wanted, found),
        "is_filtered": bool(values),
        "may_manage": bool(may(who(request), "legal.manage")),
        "export_url": f"{reverse('legal:export')}?{urlencode(values)}",
        "paging": _paging(found, values),
    }
    part = "#list" if request.headers.get("HX-Target") == "ds-van-ban" else ""
    return pages.render(request, f"legal/register.html{part}", context)


def _offset(request: HttpRequest) -> int:
    asked = request.GET.get("tu", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def _paging(found: queries.RegisterPage, values: dict[str, str]) -> dict[str, Any]:
    first, last = found.offset + 1, found.offset + len(found.lines)

    def address(offset: int) -> str:
        return f"?{urlencode({**values, 'tu': offset} if offset else values)}"

    return {
        "text": _("%(first)s–%(last)s trong %(all)s văn bản")
        % {"first": first if found.lines else 0, "last": last, "all": found.found},
        "previous_url": address(max(0, found.offset - queries.PAGE)) if found.offset else "",
        "next_url": address(last) if last < found.found else "",
    }


def _tabs(wanted: queries.RegisterFilter, page: queries.RegisterPage) -> list[dict[str, Any]]:
    kept = {name: value for name, value in wanted.values().items() if name != "hl"}
    names: list[tuple[str, str, int | None]] = [
        ("", _("Tất cả"), page.total),
        (rules.IN_FORCE, rules.STATE_NAMES[rules.IN_FORCE], None),
        (rules.ENDING, rules.STATE_NAMES[rules.ENDING], page.ending),
        (rules.EXPIRED, rules.STATE_NAMES[rules.EXPIRED], page.expired),
        ("cited_expired", _("Hết hiệu lực, còn viện dẫn"), page.expired_cited),
        (rules.COMING, rules.STATE_NAMES[rules.COMING], None),
        (rules.WITHDRAWN, rules.STATE_NAMES[rules.WITHDRAWN], None),
    ]
    return [
        {
            "name": name,
            "count": count,
            "url": f"?{urlencode({**kept, 'hl': key} if key else kept)}",
            "is_here": key == wanted.state,
        }
        for key, name, count in names
    ]


def export(request: HttpRequest) -> HttpResponse:
    """Give the filtered register as an Excel file, in the form that the import reads."""
    found = queries.register(
        actor=who(request),
        filter=queries.RegisterFilter.read(request.GET),
        today=today_of(request),
        limit=queries.MOST_EXPORTED,
    )
    rows = [
        (
            line.kind_name, line.number, line.issuer, line.title, line.issued_on,
            line.effective_from, line.expires_on, line.state_name, line.replaced_by,
            line.citations, line.kept_at, line.source_address, line.checked_on, line.note,
        )
        for line in found.lines
    ]  # fmt: skip
    heading = f"Danh mục tài liệu bên ngoài, {organization.agency(who(request).agency_id).name}"
    data = xlsx([("Tài liệu bên ngoài", COLUMNS, rows)], heading=heading)
    answer = HttpResponse(data, content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = 'attachment; filename="danh-muc-tai-lieu-ben-ngoai.xlsx"'
    return answer


def import_file(request: HttpRequest) -> HttpResponse:
    """Read a spreadsheet: first what it would do, then doing it."""
    form = ImportForm(request.POST or None, request.FILES or None)
    made: list[services.ImportReport] = []

    def act() -> None:
        given = form.cleaned_data["file"]
        made.append(
            services.register_import(
                actor=who(request), name=given.name, data=given.read(),
                is_dry=not form.cleaned_data["write"], now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST":
        did(form, act)
    context = {"form": form, "report": made[0] if made else None, "counts": _counts(made)}
    return pages.render(request, "legal/import.html", context, status=status_of(form))


def _counts(made: list[services.ImportReport]) -> list[tuple[str, int]]:
    names = (
        ("created", _("thêm mới")),
        ("changed", _("đổi")),
        ("unchanged", _("không đổi")),
        ("refused", _("không nhận")),
    )
    return [(name, made[0].count(key)) for key, name in names] if made else []
