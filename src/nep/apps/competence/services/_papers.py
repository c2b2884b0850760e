"""The year's plan and a session as PDF and Word, the year as Excel. Nothing is written.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức); the layout is the product's own.
"""

from datetime import datetime
from typing import Any, Literal

from nep.apps.competence import queries
from nep.apps.competence.queries import SessionPage
from nep.apps.competence.rules import training as rules
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.printing import (
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
from nep.kernel.vietnamese import date_text, datetime_text, local, number_text

Ending = Literal["pdf", "docx"]
_PLAN = (
    Column("TT", 0.5, "center"), Column("Nội dung", 4), Column("Hình thức", 1.6),
    Column("Người giảng", 2), Column("Thời gian", 1.8), Column("Nơi học", 1.7),
    Column("Số giờ", 0.8, "center"), Column("Số người", 0.9, "center"),
    Column("Người tổ chức", 2),
)  # fmt: skip
_PEOPLE = (
    Column("TT", 0.5, "center"), Column("Họ và tên", 3), Column("Chức vụ", 3),
    Column("Có mặt", 1.4, "center"), Column("Ký tên", 2),
)  # fmt: skip
SESSIONS = (
    SheetColumn("TT", "number", 6), SheetColumn("Nội dung", width=50),
    SheetColumn("Hình thức", width=20), SheetColumn("Người giảng", width=26),
    SheetColumn("Bắt đầu", "datetime", 18), SheetColumn("Nơi học", width=24),
    SheetColumn("Số giờ", width=8), SheetColumn("Được mời", "number", 10),
    SheetColumn("Có mặt", "number", 10), SheetColumn("Trạng thái", width=24),
    SheetColumn("Xét hiệu quả từ", "date", 14), SheetColumn("Kết luận", width=50),
    SheetColumn("Người xét", width=24),
)  # fmt: skip
PEOPLE = (
    SheetColumn("Nội dung", width=50), SheetColumn("Bắt đầu", "datetime", 18),
    SheetColumn("Họ và tên", width=28), SheetColumn("Có mặt", width=14),
)  # fmt: skip
CERTIFICATES = (
    SheetColumn("Họ và tên", width=28), SheetColumn("Loại", width=24),
    SheetColumn("Khóa học, chứng chỉ", width=44), SheetColumn("Nơi cấp", width=30),
    SheetColumn("Số", width=16), SheetColumn("Ngày cấp", "date", 12),
    SheetColumn("Hết hạn", "date", 12), SheetColumn("Tình trạng", width=18),
)  # fmt: skip


def training_sheet(*, actor: Actor, year: int, now: datetime) -> bytes:
    """Return the sessions, the attendance and the certificates of an agency as an Excel file."""
    today = local(now).date()
    page = queries.training_page(agency_id=actor.agency_id, year=year, today=today)
    given = queries.qualifications(agency_id=actor.agency_id, today=today)
    sessions = [
        (one.number, one.title, one.form_name, one.trainer, one.starts_at, one.place,
         number_text(one.hours), one.invited, one.present, one.state_name, one.effect_on,
         one.effect_note, one.effect_by)
        for one in page.sessions
    ]  # fmt: skip
    certificates = [
        (one.person, one.kind_name, one.course, one.given_by, one.number, one.given_on,
         one.valid_until, one.state_name)
        for one in given.lines
    ]  # fmt: skip
    rows = queries.attendance_rows(agency_id=actor.agency_id, year=year)
    return xlsx(
        [
            (f"Đào tạo {year}", SESSIONS, sessions),
            ("Người dự", PEOPLE, rows),
            ("Chứng chỉ", CERTIFICATES, certificates),
        ],
        heading=f"Đào tạo năm {year}, {organization.agency(actor.agency_id).name}",
    )


def _paper(actor: Actor, *, title: str, at: datetime, **more: Any) -> Paper:
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    return Paper(
        title=title, above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        issuer=agency.name, place_date=place_and_date(place=place, at=at), **more,
    )  # fmt: skip


def plan_paper(*, actor: Actor, plan_id: int, now: datetime, ending: Ending) -> bytes:
    """Return the year's plan as it was sent or approved. Raises NotFound."""
    plan = queries.plan_page(actor=actor, plan_id=plan_id)
    rows = tuple(
        (str(one["number"]), one["title"], one["form"], one["trainer"], one["at"], one["place"],
         one["hours"], str(one["people"]), one["organiser"])
        for one in plan.rows
    )  # fmt: skip
    is_approved = plan.state == rules.PLAN_APPROVED and plan.approved_at is not None
    said = f"(Phê duyệt ngày {date_text(local(plan.approved_at).date())}, lần {plan.edition})" if (
        is_approved and plan.approved_at
    ) else "(Bản chưa phê duyệt)"  # fmt: skip
    paper = _paper(
        actor, title=f"Kế hoạch đào tạo năm {plan.year}", at=plan.approved_at or now,
        subtitle=said, landscape=True,
        blocks=(
            Table(_PLAN, rows or (("", "Chưa có buổi đào tạo", *[""] * 7),)),
            *((line(f"Mã băm SHA-256 của kế hoạch: {plan.sha256}", after=8),)
              if plan.sha256 else ()),
            Signatures((Signature("Người lập", name=plan.sent_by),
                        Signature("Người phê duyệt", name=plan.approved_by))),
        ),
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def session_paper(*, actor: Actor, session_id: int, now: datetime, ending: Ending) -> bytes:
    """Return a session with who was there and its effect, to be signed. Raises NotFound."""
    page = queries.session_page(actor=actor, session_id=session_id, today=local(now).date())
    paper = _paper(
        actor, title="Biên bản buổi đào tạo", subtitle=page.line.title, at=page.line.starts_at,
        number=f"Số: ĐT {page.line.number:02d}/{local(page.line.starts_at).year}",
        blocks=_session_blocks(page),
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _session_blocks(page: SessionPage) -> tuple:
    one = page.line
    is_taught = one.state in rules.TAUGHT
    rows = tuple(
        (str(place), who.name, who.post,
         who.state_name if who.state != rules.INVITED else "", "")
        for place, who in enumerate(page.people, start=1)
    )  # fmt: skip
    effect = f"{one.state_name}. {one.effect_note.rstrip('. ')} ({one.effect_by})" if one.effect_note else (
        f"xét từ ngày {date_text(one.effect_on)}" if one.effect_on else "chưa xét"
    )  # fmt: skip
    return (
        line(bold("1. Thời gian, nơi học: "), datetime_text(one.starts_at),
             f", {number_text(one.hours)} giờ", f", {one.place}" if one.place else "", "."),
        line(bold("2. Hình thức: "), one.form_name, ". ", bold("Người giảng: "),
             one.trainer or "………………", ". ", bold("Người tổ chức: "), one.organiser, "."),
        line(bold("3. Người dự: "),
             f"{one.present}/{one.invited} người có mặt." if is_taught
             else f"{one.invited} người được mời."),
        Table(_PEOPLE, rows or (("", "………………", "", "", ""),)),
        line(bold("4. Hiệu quả: "), effect, "."),
        Signatures((Signature("Người tổ chức", name=one.organiser),
                    Signature("Người giảng", name=one.trainer))),
    )  # fmt: skip
