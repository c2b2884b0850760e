"""The calendar page and its changes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.organization.rules import may
from nep.apps.workcal import queries, services
from nep.apps.workcal.forms import DayForm, HoursForm, RemoveForm
from nep.foundation.web import pages, slots
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

_HOURS_IDS, _DAY_IDS = "gio_%s", "ngay_%s"  # three forms on one page, some with equal fields


def year(request: HttpRequest) -> HttpResponse:
    """Show a year as twelve months, with notices, swapped days and office hours."""
    return _page(request)


@once
def hours(request: HttpRequest) -> HttpResponse:
    """Set the weekly office hours."""
    form = HoursForm(request.POST or None, auto_id=_HOURS_IDS)
    return _change(
        request,
        form,
        lambda: services.office_hours_set(**_doer(request), **form.values()),
        _("Đã đổi giờ làm việc. Hạn tính từ nay theo giờ mới."),
        hours_form=form,
    )


@once
def day_add(request: HttpRequest) -> HttpResponse:
    """Add an exceptional day of the agency."""
    form = DayForm(request.POST or None, auto_id=_DAY_IDS)
    return _change(
        request,
        form,
        lambda: services.day_rule_add(**_doer(request), **form.values()),
        _("Đã ghi ngày này vào lịch."),
        day_form=form,
    )


@once
def day_remove(request: HttpRequest, day_id: int) -> HttpResponse:
    """Remove an exceptional day of the agency."""
    form = RemoveForm(request.POST or None, auto_id=False)
    return _change(
        request,
        form,
        lambda: services.day_rule_remove(
            **_doer(request), day_id=day_id, reason=form.cleaned_data["reason"]
        ),
        _("Đã xóa ngày này khỏi lịch."),
        removing=day_id,
        remove_form=form,
    )


def _doer(request: HttpRequest) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    return {"actor": actor, "now": request.now, "agency_id": actor.agency_id}  # type: ignore[attr-defined]


def _change(
    request: HttpRequest, form: Form, act: Callable[[], Any], told: str, **more: Any
) -> HttpResponse:
    """Do what a posted form asks, or show the page again with what is wrong."""
    if request.method != "POST":
        return redirect("workcal:year")
    if form.is_valid():
        try:
            act()
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, told)
            return redirect(f"{reverse('workcal:year')}?nam={_wanted_year(request)}")
    return _page(request, status=422, **more)


def _wanted_year(request: HttpRequest) -> int:
    wanted = request.GET.get("nam", "")
    if wanted.isdecimal() and len(wanted) == 4:
        return int(wanted)
    return local(request.now).year  # type: ignore[attr-defined]


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    today = local(request.now).date()  # type: ignore[attr-defined]
    page = queries.year_page(agency_id=actor.agency_id, year=_wanted_year(request), today=today)
    context = {
        "page": page,
        "today": today,
        "may_manage": bool(may(actor, "calendar.manage")),
        "cards": slots.collect("workcal.side", request=request),
        "hours_form": HoursForm(initial=page.hours_typed, auto_id=_HOURS_IDS),
        "day_form": DayForm(auto_id=_DAY_IDS),
        "remove_form": RemoveForm(auto_id=False),
        **more,
    }
    return pages.render(request, "workcal/year.html", context, status=status)
