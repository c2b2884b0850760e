"""Who may audit: the list of certificates, a new one, one taken out of use."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.competence import queries, services
from nep.apps.competence.forms import QualificationForm, ReasonForm
from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import file_answer
from nep.foundation.web.once import once
from nep.kernel.text import whole_number


def auditors(request: HttpRequest, form: QualificationForm | None = None) -> HttpResponse:
    """Show who may audit, with every certificate and how long it holds."""
    found = queries.qualifications(agency_id=who(request).agency_id, today=today_of(request))
    may_manage = bool(may(who(request), "competence.manage"))
    if form is None and may_manage:
        form = QualificationForm(people=people_choices(request), initial=_begin(request, found))
    context = {
        "page": found, "form": form, "may_manage": may_manage,
        "is_open": "them" in request.GET or not found.lines,
    }  # fmt: skip
    return pages.render(request, "competence/auditors.html", context, status=status_of(form))


def _begin(request: HttpRequest, found: queries.Qualifications) -> dict[str, Any]:
    """Return what a certificate begins with: after another one, the course that they share."""
    start: dict[str, Any] = {"kind": "auditor"}
    known = whole_number(request.GET.get("them", ""))
    last = next((one for one in found.lines if one.id == known), None)
    if last is not None:
        start |= {"course": last.course, "given_by": last.given_by, "given_on": last.given_on,
                  "valid_until": last.valid_until}  # fmt: skip
    return start


@once
def qualification_add(request: HttpRequest) -> HttpResponse:
    """Enter a certificate."""
    if request.method != "POST":
        return redirect("competence:auditors")
    form = QualificationForm(request.POST, request.FILES, people=people_choices(request))

    made: list[int] = []

    @transaction.atomic
    def act() -> None:
        for values in form.values():
            made.append(
                services.qualification_add(actor=who(request), values=values, now=when(request))
            )

    if did(form, act):
        done(request, _("Đã ghi chứng chỉ."), "competence:auditors")
        return redirect(f"{reverse('competence:auditors')}?them={made[0]}#them")
    return auditors(request, form)


@once
def qualification_end(request: HttpRequest, qualification_id: int) -> HttpResponse:
    """Take a certificate out of use."""
    line = queries.qualification_line(
        actor=who(request), qualification_id=qualification_id, today=today_of(request)
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        services.qualification_end(
            actor=who(request), qualification_id=qualification_id, now=when(request),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Chứng chỉ đã thôi dùng."), "competence:auditors")
    context = {"line": line, "form": form}
    return pages.render(
        request, "competence/qualification_end.html", context, status=status_of(form)
    )


def qualification_file(request: HttpRequest, qualification_id: int) -> HttpResponse:
    """Give the picture of a certificate."""
    file_id = queries.qualification_file(actor=who(request), qualification_id=qualification_id)
    return file_answer(file_id)
