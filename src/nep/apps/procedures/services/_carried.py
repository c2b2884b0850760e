"""What a step names outside its procedure, looked up before the draft is changed."""

from dataclasses import replace

from nep.apps.documents import queries as documents
from nep.apps.organization.rules import Actor
from nep.apps.procedures.queries import version
from nep.apps.procedures.rules.edits import Edit
from nep.kernel.errors import NotFound, Refusal

CALLING = frozenset({"add_call", "call_put"})


def with_known_form(actor: Actor, edit: Edit) -> Edit:
    """Return the edit with the code and title of the form it names, as the library has them.

    Raises Refusal("form_missing") for what is no form that the actor may see.
    """
    if edit.do != "form_attach":
        return edit
    asked = edit.text("document")
    found = None
    if asked.isdigit() and len(asked) < 20:
        found = documents.form_name(actor=actor, document_id=int(asked))
    if found is None:
        raise Refusal(
            "form_missing",
            "Hãy chọn một biểu mẫu trong thư viện của cơ quan.",
            field="document",
        )
    return replace(edit, values={"document": asked, "code": found[0], "title": found[1]})


def with_called_version(actor: Actor, edit: Edit, procedure_id: int) -> Edit:
    """Return the edit with the version in force of the procedure that a row is to run.

    Raises Refusal("call_missing") for what is not in force in the agency, and for the procedure
    itself.
    """
    if edit.do not in CALLING:
        return edit
    asked = edit.text("procedure")
    try:
        known = asked.isascii() and asked.isdigit() and len(asked) < 20
        found = version(revision_id=int(asked), agency_id=actor.agency_id) if known else None
    except NotFound:
        found = None
    if found is None or found.state != "in_force" or found.procedure_id == procedure_id:
        raise Refusal(
            "call_missing",
            "Hãy chọn một quy trình khác đang có hiệu lực của cơ quan.",
            field="procedure",
        )
    amount = "" if found.limit_amount is None else f"{found.limit_amount.normalize():f}"
    values = {
        "code": found.code, "title": found.title, "number": found.number,
        "version_hash": found.content_hash, "limit_amount": amount, "limit_unit": found.limit_unit,
        "name": edit.values.get("name", ""),
    }  # fmt: skip
    return replace(edit, values=values)
