"""What a case's page says of its papers."""

from collections.abc import Iterable

from nep.apps.cases.queries import CasePage
from nep.apps.cases.queries.given import GivenLine
from nep.apps.cases.rules import form_fields
from nep.apps.cases.rules.statuses import OUTCOME_NAMES

_FILES = {
    form_fields.RECEIPT: "cases:receipt_file",
    form_fields.REFUSAL: "cases:refusal_file",
    form_fields.APOLOGY: "cases:apology_file",
    form_fields.STOP: "cases:stop_file",
}
_ENDS = {
    OUTCOME_NAMES["refused"]: form_fields.REFUSAL,
    OUTCOME_NAMES["stopped"]: form_fields.STOP,
}


def unprinted(
    page: CasePage, given: Iterable[GivenLine], *, is_extended: bool
) -> list[tuple[str, str, str]]:
    """Return (form, its name, its address) of what a case should have and was never printed.

    Cases older than the book and cases of other systems; printing gives the paper out.
    """
    if page.is_internal:
        return []
    wanted = []
    if page.accepted_at is not None and not page.is_at_once:
        wanted.append(form_fields.RECEIPT)
    if is_extended:
        wanted.append(form_fields.APOLOGY)
    if page.origin == "run" and page.outcome in _ENDS:
        wanted.append(_ENDS[page.outcome])
    known = {one.form for one in given}
    return [
        (form, form_fields.FORM_NAMES[form], _FILES[form]) for form in wanted if form not in known
    ]
