"""The registers of risks and opportunities as PDF, Word and Excel. Nothing is written.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức); the columns are those that agencies usually
have in this table, its layout is the product's own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from nep.apps.actions import queries as actions
from nep.apps.actions.queries import ActionLine
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.planning import queries
from nep.apps.planning.queries import RiskFilter, RiskLine
from nep.apps.planning.rules.scales import LEVEL_NAMES, RISK
from nep.foundation.printing import (
    Column,
    Paper,
    SheetColumn,
    Signature,
    Signatures,
    Table,
    line,
    paper_docx,
    paper_pdf,
    xlsx,
)
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import date_text, local

Ending = Literal["pdf", "docx"]
MOST_PRINTED = 500
_SHEET = (
    SheetColumn("Số", width=12), SheetColumn("Nội dung", width=44), SheetColumn("Nguyên nhân", width=32),
    SheetColumn("Ảnh hưởng", width=32), SheetColumn("Kiểm soát hiện có", width=32),
    SheetColumn("Quy trình", width=34), SheetColumn("Bước", width=24),
    SheetColumn("Mục tiêu", width=24), SheetColumn("Điều khoản", width=12),
    SheetColumn("Đơn vị", width=24), SheetColumn("Người phụ trách", width=24),
    SheetColumn("Khả năng", "number", 10), SheetColumn("Mức độ", "number", 10),
    SheetColumn("Tích", "number", 8), SheetColumn("Mức", width=12),
    SheetColumn("Hành động", width=48), SheetColumn("Hạn hành động", width=14),
    SheetColumn("Tích còn lại", "number", 10), SheetColumn("Mức còn lại", width=12),
    SheetColumn("Kết luận kiểm tra", width=36), SheetColumn("Ngày xem lại", "date", 12),
    SheetColumn("Đã xảy ra (lần)", "number", 10), SheetColumn("Trạng thái", width=24),
)  # fmt: skip


def _read(
    actor: Actor, filter: RiskFilter, now: datetime, limit: int
) -> tuple[queries.RiskRegister, dict[int, tuple[ActionLine, ...]]]:
    today = local(now).date()
    found = queries.risk_register(actor=actor, filter=filter, today=today, limit=limit)
    done = actions.of_origins(
        agency_id=actor.agency_id, kind=filter.kind, ids=[one.id for one in found.lines],
        today=today,
    )  # fmt: skip
    return found, done


def risks_sheet(*, actor: Actor, filter: RiskFilter, now: datetime) -> bytes:
    """Return the filtered register as an Excel file."""
    found, done = _read(actor, filter, now, queries.MOST_EXPORTED)
    rows = [_sheet_row(one, done.get(one.id, ())) for one in found.lines]
    name = "Rủi ro" if filter.kind == RISK else "Cơ hội"
    heading = f"Sổ {name.lower()}, {organization.agency(actor.agency_id).name}"
    return xlsx([(name, _SHEET, rows)], heading=heading)


def _sheet_row(one: RiskLine, acts: Sequence[ActionLine]) -> tuple[Any, ...]:
    return (
        one.code, one.title, one.cause, one.effect, one.controls, one.procedure, one.step,
        one.objective, one.clause, one.unit, one.owner, one.likelihood, one.impact, one.product,
        one.level_name, "; ".join(act.title for act in acts),
        "; ".join(date_text(act.due_on) for act in acts), one.left_product,
        one.left_level_name if one.left_level else "", one.judged_note, one.review_on,
        one.happened, one.state_name,
    )  # fmt: skip


def risks_paper(*, actor: Actor, filter: RiskFilter, now: datetime, ending: Ending) -> bytes:
    """Return the filtered register in the usual table, at most five hundred lines, landscape."""
    found, done = _read(actor, filter, now, MOST_PRINTED)
    is_risk = filter.kind == RISK
    name = "rủi ro" if is_risk else "cơ hội"
    scale = found.scale
    blocks = (
        line(f"{found.headline}. Cách đánh giá: {scale.label.lower()}; mức trung bình từ "
             f"{scale.medium_from}, mức cao từ {scale.high_from} (tích của hai bậc)."),
        _table(found, done, is_risk=is_risk),
        Signatures((Signature("Người lập bảng"), Signature("Lãnh đạo phê duyệt"))),
    )  # fmt: skip
    paper = _paper(
        actor, now, title=f"Bảng nhận diện, đánh giá và xử lý {name}", blocks=blocks,
        subtitle=f"Năm {local(now).year}",
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _table(
    found: queries.RiskRegister, done: dict[int, tuple[ActionLine, ...]], *, is_risk: bool
) -> Table:
    columns = (
        Column("Số", 1.6), Column("Rủi ro" if is_risk else "Cơ hội", 3.2),
        Column("Nguyên nhân, ảnh hưởng", 3), Column("Quy trình, điều khoản", 2.2),
        Column("Mức", 1.5, "center"), Column("Cách ứng phó, hạn" if is_risk else "Việc làm, hạn", 3.2),
        Column("Người phụ trách", 1.5), Column("Còn lại", 1.4, "center"), Column("Kết luận", 3),
    )  # fmt: skip
    rows = tuple(_row(one, done.get(one.id, ())) for one in found.lines)
    return Table(columns, rows or (("", "Chưa có dòng nào.", *[""] * 7),))


def _row(one: RiskLine, acts: Sequence[ActionLine]) -> tuple[str, ...]:
    told = "; ".join(f"{act.title} ({date_text(act.due_on)})" for act in acts)
    return (
        one.code, one.title, ". ".join(filter(None, (one.cause, one.effect))),
        "; ".join(filter(None, (one.procedure.partition(",")[0], one.step, one.clause))),
        _rating(one.likelihood, one.impact, one.product, one.level),
        told or (one.controls and f"Đang kiểm soát: {one.controls}") or "", one.owner,
        _rating(one.now_likelihood, one.now_impact, one.left_product, one.left_level),
        one.judged_note or one.state_name,
    )  # fmt: skip


def _rating(likelihood: int | None, impact: int | None, product: int | None, level: str) -> str:
    if product is None:
        return ""
    return f"{likelihood} × {impact} = {product}, {LEVEL_NAMES[level].lower()}"


def prevention_paper(*, actor: Actor, now: datetime, ending: Ending) -> bytes:
    """Return the actions on risks as preventive actions of the 2008 edition.

    Source: TCVN ISO 9001:2008 điều 8.5.3.
    """
    found, done = _read(actor, RiskFilter(scope="tat-ca"), now, MOST_PRINTED)
    columns = (
        Column("Số", 1.6), Column("Sự không phù hợp tiềm ẩn", 3.4), Column("Nguyên nhân", 2.6),
        Column("Hành động phòng ngừa", 3.4), Column("Người làm", 1.7),
        Column("Hạn", 1.6, "center"), Column("Kết quả", 2.6), Column("Hiệu lực", 2.4),
    )  # fmt: skip
    rows = [
        (one.code, one.title, one.cause, act.title, act.owner, date_text(act.due_on),
         act.evidence or act.state_name, one.judged_note)
        for one in found.lines
        for act in done.get(one.id, ())
    ]  # fmt: skip
    table = Table(columns, tuple(rows) or (("", "Chưa có hành động nào.", *[""] * 6),))
    paper = _paper(
        actor, now, title="Bảng theo dõi hành động phòng ngừa",
        subtitle="TCVN ISO 9001:2008, điều 8.5.3",
        blocks=(table, Signatures((Signature("Người lập bảng"), Signature("Lãnh đạo phê duyệt")))),
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _paper(actor: Actor, now: datetime, *, title: str, subtitle: str, blocks: tuple) -> Paper:
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    return Paper(
        title=title, subtitle=subtitle, issuer=agency.name, blocks=blocks, landscape=True,
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        place_date=place_and_date(place=place, at=now),
    )  # fmt: skip
