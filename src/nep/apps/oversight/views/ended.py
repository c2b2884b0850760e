"""Figures of finished cases by month, procedure, unit, field, channel, agency and level."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nep.apps.cases.queries import finished
from nep.apps.cases.queries.finished import Ended, EndedFilter
from nep.apps.cases.rules.figures import WORD_NAMES
from nep.apps.cases.rules.statuses import CHANNEL_NAMES
from nep.apps.organization import queries as organization
from nep.apps.oversight import rules
from nep.apps.oversight.rules import drawing
from nep.apps.oversight.rules.periods import (
    LEVELS,
    OTHER_LEVEL,
    Period,
    period_of_months,
    sees_province,
)
from nep.apps.oversight.views import _table as t
from nep.apps.procedures import queries as procedures
from nep.foundation.web import pages
from nep.kernel.errors import NotFound
from nep.kernel.text import whole_number

VIEWS: dict[str, Any] = {
    "thang": gettext_lazy("Tháng"),
    "thu-tuc": gettext_lazy("Thủ tục"),
    "don-vi": gettext_lazy("Đơn vị"),
    "linh-vuc": gettext_lazy("Lĩnh vực"),
    "kenh": gettext_lazy("Kênh nộp"),
    "co-quan": gettext_lazy("Cơ quan"),
    "cap": gettext_lazy("Cấp"),
}
OF_PROVINCE = frozenset({"co-quan", "cap"})
COUNTS = (
    ("ended", "", gettext_lazy("Kết thúc")),
    ("before", "truoc", gettext_lazy("Trước hạn")),
    ("on_time", "dung", gettext_lazy("Đúng hạn")),
    ("undated", "khong", gettext_lazy("Không có hạn")),
    ("late", "tre", gettext_lazy("Quá hạn")),
    ("stopped", "rut", gettext_lazy("Rút, dừng")),
)
MARKED = (
    ("supplemented", "bo-sung", gettext_lazy("Có bổ sung")),
    ("reworked", "lam-lai", gettext_lazy("Có làm lại, trả lại")),
)
BARS_SHOWN = 15
Namer = Callable[[Any], tuple[str, str, dict[str, Any], str]]


def ended(request: HttpRequest) -> HttpResponse:
    """Show how finished cases kept their time, cut one way; each figure opens its rows."""
    actor = request.actor
    own = organization.agency(actor.agency_id)
    is_province = sees_province(actor, kind=own.kind)
    view = request.GET.get("xem", "thang")
    tthc_id = whole_number(request.GET.get("tt", ""))
    if view not in VIEWS or (view in OF_PROVINCE and not (is_province or tthc_id)):
        raise NotFound()
    agencies, tthc_ids = _scope(actor.agency_id, own.province_id, view, tthc_id)
    period, years = t.period_of(request, agencies)
    now = _groups(view, agencies, period, tthc_ids)
    before = _groups(view, agencies, period.before, tthc_ids)
    table = _build(view, now, before, period, actor.agency_id, is_province, tthc_id)
    whole = _sum(view, now)
    title = _title(view, tthc_id, period)
    answer = t.as_file(request, table, title=title, name=f"so-lieu-{view}-{period.value}")
    if answer is not None:
        return answer
    context = {
        "heading": _heading(whole, period),
        "title": title,
        "table": table,
        "period": period,
        "years": years,
        "tabs": _tabs(view, period, is_province, tthc_id),
        "view": view,
        "tthc_id": tthc_id,
        "trend": _trend(now, before) if view == "thang" and period.is_year else None,
        "bars": _bars(table) if view != "thang" else None,
        "query": request.GET.urlencode(),
        "now": request.now,
        "is_counting": finished.counting_left(),
    }
    return pages.render(request, "oversight/ended.html", context)


def _scope(
    agency_id: int, province_id: int, view: str, tthc_id: int
) -> tuple[list[int], tuple[int, ...]]:
    """Return whose figures are asked for, and of which TTHC: those of the same public code."""
    if view not in OF_PROVINCE:
        return [agency_id], ()
    agencies = list(organization.agency_names(province_id=province_id))
    if not tthc_id:
        return agencies, ()
    code = procedures.tthc(tthc_id=tthc_id, agency_id=agency_id).code
    same = procedures.tthc_of_code(agency_ids=agencies, code=code) or {agency_id: tthc_id}
    return sorted(same), tuple(sorted(same.values()))


def _groups(
    view: str, agencies: list[int], period: Period, tthc_ids: tuple[int, ...]
) -> dict[Any, Ended]:
    by = {
        "thang": "month", "thu-tuc": "procedure", "don-vi": "unit", "linh-vuc": "field",
        "kenh": "channel", "co-quan": "agency", "cap": "agency",
    }[view]  # fmt: skip
    found = finished.ended_figures(
        agency_ids=agencies, months=period.months, by=by, tthc_ids=tthc_ids
    )
    if view != "cap":
        return {key: row for (key,), row in found.items()}
    levels: dict[str, list[Ended]] = {}
    for (agency_id,), row in found.items():
        kind = organization.agency(agency_id).kind
        levels.setdefault(LEVELS.get(kind, OTHER_LEVEL), []).append(row)
    return {level: finished.sum_of(rows) for level, rows in levels.items()}


def _build(
    view: str, now: Mapping[Any, Ended], before: Mapping[Any, Ended], period: Period,
    agency_id: int, is_province: bool, tthc_id: int,
) -> t.Table:  # fmt: skip
    name = _namer(view, now, period, agency_id, is_province, tthc_id)
    rows = [(key, *name(key)) for key in now]
    if view == "thang":
        rows.sort(key=lambda row: row[0])
    else:
        rows.sort(key=lambda row: (-now[row[0]]["ended"], row[1]))
    made = tuple(
        t.Row(title, _cells(now[key], before.get(key), values), detail, url)
        for key, title, detail, values, url in rows
    )
    values: dict[str, Any] | None = {} if view not in OF_PROVINCE else None
    total = t.Row(
        _("Cộng, không kể việc nội bộ") if len(_public(view, now)) < len(now) else _("Cộng"),
        _cells(_sum(view, now), _sum(view, before), _whole_values(values, period)),
    )
    heads = (
        *(t.Head(str(label)) for _name, _word, label in COUNTS),
        t.Head(_("Tỷ lệ đúng hạn"), "percent"),
        t.Head(_("Cùng kỳ năm trước"), "percent"),
        t.Head(_("Một nửa xong trong"), "text"),
        t.Head(_("90% xong trong"), "text"),
        t.Head(_("Chờ người nộp")),
        t.Head(_("Chờ cơ quan khác")),
        *(t.Head(str(label)) for _name, _mark, label in MARKED),
    )
    return t.Table(str(VIEWS[view]), str(VIEWS[view]), heads, made, total, _notes())


def _notes() -> tuple[str, ...]:
    return (
        _("Hồ sơ tính vào tháng giải quyết xong; kết quả đúng hay quá hạn chốt lúc xong."),
        _(
            "Thời gian là giờ làm việc, không kể lúc chờ; “một nửa” và “90%” cho biết nằm giữa hai "
            "mốc nào."
        ),
    )


def _public(view: str, rows: Mapping[Any, Ended]) -> dict[Any, Ended]:
    """Return the rows without work that is no TTHC, which stands among procedures alone."""
    if view != "thu-tuc":
        return dict(rows)
    named = procedures.tthc_named(rows)
    return {key: row for key, row in rows.items() if not (key in named and named[key].is_internal)}


def _sum(view: str, rows: Mapping[Any, Ended]) -> Ended:
    return finished.sum_of(_public(view, rows).values())


def _whole_values(values: dict[str, Any] | None, period: Period) -> dict[str, Any] | None:
    return None if values is None else {"months": period.months, **values}


def _namer(
    view: str, now: Mapping[Any, Ended], period: Period, agency_id: int, is_province: bool,
    tthc_id: int,
) -> Namer:  # fmt: skip
    """Return how a key is named: title, detail, values of its rows' address, where it leads."""
    months = {"months": period.months}
    if view == "thang":
        return lambda key: (
            rules.period_text(key), "", {"months": (key, key)}, f"?xem=thu-tuc&thang={key}",
        )  # fmt: skip
    if view == "thu-tuc":
        named = procedures.tthc_named(now)
        return lambda key: (
            named[key].name if key in named else str(key),
            _detail(named.get(key)),
            {**months, "tt": key},
            f"?xem=co-quan&tt={key}&nam={period.year}",
        )
    if view == "don-vi":
        units = {unit.id: unit.name for unit in organization.units_of(agency_id)}
        return lambda key: (
            units.get(key, _("Đơn vị đã giải thể")) if key else _("Không rõ đơn vị"), "",
            {**months, "dv": key}, "",
        )  # fmt: skip
    if view == "linh-vuc":
        return lambda key: (
            str(key or _("Chưa ghi lĩnh vực")),
            "",
            {**months, "lv": key or "-"},
            "",
        )
    if view == "kenh":
        return lambda key: (str(CHANNEL_NAMES.get(key, key)), "", {**months, "kenh": key}, "")
    if view == "cap":
        return lambda key: (key, "", {}, "")

    def agency(key: int) -> tuple[str, str, dict[str, Any], str]:
        facts = organization.agency(key)
        is_open = key == agency_id or is_province
        values = {**months, "co_quan": key, "tt": tthc_id} if is_open and not tthc_id else {}
        if key == agency_id and tthc_id:
            values = {**months, "tt": tthc_id}
        return facts.name, facts.code, values, ""

    return agency


