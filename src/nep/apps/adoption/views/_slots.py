"""What adoption shows on a procedure's page: the model it follows."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from nep.apps.adoption import queries
from nep.apps.organization.queries import who
from nep.apps.procedures.queries import ProcedurePage
from nep.foundation.web import slots


def followed_model(*, request: HttpRequest, page: ProcedurePage, **_what: Any) -> str:
    """Say which model a procedure follows and what of it may differ."""
    followed = queries.followed_by(procedure_id=page.procedure_id, agency_id=who(request).agency_id)
    if followed is None:
        return ""
    return render_to_string("adoption/_followed.html", {"followed": followed}, request=request)


slots.register("procedures.above", followed_model)
