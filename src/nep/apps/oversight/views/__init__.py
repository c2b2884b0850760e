"""The figures page and its Excel file. Everything is read from cases."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nep.apps.cases import queries as cases
from nep.apps.cases.queries import FIGURE_GROUPS, CaseFilter, Figures, FigureTable
from nep.apps.organization.rules import Actor
from nep.apps.oversight import rules
from nep.apps.oversight.views import _table as t
from nep.apps.workcal import queries as workcal
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.words import duration_text
from nep.kernel.vietnamese import local

LATE_SHOWN = 10
PROCEDURES_SHOWN = 25
COLUMNS = (
    ("received", gettext_lazy("Nhận")),
    ("waiting", gettext_lazy("Chờ tiếp nhận")),
    ("running", gettext_lazy("Đang giải quyết")),
    ("paused", gettext_lazy("Tạm dừng")),
    ("before", gettext_lazy("Trước hạn")),
    ("on_time", gettext_lazy("Đúng hạn")),
    ("late", gettext_lazy("Quá hạn")),
    ("withdrawn", gettext_lazy("Rút, dừng")),
)
PARTS = (("before", "on_time"), ("late",), ("waiting", "running", "paused"), ("withdrawn",))
PART_NAMES = ("dung", "tre", "dang", "rut")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure and the address of the rows that make it."""

    name: str
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One month or one procedure with its figures."""

    title: str
    detail: str
    cells: tuple[Cell, ...]
    percent: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class LateRow:
    """One running case past its date: who holds it, how late it is, and why."""

    line: cases.CaseLine
    url: str
    late_text: str
    why: str


@dataclass(frozen=True, slots=True)
class HolderRow:
    """What one person holds; shares are of the fullest hands, 1 to 100."""

    line: cases.HolderLine
    url: str
    rest: int
    late_share: float
    rest_share: float
    space_share: float


def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a year or a month, who is late and why."""
    actor, now = request.actor, request.now
    years = cases.figure_years(actor=actor) or (local(now).year,)
    period = _period(request, years)
    table = cases.figures(actor=actor, month=period, now=now)
    if request.GET.get("dang") == "pdf":
        return _paper(request, table, period)
    overdue = cases.cases_count(actor=actor, filter=CaseFilter(group="qua"), now=now)
    shown = table.procedures if "tat-ca" in request.GET else table.procedures[:PROCEDURES_SHOWN]
    context = {
        **_head(table.total, period, overdue),
        "now": now,
        "period": period,
        "year": period if period < 10_000 else period // 100,
        "years": years,
        "columns": COLUMNS[1:],
        "months": [_month_row(one.month, one.figures) for one in table.months],
        "procedures": [_procedure_row(one, period) for one in shown],
        "procedures_left": len(table.procedures) - len(shown),
        "total": Row(_("Cộng"), "", _cells(table.total, period)[:-1], _percent(table.total)),
        "chart": _chart(table) if period < 10_000 and table.months else None,
        "late": _late_rows(actor, now, limit=LATE_SHOWN),
        "holders": _holder_rows(actor, now),
        "file_url": f"{reverse('oversight:file')}?{urlencode({'thang': period})}",
        "paper_url": f"?{urlencode({'thang': period, 'dang': 'pdf'})}",
    }
    return pages.render(request, "oversight/figures.html", context)


