"""Units: added, renamed, closed."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.organization import queries, services
from nep.apps.organization.forms import UnitChangeForm, UnitCloseForm, UnitForm
from nep.apps.organization.queries import UnitGroup
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


@once
def unit_new(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    form = UnitForm(request.POST or None)
    actor = request.actor  # type: ignore[attr-defined]

    def act() -> None:
        services.unit_add(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            **form.cleaned_data,
        )

    if request.method == "POST" and did(form, act):
        text = _("Đã thêm %(unit)s.") % {"unit": form.cleaned_data["name"]}
        return done(request, text, "organization:people")
    context = {"form": form, "units": queries.units_of(actor.agency_id)}
    return pages.render(request, "organization/unit_new.html", context, status=status_of(form))


@once
def unit_edit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Rename a unit."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = _unit(actor.agency_id, unit_id)
    start = {"name": unit.name, "is_reception": unit.is_reception, "version": unit.version}
    form = UnitChangeForm(request.POST or None, initial=start)

    def act() -> None:
        services.unit_change(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            unit_id=unit_id,
            **form.cleaned_data,
        )

    if request.method == "POST" and did(form, act):
        text = _("Đã lưu %(unit)s.") % {"unit": form.cleaned_data["name"]}
        return done(request, text, "organization:people")
    return _unit_page(request, unit, form, UnitCloseForm(initial={"closed_on": today_of(request)}))


@once
def unit_close(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Close a unit."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = _unit(actor.agency_id, unit_id)
    form = UnitCloseForm(request.POST or None, initial={"closed_on": today_of(request)})

    def act() -> None:
        services.unit_close(
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
            agency_id=actor.agency_id,
            unit_id=unit_id,
            **form.cleaned_data,
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã đóng %(unit)s.") % {"unit": unit.name}, "organization:people")
    start = {"name": unit.name, "is_reception": unit.is_reception, "version": unit.version}
    return _unit_page(request, unit, UnitChangeForm(initial=start), form)


def _unit(agency_id: int, unit_id: int) -> UnitGroup:
    for unit in queries.unit_lines(agency_id):
        if unit.id == unit_id:
            return unit
    raise NotFound()


def _unit_page(
    request: HttpRequest, unit: UnitGroup, form: UnitChangeForm, closing: UnitCloseForm
) -> HttpResponse:
    context = {"unit": unit, "form": form, "closing": closing}
    status = max(status_of(form), status_of(closing))
    return pages.render(request, "organization/unit.html", context, status=status)
