"""The library of models, and adopting several at once."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from nep.apps.adoption import queries, rules, services
from nep.apps.adoption.queries import LibraryFilter, LibraryPage
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import done, when
from nep.foundation.web.once import once
from nep.kernel.text import whole_number

TABS = {
    "": gettext_lazy("Tất cả"),
    "free": gettext_lazy("Chưa áp dụng"),
    rules.DRIFTED: rules.STATE_NAMES[rules.DRIFTED],
    rules.CURRENT: rules.STATE_NAMES[rules.CURRENT],
    rules.DECLINED: rules.STATE_NAMES[rules.DECLINED],
}


def library(request: HttpRequest) -> HttpResponse:
    """Show the models meant for the agency and how it stands to each."""
    wanted = LibraryFilter.read(request.GET)
    found = queries.library(actor=who(request), wanted=wanted)
    values = wanted.values()
    kept = {name: value for name, value in values.items() if name != "loc"}
    context = {
        "page": found,
        "filter": wanted,
        "heading": _headline(found),
        "tabs": [
            {
                "name": name,
                "url": f"?{urlencode({**kept, 'loc': key} if key else kept)}",
                "is_here": key == wanted.state,
            }
            for key, name in TABS.items()
        ],
        "next_url": f"?{urlencode({**values, 'sau': found.next_after})}"
        if found.next_after
        else "",
        "is_filtered": bool(values or wanted.after),
        "may_adopt": bool(may(who(request), "model.adopt")),
        "has_free": any(line.adoption_id is None and not line.is_source for line in found.lines),
        "may_publish": may_publish(request),
    }
    part = "#list" if request.headers.get("HX-Target") == "ds-mau" else ""
    return pages.render(request, f"adoption/library.html{part}", context)


def may_publish(request: HttpRequest) -> bool:
    """Say whether the person may hold out models here."""
    kind = organization.agency(who(request).agency_id).kind
    return bool(may(who(request), "model.publish")) and kind in rules.PUBLISHERS


def _headline(found: LibraryPage) -> str:
    if found.drifted:
        return ngettext(
            "%(n)s mẫu có bản mới chờ cơ quan trả lời",
            "%(n)s mẫu có bản mới chờ cơ quan trả lời",
            found.drifted,
        ) % {"n": found.drifted}
    if found.adopted:
        return _("Đang theo %(n)s trong %(all)s quy trình mẫu, không mẫu nào chờ trả lời") % {
            "n": found.adopted, "all": max(found.total, found.adopted),
        }  # fmt: skip
    if found.total:
        return _("%(n)s quy trình mẫu có thể áp dụng") % {"n": found.total}
    if found.given:
        return _("%(n)s quy trình của cơ quan đang là mẫu, chưa có mẫu nào để áp dụng") % {
            "n": found.given
        }
    return _("Chưa có quy trình mẫu nào dành cho cơ quan")


@require_POST
@once
def adopt_many(request: HttpRequest) -> HttpResponse:
    """Adopt the models that were ticked; say which could not be and why."""
    ids = [key for one in request.POST.getlist("mau") if (key := whole_number(one))]
    made = services.models_adopt(actor=who(request), model_ids=ids, now=when(request))
    text = _("Đã áp dụng %(n)s mẫu, bản thảo chờ soạn tiếp.") % {"n": len(made.adopted)}
    if made.refused:
        said = "; ".join(f"{code}: {why}" for code, why in made.refused)
        text += " " + _("Không áp dụng được %(said)s") % {"said": said}
    return done(request, text, "adoption:library")
