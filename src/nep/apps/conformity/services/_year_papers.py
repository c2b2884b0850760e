"""The plan of an ISO year as PDF and Word. Nothing is written.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức); its columns are the product's own.
"""

from datetime import datetime
from typing import Literal

from nep.apps.conformity import queries
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.printing import (
    Column,
    Paper,
    Signature,
    Signatures,
    Table,
    line,
    paper_docx,
    paper_pdf,
)
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import date_text, local, number_text


def year_paper(*, actor: Actor, year: int, ending: Literal["pdf", "docx"], now: datetime) -> bytes:
    """Return the obligations of a year as they stand now, as a table to sign."""
    page = queries.year_page(agency_id=actor.agency_id, year=year, today=local(now).date())
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    columns = (
        Column("TT", 0.5, "center"), Column("Việc", 4), Column("Hạn", 1.3, "center"),
        Column("Người làm", 1.8), Column("Phút", 0.8, "right"), Column("Căn cứ", 3),
        Column("Tình trạng", 2.2),
    )  # fmt: skip
    rows = tuple(
        (str(place_), one.title, date_text(one.due_on), queries.role_name(one.role),
         str(one.minutes), one.source, _said(one))
        for place_, one in enumerate(page.lines, start=1)
    )  # fmt: skip
    paper = Paper(
        title=f"Kế hoạch duy trì hệ thống quản lý chất lượng năm {year}", issuer=agency.name,
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}", landscape=True,
        place_date=place_and_date(place=place, at=now),
        blocks=(
            line(f"{page.headline}. Tổng thời gian ước tính {number_text(page.minutes)} phút (chưa xác minh)."),
            Table(columns, rows),
            Signatures((Signature("Người lập"), Signature("Người đứng đầu",
                                                          note="(Ký, đóng dấu)"))),
        ),
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _said(one: queries.YearLine) -> str:
    if one.excluded:
        return f"{one.state_name}: {one.excluded}"
    return f"{one.state_name}, {date_text(one.done_on)}" if one.done_on else one.state_name
