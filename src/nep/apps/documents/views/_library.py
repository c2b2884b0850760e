"""The library: its list by kind, unit, clause and state, and the list as a spreadsheet."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nep.apps.documents import queries, rules
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.standards import queries as standards
from nep.apps.standards.rules import edition_named
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of
from nep.kernel.vietnamese import date_text


def library(request: HttpRequest) -> HttpResponse:
    """Show the documents that a filter finds, by code."""
    actor, today = who(request), today_of(request)
    wanted = queries.LibraryFilter.read(request.GET)
    after = request.GET.get("sau", "")[:60]
    values = wanted.values()
    is_part = bool(after and getattr(request, "htmx", False))
    found = queries.library_page(
        actor=actor,
        filter=wanted,
        today=today,
        after=after,
        is_counted=bool(values) and not is_part,
    )
    context = {
        "rows": _rows(found.lines, urlencode(values)),
        "kept": urlencode(values),
        "filter": wanted,
        "next_url": f"?{urlencode({**values, 'sau': found.after})}" if found.after else "",
        "is_filtered": bool(values),
    }
    if is_part:
        return pages.render(request, "documents/library.html#rows", context)
    context |= _counts(request, found.count or 0)
    context |= _choices(request, wanted)
    part = "#found" if request.headers.get("HX-Target") == "ds-tai-lieu" else ""
    return pages.render(request, f"documents/library.html{part}", context)


def _rows(lines: Iterable[queries.DocumentLine], kept: str) -> list[dict[str, Any]]:
    """Return the lines as the table draws them, every text ready: there are fifty at a time."""
    kinds = {key: str(name) for key, name in rules.KIND_NAMES.items()}
    levels = {key: str(name) for key, name in rules.LEVEL_NAMES.items() if key != "internal"}
    states = {key: str(name) for key, name in rules.STATUS_NAMES.items()}
    pages_at, asked = reverse("documents:library"), f"?{kept}" if kept else ""
    looks = {
        "read": ("t-due nw", "file-check", _("Cần đọc")),
        rules.IN_FORCE: ("t-ok nw", "circle-check", states[rules.IN_FORCE]),
    }
    rows: list[dict[str, Any]] = []
    for line in lines:
        state = "read" if line.is_to_read else line.status
        tone, icon, said = looks.get(state) or ("mid nw", "pen-line", states[line.status])
        under = (kinds.get(line.kind, line.kind), line.owner_unit, levels.get(line.level, ""))
        rows.append(
            {
                "id": str(line.id),
                "code": line.code,
                "title": line.title,
                "url": line.url or f"{pages_at}{line.id}/{asked}",
                "is_new": line.is_new,
                "under": " · ".join(filter(None, under)),
                "number": capfirst(line.number),
                "since": date_text(line.in_force_since) if line.in_force_since else "",
                "tone": tone,
                "icon": icon,
                "state": said,
                "on_way": f"{capfirst(line.open_number)}: {line.open_state.lower()}"
                if line.open_id
                else "",
            }
        )
    return rows


def _counts(request: HttpRequest, count: int) -> dict[str, Any]:
    """Return the numbers of the heading and of what the filter finds."""
    actor = who(request)
    in_force = queries.in_force_count(actor=actor)
    return {
        "in_force": min(in_force, queries.MOST_IN_FORCE),
        "is_many": in_force > queries.MOST_IN_FORCE,
        "to_read": queries.to_read_count(person_id=actor.person_id, agency_id=actor.agency_id),
        "count": min(count, queries.MOST_COUNTED),
        "is_more": count > queries.MOST_COUNTED,
        "is_empty": not queries.documents_exist(agency_id=actor.agency_id),
    }


def _choices(request: HttpRequest, wanted: queries.LibraryFilter) -> dict[str, Any]:
    actor = who(request)
    values = wanted.values()
    return {
        "kinds": rules.KIND_NAMES.items(),
        "states": rules.LIBRARY_STATES.items(),
        "units": organization.units_of(actor.agency_id),
        "tabs": _tabs(wanted),
        "saved": queries.saved_views(actor=actor),
        "active": _active(wanted),
        "export_url": f"{reverse('documents:export')}?{urlencode(values)}",
        "may_draft": bool(may(actor, "document.draft")),
        "may_manage": bool(may(actor, "document.manage")),
    }


def _tabs(wanted: queries.LibraryFilter) -> list[dict[str, object]]:
    kept = {name: value for name, value in wanted.values().items() if name != "loai"}
    tabs: list[dict[str, object]] = []
    for key, name in (("", _("Tất cả")), *rules.KIND_NAMES.items()):
        values = {"loai": key, **kept} if key else kept
        url = f"?{urlencode(values)}" if values else reverse("documents:library")
        tabs.append({"name": name, "url": url, "is_here": key == wanted.kind})
    return tabs


def _active(wanted: queries.LibraryFilter) -> list[dict[str, str]]:
    """Return the filters that have no control of their own, each with the address without it."""
    shown = {
        "standard": f"{wanted.standard} {_('điều')} {wanted.clause}".strip()
        if wanted.clause
        else wanted.standard,
        "tag": f"#{wanted.tag}" if wanted.tag else "",
        "level": rules.LEVEL_NAMES.get(wanted.level, ""),
    }
    return [
        {"text": text, "url": f"?{urlencode(wanted.without(name).values())}"}
        for name, text in shown.items()
        if text
    ]


COLUMNS = (
    SheetColumn("TT", "number", width=6),
    SheetColumn("Mã hiệu", width=18),
    SheetColumn("Tên tài liệu", width=60),
    SheetColumn("Loại", width=26),
    SheetColumn("Lần ban hành", width=12),
    SheetColumn("Lần sửa đổi", width=12),
    SheetColumn("Ngày hiệu lực", "date"),
    SheetColumn("Đơn vị giữ", width=30),
    SheetColumn("Nơi lưu", width=40),
    SheetColumn("Mức phổ biến", width=18),
    SheetColumn("Tình trạng", width=20),
    SheetColumn("Soát xét lại", "date"),
)


def library_export(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as the agency's register of documents, an Excel file."""
    wanted = queries.LibraryFilter.read(request.GET)
    found = queries.register_lines(actor=who(request), filter=wanted, today=today_of(request))
    rows: list[tuple[Any, ...]] = [
        (
            number, line.code, line.title, line.kind_name, line.issue, line.amendment,
            line.in_force_since, line.owner_unit, line.kept, line.level_name, line.status_name,
            line.next_review_on,
        )
        for number, line in enumerate(found, start=1)
    ]  # fmt: skip
    if len(found) == queries.MOST_EXPORTED:  # never silently short
        said = _("Tệp dừng ở %(count)s dòng. Hãy lọc theo loại hoặc đơn vị để lấy phần còn lại.")
        note = said % {"count": queries.MOST_EXPORTED}
        rows.append((None, "", note, *[""] * 3, None, "", "", "", "", None))
    heading = f"Danh mục tài liệu, {organization.agency(who(request).agency_id).name}"
    sheet = xlsx([("Danh mục tài liệu", COLUMNS, rows)], heading=heading)
    answer = HttpResponse(sheet, content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = 'attachment; filename="danh-muc-tai-lieu.xlsx"'
    return answer


def clauses(request: HttpRequest) -> HttpResponse:
    """Show the standards and their clauses with how many documents answer to each."""
    found: dict[str, list[tuple[queries.ClauseLine, str]]] = {}
    for line in queries.clause_lines(actor=who(request)):
        title = standards.clause_title(edition_named(line.standard), line.clause)
        found.setdefault(line.standard, []).append((line, title))
    context = {"standards": list(found.items())}
    return pages.render(request, "documents/clauses.html", context)
