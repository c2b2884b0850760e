"""The list "Việc của tôi", its further pages, and why an item is due when it is."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nep.apps.work import ports, queries, rules
from nep.apps.work.views._drawing import job_rows
from nep.foundation.web import pages, slots
from nep.kernel.errors import NotFound
from nep.worktime import duration_words, hours_words

_ICONS = {
    rules.LATE: "octagon-alert",
    rules.TODAY: "hourglass",
    rules.WEEK: "calendar-days",
    rules.LATER: "calendar-days",
    rules.PAUSED: "circle-pause",
}
_HIGHEST = 64  # units of the drawing of due days


def _path(item_id: int) -> str:
    return _pattern().replace("/0/", f"/{item_id}/")


@cache
def _pattern() -> str:
    return reverse("work:explanation", args=[0])


def mine(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, the most urgent first; answers its own refresh too."""
    actor = request.actor  # type: ignore[attr-defined]
    kind = request.GET.get("loai", "")[:20]
    calendar = ports.calendar_for(actor.agency_id)
    found = queries.my_items(
        actor=actor,
        now=request.now,  # type: ignore[attr-defined]
        calendar=calendar,
        kind=kind,
        own_path=_path,
    )
    request.late_items = found.late  # type: ignore[attr-defined]
    minutes = found.left_today
    context = {
        "list": found,
        "groups": [(group, job_rows(group.rows)) for group in found.groups],
        "kind": kind,
        "icons": _ICONS,
        "left_today": duration_words(minutes, full=True) if minutes else "",
        "bars": _bars(found.days),
        "next": queries.next_items(actor=actor, now=request.now),  # type: ignore[attr-defined]
        "bars_label": "; ".join(f"{day.label} {day.count}" for day in found.days),
    }
    part = "#live" if request.headers.get("HX-Target") == "ds-viec" else ""
    if not part:
        context["above"] = slots.collect("work.mine.above", request=request)
    response = pages.render(request, f"work/mine.html{part}", context)
    response["Cache-Control"] = "no-store"
    return response


def _bars(days: tuple[queries.DueDay, ...]) -> list[dict[str, object]]:
    """Return the folds of the due-day drawing: five columns, 60 units apart."""
    most = max((day.count for day in days), default=0) or 1
    bars = []
    for index, day in enumerate(days):
        height = round(_HIGHEST * day.count / most) if day.count else 0
        left, top = 8 + 60 * index, 98 - height
        first, second = (top + 4, top) if index % 2 == 0 else (top, top + 4)
        bars.append(
            {
                "day": day,
                "path": f"M{left} {first}L{left + 44} {second}V98H{left}Z" if height else "",
                "middle": left + 22,
                "text_y": top - 6 if height else 90,
            }
        )
    return bars


def more(request: HttpRequest, group: str) -> HttpResponse:
    """Answer the next fifty lines of one group."""
    actor = request.actor  # type: ignore[attr-defined]
    kind = request.GET.get("loai", "")[:20]
    if group not in rules.GROUP_NAMES:
        raise NotFound()
    page = queries.group_page(
        actor=actor,
        now=request.now,  # type: ignore[attr-defined]
        calendar=ports.calendar_for(actor.agency_id),
        key=group,
        after=request.GET.get("sau", "")[:80],
        kind=kind,
        own_path=_path,
    )
    context = {"page": page, "kind": kind, "name": rules.GROUP_NAMES[group]}
    if group != rules.WAITING:
        context["rows"] = job_rows(page.rows)
    part = "#rows" if getattr(request, "htmx", False) else ""
    return pages.render(request, f"work/more.html{part}", context)


def explanation(request: HttpRequest, item_id: int) -> HttpResponse:
    """Explain an item's due date, where its source does not do so itself."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.item(
        actor=actor,
        item_id=item_id,
        now=request.now,  # type: ignore[attr-defined]
        calendar=ports.calendar_for(actor.agency_id),
    )
    limit = found.limit_minutes
    used = found.row.used_minutes
    context = {
        "item": found,
        "limit": hours_words(limit) if limit else "",
        "used": hours_words(used) if used is not None else "",
    }
    part = "#pop" if getattr(request, "htmx", False) else ""
    return pages.render(request, f"work/explanation.html{part}", context)
