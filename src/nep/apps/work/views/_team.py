"""One list under a filter, kept filters, and the calendar of due days."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.organization import queries as organization
from nep.apps.work import ports, queries, rules, services
from nep.apps.work.forms import FilterForm
from nep.apps.work.queries import CalendarDay, ItemFilter
from nep.apps.work.views._drawing import table_rows
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local

_MONTHS_AROUND = 24


def _path(item_id: int) -> str:
    return _pattern().replace("/0/", f"/{item_id}/")


@cache
def _pattern() -> str:
    return reverse("work:explanation", args=[0])


def items(request: HttpRequest) -> HttpResponse:
    """Show the items of a filter, fifty at a time, with the counts of its list."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    wanted = ItemFilter.read(request.GET, actor=actor)
    after = request.GET.get("sau", "")[:80]
    found = queries.items_list(
        actor=actor, filter=wanted, now=now, calendar=ports.calendar_for(actor.agency_id),
        after=after, own_path=_path,
    )  # fmt: skip
    values = wanted.values()
    next_url = f"?{urlencode({**values, 'sau': found.after})}" if found.after else ""
    may_assign = wanted.scope != rules.OWN
    is_filtered = bool(values.keys() - {"pv", "dv"})
    rows = table_rows(found.lines, may_assign=may_assign, next_url=next_url)
    if after and getattr(request, "htmx", False):
        return HttpResponse(rows)
    context = {
        "list": found,
        "rows": rows,
        "filter": wanted,
        "heading": _heading(wanted, found.counts, actor.agency_id),
        "tabs": _tabs(wanted, found.counts),
        "may_assign": may_assign,
        "people": _people(request, wanted),
        "held_by": "chua" if wanted.person_id < 0 else str(wanted.person_id or ""),
        "scopes": _scopes(request, wanted, "work:items"),
        "units": _units(request) if wanted.scope == rules.UNIT else (),
        "kinds": rules.KIND_NAMES,
        "saved": queries.saved_filters(actor=actor),
        "form": FilterForm() if is_filtered else None,
        "shares": [unit for unit in _all_units(actor.agency_id) if unit[0] in actor.unit_ids],
        "query": urlencode(values),
        "is_filtered": is_filtered,
        "calendar_url": f"{reverse('work:calendar')}?{urlencode(_kept(wanted, 'pv', 'dv'))}",
        "most": rules.MOST_ASSIGNED,
    }
    return pages.render(request, "work/list.html", context)


def _kept(wanted: ItemFilter, *names: str) -> dict[str, str]:
    return {name: value for name, value in wanted.values().items() if name in names}


def _heading(wanted: ItemFilter, counts: Any, agency_id: int) -> str:
    """Return the page's one sentence: whose work, how much, how much of it late."""
    names = dict(_all_units(agency_id))
    where = {
        rules.OWN: _("của bạn"),
        rules.UNIT: names.get(wanted.unit_id, ""),
        rules.AGENCY: _("của cơ quan"),
    }[wanted.scope]
    if wanted.day:
        on = rules.day_of_number(wanted.day)
        return _("Việc %(where)s đến hạn ngày %(day)s") % {"where": where, "day": f"{on:%d/%m/%Y}"}
    if counts is None:
        return _("Việc %(where)s khớp bộ lọc") % {"where": where}
    total, late = sum(counts.values()), counts[rules.LATE]
    if not total:
        return _("Không có việc nào %(where)s") % {"where": where}
    text = _("%(n)s việc %(where)s") % {"n": f"{total:,}".replace(",", "."), "where": where}
    if late:
        return _("%(text)s, %(late)s đã quá hạn") % {
            "text": text, "late": f"{late:,}".replace(",", "."),
        }  # fmt: skip
    return _("%(text)s, chưa việc nào quá hạn") % {"text": text}


def _tabs(wanted: ItemFilter, counts: Any) -> list[dict[str, Any]]:
    names = {"": _("Tất cả")} | {group: rules.GROUP_NAMES[group] for group in counts or ()}
    if counts is None:
        names |= {g: rules.GROUP_NAMES[g] for g in (rules.LATE, rules.TODAY, rules.WEEK)}
    return [
        {
            "name": name,
            "url": f"?{urlencode(replace(wanted, group=group, day=0).values())}",
            "count": None if counts is None else sum(counts.values()) if not group else counts[group],
            "is_here": group == wanted.group,
        }
        for group, name in names.items()
    ]  # fmt: skip


def _scopes(request: HttpRequest, wanted: ItemFilter, name: str) -> list[dict[str, Any]]:
    """Return the lists the actor may see; empty when only their own."""
    actor = request.actor  # type: ignore[attr-defined]
    found = []
    for scope, words in rules.SCOPE_NAMES.items():
        unit = ItemFilter.read({"pv": scope}, actor=actor).unit_id
        if rules.may_see_list(actor, scope=scope, unit_id=unit):
            query = {"pv": scope} if scope != rules.OWN else {}
            url = f"{reverse(name)}?{urlencode(query)}"
            found.append({"name": words, "url": url, "is_here": scope == wanted.scope})
    return found if len(found) > 1 else []


def _all_units(agency_id: int) -> tuple[tuple[int, str], ...]:
    return tuple((unit.id, unit.name) for unit in organization.units_of(agency_id))


def _units(request: HttpRequest) -> tuple[tuple[int, str], ...]:
    actor = request.actor  # type: ignore[attr-defined]
    return tuple(
        unit
        for unit in _all_units(actor.agency_id)
        if rules.may_see_list(actor, scope=rules.UNIT, unit_id=unit[0])
    )


