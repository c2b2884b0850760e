"""The matrix of the agency: look, filter, take along, decide."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.conformity import queries, services
from nep.apps.conformity.forms import AskForm, LeftOutForm
from nep.apps.conformity.rules import matrix as rules
from nep.apps.conformity.views import _slots  # noqa: F401  # fills places of other pages
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.standards import queries as standards
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer
from nep.foundation.web.once import once

COLUMNS = (
    SheetColumn("Điều", width=9),
    SheetColumn("Tiêu đề", width=46),
    SheetColumn("Tình trạng", width=14),
    SheetColumn("Vì sao", width=52),
    SheetColumn("Bằng chứng", width=70),
    SheetColumn("Mới nhất", "date", 13),
    SheetColumn("Thông tin dạng văn bản", width=24),
    SheetColumn("Điều tương ứng", width=18),
)


def matrix(request: HttpRequest) -> HttpResponse:
    """Show clause by clause what the agency has and how it stands."""
    found = _asked(request)
    state = request.GET.get("tt", "")
    state = state if state in {*rules.STATES, "can-lam"} else ""
    context = {
        "matrix": found,
        "chapters": _filtered(found, state),
        "tabs": _tabs(found, state),
        "editions": _editions(found),
        "state": state,
        "left_out": found.counts[rules.LEFT_OUT],
        "query": urlencode({"ban": found.edition.code}),
        "may_set": bool(may(who(request), "matrix.set")),
        "progress": round(100 * found.counts[rules.COMPLETE] / found.total) if found.total else 0,
    }
    return pages.render(request, "conformity/matrix.html", context)


def _asked(request: HttpRequest) -> queries.Matrix:
    return queries.matrix(
        actor=who(request), today=today_of(request), edition=request.GET.get("ban", ""),
        beside=request.GET.get("canh", ""),
    )  # fmt: skip


def _filtered(found: queries.Matrix, state: str) -> list[tuple[Any, list[Any]]]:
    def is_wanted(row: queries.MatrixRow) -> bool:
        if state == "can-lam":
            return row.state not in {rules.COMPLETE, rules.LEFT_OUT}
        return not state or row.state == state

    chapters = [
        (chapter, [row for row in chapter.rows if is_wanted(row)]) for chapter in found.chapters
    ]
    return [(chapter, rows) for chapter, rows in chapters if rows]


def _tabs(found: queries.Matrix, state: str) -> list[dict[str, Any]]:
    names = {"": _("Tất cả"), "can-lam": _("Cần làm"), **rules.STATE_NAMES}
    counts = {"": len(found.rows), "can-lam": found.open, **found.counts}
    shown = ["", "can-lam", *rules.STATES]
    return [
        {
            "name": names[key],
            "count": counts[key],
            "url": f"?{urlencode({'ban': found.edition.code, **({'tt': key} if key else {})})}",
            "is_here": key == state,
        }
        for key in shown
        if counts[key] or key in {"", state}
    ]


def _editions(found: queries.Matrix) -> list[dict[str, Any]]:
    chosen = found.chosen
    said = {chosen.in_force: _("đang áp dụng"), chosen.target: _("hướng tới")}
    return [
        {
            "code": one.code,
            "name": one.name,
            "said": said.get(one.code, ""),
            "url": f"?{urlencode({'ban': one.code})}",
            "is_here": one.code == found.edition.code,
        }
        for one in standards.editions()
    ]


def matrix_export(request: HttpRequest) -> HttpResponse:
    """Give the matrix as an Excel file."""
    found = _asked(request)
    rows = [
        (
            row.clause.number, row.clause.full_vi, row.state_name, row.reason,
            "; ".join(f"{one.title} ({one.count})" for one in row.lines), row.newest_on,
            row.clause.info_name, ", ".join(row.answers),
        )
        for row in found.rows
    ]  # fmt: skip
    heading = (
        f"Ma trận điều khoản và bằng chứng, {organization.agency(who(request).agency_id).name}"
    )
    data = xlsx([(f"Ma trận {found.edition.code}", COLUMNS, rows)], heading=heading)
    return paper_answer(data, name=f"ma-tran-iso-9001-{found.edition.code}", ending="xlsx")


def matrix_paper(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the matrix as a printed table, as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise Http404
    data = services.matrix_paper(
        actor=who(request), edition=request.GET.get("ban", ""), now=when(request),
        ending="docx" if ending == "docx" else "pdf",
    )  # fmt: skip
    return paper_answer(data, name="ma-tran-dieu-khoan", ending=ending)


def matrix_rules(request: HttpRequest) -> HttpResponse:
    """Show what is asked of each clause, what is left out and what may be."""
    return _rules(request)


def _rules(
    request: HttpRequest, left: LeftOutForm | None = None, asked: AskForm | None = None
) -> HttpResponse:
    actor = who(request)
    page = queries.matrix_rules_page(actor=actor)
    may_set = bool(may(actor, "matrix.set"))
    start = {"edition": page.edition.code, "clause": request.GET.get("dieu", ""),
             "reason": page.proposed(request.GET.get("dieu", ""))}  # fmt: skip
    context = {
        "page": page,
        "left_form": left or (LeftOutForm(initial=start) if may_set else None),
        "ask_form": asked,
        "may_set": may_set,
    }
    return pages.render(request, "conformity/matrix_rules.html", context,
                        status=status_of(left, asked))  # fmt: skip


@once
def matrix_leave_out(request: HttpRequest) -> HttpResponse:
    """Write that a clause does not apply."""
    if request.method != "POST":
        return redirect("conformity:matrix_rules")
    form = LeftOutForm(request.POST)
    if did(form, lambda: services.clause_left_out(actor=who(request), now=when(request),
                                                  **form.cleaned_data)):  # fmt: skip
        return done(request, _("Đã ghi là không áp dụng."), "conformity:matrix_rules")
    return _rules(request, left=form)


@once
def matrix_take_back(request: HttpRequest) -> HttpResponse:
    """Write that a clause applies again."""
    if request.method == "POST":
        services.clause_taken_back(
            actor=who(request), clause=request.POST.get("clause", "")[:12], now=when(request)
        )
        return done(request, _("Điều khoản áp dụng lại."), "conformity:matrix_rules")
    return redirect("conformity:matrix_rules")


@once
def matrix_ask_set(request: HttpRequest) -> HttpResponse:
    """Set how much and how new is asked of a clause."""
    if request.method != "POST":
        return redirect("conformity:matrix_rules")
    form = AskForm(request.POST)
    if did(form, lambda: services.ask_set(actor=who(request), now=when(request),
                                          **form.cleaned_data)):  # fmt: skip
        place = reverse("conformity:matrix_rules") + f"#d-{form.cleaned_data['clause']}"
        return redirect(place)
    return _rules(request, asked=form)
