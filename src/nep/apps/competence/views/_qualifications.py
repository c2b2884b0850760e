"""Who may audit: the list of certificates, a new one, one taken out of use."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.competence import queries, services
from nep.apps.competence.forms import QualificationForm, ReasonForm
from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import file_answer
from nep.foundation.web.once import once


def auditors(request: HttpRequest, form: QualificationForm | None = None) -> HttpResponse:
    """Show who may audit, with every certificate and how long it holds."""
    found = queries.qualifications(agency_id=who(request).agency_id, today=today_of(request))
    may_manage = bool(may(who(request), "competence.manage"))
    if form is None and may_manage:
        form = QualificationForm(people=people_choices(request), initial={"kind": "auditor"})
    context = {"page": found, "form": form, "may_manage": may_manage}
    return pages.render(request, "competence/auditors.html", context, status=status_of(form))


@once
def qualification_add(request: HttpRequest) -> HttpResponse:
    """Enter a certificate."""
    if request.method != "POST":
        return redirect("competence:auditors")
    form = QualificationForm(request.POST, request.FILES, people=people_choices(request))

    def act() -> None:
        services.qualification_add(actor=who(request), values=form.values(), now=when(request))

    if did(form, act):
        return done(request, _("Đã ghi chứng chỉ."), "competence:auditors")
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
