"""What a case's page says of its papers."""

from django.http import HttpRequest

from nep.apps.cases.queries import given
from nep.apps.cases.rules import form_fields
from nep.apps.cases.views._ground import who

_FILES = {
    form_fields.RECEIPT: "cases:receipt_file",
    form_fields.REFUSAL: "cases:refusal_file",
    form_fields.APOLOGY: "cases:apology_file",
    form_fields.STOP: "cases:stop_file",
}


def unprinted(request: HttpRequest, case_id: int) -> list[tuple[str, str, str]]:
    """Return (form, its name, its address) of papers that are given out when first printed."""
    found = given.papers_missing(actor=who(request), case_id=case_id)
    return [(form, name, _FILES[form]) for form, name in found]