def _paper(request: HttpRequest, table: FigureTable, period: int) -> HttpResponse:
    """Give the figures as a paper: months, procedures, and who is late and why."""
    heads = (
        *(t.Head(str(label)) for _name, label in COLUMNS),
        t.Head(_("Tỷ lệ đúng hạn"), "percent"),
    )

    def row(title: str, figures: Figures) -> t.Row:
        counts = (t.count(number) for number in _counts(figures))
        return t.Row(title, (*counts, t.Number(_percent(figures) or "–")))

    total = row(_("Cộng"), table.total)
    late = tuple(
        t.Row(one.line.code, tuple(t.Number(text, text, is_words=True) for text in (
            one.line.tthc_name, one.line.holder or _("Chưa ai nhận"), one.late_text, one.why,
        )))
        for one in _late_rows(request.actor, request.now, limit=None)
    )  # fmt: skip
    late_heads = tuple(
        t.Head(name, "words") for name in (_("Thủ tục"), _("Người giữ"), _("Quá hạn"), _("Vì sao"))
    )
    months = tuple(row(rules.period_text(one.month), one.figures) for one in table.months)
    procedures = tuple(row(one.tthc_name, one.figures) for one in table.procedures)
    note = (_("Hồ sơ tính vào tháng tiếp nhận."),)
    tables = [
        t.Table(_("Theo tháng"), _("Tháng"), heads, months, total, note),
        t.Table(_("Theo thủ tục"), _("Thủ tục"), heads, procedures, total),
        *([t.Table(_("Đang quá hạn"), _("Mã hồ sơ"), late_heads, late)] if late else []),
    ]
    title = _("Tiếp nhận và giải quyết hồ sơ, %(when)s") % {
        "when": rules.period_text(period).lower()
    }
    answer = t.as_files(request, tables, title=title, name=f"so-lieu-{period}")
    assert answer is not None
    return answer


def _head(total: Figures, period: int, overdue: int) -> dict[str, Any]:
    """Return the sentence and the five tiles."""
    heading = rules.headline(
        period=rules.period_text(period),
        received=total.received,
        finished=total.finished,
        late=total.late,
        overdue=total.overdue,
        overdue_ever=overdue,
    )
    return {
        "heading": heading,
        "period_text": rules.period_text(period),
        "cells": {cell.name: cell for cell in _cells(total, period)},
        "overdue": Cell("overdue", "", overdue, _list_url(CaseFilter(group="qua"))),
        "overdue_elsewhere": overdue - total.overdue,
        "percent": _percent(total),
        "finished": total.finished,
    }


def _late_rows(actor: Actor, now: datetime, *, limit: int | None) -> list[LateRow]:
    lines = cases.late_cases(actor=actor, now=now, limit=limit)
    causes = cases.late_causes(actor=actor, case_ids=[line.id for line in lines], now=now)
    calendar = workcal.calendar_for(actor.agency_id)
    rows = []
    for line in lines:
        over = calendar.measure(line.result_due_at, now) if line.result_due_at else 0
        url = reverse("cases:case", args=[line.id])
        told = duration_text(over) if over else ""  # past its moment by rest time alone
        rows.append(LateRow(line, url, told, _why(causes.get(line.id))))
    return rows


def _holder_rows(actor: Actor, now: datetime) -> list[HolderRow]:
    lines = [line for line in cases.holder_lines(actor=actor, now=now) if line.person_id]
    most = max((line.running for line in lines), default=1)
    rows = []
    for line in lines:
        url = _list_url(CaseFilter(group="dang", person_id=line.person_id))
        rest = line.running - line.overdue
        shares = [100 * part / most for part in (line.overdue, rest, most - line.running)]
        rows.append(HolderRow(line, url, rest, *shares))
    return rows


