"""The matrix as a printed table. Nothing is written."""

from datetime import datetime
from typing import Literal

from nep.apps.conformity import queries
from nep.apps.conformity.queries import Matrix, MatrixRow
from nep.apps.conformity.rules import matrix as rules
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.printing import (
    Column,
    Line,
    Paper,
    Signature,
    Signatures,
    Table,
    bold,
    line,
    paper_docx,
    paper_pdf,
)
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import date_text, local

Ending = Literal["pdf", "docx"]


def matrix_paper(*, actor: Actor, edition: str, now: datetime, ending: Ending) -> bytes:
    """Return the matrix of the actor's agency as it stands now, a table a chapter."""
    found = queries.matrix(actor=actor, today=local(now).date(), edition=edition)
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    paper = Paper(
        title=f"Ma trận điều khoản {found.edition.name} và bằng chứng",
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        issuer=agency.name, blocks=_blocks(found, now),
        place_date=place_and_date(place=place, at=now), landscape=True,
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _blocks(found: Matrix, now: datetime) -> tuple[Line | Table | Signatures, ...]:
    said = ", ".join(
        f"{rules.STATE_NAMES[state].lower()} {found.counts[state]}"
        for state in rules.STATES
        if found.counts[state]
    )
    blocks: list[Line | Table | Signatures] = [
        line(f"Tính đến ngày {date_text(local(now).date())}: {len(found.rows)} điều khoản, {said}.")
    ]
    for chapter in found.chapters:
        if not chapter.rows:
            continue
        blocks.append(line(bold(f"{chapter.number}. {chapter.title}")))
        blocks.append(Table(_COLUMNS, tuple(_row(row) for row in chapter.rows)))
    blocks.append(
        line(
            "Bảng lập từ dữ liệu của cơ quan trên hệ thống; điều khoản không áp dụng có lý do nêu trong "
            "phạm vi của hệ thống quản lý chất lượng (điều 4.3)."
        )
    )
    blocks.append(
        Signatures((Signature("Người lập"), Signature("Đại diện lãnh đạo về chất lượng")))
    )
    return tuple(blocks)


_COLUMNS = (
    Column("Điều", 0.9, "center"), Column("Tiêu đề", 2.7), Column("Tình trạng", 1.2, "center"),
    Column("Bằng chứng", 4.6), Column("Mới nhất", 1.4, "center"), Column("Vì sao", 4.2),
)  # fmt: skip


def _row(row: MatrixRow) -> tuple[str, ...]:
    lines = "; ".join(
        f"{one.title} ({one.count})" if one.count > 1 else one.title for one in row.lines
    )
    more = f"; và {row.more} loại khác" if row.more else ""
    return (row.clause.number, row.clause.full_vi, row.state_name, lines + more,
            date_text(row.newest_on) if row.newest_on else "", row.reason)  # fmt: skip
