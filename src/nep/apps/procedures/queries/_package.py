"""The controlled forms that the steps of a procedure name, as the library has them now."""

from nep.apps.documents import queries as documents
from nep.apps.documents.queries import NamedForm
from nep.apps.procedures.queries._procedures import ProcedurePage


def named_forms_of(page: ProcedurePage) -> tuple[NamedForm, ...]:
    """Return the forms that the steps name and those below the document, by code."""
    ids = {form.document_id for one in page.draft.carried.values() for form in one.forms}
    found = documents.named_forms(
        agency_id=page.revision.agency_id, ids=ids, parent_id=page.revision.document_id
    )
    return tuple(sorted(found.values(), key=lambda form: form.code))
