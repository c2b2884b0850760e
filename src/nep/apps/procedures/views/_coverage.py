"""The agency's TTHC beside what is published: coverage, entries to take in, one tap to take over."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.rules.published import FIELD, LEVEL, NAMED, PART_NAMES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import done, today_of, when
from nep.foundation.web.answers import sheet_answer
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, whole_number

ALL = "all"
WHY_NAMES = {
    NAMED: _later("Danh mục nêu cơ quan mình"),
    FIELD: _later("Cùng lĩnh vực đang làm"),
    LEVEL: _later("Cùng cấp"),
    ALL: _later("Tất cả"),
}
COLUMNS = (
    SheetColumn("Mã thủ tục", width=14),
    SheetColumn("Tên thủ tục", width=80),
    SheetColumn("Lĩnh vực", width=28),
    SheetColumn("Tình trạng quy trình", width=22),
    SheetColumn("Quy trình", width=24),
    SheetColumn("Tình trạng thủ tục", width=20),
    SheetColumn("Bãi bỏ theo", width=24),
)
ENTRY_STATES = {
    "current": _later("Đang áp dụng"),
    "coming": _later("Chưa có hiệu lực"),
    "abolished": _later("Đã bãi bỏ"),
    "": _later("Chưa ghép danh mục"),
}
PROPOSED = 20


def coverage(request: HttpRequest) -> HttpResponse:
    """Show which TTHC have a procedure in force, share one, or have none."""
    actor = who(request)
    wanted = queries.CoverageFilter.read(request.GET)
    page = queries.coverage(agency_id=actor.agency_id, filter=wanted, today=today_of(request))
    values = wanted.values()
    context: dict[str, Any] = {
        "page": page,
        "filter": wanted,
        "tabs": _tabs(queries.FILTER_NAMES, page.counts, values, wanted.state, "tt"),
        "entry_states": ENTRY_STATES,
        "is_filtered": bool(values),
        "may_draft": bool(may(actor, "procedure.draft")),
        "export_query": f"?{urlencode(values)}" if values else "",
        "next_url": f"?{urlencode({**values, 'sau': page.next_after})}" if page.next_after else "",
        "first_url": f"?{urlencode(values)}" if wanted.after else "",
    }
    if wanted.state == "unbound" and context["may_draft"]:
        names = {one.tthc_id: one.name for one in page.lines if not one.code}
        names = dict(list(names.items())[:PROPOSED])
        context["candidates"] = queries.candidates(names=names, today=today_of(request))
    part = "#list" if request.headers.get("HX-Target") == "ds-do-phu" else ""
    return pages.render(request, f"procedures/coverage.html{part}", context)


def _tabs(
    names: Mapping[str, Any], counts: dict[str, int], values: dict[str, str], here: str, key: str
) -> list[dict[str, Any]]:
    kept = {name: value for name, value in values.items() if name != key}
    return [
        {
            "name": words,
            "count": counts.get(name, 0),
            "url": f"?{urlencode({**kept, key: name} if name else kept)}",
            "is_here": name == here,
        }
        for name, words in names.items()
    ]


def coverage_sheet(request: HttpRequest) -> HttpResponse:
    """Give the filtered coverage as an Excel sheet."""
    page = queries.coverage(
        agency_id=who(request).agency_id, filter=queries.CoverageFilter.read(request.GET),
        today=today_of(request), limit=None,
    )  # fmt: skip
    rows = [
        (
            one.code, one.name, one.field, one.state_name,
            ", ".join(code for _id, code in one.procedures), str(ENTRY_STATES[one.entry_state]),
            one.abolition,
        )
        for one in page.lines
    ]  # fmt: skip
    return sheet_answer(xlsx([("Độ phủ quy trình", COLUMNS, rows)]), name="do-phu-quy-trinh")


@once
def take_entries(request: HttpRequest) -> HttpResponse:
    """Show the published entries that the agency's table has not; take the chosen ones in."""
    actor = who(request)
    refusal: Refusal | None = None
    if request.method == "POST":
        chosen = [whole_number(one) for one in request.POST.getlist("entries")]
        try:
            made = services.tthc_take_entries(
                actor=actor, entry_ids=filter(None, chosen), now=when(request)
            )
        except Refusal as caught:
            if caught.status != Refusal.status:
                raise
            refusal = caught
        else:
            told = _("Đã nhận %(n)s thủ tục vào bảng của cơ quan.") % {"n": len(made)}
            return done(request, told, "procedures:coverage")
    given = request.GET
    values = {"q": clean(given.get("q", ""))[:120], "lv": clean(given.get("lv", ""))[:300]}
    why = given["vi"] if given.get("vi") in WHY_NAMES else NAMED
    page = queries.proposed_entries(
        agency_id=actor.agency_id, today=today_of(request), query=values["q"],
        field=values["lv"], why="" if why == ALL else why, after=given.get("sau", "")[:12],
    )  # fmt: skip
    kept = {name: value for name, value in {**values, "vi": why}.items() if value}
    context = {
        "page": page,
        "query": values["q"],
        "field": values["lv"],
        "why": why,
        "why_names": WHY_NAMES,
        "tabs": _tabs(WHY_NAMES, page.counts, kept, why, "vi"),
        "refusal": refusal,
        "is_filtered": bool(values["q"] or values["lv"]),
        "next_url": f"?{urlencode({**kept, 'sau': page.next_after})}" if page.next_after else "",
    }
    return pages.render(request, "procedures/take.html", context, status=422 if refusal else 200)


