"""The objectives of a year as PDF, Word and Excel, in the usual table. Nothing is written.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức); the columns are those in common use, the layout
is the product's own.
"""

from datetime import datetime
from typing import Literal

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.planning.queries import (
    ListLine,
    ObjectiveLine,
    YearPage,
    objectives_list,
    objectives_page,
)
from nep.apps.planning.rules import objectives as rules
from nep.foundation.printing import (
    Cell,
    Column,
    Paper,
    SheetColumn,
    Signature,
    Signatures,
    Table,
    bold,
    line,
    paper_docx,
    paper_pdf,
    xlsx,
)
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import date_text, local

Ending = Literal["pdf", "docx"]
COLUMNS = (
    SheetColumn("TT", "number", 6),
    SheetColumn("Mục tiêu", width=48),
    SheetColumn("Chỉ tiêu", width=22),
    SheetColumn("Cách đo", width=48),
    SheetColumn("Tần suất", width=16),
    SheetColumn("Đơn vị thực hiện", width=24),
    SheetColumn("Người phụ trách", width=24),
    SheetColumn("Kết quả từng kỳ", width=40),
    SheetColumn("Kết quả cả năm", width=18),
    SheetColumn("Đánh giá", width=18),
    SheetColumn("Nguyên nhân, biện pháp", width=48),
)
_SHEET = (
    Column("TT", 0.5, "center"), Column("Mục tiêu", 2.4), Column("Chỉ tiêu", 1.2, "center"),
    Column("Cách đo", 2.6), Column("Tần suất", 1, "center"), Column("Đơn vị thực hiện", 1.3),
    Column("Kết quả", 2.1), Column("Đánh giá", 0.9, "center"),
    Column("Nguyên nhân, biện pháp", 4.2),
)  # fmt: skip
_APPROVED = (
    Column("TT", 0.5, "center"), Column("Mục tiêu", 3.4), Column("Chỉ tiêu", 1.6, "center"),
    Column("Cách đo", 3.4), Column("Tần suất", 1.2, "center"), Column("Đơn vị thực hiện", 1.9),
    Column("Người phụ trách", 1.9),
)  # fmt: skip


def objectives_sheet(*, actor: Actor, year: int, now: datetime) -> bytes:
    """Return the objectives of a year as an Excel file."""
    page = objectives_page(agency_id=actor.agency_id, year=year, today=local(now).date())
    rows = [
        (place, one.title, one.target_text, one.method, one.frequency_name, one.unit, one.owner,
         one.results, one.value_text, one.verdict, one.causes)
        for place, one in enumerate(page.lines, start=1)
    ]  # fmt: skip
    heading = f"Mục tiêu chất lượng năm {year}, {organization.agency(actor.agency_id).name}"
    return xlsx([(f"Mục tiêu {year}", COLUMNS, rows)], heading=heading)


def objectives_list_paper(*, actor: Actor, list_id: int, now: datetime, ending: Ending) -> bytes:
    """Return one edition of a year's list as it was sent or approved. Raises NotFound."""
    sheet = objectives_list(actor=actor, list_id=list_id)
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    rows = tuple(
        (str(one["number"]), one["title"], one["target"], one["method"], one["frequency"],
         one["unit"], one["owner"])
        for one in sheet.rows
    )  # fmt: skip
    at = sheet.approved_at or now
    said = (
        f"(Phê duyệt ngày {date_text(local(sheet.approved_at).date())}, lần {sheet.edition})"
        if sheet.approved_at
        else "(Bản chưa phê duyệt)"
    )
    paper = Paper(
        title=f"Mục tiêu chất lượng năm {sheet.year}", subtitle=said, issuer=agency.name,
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}", landscape=True,
        place_date=place_and_date(place=place, at=at),
        blocks=(
            Table(_APPROVED, rows or (("", "Chưa có mục tiêu", *[""] * 5),)),
            *(_digest(sheet) if sheet.sha256 else ()), _signed(sheet),
        ),
    )  # fmt: skip
    return paper_pdf(paper, made_at=at) if ending == "pdf" else paper_docx(paper)


def objectives_paper(*, actor: Actor, year: int, now: datetime, ending: Ending) -> bytes:
    """Return the table of a year's objectives with what is known of it by now."""
    page = objectives_page(agency_id=actor.agency_id, year=year, today=local(now).date())
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    approved = page.approved
    paper = Paper(
        title=f"Mục tiêu chất lượng năm {year}", subtitle=_standing(page),
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}", issuer=agency.name,
        place_date=place_and_date(place=place, at=now), landscape=True,
        blocks=(_table(_approved_first(page.lines)), *_digest(approved), _signed(approved)),
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _standing(page: YearPage) -> str:
    if page.approved is None or page.approved.approved_at is None:
        return "(Bản chưa phê duyệt)"
    day = date_text(local(page.approved.approved_at).date())
    waiting = sum(one.state in rules.NOT_YET for one in page.lines)
    more = f"; {waiting} mục tiêu cuối bảng mới đề xuất, chưa phê duyệt" if waiting else ""
    return f"(Phê duyệt ngày {day}, lần {page.approved.edition}{more})"


def _approved_first(lines: tuple[ObjectiveLine, ...]) -> tuple[ObjectiveLine, ...]:
    return tuple(sorted(lines, key=lambda one: one.state in rules.NOT_YET))


def _table(lines: tuple[ObjectiveLine, ...]) -> Table:
    rows = tuple(
        (str(place), one.title, one.target_text, one.method, one.frequency_name, one.unit,
         _result(one), one.verdict, one.causes)
        for place, one in enumerate(lines, start=1)
    )  # fmt: skip
    return Table(_SHEET, rows or (("", "Chưa có mục tiêu", *[""] * 7),))


def _result(one: ObjectiveLine) -> Cell:
    told = [line(f"{period.name}: {period.text}", align="left", after=0)
            for period in one.periods if period.text]  # fmt: skip
    if one.value_text:
        told.append(line(bold(f"Cả năm: {one.value_text}"), align="left", after=0))
    return Cell(tuple(told) or (line(""),))


def _digest(approved: ListLine | None) -> tuple:
    if approved is None:
        return ()
    said = f"Mã băm SHA-256 của danh sách đã phê duyệt: {approved.sha256}"
    return (line(said, after=8),)


def _signed(approved: ListLine | None) -> Signatures:
    return Signatures(
        (
            Signature("Người tổng hợp", name=approved.gathered_by if approved else ""),
            Signature("Người phê duyệt", name=approved.approved_by if approved else ""),
        )
    )
