"""The page on which an agency says how long its people have to read."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import ReadingTermForm
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once


@once
def reading_term(request: HttpRequest) -> HttpResponse:
    """Show the reading term of the agency; set it."""
    actor = who(request)
    known = queries.reading_term(actor.agency_id)
    form = ReadingTermForm(
        request.POST if request.method == "POST" else None,
        initial={"days": known.days, "version": known.version},
    )
    if request.method == "POST" and did(
        form, lambda: services.reading_term_set(actor=actor, now=when(request), **form.cleaned_data)
    ):
        return done(request, _("Đã lưu thời hạn đọc."), "documents:reading_term")
    context = {"term": known, "form": form, "mark": rules.READING_MARK}
    return pages.render(request, "documents/reading_term.html", context, status=status_of(form))
