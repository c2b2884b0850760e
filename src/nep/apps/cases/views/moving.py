"""The page on which running cases are moved to another version of their procedure."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases.forms import MovingForm
from nep.apps.cases.queries import moving as queries
from nep.apps.cases.services.moving import moving_start
from nep.apps.cases.views._ground import is_fragment
from nep.apps.organization.queries import who
from nep.foundation.web import pages, slots
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal

PAIR = "b-"
"""What the name of a field begins with that maps a place of the process."""


@once
def moving(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show which open cases can go on by a version, and have the chosen ones moved.

    `xet` asks to judge them by the mapping as it was chosen, and moves none.
    """
    actor = who(request)
    versions = queries.older_versions(actor=actor, target_id=revision_id)
    source_id = _source(request, versions)
    if not source_id:
        target = queries.version_named(actor=actor, revision_id=revision_id)
        return pages.render(request, "cases/moving_none.html", {"target": target})
    chosen = _chosen(request)
    is_looked = "xet" in request.POST
    form = MovingForm(None if is_looked else request.POST or None, initial=request.POST.dict())
    if request.method == "POST" and not is_looked and form.is_valid():
        try:
            moving_start(
                actor=actor, now=when(request), source_id=source_id, target_id=revision_id,
                pairs=chosen, case_ids=_wanted(request, source_id, revision_id, chosen),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã bắt đầu chuyển hồ sơ."))
            return redirect(f"{reverse('cases:moving', args=[revision_id])}?tu={source_id}")
    lines = queries.moving_lines(actor=actor, source_id=source_id, target_id=revision_id)
    running = next((line for line in lines if not line.is_done), None)
    if is_fragment(request) and request.GET.get("phan") == "tien-do":
        if running is None:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return pages.render(
            request, "cases/moving.html#progress", {"running": running, "source_id": source_id}
        )
    page = queries.moving_page(
        actor=actor, now=when(request), source_id=source_id, target_id=revision_id, chosen=chosen
    )
    context = {
        "page": page,
        "versions": [(one.revision_id, f"{one.number} ({count})") for one, count in versions],
        "source_id": source_id,
        "lines": lines,
        "running": running,
        "ticked": _ticked(request),
        "is_all": "tat-ca" in request.POST,
        "form": form,
    }
    return pages.render(request, "cases/moving.html", context, status=422 if form.errors else 200)


def _source(request: HttpRequest, versions: tuple) -> int:
    """Return the version whose cases are looked at: the one asked for, else the fullest one."""
    asked = (request.POST or request.GET).get("tu", "")
    if asked:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise Http404
        return int(asked)
    return max(versions, key=lambda one: one[1])[0].revision_id if versions else 0


def _chosen(request: HttpRequest) -> dict[str, str]:
    """Return the pairs of places that were picked by hand."""
    given = request.POST or request.GET
    return {
        name.removeprefix(PAIR): str(value)
        for name, value in given.items()
        if name.startswith(PAIR)
    }


def _wanted(
    request: HttpRequest, source_id: int, target_id: int, chosen: dict[str, str]
) -> list[int]:
    """Return the cases to move: those ticked, or every one that can."""
    if request.POST.get("tat-ca"):
        return queries.movable_ids(
            actor=who(request),
            now=when(request),
            source_id=source_id,
            target_id=target_id,
            chosen=chosen,
        )
    return _ticked(request)


def _ticked(request: HttpRequest) -> list[int]:
    ticked = request.POST.getlist("hs")
    return [int(one) for one in ticked if one.isascii() and one.isdigit() and len(one) < 19]


def older_note(*, request: HttpRequest, page: Any) -> str:
    """Lead from a version in force to the running cases that still follow another one."""
    actor, revision = who(request), page.revision
    if "case.move" not in actor.permissions or revision.state != "in_force":
        return ""
    older = queries.older_versions(actor=actor, target_id=revision.id)
    if not older:
        return ""
    context = {"older": older, "target_id": revision.id}
    return render_to_string("cases/_older_note.html", context, request=request)


slots.register("procedures.above", older_note)
