"""The controlled forms of a step, filled from its case: made on the spot, nothing is kept."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nep.apps.cases.models import Case, CaseStepData, StepRun
from nep.apps.cases.queries._forms import applicant_of
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.rules import step_data
from nep.apps.cases.services._finding import case_of
from nep.apps.documents import queries as documents
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.foundation.printing.office import office_pdf
from nep.foundation.printing.office_bounds import NotMade
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import date_text, local

Ending = Literal["pdf", "docx"]


@dataclass(frozen=True, slots=True)
class MadeForm:
    """A filled form as a file."""

    name: str
    data: bytes


def step_form(
    *, actor: Actor, case_id: int, run_id: int, document_id: int, ending: Ending, now: datetime
) -> MadeForm:
    """Return a form that a step names, in its version in force, filled from the case.

    What the case does not know stays a dotted line for the pen. Who may see the applicant is
    asked, and each look recorded, by the address. Raises NotFound; Refusal("form_retired",
    "form_not_word", "office_…").
    """
    case = case_of(actor, case_id)
    run = StepRun.objects.filter(pk=run_id, case=case).first()
    if run is None:
        raise NotFound()
    carried = procedures.carried_of(followed(case).hash_at(run.pk), run.node)
    if document_id not in {form.document_id for form in carried.forms}:
        raise NotFound()
    made = documents.form_printed(
        actor=actor, document_id=document_id, values=case_tags(case), today=local(now).date()
    )
    name = f"{made.code} {case.code}".replace("/", "-")
    if ending == "docx":
        return MadeForm(f"{name}.docx", made.data)
    try:
        return MadeForm(f"{name}.pdf", office_pdf(made.data, kind="docx"))
    except NotMade as reason:
        raise Refusal(reason.code, reason.message) from reason


def case_tags(case: Case) -> dict[str, str]:
    """Return what a form may print of a case, by the names of its tags; data fields by theirs."""
    applicant = applicant_of(case.pk)
    due = case.result_due_at
    tags = {
        "ma_ho_so": case.code,
        "ten_thu_tuc": case.tthc_name,
        "ma_thu_tuc": case.tthc_code,
        "ngay_tiep_nhan": date_text(local(case.received_at).date()),
        "ngay_hen_tra": date_text(local(due).date()) if due else "",
        "nguoi_nop": applicant.name,
        "so_dinh_danh": applicant.identity,
        "dien_thoai": applicant.phone,
        "thu_dien_tu": applicant.email,
        "dia_chi": applicant.address,
    }
    versions = followed(case)
    for row in CaseStepData.objects.filter(case=case).order_by("id"):
        fields = procedures.carried_of(versions.hash_at(row.run_id), row.node).fields
        values = json.loads(row.values)
        for one in fields:
            if one.name in values:
                tags[one.name] = step_data.value_said(one, values[one.name])
    return tags
