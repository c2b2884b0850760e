"""Where finished cases spent their time: steps of procedures, people and their steps."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.cases.queries import finished
from nep.apps.cases.queries.finished import Done, StepFilter
from nep.apps.organization import queries as organization
from nep.apps.oversight import rules
from nep.apps.oversight.rules import drawing
from nep.apps.oversight.rules.periods import Period, sees_person
from nep.apps.oversight.views import _table as t
from nep.apps.procedures import queries as procedures
from nep.foundation.web import pages
from nep.kernel.errors import NotFound
from nep.kernel.text import sort_key, whole_number
from nep.kernel.vietnamese import local

KINDS = (
    ("steps", ""), ("in_time", "in_time"), ("late", "late"), ("untimed", "untimed"),
    ("returns", "returns"), ("reworks", "reworks"),
)  # fmt: skip


def _heads() -> tuple[t.Head, ...]:
    return (
        t.Head(_("Lượt")), t.Head(_("Kịp hạn")), t.Head(_("Quá hạn")), t.Head(_("Không định mức")),
        t.Head(_("Trả lại")), t.Head(_("Làm lại")), t.Head(_("So định mức"), "percent"),
        t.Head(_("Một nửa xong trong"), "text"), t.Head(_("90% xong trong"), "text"),
    )  # fmt: skip


def _cells(row: Done, months: tuple[int, int], **values: Any) -> tuple[t.Number, ...]:
    return (
        *(t.count(row[name], t.done_url(months, loai=kind, **values)) for name, kind in KINDS),
        _load(row),
        t.span(row.percentile(50)),
        t.span(row.percentile(90)),
    )


def _load(row: Done) -> t.Number:
    if row.load is None:
        return t.Number("–")
    return t.Number(f"{100 * row.load:.0f}%", row.load)


def bottlenecks(request: HttpRequest) -> HttpResponse:
    """Show for each procedure which step takes its time, and the steps one by one."""
    actor = request.actor
    agencies = [actor.agency_id]
    period, years = t.period_of(request, agencies)
    tthc_id = whole_number(request.GET.get("tt", ""))
    found = finished.done_figures(
        agency_ids=agencies, months=period.months, by="step",
        only={"tthc_id": tthc_id} if tthc_id else None,
    )  # fmt: skip
    steps = _by_step(found)
    named = procedures.tthc_named({key[0] for key in steps})
    table = _step_table(steps, named, period)
    title = _("Bước nghẽn, %(when)s") % {"when": rules.period_text(period.value).lower()}
    answer = t.as_file(request, table, title=title, name=f"buoc-nghen-{period.value}")
    if answer is not None:
        return answer
    context = {
        "heading": _bottleneck_heading(steps, period),
        "title": title,
        "table": table,
        "heat": _heat(steps, named, period),
        "period": period,
        "years": years,
        "query": request.GET.urlencode(),
        "now": request.now,
        "tthc_id": tthc_id,
        "is_counting": finished.counting_left(),
    }
    return pages.render(request, "oversight/bottlenecks.html", context)


Steps = dict[tuple[int, str], tuple[int, str, Done]]


def _by_step(found: Mapping[tuple[Any, ...], Done]) -> Steps:
    """Join the versions of a procedure: a step is known by its node; its newest name is kept."""
    joined: Steps = {}
    for (tthc_id, content_hash, node), row in found.items():
        number, name = finished.step_label(content_hash, node)
        known = joined.get((tthc_id, node))
        whole = finished.sum_of_steps([known[2], row]) if known else row
        joined[tthc_id, node] = (number, name, whole)
    return joined


def _step_table(steps: Steps, named: Mapping[int, Any], period: Period) -> t.Table:
    def order(item: tuple[tuple[int, str], tuple[int, str, Done]]) -> tuple:
        (_key, _node), (number, name, row) = item
        return (-row["late"], -(row.load or 0), number, name)

    rows = []
    for (tthc_id, node), (number, name, row) in sorted(steps.items(), key=order):
        thing = named[tthc_id].name if tthc_id in named else ""
        title = f"Bước {number}: {name}" if number else name
        rows.append(t.Row(title, _cells(row, period.months, tt=tthc_id, buoc=node), thing))
    whole = finished.sum_of_steps(row for _n, _name, row in steps.values())
    total = t.Row(_("Cộng"), _cells(whole, period.months))
    notes = (
        _("Đếm các lượt làm bước của hồ sơ đã kết thúc trong kỳ, đến lúc hồ sơ xong."),
        _("So định mức: tổng giờ làm việc đã dùng chia tổng định mức; trên 100% là nghẽn."),
    )
    return t.Table(_("Bước"), _("Bước"), _heads(), tuple(rows), total, notes)


def _heat(steps: Steps, named: Mapping[int, Any], period: Period) -> t.Table:
    """Return procedures by step number, each with its share of the limit and how hot it is."""
    most = max((number for number, _name, _row in steps.values()), default=0)
    by_tthc: dict[int, dict[int, tuple[str, str, Done]]] = {}
    for (tthc_id, node), (number, name, row) in steps.items():
        by_tthc.setdefault(tthc_id, {})[number] = (node, name, row)
    rows = []
    for tthc_id, found in by_tthc.items():
        cells = []
        for number in range(1, most + 1):
            node, name, row = found.get(number, ("", "", Done()))
            if not node:
                cells.append(t.Number(""))
                continue
            text = f"{100 * row.load:.0f}%" if row.load is not None else "–"
            late = _("%(n)s quá hạn") % {"n": row["late"]} if row["late"] else ""
            url = t.done_url(period.months, tt=tthc_id, buoc=node)
            cells.append(t.Number(text, f"{name}. {late}".strip(), url, 1 + drawing.heat(row.load)))
        thing = named[tthc_id].name if tthc_id in named else str(tthc_id)
        rows.append(t.Row(thing, tuple(cells)))
    heads = tuple(t.Head(_("Bước %(n)s") % {"n": n}, "text") for n in range(1, most + 1))
    return t.Table(_("Bảng nhiệt"), _("Thủ tục"), heads, tuple(sorted(rows, key=_named)))


def _named(row: t.Row) -> Any:
    return sort_key(row.title)


def _bottleneck_heading(steps: Steps, period: Period) -> str:
    when = rules.period_text(period.value)
    over = [(row.load, name) for _n, name, row in steps.values() if row.load and row.load > 1]
    if not steps:
        return _("%(when)s chưa hồ sơ nào kết thúc nên chưa thấy bước nghẽn") % {"when": when}
    if not over:
        return _("%(when)s tính trung bình không bước nào vượt định mức") % {"when": when}
    return _("%(when)s có %(n)s bước tính trung bình vượt định mức, nhiều nhất là %(name)s") % {
        "when": when, "n": len(over), "name": max(over)[1],
    }  # fmt: skip


def people(request: HttpRequest) -> HttpResponse:
    """Show the steps of the people the actor may see, by name and never in a ranking."""
    actor = request.actor
    agencies = [actor.agency_id]
    period, years = t.period_of(request, agencies)
    found = finished.done_figures(agency_ids=agencies, months=period.months, by="person")
    units = _units_of_people(actor.agency_id, local(request.now).date())
    shown = {
        key: row
        for (key,), row in found.items()
        if key and sees_person(actor, person_id=key, units=units.get(key, ()))
    }
    names = organization.person_names(shown)
    rows = tuple(
        t.Row(names.get(key, str(key)), _cells(shown[key], period.months, nguoi=key))
        for key in sorted(shown, key=lambda key: sort_key(names.get(key, "")))
    )
    table = t.Table(
        _("Cán bộ"), _("Người làm bước"), _heads(), rows, None,
        (_("Xếp theo tên. Số lượt và thời gian là dữ liệu để xem xét, không phải xếp hạng."),),
    )  # fmt: skip
    title = _("Lượt làm bước theo người, %(when)s") % {
        "when": rules.period_text(period.value).lower()
    }
    answer = t.as_file(request, table, title=title, name=f"luot-lam-buoc-{period.value}")
    if answer is not None:
        return answer
    context = {
        "heading": _people_heading(shown, actor.person_id, period), "title": title,
        "table": table, "period": period, "years": years, "query": request.GET.urlencode(),
        "now": request.now, "is_counting": finished.counting_left(),
    }  # fmt: skip
    return pages.render(request, "oversight/people.html", context)


def _people_heading(shown: Mapping[int, Done], own: int, period: Period) -> str:
    when = rules.period_text(period.value)
    if not shown:
        return _("%(when)s chưa có lượt làm bước nào trong hồ sơ đã kết thúc") % {"when": when}
    if set(shown) == {own}:
        return _("%(when)s bạn làm %(n)s lượt bước trong hồ sơ đã kết thúc") % {
            "when": when, "n": shown[own]["steps"],
        }  # fmt: skip
    steps = sum(row["steps"] for row in shown.values())
    return _("%(when)s %(people)s người làm %(n)s lượt bước") % {
        "when": when, "people": len(shown), "n": steps,
    }  # fmt: skip


def _units_of_people(agency_id: int, today: date) -> dict[int, frozenset[int]]:
    """Return the units of everybody of the agency, who is away too."""
    return {one.id: one.unit_ids for one in organization.members(agency_id=agency_id, today=today)}


def done_rows(request: HttpRequest) -> HttpResponse:
    """Show the closed steps that one figure counts: of one person the actor may see, or of all
    for who sees the figures of the agency."""
    actor = request.actor
    wanted = step_filter(request.GET)
    if wanted.person_id is not None:
        units = _units_of_people(actor.agency_id, local(request.now).date()).get(
            wanted.person_id, frozenset()
        )
        is_open = sees_person(actor, person_id=wanted.person_id, units=units)
    else:
        is_open = "figures.see" in actor.permissions
    if not is_open:
        raise NotFound()
    lines, after = finished.done_steps(
        agency_id=actor.agency_id, wanted=wanted, after=whole_number(request.GET.get("sau", ""))
    )
    values = request.GET.copy()
    values["sau"] = str(after)
    context = {
        "total": finished.done_count(agency_id=actor.agency_id, wanted=wanted),
        "lines": lines,
        "person": organization.person_names([wanted.person_id]).get(wanted.person_id or 0, ""),
        "next_url": f"?{values.urlencode()}" if after else "",
        "is_first": not request.GET.get("sau"),
    }
    return pages.render(request, "oversight/done_rows.html", context)


def step_filter(values: Mapping[str, str]) -> StepFilter:
    """Return the filter of a query string: tu, den, tt, buoc, nguoi, loai."""
    person = values.get("nguoi", "")
    kind = values.get("loai", "")
    return StepFilter(
        months=(whole_number(values.get("tu", "")), whole_number(values.get("den", "")) or 999_912),
        tthc_id=whole_number(values.get("tt", "")),
        node=values.get("buoc", "")[:80],
        person_id=whole_number(person) if person else None,
        kind=kind if kind in {name for _count, name in KINDS} else "",
    )
