"""The page of one document: what it is, who stood for it, and what each use case adds."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from nep.apps.documents import queries, rules, services
from nep.apps.documents.views._panels import add_panel, panels
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of, when


def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Show a document beside the list it was opened from, and note that it was opened."""
    actor, today = who(request), today_of(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    if page.shown is not None:
        services.access_note(
            actor=actor, revision_id=page.shown.id, what=rules.SEEN, now=when(request)
        )
    wanted = queries.LibraryFilter.read(request.GET)
    around = queries.library_around(actor=actor, filter=wanted, today=today, code=page.code)
    tabs = panels(request, page, place="tab")
    context = {
        "page": page,
        "shown": page.shown,
        "lines": around.lines,
        "filter": wanted,
        "kept": urlencode(wanted.values()),
        "tabs": tabs,
        "cards": panels(request, page, place="side"),
        "is_new": rules.is_new(page.in_force_since, today=today),
        "may_edit": bool(may(actor, "document.draft")) and page.kind != rules.PROCEDURE,
    }
    return pages.render(request, "documents/page.html", context)


def _forms_tab(request: HttpRequest, page: queries.DocumentPage) -> str:
    """List what stands below the document."""
    if not page.children:
        return ""
    return render_to_string("documents/page_children.html", {"page": page}, request)


def _revisions_card(request: HttpRequest, page: queries.DocumentPage) -> str:
    """List every issue of the document, newest first."""
    if not page.revisions:
        return ""
    return render_to_string("documents/page_revisions.html", {"page": page}, request)


add_panel("forms", _forms_tab, place="tab", order=30, label="Biểu mẫu, tài liệu kèm theo")
add_panel("revisions", _revisions_card, place="side", order=30)
