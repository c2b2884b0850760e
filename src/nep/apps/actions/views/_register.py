"""The register of actions: the list, its spreadsheet, the units."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nep.apps.actions import queries, rules
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of
from nep.foundation.web.answers import sheet_answer
from nep.foundation.web.lists import offset_of
from nep.kernel.vietnamese import local

COLUMNS = (
    SheetColumn("Số", width=14),
    SheetColumn("Việc phải làm", width=60),
    SheetColumn("Nguồn", width=24),
    SheetColumn("Nội dung nguồn", width=40),
    SheetColumn("Điều khoản", width=12),
    SheetColumn("Đơn vị", width=24),
    SheetColumn("Người làm", width=24),
    SheetColumn("Người kiểm tra", width=24),
    SheetColumn("Ngày giao", "date", 12),
    SheetColumn("Hạn ban đầu", "date", 12),
    SheetColumn("Hạn", "date", 12),
    SheetColumn("Ngày làm xong", "date", 12),
    SheetColumn("Trạng thái", width=18),
    SheetColumn("Số ngày trễ", "number", 10),
    SheetColumn("Bằng chứng", width=60),
)


def register(request: HttpRequest) -> HttpResponse:
    """Show the actions that a filter finds, the nearest day first."""
    wanted, offset = queries.ActionFilter.read(request.GET), offset_of(request)
    found = queries.register(
        actor=who(request), filter=wanted, today=today_of(request), offset=offset
    )
    values = wanted.values()
    context = {
        "page": found,
        "filter": wanted,
        "is_filtered": bool(wanted.query or wanted.unit_id or wanted.origin),
        "tabs": _tabs(wanted, found),
        "units": organization.units_of(who(request).agency_id),
        "origins": rules.ORIGIN_NAMES.items(),
        "may_open": bool(may(who(request), "action.open")),
        "export_url": f"{reverse('actions:export')}?{urlencode(values)}",
        "paging": _paging(found, values),
    }
    return pages.render(request, "actions/register.html", context)


def _tabs(wanted: queries.ActionFilter, page: queries.Register) -> list[dict[str, Any]]:
    kept = {name: value for name, value in wanted.values().items() if name != "loc"}
    counts = {
        "": page.open_count,
        "toi": page.mine,
        "kiem-tra": page.to_check,
        "qua-han": page.late,
    }
    return [
        {
            "name": name,
            "count": counts.get(key),
            "url": f"?{urlencode({**kept, 'loc': key} if key else kept)}",
            "is_here": key == wanted.scope,
        }
        for key, name in queries.SCOPES.items()
    ]


def _paging(found: queries.Register, values: dict[str, str]) -> dict[str, str]:
    last = found.offset + len(found.lines)

    def address(offset: int) -> str:
        return f"?{urlencode({**values, 'tu': offset} if offset else values)}"

    return {
        "text": f"{found.offset + 1 if found.lines else 0}–{last} / {found.found}",
        "previous_url": address(max(0, found.offset - queries.PAGE)) if found.offset else "",
        "next_url": address(last) if last < found.found else "",
    }


def export(request: HttpRequest) -> HttpResponse:
    """Give the filtered register as an Excel file."""
    found = queries.register(
        actor=who(request), filter=queries.ActionFilter.read(request.GET),
        today=today_of(request), limit=queries.MOST_EXPORTED,
    )  # fmt: skip
    rows = [
        (
            one.code, one.title, one.origin_name, one.origin_title, one.clause, one.unit, one.owner,
            one.checker, local(one.opened_at).date(), one.first_due_on, one.due_on,
            local(one.done_at).date() if one.done_at else None, one.state_name,
            one.days_late or None, one.evidence,
        )
        for one in found.lines
    ]  # fmt: skip
    heading = f"Sổ theo dõi hành động, {organization.agency(who(request).agency_id).name}"
    data = xlsx([("Hành động", COLUMNS, rows)], heading=heading)
    return sheet_answer(data, name="so-theo-doi-hanh-dong")


def by_unit(request: HttpRequest) -> HttpResponse:
    """Show how each unit stands."""
    figures = queries.figures(agency_id=who(request).agency_id, today=today_of(request))
    context = {"figures": figures, "late": sum(one.late for one in figures)}
    return pages.render(request, "actions/by_unit.html", context)
