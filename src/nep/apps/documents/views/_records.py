"""The records that a document left: its published revisions, what was filled in."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nep.apps.documents import queries
from nep.apps.documents.queries import DocumentPage
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.records.queries import records_of_source

SHOWN = 8


def _card(request: HttpRequest, page: DocumentPage) -> str:
    if not may(who(request), "record.see"):
        return ""
    lines = records_of_source(
        agency_id=page.agency_id, source_type="revision",
        source_ids=[one.id for one in page.revisions],
    )  # fmt: skip
    filled = [
        one.id for one in queries.filled_lines(actor=who(request), document_id=page.id)
    ] if page.kind == "form" else []  # fmt: skip
    if filled:
        lines += records_of_source(agency_id=page.agency_id, source_type="form", source_ids=filled)
    if not lines:
        return ""
    context = {"lines": lines[:SHOWN], "more": max(0, len(lines) - SHOWN)}
    return render_to_string("documents/records_card.html", context, request)


add_panel("records", _card, place="side", order=40)
