"""The forms that go with a procedure, and what the version changes, on its page."""

from typing import Any

from django.http import HttpRequest

from nep.apps.documents import queries as documents
from nep.apps.documents import rules as life
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.procedures import queries
from nep.apps.procedures.queries import ProcedurePage

FEW = 4


def package_of(request: HttpRequest, page: ProcedurePage) -> dict[str, Any]:
    """Return the forms of the package, those that may go along, and the first differences."""
    revision = page.revision
    context: dict[str, Any] = {
        "package": documents.package_parts(revision_id=revision.id, agency_id=revision.agency_id),
        "may_ask_change": bool(may(who(request), "document.ask")),
    }
    if revision.state == life.DRAFT:
        known = queries.named_forms_of(page)
        context["package_choices"] = [one for one in known if one.draft_id]
    if revision.state in {life.SUBMITTED, life.CHECKED} and page.in_force is not None:
        found = queries.compared_versions(
            agency_id=revision.agency_id, revision_id=revision.id, with_id=page.in_force.id
        ).found
        told = sorted(
            found, key=lambda one: not one.step
        )  # the work first, then the words around it
        context["change_lines"] = [one.words for one in told[:FEW]]
        context["change_more"] = max(0, len(found) - FEW)
    return context
