"""Evidence packs: the list, a new one, its progress, its archive."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from nep.apps.conformity import queries, services
from nep.apps.conformity.forms import PackForm
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.foundation.files import queries as files
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


@once
def packs(request: HttpRequest) -> HttpResponse:
    """Show the packs of the agency; ask for one."""
    form = _form(request, request.POST if request.method == "POST" else None)
    made: list[int] = []

    def act() -> None:
        made.append(
            services.pack_start(
                actor=who(request), year=form.cleaned_data["year"], statements=form.statements(),
                now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đang gom bằng chứng."), "conformity:pack", made[0])
    context = {"page": queries.packs(actor=who(request)), "form": form}
    return pages.render(request, "conformity/packs.html", context, status=status_of(form))


def _form(request: HttpRequest, data: Any) -> PackForm:
    today = today_of(request)
    first = max(organization.agency(who(request).agency_id).valid_from.year, today.year - 4)
    years = list(range(today.year, min(first, today.year) - 1, -1))
    return PackForm(data, years=years, points=queries.pack_points(), initial={"year": today.year})


def pack(request: HttpRequest, pack_id: int) -> HttpResponse:
    """Show one pack: how far it is, what it holds, what is missing."""
    page = queries.pack_page(actor=who(request), pack_id=pack_id)
    return pages.render(request, "conformity/pack.html", {"page": page, "line": page.line})


def pack_archive(request: HttpRequest, pack_id: int) -> HttpResponseBase:
    """Give the archive of a pack, block by block."""
    page = queries.pack_page(actor=who(request), pack_id=pack_id)
    if page.file_id is None:
        raise NotFound("pack_unfinished", "Gói này chưa lập xong.")
    facts = files.facts(page.file_id)
    answer = FileResponse(
        files.opened(page.file_id), content_type="application/zip",
        as_attachment=True, filename=facts.name,
    )  # fmt: skip
    answer["Content-Length"] = str(facts.size)
    answer["Cache-Control"] = "private, no-store"
    return answer
