"""Context, parties, scope and policy as papers, and the policy's poster. Nothing is written.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức); the poster is the product's own layout.
"""

from datetime import datetime
from pathlib import Path
from typing import Literal

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.planning import queries
from nep.apps.planning.models import Statement
from nep.apps.planning.rules import context
from nep.apps.planning.rules.context import Content, Context, Policy, Scope
from nep.apps.standards import queries as standards
from nep.foundation.printing import (
    Column,
    Paper,
    Signature,
    Signatures,
    Table,
    bold,
    italic,
    line,
    paper_docx,
    paper_pdf,
    pdf,
)
from nep.kernel.errors import Refusal
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import date_text

Ending = Literal["pdf", "docx"]
POSTER = Path(__file__).resolve().parents[1] / "templates" / "planning" / "poster.typ"


def statement_paper(*, actor: Actor, statement_id: int, now: datetime, ending: Ending) -> bytes:
    """Return an edition as an administrative paper. Raises NotFound."""
    page = queries.statement_page(actor=actor, statement_id=statement_id)
    paper = _paper(
        actor.agency_id, page.line.part, page.content, at=page.line.approved_at or now,
        edition=page.line.edition, approver=page.line.approver, author=page.line.author,
        is_draft=page.line.approved_at is None,
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def policy_file(row: Statement, *, now: datetime) -> bytes:
    """Return the file under which a policy is submitted to the library."""
    content = context.read_content(row.part, row.content)
    paper = _paper(row.agency_id, row.part, content, at=now, edition=row.edition, signed=False)
    return paper_pdf(paper, made_at=now)


def _paper(
    agency_id: int, part: str, content: Content, *, at: datetime, edition: int,
    approver: str = "", author: str = "", signed: bool = True, is_draft: bool = False,
) -> Paper:  # fmt: skip
    agency = organization.agency(agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    blocks = _blocks(content, standards.edition_of(agency_id).in_force)
    if signed:
        blocks = (*blocks, Signatures((Signature("Người soạn", name=author),
                                       Signature("Người phê duyệt", name=approver))))  # fmt: skip
    return Paper(
        title=context.PART_NAMES[part], issuer=agency.name, blocks=blocks,
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        subtitle="(Dự thảo, chưa phê duyệt)" if is_draft else "",
        number=f"Lần ban hành: {edition:02d}", place_date=place_and_date(place=place, at=at),
    )  # fmt: skip


def _blocks(content: Content, edition: str) -> tuple:
    if isinstance(content, Context):
        return _context(content)
    if isinstance(content, Scope):
        return _scope(content, edition)
    if isinstance(content, Policy):
        motto = (line(bold(content.motto), align="center", after=10),) if content.motto else ()
        told = tuple(
            line(f"{place}. {text}", indent=True, after=6)
            for place, text in enumerate(content.commitments, start=1)
        )
        return (*motto, *told)
    rows = tuple(
        (str(place), one.party, one.need, one.how) for place, one in enumerate(content, start=1)
    )
    columns = (Column("TT", 0.5, "center"), Column("Bên quan tâm", 2.2),
               Column("Nhu cầu, mong đợi", 3.4), Column("Theo dõi bằng gì", 2.6))  # fmt: skip
    return (Table(columns, rows),)


def _context(content: Context) -> tuple:
    groups = (
        ("1. Điểm mạnh (bên trong)", content.strengths),
        ("2. Điểm yếu (bên trong)", content.weaknesses),
        ("3. Cơ hội (bên ngoài)", content.opportunities),
        ("4. Thách thức (bên ngoài)", content.threats),
    )
    told: list = []
    for title, texts in groups:
        told.append(line(bold(title)))
        told += [
            line(f"- {text}.".replace("..", "."), indent=True) for text in texts or ("Không có",)
        ]
    return (*told, line(bold("5. Biến đổi khí hậu")), line(content.climate, indent=True))


def _scope(content: Scope, edition: str) -> tuple:
    told: list = [line(bold("1. Áp dụng cho")), line(content.services, indent=True)]
    if content.places:
        told += [line(bold("2. Đơn vị, địa điểm")), line(content.places, indent=True)]
    number = 3 if content.places else 2
    told.append(line(bold(f"{number}. Điều khoản không áp dụng (TCVN ISO 9001:{edition})")))
    if not content.excluded:
        return (*told, line(italic("Mọi điều khoản của tiêu chuẩn đều áp dụng."), indent=True))
    columns = (Column("Điều", 0.8, "center"), Column("Tên điều", 2.6), Column("Vì sao", 4))
    rows = tuple(
        (one.clause, standards.clause_title(edition, one.clause), one.reason)
        for one in content.excluded
    )
    return (*told, Table(columns, rows))


def policy_poster(*, actor: Actor, statement_id: int, size: str, now: datetime) -> bytes:
    """Return the poster of a policy in force as PDF, "a4" or "a3". Raises NotFound;
    Refusal("not_policy", "size_unknown", "not_in_force")."""
    page = queries.statement_page(actor=actor, statement_id=statement_id)
    if not isinstance(page.content, Policy):
        raise Refusal("not_policy", "Chỉ chính sách chất lượng có tờ niêm yết.")
    if size not in {"a4", "a3"}:
        raise Refusal("size_unknown", "Tờ niêm yết có cỡ A4 và A3.")
    if page.line.state != context.IN_FORCE or page.line.effective_on is None:
        raise Refusal("not_in_force", "Chính sách có hiệu lực rồi mới in tờ niêm yết.")
    agency = organization.agency(actor.agency_id)
    data = {
        "size": size, "agency": agency.name,
        "above": agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        "motto": page.content.motto, "commitments": list(page.content.commitments),
        "approver": page.line.approver, "code": page.document_code,
        "edition": f"Lần {page.line.edition:02d}",
        "day": date_text(page.line.effective_on),
    }  # fmt: skip
    return pdf(POSTER, data, made_at=now)