def _people(request: HttpRequest, wanted: ItemFilter) -> list[tuple[str, str]]:
    """Return who may be chosen as holder, with nobody first."""
    if wanted.scope == rules.OWN:
        return []
    actor = request.actor  # type: ignore[attr-defined]
    codes = {unit.id: unit.code for unit in organization.units_of(actor.agency_id)}
    people = organization.people_for(
        agency_id=actor.agency_id,
        today=local(request.now).date(),  # type: ignore[attr-defined]
        unit_code=codes.get(wanted.unit_id) if wanted.scope == rules.UNIT else None,
    )
    return [("chua", _("Chưa ai nhận")), *((str(one.id), one.name) for one in people)]


@once
def filter_save(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the page under a name."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.actor  # type: ignore[attr-defined]
    wanted = ItemFilter.read(QueryDict(request.POST.get("query", "")[:400]), actor=actor)
    query = urlencode(wanted.values())
    form = FilterForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal("name_missing", _("Hãy đặt tên cho bộ lọc."))
        services.filter_save(
            actor=actor, now=request.now, name=form.cleaned_data["name"], query=query,  # type: ignore[attr-defined]
            unit_id=form.cleaned_data["unit"],
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % form.cleaned_data)
    return redirect(f"{reverse('work:items')}?{query}")


@once
def filter_remove(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Remove a kept filter of one's own."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    services.filter_remove(actor=request.actor, now=request.now, filter_id=filter_id)  # type: ignore[attr-defined]
    messages.success(request, _("Đã xóa bộ lọc."))
    return redirect("work:items")


def calendar(request: HttpRequest) -> HttpResponse:
    """Show what falls due by day: a month or a week, days off marked; a list on a phone."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    wanted = ItemFilter.read(request.GET, actor=actor)
    is_week = request.GET.get("kieu") == "tuan"
    today = local(now).date()
    chosen = _chosen(request.GET.get("tu", ""), today)
    first = _first(chosen, is_week=is_week)
    days = queries.due_days(
        actor=actor, filter=replace(wanted, group="", kind="", day=0, query=""), now=now,
        calendar=ports.calendar_for(actor.agency_id), first=rules.day_number(first),
        days=7 if is_week else 42,
    )  # fmt: skip
    shown = [day for day in days if is_week or _month(day) == chosen.month]
    kept = {**_kept(wanted, "pv", "dv"), **({"kieu": "tuan"} if is_week else {})}
    total = sum(day.count for day in shown)
    context = {
        "weeks": _weeks(days, wanted, chosen, is_week=is_week),
        "agenda": [_cell(day, wanted) for day in shown if day.count or day.name],
        "heading": _calendar_heading(total, chosen, first, is_week=is_week),
        "scopes": _scopes(request, wanted, "work:calendar"),
        "units": _units(request) if wanted.scope == rules.UNIT else (),
        "filter": wanted,
        "is_week": is_week,
        "before": f"?{urlencode({**kept, 'tu': _moved(chosen, -1, is_week=is_week).isoformat()})}",
        "after": f"?{urlencode({**kept, 'tu': _moved(chosen, 1, is_week=is_week).isoformat()})}",
        "month_url": f"?{urlencode({**_kept(wanted, 'pv', 'dv'), 'tu': chosen.isoformat()})}",
        "week_url": "?" + urlencode(
            {**_kept(wanted, "pv", "dv"), "kieu": "tuan", "tu": chosen.isoformat()}
        ),
        "list_url": f"{reverse('work:items')}?{urlencode(_kept(wanted, 'pv', 'dv'))}",
    }  # fmt: skip
    return pages.render(request, "work/calendar.html", context)


def _chosen(text: str, today: date) -> date:
    if not text:
        return today
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        raise NotFound() from None
    if abs((found - today).days) > 31 * _MONTHS_AROUND:
        raise NotFound()
    return found


def _first(chosen: date, *, is_week: bool) -> date:
    """Return the Monday with which the week, or the month's first week, begins."""
    start = chosen if is_week else chosen.replace(day=1)
    return start - timedelta(days=start.weekday())


def _moved(chosen: date, by: int, *, is_week: bool) -> date:
    if is_week:
        return chosen + timedelta(days=7 * by)
    month = chosen.year * 12 + chosen.month - 1 + by
    return date(month // 12, month % 12 + 1, 1)


def _month(day: CalendarDay) -> int:
    return day.on // 100 % 100


def _cell(day: CalendarDay, wanted: ItemFilter, *, is_other: bool = False) -> dict[str, Any]:
    values = replace(wanted, group="", day=day.on).values()
    return {
        "day": day,
        "date": rules.day_of_number(day.on),
        "url": f"{reverse('work:items')}?{urlencode(values)}" if day.count else "",
        "is_other": is_other,
    }


def _weeks(
    days: tuple[CalendarDay, ...], wanted: ItemFilter, chosen: date, *, is_week: bool
) -> list[list[dict[str, Any]]]:
    cells = [
        _cell(day, wanted, is_other=not is_week and _month(day) != chosen.month) for day in days
    ]
    weeks = [cells[start : start + 7] for start in range(0, len(cells), 7)]
    return [week for week in weeks if not all(cell["is_other"] for cell in week)]


def _calendar_heading(total: int, chosen: date, first: date, *, is_week: bool) -> str:
    if is_week:
        when = _("Tuần %(a)s – %(b)s") % {
            "a": f"{first:%d/%m}", "b": f"{first + timedelta(days=6):%d/%m/%Y}",
        }  # fmt: skip
    else:
        when = _("Tháng %(m)s") % {"m": f"{chosen:%m/%Y}"}
    if not total:
        return _("%(when)s không có việc nào đến hạn") % {"when": when}
    return _("%(when)s có %(n)s việc đến hạn") % {"when": when, "n": f"{total:,}".replace(",", ".")}
