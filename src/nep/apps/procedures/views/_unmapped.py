"""Who the responsible texts of imported procedures are: all drafts at once."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.procedures import queries, services
from nep.foundation.web import pages
from nep.foundation.web.acting import done, today_of, when
from nep.foundation.web.lists import offset_of, paging_of
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal

PAGE = 30  # each line carries every role of the agency


@once
def responsibles(request: HttpRequest) -> HttpResponse:
    """Show the texts that wait for a role; give the chosen ones to every draft."""
    actor = who(request)
    refusal: Refusal | None = None
    if request.method == "POST":
        texts, roles = request.POST.getlist("text"), request.POST.getlist("role")
        try:
            told = services.roles_map(
                actor=actor, choices=dict(zip(texts, roles, strict=False)), now=when(request)
            )
        except Refusal as caught:
            if caught.status != Refusal.status:
                raise
            refusal = caught
        else:
            words = _("Đã giao %(texts)s cách ghi cho %(steps)s bước.")
            counts = {"texts": told[0], "steps": told[1]}
            return done(request, words % counts, "procedures:responsibles")
    lines = queries.unmapped_lines(agency_id=actor.agency_id, today=today_of(request))
    options = queries.role_options(agency_id=actor.agency_id, today=today_of(request))
    offset = min(offset_of(request), max(0, len(lines) - 1)) // PAGE * PAGE
    shown = lines[offset : offset + PAGE]
    context = {
        "lines": shown,
        "options": options if shown else (),
        "paging": paging_of(
            offset=offset, shown=len(shown), found=len(lines), page=PAGE, values={}
        ),
        "steps": sum(one.steps for one in lines),
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return pages.render(request, "procedures/responsibles.html", context, status=status)