def _detail(name: procedures.TthcName | None) -> str:
    if name is None:
        return ""
    return _("Việc nội bộ") if name.is_internal else name.code


def _cells(
    row: Ended, before: Ended | None, values: Mapping[str, Any] | None
) -> tuple[t.Number, ...]:
    """Return the figures of a row; without `values` they open nothing."""

    def url(**more: str) -> str:
        if not values:
            return ""
        rest = {name: value for name, value in values.items() if name != "months"}
        return t.ended_url(values["months"], **rest, **more)

    return (
        *(t.count(row[name], url(loai=word)) for name, word, _label in COUNTS),
        t.share(row.in_time, row.resolved),
        t.share(before.in_time, before.resolved) if before else t.Number("–"),
        t.span(row.percentile(50)),
        t.span(row.percentile(90)),
        t.minutes(row["waited_applicant"]),
        t.minutes(row["waited_agency"]),
        *(t.count(row[name], url(dau=mark)) for name, mark, _label in MARKED),
    )


def _heading(whole: Ended, period: Period) -> str:
    when = rules.period_text(period.value)
    if not whole["ended"]:
        return _("%(when)s chưa hồ sơ nào kết thúc") % {"when": when}
    if not whole.resolved:
        return _("%(when)s có %(n)s hồ sơ kết thúc, không hồ sơ nào có kết quả") % {
            "when": when, "n": whole["ended"],
        }  # fmt: skip
    late = whole["late"]
    tail = _("%(n)s hồ sơ quá hạn") % {"n": late} if late else _("không hồ sơ nào quá hạn")
    return _("%(when)s xong %(n)s hồ sơ, %(percent)s đúng hạn, %(tail)s") % {
        "when": when, "n": whole.resolved, "tail": tail,
        "percent": rules.percent_text(whole.in_time, whole.resolved),
    }  # fmt: skip


