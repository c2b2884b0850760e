"""Files of a revision: the model as BPMN, the Word file it came from."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from nep.apps.procedures import queries
from nep.apps.procedures.rules.by_hand import spare_lanes
from nep.apps.procedures.rules.restored import model_of
from nep.foundation.files import queries as files
from nep.kernel.errors import NotFound


def bpmn_file(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Give the graph as BPMN 2.0 with its diagram and what its file said beside the table."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency_id)
    keys = [step.role for step in page.draft.table.steps] + [*spare_lanes(page.draft.places)]
    names = queries.role_texts(agency_id=agency_id, keys=keys)
    draft = page.draft
    data = model_of(draft, names)
    name = f"{page.revision.code} {page.revision.number}.bpmn"
    return _attachment(data, name, "application/xml")


def original_file(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Give the Word file that the revision was read from."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency_id)
    if page.revision.original_file_id is None:
        raise NotFound("no_original", "Bản này không đọc từ tệp nào.")
    facts = files.facts(page.revision.original_file_id)
    if facts.agency_id != agency_id:
        raise NotFound()
    return _attachment(files.read(facts.id), facts.name, facts.content_type)


def _attachment(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
