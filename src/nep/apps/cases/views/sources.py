"""Pages of the other systems that send cases: set up, a key shown once, what they sent."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.cases.forms.sources import RuleForm, SourceForm
from nep.apps.cases.queries import sources as queries
from nep.apps.cases.services import sources as services
from nep.apps.cases.services.sources import SourceKey
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.procedures import queries as procedures
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal

RECENT = timedelta(days=30)


def sources(request: HttpRequest) -> HttpResponse:
    """List the sources; set one up. A new key is shown in this answer and never again."""
    form = SourceForm(request.POST or None, tthc=_tthc(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.source_create(
                actor=who(request), now=when(request), name=form.cleaned_data["name"],
                way=form.cleaned_data["way"], tthc_id=form.cleaned_data["tthc"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            if not made.secret:
                return redirect("cases:source", made.source_id)
            return _page(request, made)
    context = {
        "form": form,
        "sources": queries.source_lines(actor=who(request), since=when(request) - RECENT),
    }
    status = 422 if form.is_bound and form.errors else 200
    return pages.render(request, "cases/sources.html", context, status=status)


@once
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Show one source: its address, its last deliveries and errors, its rules; set a rule."""
    form = RuleForm(request.POST or None, tthc=_tthc(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.source_rule_set(
                actor=who(request), now=when(request), source_id=source_id,
                by=form.cleaned_data["by"], text=form.cleaned_data["text"],
                tthc_id=form.cleaned_data["tthc"], step=form.cleaned_data["step"],
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã lưu luật khớp; các lần gửi sau khớp theo."))
            return redirect("cases:source", source_id)
    return _page(request, SourceKey(source_id, "", ""), form)


@require_POST
def source_key(request: HttpRequest, source_id: int) -> HttpResponse:
    """Give a source a new key, shown in this answer and never again."""
    made = services.source_key_renew(actor=who(request), now=when(request), source_id=source_id)
    return _page(request, made)


@require_POST
@once
def source_close(request: HttpRequest, source_id: int) -> HttpResponse:
    """Switch a source off."""
    services.source_close(actor=who(request), now=when(request), source_id=source_id)
    messages.success(request, _("Đã tắt nguồn. Hồ sơ đã nhận từ nguồn này vẫn giữ nguyên."))
    return redirect("cases:source", source_id)


@require_POST
@once
def source_wording(request: HttpRequest, source_id: int, wording_id: int) -> HttpResponse:
    """Forget what words of a source were said to mean."""
    services.source_wording_remove(
        actor=who(request), now=when(request), source_id=source_id, wording_id=wording_id
    )
    messages.success(request, _("Đã bỏ cách khớp này; các lần gửi sau khớp theo tên bước."))
    return redirect("cases:source", source_id)


def _tthc(request: HttpRequest) -> list[tuple[int, str]]:
    lines = procedures.tthc_lines(agency_id=who(request).agency_id, only_in_force=True)
    return [(line.id, f"{line.code} {line.name}"[:120].strip()) for line in lines]


def _page(request: HttpRequest, made: SourceKey, form: RuleForm | None = None) -> HttpResponse:
    found = queries.source_page(actor=who(request), source_id=made.source_id)
    agency = organization.agency(who(request).agency_id)
    folder = settings.NEP.intake_folder
    form = form or RuleForm(tthc=_tthc(request))
    context = {
        "source": found,
        "form": form,
        "secret": made.secret,
        "address": f"{settings.NEP.public_address}/api/nguon/{found.key_id}/ho-so/",
        "folder": f"{folder}/{agency.code}/{found.folder}/" if folder else "",
    }
    status = 422 if form.is_bound and form.errors else 200
    answer = pages.render(request, "cases/source.html", context, status=status)
    if made.secret:
        answer["Cache-Control"] = "no-store"
    return answer
