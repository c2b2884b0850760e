"""What a step names outside its procedure, looked up before the draft is changed."""

from dataclasses import replace

from nep.apps.documents import queries as documents
from nep.apps.organization.rules import Actor
from nep.apps.procedures.rules.edits import Edit
from nep.kernel.errors import Refusal


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
