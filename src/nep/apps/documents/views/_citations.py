"""External documents that a document names, and the warning when one has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from nep.apps.documents import queries, services
from nep.apps.documents.queries import DocumentPage
from nep.apps.documents.views._panels import add_panel
from nep.apps.legal import queries as legal
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web.acting import done, today_of, when
from nep.foundation.web.once import once
from nep.kernel.text import whole_number

_KEPT = "nep_citations"


def _warned(request: HttpRequest, page: DocumentPage) -> legal.Warned:
    """Return what a document cites, asked once for the tab and the warning of one page."""
    known = request.__dict__.get(_KEPT)
    if known is None or known[0] != page.id:
        objects = [("document", page.id), ("step", page.id)]
        found = legal.citations_of(
            agency_id=page.agency_id, objects=objects, today=today_of(request)
        )
        known = request.__dict__[_KEPT] = (page.id, found)
    return known[1]


def _tab(request: HttpRequest, page: DocumentPage) -> str:
    actor = who(request)
    may_cite = bool(may(actor, "document.draft") or may(actor, "document.manage"))
    context = {
        "page": page,
        "lines": _warned(request, page).lines,
        "choices": legal.choices(actor=actor, today=today_of(request)) if may_cite else (),
        "may_cite": may_cite,
    }
    return render_to_string("documents/citations_tab.html", context, request)


def _warning(request: HttpRequest, page: DocumentPage) -> str:
    warned = _warned(request, page)
    if not warned.expired:
        return ""
    return render_to_string(
        "documents/citations_card.html", {"page": page, "warned": warned}, request
    )


@once
def cite(request: HttpRequest, document_id: int) -> HttpResponse:
    """Add an external document to what a document names."""
    actor = who(request)
    queries.document_page(actor=actor, document_id=document_id)
    typed = request.POST.get("external", "")[:200]
    if request.method != "POST" or not typed.strip():
        return redirect("documents:page", document_id)
    external_id = legal.chosen(actor=actor, typed=typed, today=today_of(request))
    services.document_cite(
        actor=actor, document_id=document_id, external_id=external_id, now=when(request)
    )
    return done(request, _("Đã ghi viện dẫn."), "documents:page", document_id)


def _asked(request: HttpRequest) -> int:
    text = request.POST.get("external", "")
    return whole_number(text)


@once
def uncite(request: HttpRequest, document_id: int) -> HttpResponse:
    """Take an external document out of what a document names."""
    queries.document_page(actor=who(request), document_id=document_id)
    if request.method != "POST" or not _asked(request):
        return redirect("documents:page", document_id)
    services.document_uncite(
        actor=who(request), document_id=document_id, external_id=_asked(request), now=when(request)
    )
    return done(request, _("Đã bỏ viện dẫn."), "documents:page", document_id)


add_panel("citations", _tab, place="tab", order=70, label="Viện dẫn")
add_panel("citations-warning", _warning, place="side", order=1)