def _title(view: str, tthc_id: int, period: Period) -> str:
    when = rules.period_text(period.value).lower()
    name = str(VIEWS[view]).lower()
    if tthc_id:
        named = procedures.tthc_named([tthc_id])
        thing = named[tthc_id].name if tthc_id in named else ""
        return _("Kết quả giải quyết “%(thing)s” theo %(name)s, %(when)s") % {
            "thing": thing, "name": name, "when": when,
        }  # fmt: skip
    return _("Kết quả giải quyết theo %(name)s, %(when)s") % {"name": name, "when": when}


def _tabs(view: str, period: Period, is_province: bool, tthc_id: int) -> list[dict[str, Any]]:
    asked = t.asked_of(period)
    return [
        {"name": name, "url": f"?xem={key}&{asked}", "is_here": key == view and not tthc_id}
        for key, name in VIEWS.items()
        if key not in OF_PROVINCE or is_province
    ]


def _trend(now: Mapping[int, Ended], before: Mapping[int, Ended]) -> drawing.Trend:
    def year(rows: Mapping[int, Ended]) -> list[float | None]:
        by_month = {key % 100: row for key, row in rows.items()}
        return [
            100 * row.in_time / row.resolved if (row := by_month.get(month)) and row.resolved
            else None
            for month in range(1, 13)
        ]  # fmt: skip

    return drawing.trend(year(now), year(before))


def _bars(table: t.Table) -> drawing.Bars | None:
    names = [name for name, _word, _label in COUNTS]
    found = []
    for row in table.rows[:BARS_SHOWN]:
        of = {name: int(cell.value or 0) for name, cell in zip(names, row.cells, strict=False)}
        found.append((row.title, of["before"] + of["on_time"] + of["undated"], of["late"]))
    return drawing.bars(found) if found else None


