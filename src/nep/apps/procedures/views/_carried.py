"""What a step carries, for its dialog and for its row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from nep.apps.documents import queries as documents
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.carried import KIND_NAMES, NOTHING, Carried
from nep.apps.procedures.rules.condition_words import labels_of
from nep.apps.procedures.rules.differences import field_facts, record_said
from nep.apps.records import queries as records
from nep.foundation.web.acting import today_of


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """What a row says of what its step carries."""

    forms: tuple[str, ...]
    record: str
    fields: tuple[str, ...]


def carried_lines(carried: Mapping[str, Carried]) -> dict[str, CarriedLine]:
    """Return what every step carries in words, by step."""
    return {
        step: CarriedLine(
            tuple(f"{form.code} {form.title}".strip() for form in one.forms),
            record_said(one.record),
            tuple(field.label for field in one.fields),
        )
        for step, one in carried.items()
        if one
    }


def carried_panel(request: HttpRequest, page: ProcedurePage, step: str) -> dict[str, Any]:
    """Return what the dialog of a step shows of what the step carries, choices included."""
    actor = who(request)
    one = page.draft.carried.get(step, NOTHING)
    known = documents.named_forms(
        agency_id=actor.agency_id, ids=[form.document_id for form in one.forms]
    )
    labels = labels_of(page.draft.carried)
    context: dict[str, Any] = {
        "carried": one,
        "carried_forms": [(form, known.get(form.document_id)) for form in one.forms],
        "carried_fields": [(field, field_facts(field, labels)) for field in one.fields],
        "carried_record": record_said(one.record),
        "field_kinds": KIND_NAMES.items(),
    }
    if page.revision.state == "draft" and may(actor, "procedure.draft"):
        named = {form.document_id for form in one.forms}
        choices = documents.form_choices(actor=actor)
        context["form_choices"] = [choice for choice in choices if choice[0] not in named]
        context["series"] = records.series_terms(actor=actor, year=today_of(request).year)
    return context
