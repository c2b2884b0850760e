"""From Word: upload, progress, questions and mapping, drafts."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.procedures import queries, services
from nep.foundation.web import pages
from nep.foundation.web.acting import done, today_of
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal

LATER = "sau"


@once
def word_upload(request: HttpRequest) -> HttpResponse:
    """Take Word files; the worker reads them."""
    actor = request.actor  # type: ignore[attr-defined]
    refusal: Refusal | None = None
    if request.method == "POST":
        uploads = [(file.name or "", file.read()) for file in request.FILES.getlist("files")]
        try:
            batch = services.word_upload(actor=actor, uploads=uploads, now=request.now)  # type: ignore[attr-defined]
            return redirect("procedures:word_batch", batch)
        except Refusal as error:
            if error.status != Refusal.status:
                raise
            refusal = error
    context = {"refusal": refusal, "batches": queries.recent_batches(actor.agency_id)}
    return pages.render(
        request, "procedures/word_upload.html", context, status=422 if refusal else 200
    )


def word_batch(request: HttpRequest, batch: int) -> HttpResponse:
    """Show how far the reading is, then what was read and what has to be answered."""
    context = _batch(request, batch)
    is_poll = request.headers.get("HX-Target") == "tien-do"
    if is_poll and context["waiting"]:
        return pages.render(request, "procedures/word_batch.html#progress", context)
    if is_poll:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return pages.render(request, "procedures/word_batch.html", context)


def _batch(request: HttpRequest, batch: int) -> dict[str, Any]:
    actor, today = request.actor, today_of(request)  # type: ignore[attr-defined]
    files = queries.import_lines(agency_id=actor.agency_id, batch=batch)
    read = [file for file in files if file.state == "read"]
    texts = [
        text
        for file in read
        for procedure in file.report["procedures"]
        for text in procedure["responsible"]
    ]
    found = sum(len(file.report["procedures"]) for file in files if file.report)
    return {
        "batch": batch,
        "files": files,
        "waiting": [file for file in files if file.is_waiting],
        "read": read,
        "found": found,
        "to_draft": sum(len(file.report["procedures"]) for file in read),
        "units_asked": sum(one["asks_unit"] for file in read for one in file.report["procedures"]),
        "mappings": queries.mapping_lines(agency_id=actor.agency_id, texts=texts, today=today),
        "options": queries.role_options(agency_id=actor.agency_id, today=today) if texts else (),
    }


@require_POST
@once
def word_drafts(request: HttpRequest, batch: int) -> HttpResponse:
    """Remember the mapping, then make the drafts as chosen."""
    actor = request.actor  # type: ignore[attr-defined]
    texts, roles = request.POST.getlist("text"), request.POST.getlist("role")
    for text, role in zip(texts, roles, strict=False):
        if role:
            services.role_mapping_keep(
                actor=actor,
                text=text,
                role=role,
                now=request.now,  # type: ignore[attr-defined]
            )
    files = queries.import_lines(agency_id=actor.agency_id, batch=batch)
    made = services.word_drafts_create(
        actor=actor,
        batch=batch,
        choices={file.id: _choices(request.POST, file) for file in files if file.report},
        now=request.now,  # type: ignore[attr-defined]
    )
    count = sum(one.revision_id is not None for _name, drafted in made for one in drafted)
    text = _("Đã lập %(count)s bản thảo.") % {"count": count}
    return done(request, text, "procedures:word_batch", batch)


def _choices(typed: Mapping[str, str], file: queries.ImportLine) -> dict[int, services.Choice]:
    found = {}
    for procedure in file.report["procedures"]:
        place = procedure["place"]
        key = f"{file.id}-{place}"
        day_unit = typed.get(f"ngay-{key}", "") or typed.get("ngay", "")
        found[place] = services.Choice(
            is_wanted=f"nhan-{key}" in typed,
            day_unit="" if day_unit == LATER else day_unit,
            settle_total=f"tong-{key}" in typed,
            untimed_merged=f"chung-{key}" in typed,
            tthc_code=typed.get(f"thu-tuc-{key}"),
        )
    return found
