"""Giving many items to one person: who can take them, why, and how far it is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.work import queries, rules, services
from nep.apps.work.forms import AssignForm
from nep.apps.work.queries import ItemFilter
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.text import whole_number


@once
def assign(request: HttpRequest) -> HttpResponse:
    """Ask to whom the chosen items go and why, then give them."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    found = queries.assignment_page(actor=actor, item_ids=_asked(request), now=now)
    choices = [(one.id, one.name) for one in found.candidates]
    form = AssignForm(request.POST or None, people=choices)
    if request.method == "POST" and form.is_valid():
        try:
            assignment_id = services.assignment_start(
                actor=actor, now=now, item_ids=found.item_ids,
                receiver_id=form.cleaned_data["receiver"], reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            return redirect("work:assignment", assignment_id)
    status = 422 if form.is_bound and form.errors else 200
    heading = (
        _("Giao %(n)s việc cho một người") % {"n": len(found.item_ids)}
        if found.item_ids
        else _("Chưa chọn việc nào để giao")
    )
    context = {"page": found, "form": form, "heading": heading}
    return pages.render(request, "work/assign.html", context, status=status)


def _asked(request: HttpRequest) -> list[int]:
    """Return the items marked on the list, or the first 500 of its filter."""
    values = request.POST if request.method == "POST" else request.GET
    ticked = values.getlist("viec")[: rules.MOST_ASSIGNED]
    marked = [key for one in ticked if (key := whole_number(one))]
    if marked or "tat-ca" not in values:
        return marked
    actor = request.actor  # type: ignore[attr-defined]
    wanted = ItemFilter.read(values, actor=actor)
    rows, _is_cut = queries.filtered_items(actor=actor, filter=wanted, now=request.now)  # type: ignore[attr-defined]
    return list(rows.order_by("due_at", "id").values_list("id", flat=True)[: rules.MOST_ASSIGNED])


@once
def assignment_undo(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Take an assignment back and show what came of it."""
    if request.method == "POST":
        try:
            services.assignment_undo(
                actor=request.actor,
                now=request.now,
                assignment_id=assignment_id,  # type: ignore[attr-defined]
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            messages.error(request, refusal.message)
    return redirect("work:assignment", assignment_id)


def assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Show how far an assignment has come; answers its own refresh."""
    found = queries.assignment_state(
        actor=request.actor,
        assignment_id=assignment_id,
        now=request.now,  # type: ignore[attr-defined]
    )
    if found.is_undone:
        heading = _undone(found)
    elif not found.is_finished:
        heading = _("Đã giao %(done)s trên %(total)s việc cho %(name)s") % {
            "done": found.done, "total": found.total, "name": found.receiver,
        }  # fmt: skip
    elif found.refused:
        heading = _("Đã giao %(done)s việc cho %(name)s, %(left)s việc không giao được") % {
            "done": found.done, "name": found.receiver, "left": len(found.refused),
        }  # fmt: skip
    else:
        heading = _("Đã giao %(done)s việc cho %(name)s") % {
            "done": found.done, "name": found.receiver,
        }  # fmt: skip
    context = {"state": found, "heading": heading}
    part = "#live" if request.headers.get("HX-Target") == "tien-do" else ""
    return pages.render(request, f"work/assignment.html{part}", context)


def _undone(found: queries.AssignmentState) -> str:
    """Say how far an assignment has been taken back."""
    words = {"taken": found.taken_back, "given": found.done, "name": found.receiver}
    if found.undo_left:
        return _("Đã lấy lại %(taken)s trên %(given)s việc từ %(name)s") % words
    if found.kept:
        words["kept"] = len(found.kept)
        return _("Đã lấy lại %(taken)s việc từ %(name)s, %(kept)s việc giữ nguyên") % words
    return _("Đã lấy lại %(taken)s việc từ %(name)s") % words