def figures_file(request: HttpRequest) -> HttpResponse:
    """Give the same figures as an Excel file."""
    actor, now = request.actor, request.now
    period = _period(request, cases.figure_years(actor=actor) or (local(now).year,))
    table = cases.figures(actor=actor, month=period, now=now)
    heads = [SheetColumn(str(label), "number", 14) for _name, label in COLUMNS]
    late = _late_rows(actor, now, limit=None)
    data = xlsx(
        [
            (
                _("Theo tháng"),
                [SheetColumn(_("Tháng")), *heads],
                [[rules.period_text(one.month), *_counts(one.figures)] for one in table.months]
                + [[_("Cộng"), *_counts(table.total)]],
            ),
            (
                _("Theo thủ tục"),
                [SheetColumn(_("Mã")), SheetColumn(_("Thủ tục"), width=60), *heads],
                [[one.tthc_code, one.tthc_name, *_counts(one.figures)] for one in table.procedures]
                + [["", _("Cộng"), *_counts(table.total)]],
            ),
            (
                _("Đang quá hạn"),
                [
                    SheetColumn(_("Mã hồ sơ"), width=24),
                    SheetColumn(_("Thủ tục"), width=60),
                    SheetColumn(_("Đang ở"), width=40),
                    SheetColumn(_("Người giữ"), width=26),
                    SheetColumn(_("Hẹn trả"), "datetime"),
                    SheetColumn(_("Quá hạn"), width=20),
                    SheetColumn(_("Vì sao"), width=60),
                ],
                [_late_cells(one) for one in late],
            ),
        ]
    )
    answer = HttpResponse(data, content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="so-lieu-{period}.xlsx"'
    return answer


def _late_cells(row: LateRow) -> list[Any]:
    """Return one line of the overdue sheet: what, where, who holds it, how late, why."""
    one = row.line
    holder = one.holder or _("Chưa ai nhận")
    return [
        one.code, one.tthc_name, one.step, holder, one.result_due_at, row.late_text, row.why,
    ]  # fmt: skip


def _period(request: HttpRequest, years: tuple[int, ...]) -> int:
    """Return the month (202612) or year (2026) asked for; by default the newest year."""
    asked = (cases.month_asked(request.GET.get(name, "")) for name in ("thang", "nam"))
    return next((period for period in asked if period), years[0])


def _counts(figures: Figures) -> list[int]:
    return [getattr(figures, name) for name, _label in COLUMNS]


def _cells(figures: Figures, period: int, tthc_id: int = 0) -> tuple[Cell, ...]:
    cells = []
    for name, label in (*COLUMNS, ("overdue", "")):
        filter = CaseFilter(group=FIGURE_GROUPS[name], month=period, tthc_id=tthc_id)
        cells.append(Cell(name, str(label), getattr(figures, name), _list_url(filter)))
    return tuple(cells)


def _list_url(filter: CaseFilter) -> str:
    return f"{_list_address()}?{urlencode(filter.values())}"


@cache
def _list_address() -> str:
    return reverse("cases:list")


def _month_row(month: int, figures: Figures) -> Row:
    title = _("Tháng %(month)s") % {"month": month % 100}
    url = f"?{urlencode({'thang': month})}"
    return Row(title, "", _cells(figures, month)[:-1], _percent(figures), url)


def _procedure_row(one: cases.ProcedureFigures, period: int) -> Row:
    cells = _cells(one.figures, period, one.tthc_id)[:-1]
    return Row(one.tthc_name, one.tthc_code, cells, _percent(one.figures))


def _percent(figures: Figures) -> str:
    done = figures.finished
    return rules.percent_text(done - figures.late, done) if done else ""


def _chart(table: FigureTable) -> rules.Chart:
    known = {one.month: one.figures for one in table.months}
    year = table.months[0].month // 100
    return rules.chart(
        [
            (month, [
                (name, sum(getattr(known.get(month, Figures()), one) for one in group))
                for name, group in zip(PART_NAMES, PARTS, strict=True)
            ])
            for month in range(year * 100 + 1, year * 100 + 13)
        ]
    )  # fmt: skip


def _why(cause: cases.LateCause | None) -> str:
    """Return the step that took most over its limit, in words."""
    if cause is None:
        return ""
    verb = _("đang giữ") if cause.is_open else _("đã giữ")
    return _("Bước %(number)s %(verb)s %(used)s, định mức %(limit)s") % {
        "number": cause.step_number,
        "verb": verb,
        "used": duration_text(cause.used),
        "limit": duration_text(cause.limit),
    }
