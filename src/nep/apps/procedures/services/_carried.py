"""What a step names outside its procedure, looked up before the draft is changed."""

from dataclasses import replace

from nep.apps.documents import queries as documents
from nep.apps.organization.rules import Actor
from nep.apps.procedures.models import Procedure
from nep.apps.procedures.queries import VersionFacts, procedures_in_force, version
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits import Answer, Changed, Edit
from nep.apps.procedures.rules.other_rows import NUMBER
from nep.apps.procedures.rules.table import Step
from nep.bpmn import Called, Limit
from nep.kernel.decisions import Refused
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import whole_number

CALLING = frozenset({"add_call", "call_put"})


def with_known_form(actor: Actor, edit: Edit) -> Edit:
    """Return the edit with the code and title of the form it names, as the library has them.

    Raises Refusal("form_missing") for what is no form that the actor may see.
    """
    if edit.do != "form_attach":
        return edit
    asked = edit.text("document")
    document_id = whole_number(asked)
    found = documents.form_name(actor=actor, document_id=document_id) if document_id else None
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
    itself; Refusal("call_applicant") where nobody applies but the other one needs an applicant.
    """
    if edit.do not in CALLING:
        return edit
    asked = edit.text("procedure")
    try:
        found = version(revision_id=whole_number(asked), agency_id=actor.agency_id)
    except NotFound:
        found = None
    if found is None or found.state != "in_force" or found.procedure_id == procedure_id:
        raise Refusal(
            "call_missing",
            "Hãy chọn một quy trình khác đang có hiệu lực của cơ quan.",
            field="procedure",
        )
    if not found.is_internal and _is_internal(procedure_id):
        raise Refusal("call_applicant", _needs_applicant(found), field="procedure")
    amount = "" if found.limit_amount is None else f"{found.limit_amount.normalize():f}"
    values = {
        "code": found.code, "title": found.title, "number": found.number,
        "version_hash": found.content_hash, "limit_amount": amount, "limit_unit": found.limit_unit,
        "name": edit.values.get("name", ""),
    }  # fmt: skip
    return replace(edit, values=values)


def with_drawn_calls(actor: Actor, before: Draft, answer: Answer, procedure_id: int) -> Answer:
    """Return a drawing's answer with what the table keeps of every procedure newly run: issue, time.

    Two queries where a call was drawn or changed, else none. Codes: `call_missing`, for what is not
    in force in the agency and for the procedure itself; `call_applicant`; a call without a procedure
    may be chosen later.
    """
    if isinstance(answer, Refused):
        return answer
    known = {step.id: step.called for step in before.table.steps}
    table = answer.draft.table
    drawn = {one.id for one in table.steps if one.called and one.called != known.get(one.id)}
    if not drawn:
        return answer
    versions = {
        one.content_hash: one
        for one in procedures_in_force(actor.agency_id)
        if one.procedure_id != procedure_id
    }
    is_internal = _is_internal(procedure_id)
    steps = []
    for step in table.steps:
        if step.id not in drawn or step.called is None:
            steps.append(step)
            continue
        found = versions.get(step.called.version)
        if found is None:
            message = f"Hãy chọn cho “{step.name}” một quy trình khác đang có hiệu lực của cơ quan."
            return Refused("call_missing", message)
        if is_internal and not found.is_internal:
            return Refused("call_applicant", _needs_applicant(found))
        steps.append(_running(step, found))
    draft = replace(answer.draft, table=replace(table, steps=tuple(steps)))
    return Changed(draft, answer.text)


def _is_internal(procedure_id: int) -> bool:
    return Procedure.objects.filter(pk=procedure_id, tthc__is_internal=True).exists()


def _needs_applicant(found: VersionFacts) -> str:
    return (
        f"{found.code} cần người nộp, mà hồ sơ của quy trình nội bộ không có ai nộp. "
        "Hãy chọn một quy trình nội bộ."
    )


def _running(step: Step, found: VersionFacts) -> Step:
    amount, unit = found.limit_amount, found.limit_unit
    called = Called(found.code, found.content_hash)
    limit = Limit(amount, unit) if amount else None
    return replace(step, called=called, limit=limit, untimed=False).with_fact(NUMBER, found.number)