def province(request: HttpRequest) -> HttpResponse:
    """Show every agency of the province by month: how many finished, how many of them in time."""
    actor = request.actor
    own = organization.agency(actor.agency_id)
    if not sees_province(actor, kind=own.kind):
        raise NotFound()
    names = organization.agency_names(province_id=own.province_id)
    period, years = t.period_of(request, list(names))
    period = Period(period.year)
    found = finished.ended_figures(
        agency_ids=names, months=period.months, by="agency_month", light=True
    )
    months = range(period.months[0], period.months[1] + 1)
    of_agency: dict[int, dict[int, Ended]] = {}
    for (agency_id, month), row in found.items():
        of_agency.setdefault(agency_id, {})[month] = row
    rows = []
    for agency_id, (name, code) in names.items():
        if mine := of_agency.get(agency_id):
            cells = [_province_cell(mine.get(month), agency_id, (month, month)) for month in months]
            whole = finished.sum_of(mine.values())
            cells.append(_province_cell(whole, agency_id, period.months))
            rows.append(t.Row(name, tuple(cells), code))
    heads = (
        *(t.Head(str(month % 100), "text") for month in months), t.Head(_("Cả năm"), "text"),
    )  # fmt: skip
    table = t.Table(_("Cơ quan và tháng"), _("Cơ quan"), heads, tuple(rows))
    title = _("Tỷ lệ đúng hạn của các cơ quan, %(when)s") % {
        "when": rules.period_text(period.value).lower()
    }
    answer = t.as_file(request, table, title=title, name=f"so-lieu-toan-tinh-{period.value}")
    if answer is not None:
        return answer
    whole = finished.sum_of(found.values())
    context = {
        "heading": _heading(whole, period), "title": title, "table": table, "period": period,
        "years": years, "now": request.now, "tabs": _tabs("", period, True, 0),
        "query": request.GET.urlencode(), "is_counting": finished.counting_left(),
    }  # fmt: skip
    return pages.render(request, "oversight/ended.html", context)


def _province_cell(row: Ended | None, agency_id: int, months: tuple[int, int]) -> t.Number:
    ended = row["ended"] if row is not None else 0
    if row is None or not ended:
        return t.Number("")
    url = t.ended_url(months, co_quan=agency_id)
    resolved = ended - row["stopped"]
    if not resolved:
        return t.Number(f"– ({ended})", None, url)
    text = f"{rules.percent_text(resolved - row['late'], resolved)} ({ended})"
    return t.Number(text, text, url)


def ended_rows(request: HttpRequest) -> HttpResponse:
    """Show the finished cases that one figure counts."""
    actor = request.actor
    agency_id = whole_number(request.GET.get("co_quan", "")) or actor.agency_id
    own = organization.agency(actor.agency_id)
    if agency_id != actor.agency_id:
        if not sees_province(actor, kind=own.kind):
            raise NotFound()
        if organization.agency(agency_id).province_id != own.province_id:
            raise NotFound()
    wanted = ended_filter(request.GET)
    lines, after = finished.ended_cases(
        agency_id=agency_id, wanted=wanted, after=whole_number(request.GET.get("sau", ""))
    )
    total = finished.ended_count(agency_id=agency_id, wanted=wanted)
    values = request.GET.copy()
    values["sau"] = str(after)
    context = {
        "total": total,
        "lines": [(line, WORD_NAMES[line.word]) for line in lines],
        "agency": organization.agency(agency_id).name,
        "is_own": agency_id == actor.agency_id,
        "wanted": wanted,
        "said": _said(wanted),
        "next_url": f"?{values.urlencode()}" if after else "",
        "is_first": not request.GET.get("sau"),
    }
    return pages.render(request, "oversight/ended_rows.html", context)


def ended_filter(values: Mapping[str, str]) -> EndedFilter:
    """Return the filter of a query string: tu, den, tt, dv, lv, kenh, loai, dau."""
    field, unit = values.get("lv"), values.get("dv", "")
    word, mark = values.get("loai", ""), values.get("dau", "")
    return EndedFilter(
        months=(whole_number(values.get("tu", "")), whole_number(values.get("den", "")) or 999_912),
        tthc_id=whole_number(values.get("tt", "")),
        unit_id=whole_number(unit) if unit else None,
        field=None if field is None else field.removeprefix("-")[:200],
        channel=values.get("kenh", "")[:10],
        word=word if word in {*WORD_NAMES, "xong", "kip"} else "",
        mark=mark if mark in finished.MARKS else "",
    )


def _said(wanted: EndedFilter) -> str:
    parts = [_period_said(wanted.months)]
    if wanted.word in WORD_NAMES:
        parts.append(WORD_NAMES[wanted.word].lower())
    marks = {mark: str(label).lower() for _name, mark, label in MARKED}
    if wanted.mark in marks:
        parts.append(marks[wanted.mark])
    if wanted.field is not None:
        parts.append(wanted.field or _("chưa ghi lĩnh vực"))
    if wanted.channel:
        parts.append(CHANNEL_NAMES.get(wanted.channel, wanted.channel).lower())
    return ", ".join(parts)


def _period_said(months: tuple[int, int]) -> str:
    period = period_of_months(months)
    if period is not None:
        return rules.period_text(period.value).lower()
    return _("mọi kỳ")