@once
def bind(request: HttpRequest) -> HttpResponse:
    """Say which published entry a TTHC without a code is."""
    if request.method == "POST":
        services.tthc_bind(
            actor=who(request), tthc_id=whole_number(request.POST.get("tthc", "")),
            entry_code=clean(request.POST.get("code", "")), now=when(request),
        )  # fmt: skip
        return done(request, _("Đã ghép với danh mục."), "procedures:coverage")
    return redirect("procedures:coverage")


@once
def take_over(request: HttpRequest, tthc_id: int) -> HttpResponse:
    """Replace what differs by what is published; all of it or the chosen part."""
    if request.method == "POST":
        taken = services.tthc_take_over(
            actor=who(request), tthc_id=tthc_id,
            version=whole_number(request.POST.get("version", "")),
            parts=[one for one in request.POST.getlist("part") if one in PART_NAMES],
            now=when(request),
        )  # fmt: skip
        names = ", ".join(PART_NAMES[part].lower() for part in taken)
        told = (
            _("Đã lấy theo danh mục: %(parts)s.") % {"parts": names}
            if taken
            else _("Không còn khác.")
        )
        return done(request, told, "procedures:tthc", tthc_id)
    return redirect("procedures:tthc", tthc_id)


@once
def draft(request: HttpRequest, tthc_id: int) -> HttpResponse:
    """Begin a procedure of a TTHC with one tap."""
    if request.method == "POST":
        begun = services.draft_from_tthc(actor=who(request), tthc_id=tthc_id, now=when(request))
        return done(request, _("Đã mở bản thảo."), "procedures:revision", begun.revision_id)
    return redirect("procedures:tthc", tthc_id)


@once
def share(request: HttpRequest, tthc_id: int) -> HttpResponse:
    """Let a TTHC go by the procedure of a similar one."""
    if request.method == "POST":
        services.tthc_share(
            actor=who(request), tthc_id=tthc_id,
            procedure_id=whole_number(request.POST.get("procedure", "")), now=when(request),
        )  # fmt: skip
        return done(request, _("Đã ghi dùng chung quy trình."), "procedures:tthc", tthc_id)
    return redirect("procedures:tthc", tthc_id)


@once
def unshare(request: HttpRequest, tthc_id: int) -> HttpResponse:
    """Let a TTHC go by the procedure of another one no longer."""
    if request.method == "POST":
        services.tthc_unshare(
            actor=who(request), tthc_id=tthc_id,
            procedure_id=whole_number(request.POST.get("procedure", "")),
            reason=request.POST.get("reason", ""), now=when(request),
        )  # fmt: skip
        return done(request, _("Đã thôi dùng chung quy trình."), "procedures:tthc", tthc_id)
    return redirect("procedures:tthc", tthc_id)
