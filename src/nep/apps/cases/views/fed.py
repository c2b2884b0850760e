"""Pages that bring cases of another system in: file, columns, trial, progress, report."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from nep.apps.cases import queries, services
from nep.apps.cases.forms.fed import FedColumnsForm, FedUploadForm
from nep.apps.cases.queries import FedFile
from nep.apps.procedures import queries as procedures
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal

FAULTS_SHOWN = 100


@once
def fed_files(request: HttpRequest) -> HttpResponse:
    """List the latest imports; take a new file."""
    form = FedUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            import_id = services.fed_look(
                actor=request.actor, now=request.now, name=upload.name or "", data=upload.read()
            )
            return redirect("cases:fed_file", import_id)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
    context = {
        "form": form,
        "files": queries.fed_files(actor=request.actor),
        "days": queries.fed_file_days(),
    }
    return pages.render(
        request, "cases/fed.html", context, status=422 if form.is_bound and form.errors else 200
    )


def fed_file(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show one file: what its columns mean, what a trial found, how far it is, what came of it."""
    file = queries.fed_file(actor=request.actor, import_id=import_id)
    if request.headers.get("HX-Target") == "tien-do":
        if file.is_working:
            return pages.render(request, "cases/fed_file.html#progress", {"file": file})
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return _file_page(request, file, None)


@require_POST
@once
def fed_map(request: HttpRequest, import_id: int) -> HttpResponse:
    """Remember what the columns mean and try the file out."""
    file = queries.fed_file(actor=request.actor, import_id=import_id)
    form = _form(request, file, request.POST)
    if form.is_valid():
        try:
            services.fed_columns_set(
                actor=request.actor,
                now=request.now,
                import_id=import_id,
                columns=form.columns(),
                tthc_id=form.cleaned_data["tthc"],
                variant=form.cleaned_data.get("variant", ""),
            )
            return redirect("cases:fed_file", import_id)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
    return _file_page(request, file, form)


@require_POST
@once
def fed_begin(request: HttpRequest, import_id: int) -> HttpResponse:
    """Hand the file to the worker."""
    services.fed_start(actor=request.actor, now=request.now, import_id=import_id)
    return redirect("cases:fed_file", import_id)


def _form(request: HttpRequest, file: FedFile, data: Any = None) -> FedColumnsForm:
    lines = procedures.tthc_lines(agency_id=request.actor.agency_id, only_in_force=True)
    return FedColumnsForm(
        data,
        heads=file.heads,
        columns=file.columns,
        tthc=[(line.id, f"{line.code} {line.name}"[:120].strip()) for line in lines],
        variants=_variants(request.actor.agency_id),
        initial={"tthc": file.tthc_id, "variant": file.variant},
    )


def _variants(agency_id: int) -> list[tuple[str, str]]:
    """Return the procedures of every TTHC that has several in force: (code or case, words)."""
    found = procedures.procedures_in_force(agency_id)
    several = Counter(one.tthc_id for one in found)
    return [
        (one.code or one.variant, f"{one.code} {one.variant or one.title}"[:120].strip())
        for one in found
        if several[one.tthc_id] > 1
    ]


def _file_page(request: HttpRequest, file: FedFile, form: FedColumnsForm | None) -> HttpResponse:
    status = 422 if form is not None else 200
    if form is None and file.state == "looked" and file.forgotten_at is None:
        form = _form(request, file)
    faults = file.report.get("refused", [])
    context = {
        "file": file,
        "days": queries.fed_file_days(),
        "form": form,
        "columns": form.rows(file.sample) if form is not None else [],
        "report": file.report if "cases" in file.report else None,
        "faults": faults[:FAULTS_SHOWN],
        "faults_left": max(0, len(faults) - FAULTS_SHOWN),
        "faults_count": len(faults),
        "trial_rows": min(file.rows, services.MOST_TRIED),
    }
    return pages.render(request, "cases/fed_file.html", context, status=status)
