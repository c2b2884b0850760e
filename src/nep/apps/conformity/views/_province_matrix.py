"""The matrices of the province."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.conformity import queries
from nep.apps.conformity.rules import matrix as rules
from nep.apps.organization.queries import who
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of
from nep.foundation.web.answers import paper_answer

_KEPT = (rules.MISSING, rules.THIN, rules.STALE, rules.LEFT_OUT)


def province_matrix(request: HttpRequest) -> HttpResponse:
    """Show how every agency of the province stands, chapter by chapter."""
    found, asked = _asked(request)
    context = {
        "page": found,
        "asked": asked,
        "states": [(key, rules.STATE_NAMES[key]) for key in _KEPT],
        "sorts": queries.PROVINCE_SORTS.items(),
        "is_filtered": bool(asked["tt"] or asked["chuong"]),
        "query": urlencode({key: value for key, value in asked.items() if value}),
    }
    return pages.render(request, "conformity/province_matrix.html", context)


def _asked(request: HttpRequest) -> tuple[queries.ProvinceMatrix, dict[str, str]]:
    state, chapter = request.GET.get("tt", ""), request.GET.get("chuong", "")
    asked = {
        "tt": state if state in _KEPT else "",
        "chuong": chapter if chapter.isdigit() and len(chapter) < 3 else "",
        "xep": request.GET.get("xep", "") if request.GET.get("xep") == "ten" else "",
    }
    found = queries.province_matrix(
        actor=who(request), today=today_of(request), state=asked["tt"], chapter=asked["chuong"],
        sort=asked["xep"],
    )  # fmt: skip
    return found, asked


def province_matrix_export(request: HttpRequest) -> HttpResponse:
    """Give the matrices of the province as an Excel file."""
    found, _unused = _asked(request)
    columns: tuple[Any, ...] = (
        SheetColumn("Cơ quan", width=44),
        SheetColumn("Mã", width=16),
        SheetColumn("Bản áp dụng", width=13),
        *(SheetColumn(f"{number}. {title}", width=14) for number, title in found.chapters),
        *(SheetColumn(rules.STATE_NAMES[key], "number", 10) for key in rules.STATES),
    )
    rows = [
        (line.name, line.code, line.edition,
         *(f"{cell.complete}/{cell.total}" for cell in line.cells),
         *(line.counts[key] for key in rules.STATES))
        for line in found.lines
    ]  # fmt: skip
    data = xlsx([(_("Ma trận toàn tỉnh"), columns, rows)])
    return paper_answer(data, name="ma-tran-toan-tinh", ending="xlsx")


def agency_matrix(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Show the matrix of one agency of the province, only to look at."""
    name, found = queries.matrix_of_agency(
        actor=who(request), agency_id=agency_id, today=today_of(request),
        edition=request.GET.get("ban", ""),
    )  # fmt: skip
    chapter = request.GET.get("chuong", "")
    shown = [one for one in found.chapters if chapter in {"", one.number}]
    context = {"name": name, "matrix": found, "chapters": [(one, one.rows) for one in shown],
               "left_out": found.counts[rules.LEFT_OUT]}  # fmt: skip
    return pages.render(request, "conformity/agency_matrix.html", context)
