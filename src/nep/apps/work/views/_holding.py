"""Taking an item, and handing it over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.work import ports, queries, services
from nep.apps.work.forms import HandOverForm
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal


@once
def claim(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take an item of the person's role, and open it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.actor  # type: ignore[attr-defined]
    found = _item(request, item_id)
    services.item_claim(actor=actor, now=request.now, item_id=item_id)  # type: ignore[attr-defined]
    messages.success(request, _("Bạn đã nhận việc này."))
    return redirect(found.row.link)


def _item(request: HttpRequest, item_id: int) -> queries.ItemPage:
    actor = request.actor  # type: ignore[attr-defined]
    return queries.item(
        actor=actor,
        item_id=item_id,
        now=request.now,  # type: ignore[attr-defined]
        calendar=ports.calendar_for(actor.agency_id),
    )


@once
def hand_over(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask for receiver and reason, then hand the item over."""
    actor = request.actor  # type: ignore[attr-defined]
    found = _item(request, item_id)
    people = [
        (one.id, _("%(name)s, đang giữ %(load)s việc") % {"name": one.name, "load": one.load})
        for one in found.receivers
    ]
    form = HandOverForm(request.POST or None, people=people, initial={"version": found.row.version})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.item_hand_over(
                actor=actor,
                now=request.now,  # type: ignore[attr-defined]
                item_id=item_id,
                receiver_id=values["receiver"],
                reason=values["reason"],
                version=values["version"],
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            names = {one.id: one.name for one in found.receivers}
            text = _("Đã bàn giao cho %(name)s.") % {"name": names[values["receiver"]]}
            messages.success(request, text)
            return redirect("work:mine")
    status = 422 if form.is_bound and form.errors else 200
    is_dialog = request.method == "GET" and getattr(request, "htmx", False)
    part = "#dialog" if is_dialog else ""
    context = {"item": found, "form": form}
    return pages.render(request, f"work/hand_over.html{part}", context, status=status)
