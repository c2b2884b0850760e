"""The publisher's side: holding a procedure out, and adoption and drift over all agencies."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.adoption import queries, rules, services
from nep.apps.adoption.forms import PublishForm
from nep.apps.adoption.views._library import may_publish
from nep.apps.adoption.views._model import steps_of
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.procedures import queries as procedures
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound
from nep.kernel.text import whole_number


@once
def publish(request: HttpRequest) -> HttpResponse:
    """Choose a procedure in force, say what it leaves open, and hold it out as a model."""
    actor = who(request)
    asked = request.POST if request.method == "POST" else request.GET
    agency_id = whole_number(asked.get("co-quan", "")) or actor.agency_id
    revision_id = whole_number(asked.get("ban", ""))
    lines = queries.sources(actor=actor, agency_id=agency_id)
    context = {
        "agencies": queries.source_agencies(actor=actor),
        "agency_id": agency_id,
        "lines": lines,
        "may_publish": may_publish(request),
    }
    if not revision_id:
        return pages.render(request, "adoption/sources.html", context)
    line = next((one for one in lines if one.revision_id == revision_id), None)
    if line is None:
        raise NotFound()
    draft = procedures.version_draft(revision_id=revision_id, agency_id=agency_id)
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        form_names=rules.form_names(draft),
        initial={"audience": _audience(agency_id)},
    )
    made: list[int] = []

    def act() -> None:
        made.append(
            services.model_publish(
                actor=actor, source_agency_id=agency_id, revision_id=revision_id,
                values=form.values(), now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã công bố mẫu."), "adoption:model", made[0])
    keys = list(rules.role_keys(draft))
    words = procedures.role_texts(agency_id=agency_id, keys=keys)
    context |= {
        "line": line, "form": form, "steps": steps_of(rules.for_adopters(draft), words),
        "agency": organization.agency(agency_id).name,
    }  # fmt: skip
    return pages.render(request, "adoption/publish.html", context, status=status_of(form))


def _audience(agency_id: int) -> str:
    kind = organization.agency(agency_id).kind
    return "communes" if kind in rules.COMMUNES else "departments"


def oversight(request: HttpRequest) -> HttpResponse:
    """Show adoption and drift of the agency's models over all agencies."""
    actor = who(request)
    found = queries.oversight(actor=actor, after=request.GET.get("sau", "")[:90])
    agency_id = whole_number(request.GET.get("co-quan", ""))
    shown = next((one for one in found.agencies if one.agency_id == agency_id), None)
    if agency_id and shown is None:
        raise NotFound()
    context = {
        "page": found,
        "heading": _headline(found),
        "next_url": f"?{urlencode({'sau': found.next_after})}" if found.next_after else "",
        "shown": shown,
        "lines": queries.adoptions_of_agency(actor=actor, agency_id=agency_id) if shown else (),
        "may_publish": may_publish(request),
    }
    return pages.render(request, "adoption/oversight.html", context)


def _headline(found: queries.Oversight) -> str:
    if not found.model_count:
        return _("Cơ quan chưa công bố quy trình mẫu nào")
    if found.drifted:
        return _("%(n)s lượt áp dụng có bản mới chưa trả lời, ở %(agencies)s cơ quan") % {
            "n": found.drifted, "agencies": sum(1 for one in found.agencies if one.drifted),
        }  # fmt: skip
    if not found.adopted:
        return _("%(n)s mẫu đã công bố, chưa cơ quan nào áp dụng") % {"n": found.model_count}
    return _("%(n)s cơ quan theo %(m)s mẫu, không lượt nào chờ trả lời") % {
        "n": len(found.agencies), "m": found.model_count,
    }  # fmt: skip
