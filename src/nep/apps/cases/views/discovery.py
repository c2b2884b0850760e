"""The page that proposes a procedure from the events of a file."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.cases import queries
from nep.apps.cases.forms.sources import DiscoveryForm
from nep.apps.cases.services.discovery import file_discovered, file_discovery_draft
from nep.apps.organization.queries import who
from nep.apps.procedures import queries as procedures
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal


@once
def discovery(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show the procedure that a file's events show; make a draft of it."""
    file = queries.fed_file(actor=who(request), import_id=import_id)
    found = file_discovered(actor=who(request), import_id=import_id, now=when(request))
    form = _form(request, file.name)
    if request.method == "POST" and form.is_valid():
        try:
            made = file_discovery_draft(
                actor=who(request), now=when(request), import_id=import_id,
                name=form.cleaned_data["name"], tthc_id=form.cleaned_data["tthc"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            said = _("Đã lập bản thảo từ nhật ký: chạy lại được %(share)s%% số hồ sơ.")
            messages.success(request, said % {"share": made.found.coverage})
            return redirect("procedures:revision", made.revision_id)
    context = {"file": file, "found": found, "form": form}
    status = 422 if form.is_bound and form.errors else 200
    return pages.render(request, "cases/discovery.html", context, status=status)


def _form(request: HttpRequest, name: str) -> forms.Form:
    lines = procedures.tthc_lines(agency_id=who(request).agency_id)
    return DiscoveryForm(
        request.POST or None,
        initial={"name": name.split(".")[0]},
        tthc=[(line.id, f"{line.code} {line.name}"[:120].strip()) for line in lines],
    )
