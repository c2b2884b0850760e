"""A procedure as a text to be read: what it is about, its papers, its steps in words."""

from nep.apps.procedures.queries._mapping import role_texts
from nep.apps.procedures.queries._tthc import Paper, TthcFacts, tthc
from nep.apps.procedures.queries._versions import (
    StepRow,
    VersionFacts,
    carried_of,
    step_table,
    version,
)
from nep.apps.procedures.rules.differences import record_said
from nep.kernel.difference import HEADING, PARAGRAPH, ROW, Block
from nep.kernel.errors import NotFound

_STEPS = ("Bước", "Nội dung công việc", "Trách nhiệm", "Thời hạn", "Biểu mẫu, kết quả")
_PAPERS = ("TT", "Thành phần hồ sơ", "Bản chính", "Bản sao", "Ghi chú")


def procedure_text(revision_id: int, agency_id: int) -> tuple[Block, ...]:
    """Return the content of a procedure's revision as blocks, none where it has none yet."""
    try:
        known = version(revision_id=revision_id, agency_id=agency_id)
        steps = step_table(revision_id)
    except NotFound:
        return ()
    facts = tthc(tthc_id=known.tthc_id, agency_id=agency_id)
    blocks = [_heading("Thông tin chung"), *_about(known, facts)]
    if facts.papers:
        blocks += [_heading("Thành phần hồ sơ"), Block(ROW, _PAPERS), *_papers(facts)]
    if steps:
        blocks += [_heading("Trình tự thực hiện"), Block(ROW, _STEPS)]
        names = role_texts(agency_id=agency_id, keys=[step.role for step in steps])
        blocks += [_step(step, names.get(step.role, ""), known) for step in steps]
    return tuple(blocks)


def _heading(text: str) -> Block:
    return Block(HEADING, (text,), level=1)


def _about(known: VersionFacts, facts: TthcFacts) -> list[Block]:
    said = (
        ("Thủ tục", f"{facts.name} (mã {facts.code})" if facts.code else facts.name),
        ("Trường hợp áp dụng", known.variant),
        ("Lĩnh vực", facts.field),
        ("Thời hạn giải quyết", known.limit_words or facts.limit_words),
        ("Kết quả", facts.result),
        ("Phí, lệ phí", facts.fee),
        ("Căn cứ pháp lý", facts.legal_basis),
    )
    return [Block(PARAGRAPH, (f"{name}: {text}",)) for name, text in said if text]


def _papers(facts: TthcFacts) -> list[Block]:
    return [
        Block(
            ROW,
            (str(place), one.name, str(one.originals or ""), str(one.copies or ""), _need(one)),
        )
        for place, one in enumerate(facts.papers, start=1)
    ]


def _need(paper: Paper) -> str:
    return "" if paper.is_required else "không bắt buộc"


def _step(step: StepRow, role: str, known: VersionFacts) -> Block:
    """Return a row of the table; forms and the record of the step stand in its last cell."""
    carried = carried_of(known.content_hash, step.node)
    left = [*step.forms, *(f"{form.code} {form.title}".strip() for form in carried.forms)]
    left += [record_said(carried.record)] if carried.record else []
    text = "\n".join(filter(None, (step.name, step.note, *step.branches)))
    return Block(ROW, (str(step.number), text, role, step.limit_words, ", ".join(left)))
