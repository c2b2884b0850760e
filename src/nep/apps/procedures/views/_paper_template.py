"""The page of the agency's own Word template for procedures."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.organization.queries import who
from nep.apps.procedures import queries, services
from nep.foundation.web import pages
from nep.foundation.web.acting import done, when
from nep.foundation.web.answers import given
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal


@once
def paper_template(request: HttpRequest) -> HttpResponse:
    """Show the template in use and its tags; take another one."""
    actor = who(request)
    refusal: Refusal | None = None
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Refusal("no_file", _("Hãy chọn tệp mẫu .docx."), field="file")
            services.paper_template_set(
                actor=actor, name=file.name or "", data=file.read(), now=when(request)
            )
            return done(
                request, _("Từ nay quy trình in theo mẫu này."), "procedures:paper_template"
            )
        except Refusal as error:
            if error.status != Refusal.status:
                raise
            refusal = error
    context = {
        "template": queries.paper_template(actor.agency_id),
        "tags": queries.template_tags(),
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return pages.render(request, "procedures/paper_template.html", context, status=status)


@require_POST
@once
def paper_template_drop(request: HttpRequest) -> HttpResponse:
    """Go back to the product's paper."""
    services.paper_template_drop(actor=who(request), now=when(request))
    return done(request, _("Quy trình in theo mẫu chung."), "procedures:paper_template")


def paper_template_file(request: HttpRequest) -> HttpResponse:
    """Give the template in use."""
    data = queries.paper_template_file(who(request).agency_id)
    return given(data, name="mau-quy-trinh-rieng", ending="docx")


def paper_template_start(request: HttpRequest) -> HttpResponse:
    """Give a Word file with every tag, to begin a template from."""
    return given(queries.starting_template(), name="mau-quy-trinh-co-the", ending="docx")
