"""The sheet of a nonconformity as PDF and Word. Nothing is written.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức); the sheet's fields follow điều 10.2 of
TCVN ISO 9001:2015, its layout is the product's own.
"""

from datetime import datetime
from typing import Literal

from nep.apps.improvement import queries
from nep.apps.improvement.queries import SheetPage
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.printing import (
    Column,
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
_BLANK = "…………………………………………"
_LISTED = 60


def nonconformity_paper(
    *, actor: Actor, nonconformity_id: int, now: datetime, ending: Ending
) -> bytes:
    """Return the sheet of a nonconformity with what is known of it by now. Raises NotFound."""
    page = queries.nonconformity_page(
        actor=actor, nonconformity_id=nonconformity_id, today=local(now).date()
    )
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    title = (
        "Phiếu hành động phòng ngừa"
        if page.line.potential
        else "Phiếu xử lý sự không phù hợp và hành động khắc phục"
    )
    paper = Paper(
        title=title, above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        issuer=agency.name, number=f"Số: {page.line.code}", blocks=_blocks(page),
        place_date=place_and_date(place=place, at=page.line.reported_at),
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _blocks(page: SheetPage) -> tuple:
    one = page.line
    said = [
        line(bold("1. Nội dung: "), one.title),
        *([line(page.detail)] if page.detail else []),
        line("Nguồn: ", one.origin_name, f" ({one.origin_title})" if one.origin_title else "", ". ",
             "Điều khoản: ", one.clause or "chưa ghi", ". Mức: ", one.level_name, "."),
        line("Đơn vị: ", one.unit or _BLANK, ". Người phụ trách: ", one.owner or _BLANK,
             ". Ngày phát hiện: ", date_text(one.found_on), "."),
        *_subjects(page),
        line(bold("2. Sự khắc phục (xử lý ngay việc sai): "), one.correction or _BLANK,
             f" Ngày {date_text(page.correction_on)}." if page.correction_on else ""),
        line(bold("3. Nguyên nhân: "), one.cause or _BLANK),
        *(line(f"Vì sao lần {place}: {text}") for place, text in enumerate(page.whys, start=1)),
        line(bold("4. Hành động")),
        _actions(page),
        line(bold("5. Tài liệu phải sửa: "), _documents(page)),
        line(bold("6. Kiểm tra kết quả: "), _who(page.checked_by, page.checked_at)),
        line(bold("7. Hiệu lực: "), page.effect_note or _BLANK, " ",
             _who(page.effect_by, page.effect_at)),
        line(bold("8. Kết thúc: "), one.state_name, ". ", page.end_note),
    ]  # fmt: skip
    signed = Signatures(
        (Signature("Người lập phiếu", name=page.reported_by),
         Signature("Người phụ trách", name=one.owner),
         Signature("Người kiểm tra", name=page.ended_by or page.checked_by))
    )  # fmt: skip
    return (*said, signed)


def _subjects(page: SheetPage) -> list:
    if not page.subjects:
        return []
    names = "; ".join(one.title.partition(",")[0] for one in page.subjects[:_LISTED])
    rest = page.subject_count - _LISTED
    return [line("Kèm theo: ", names, f" và {rest} mục khác." if rest > 0 else ".")]


def _actions(page: SheetPage) -> Table:
    columns = (
        Column("TT", 0.5, "center"), Column("Việc phải làm", 4), Column("Người làm", 2),
        Column("Hạn", 1.7, "center"), Column("Kết quả", 3), Column("Kiểm tra", 1.6),
    )  # fmt: skip
    rows = tuple(
        (str(place), one.title, one.owner, date_text(one.due_on), one.evidence or one.state_name,
         one.state_name if one.is_ended else "")
        for place, one in enumerate(page.actions, start=1)
    )  # fmt: skip
    return Table(columns, rows or (("", _BLANK, "", "", "", ""),))


def _documents(page: SheetPage) -> str:
    named = "; ".join(f"{one.subject} ({one.state_name.lower()})" for one in page.changes)
    if page.no_update_reason:
        return "; ".join(filter(None, (named, f"không cần sửa, vì {page.no_update_reason}")))
    return named or _BLANK


def _who(name: str, at: datetime | None) -> str:
    return f"{name}, ngày {date_text(local(at).date())}." if name and at else _BLANK
