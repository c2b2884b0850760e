"""A procedure being amended by drawing: a step put between two on the diagram, and one dragged aside."""

import re
from datetime import datetime
from typing import Any

from nep.apps.procedures.queries import (
    ProcedurePage,
    procedure_lines,
    procedure_page,
    role_texts,
)
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.rules.table import Step
from nep.apps.procedures.services import definition_edit, drawing_save, procedure_revise
from nep.demonstration.procedures import actor_with

DRAWN, WORK, HOURS, ASIDE = "ghi-so", "Cập nhật kết quả vào cơ sở dữ liệu", 1, 24
WHY = "Kết quả phải có trong cơ sở dữ liệu trước khi trả."
PAPER = {
    "purpose": "Quy định thống nhất trình tự, trách nhiệm và thời gian giải quyết thủ tục, để mọi "
    "hồ sơ được giải quyết đúng hạn.",
    "scope": "Áp dụng với tổ chức, cá nhân nộp hồ sơ và công chức tham gia giải quyết.",
    "definitions": "- TTHC | Thủ tục hành chính\n- CSDL | Cơ sở dữ liệu",
    "recipients": "Lãnh đạo cơ quan\nBộ phận Một cửa | bản giấy tại quầy",
    "changes": "Mục 5.7 | Rút thời gian thẩm tra | 01 | 02/05/2024",
}


def build_drawing(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Amend the agency's second public procedure on its diagram, write its paper, leave the draft."""
    author = actor_with(agency, "iso_secretary", agency_id=agency_id, now=now)
    lines = procedure_lines(agency_id=agency_id, state="in_force")
    public = [line for line in lines if line.tthc_code]
    if len(public) < 2:
        return
    revision_id = procedure_revise(
        actor=author, procedure_id=public[1].procedure_id, is_new_issue=False, change_note=WHY,
        now=now,
    )  # fmt: skip
    page = procedure_page(revision_id=revision_id, agency_id=agency_id)
    drawn = drawing_save(
        actor=author, revision_id=revision_id, expected_version=page.version, xml=_drawn(page),
        now=now,
    )  # fmt: skip
    version = drawn.version
    for edit in (_shorter(page.draft.table.steps[-1]), Edit("paper", values=PAPER)):
        version = definition_edit(
            actor=author, revision_id=revision_id, expected_version=version, edit=edit, now=now
        ).version


def _shorter(step: Step) -> Edit:
    """Return the edit that gives the drawn step its time from another."""
    amount = step.limit.amount - HOURS if step.limit else HOURS
    return Edit("limit", step.id, {"amount": str(amount), "unit": "working_hour"})


def _drawn(page: ProcedurePage) -> str:
    """Return the diagram as a person leaves it: a step drawn before the last one, one dragged."""
    draft, steps = page.draft, page.draft.table.steps
    names = role_texts(agency_id=page.revision.agency_id, keys=[step.role for step in steps])
    xml = editor_file(
        draft.table, names=names, places=draft.places, title=page.revision.title
    ).decode()
    before, last = steps[-2:]
    flow = f'<bpmn:sequenceFlow id="f-{before.id}" sourceRef="{before.id}" targetRef="'
    onward = f'"/><bpmn:sequenceFlow id="f-{DRAWN}" sourceRef="{DRAWN}" targetRef="{last.id}"/>'
    xml = xml.replace(f'{flow}{last.id}"/>', f"{flow}{DRAWN}{onward}")
    xml = xml.replace("</bpmn:process>", f"{_task(steps[1])}</bpmn:process>")
    return re.sub(
        rf'(bpmnElement="{last.id}"><dc:Bounds x=")([\d.]+)',
        lambda found: f"{found[1]}{float(found[2]) + ASIDE}",
        xml,
    )


def _task(like: Step) -> str:
    """Return the drawn step: done by who does this one."""
    return (
        f'<bpmn:userTask id="{DRAWN}" name="{WORK}" nep:role="{like.role}" nep:limit="{HOURS}" '
        'nep:limitUnit="working_hour"/>'
    )
