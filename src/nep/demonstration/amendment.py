"""A procedure being amended together with a new form of one of its steps, laid before its checker."""

import io
from datetime import datetime
from typing import Any

from docx import Document as Word

from nep.apps.documents.rules import DocumentFacts
from nep.apps.documents.services import document_add
from nep.apps.organization.rules import Actor
from nep.apps.procedures.queries import procedure_lines, procedure_page
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.rules.table import Step
from nep.apps.procedures.services import definition_edit, procedure_revise, revision_submit
from nep.demonstration.procedures import actor_with

CODE, TITLE = "BM-TD.01", "Phiếu thẩm định hồ sơ"
WHY = "Người thẩm định ghi số liệu vào một mẫu, để lãnh đạo ký không phải hỏi lại."
LINES = (
    "Mã hiệu: {{ma_hieu}}, lần ban hành {{lan_ban_hanh}}",
    "Hồ sơ {{ma_ho_so}}, thủ tục {{ten_thu_tuc}}",
    "Người nộp: {{nguoi_nop}}. Ngày tiếp nhận: {{ngay_tiep_nhan}}",
    "Kết quả thẩm định: {{ket_qua_tham_dinh}}",
    "Nội dung còn thiếu: {{noi_dung_con_thieu}}",
    "Người thẩm định: {{nguoi_lap}}, {{chuc_vu_nguoi_lap}}",
)
FIELDS = (
    {"label": "Kết quả thẩm định", "kind": "choice", "required": "1",
     "choices": "Đủ điều kiện\nChưa đủ điều kiện"},
    {"label": "Nội dung còn thiếu", "kind": "long", "required": "1",
     "shown_if": 'ket_qua_tham_dinh = "Chưa đủ điều kiện"'},
    {"label": "Ngày kiểm tra thực tế", "kind": "date"},
)  # fmt: skip


def build_amendment(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Amend the agency's first public procedure: a form, a record and data for its checking step."""
    author = actor_with(agency, "iso_secretary", agency_id=agency_id, now=now)
    checker = actor_with(agency, "unit_head", agency_id=agency_id, now=now)
    lines = procedure_lines(agency_id=agency_id, state="in_force")
    amended = next((line for line in lines if line.tthc_code), None)
    if amended is None:
        return
    document_id, form_id = document_add(
        actor=author, now=now, file=(f"{CODE}.docx", _word()),
        facts=DocumentFacts(kind="form", title=TITLE, code=CODE),
    )  # fmt: skip
    revision_id = procedure_revise(
        actor=author, procedure_id=amended.procedure_id, is_new_issue=False, change_note=WHY,
        now=now,
    )  # fmt: skip
    step = _checking_step(revision_id, agency_id)
    edits = [
        Edit("form_attach", step.id, {"document": str(document_id)}),
        Edit("record_put", step.id,
             {"record": TITLE, "place": "Hồ sơ của bộ phận thẩm định", "term": "10 năm"}),
        *(Edit("field_put", step.id, one) for one in FIELDS),
    ]  # fmt: skip
    for edit in edits:
        _do(author, revision_id, edit, now)
    revision_submit(
        actor=author, revision_id=revision_id, checker_id=checker.person_id,
        member_ids=[form_id], now=now,
    )  # fmt: skip


def _do(author: Actor, revision_id: int, edit: Edit, now: datetime) -> None:
    page = procedure_page(revision_id=revision_id, agency_id=author.agency_id)
    definition_edit(
        actor=author, revision_id=revision_id, expected_version=page.version, edit=edit, now=now
    )


def _checking_step(revision_id: int, agency_id: int) -> Step:
    """Return the step that looks at the case: the one named so, else the one in the middle."""
    steps = procedure_page(revision_id=revision_id, agency_id=agency_id).draft.table.steps
    named = (step for step in steps if "thẩm định" in step.name.lower())
    return next(named, steps[len(steps) // 2])


def _word() -> bytes:
    word, out = Word(), io.BytesIO()
    word.add_heading(TITLE.upper(), level=1)
    for text in LINES:
        word.add_paragraph(text)
    word.save(out)
    return out.getvalue()
