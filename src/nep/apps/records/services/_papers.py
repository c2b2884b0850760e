"""Papers of records as PDF and Word: plan, lists, minutes. Nothing is written.

Source: Nghị định 30/2020/NĐ-CP Phụ lục V (danh mục hồ sơ; biên bản giao nhận; mục lục hồ sơ nộp lưu).
"""

from datetime import datetime
from typing import Literal

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.records import queries
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
from nep.kernel.errors import NotFound
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import date_long, date_text, local

Ending = Literal["pdf", "docx"]


def plan_paper(*, actor: Actor, year: int, now: datetime, ending: Ending) -> bytes:
    """Return the file plan of a year (Phụ lục V). Raises NotFound."""
    page = queries.plan_page(actor=actor, year=year)
    if page is None:
        raise NotFound()
    columns = (
        Column("Số và ký hiệu hồ sơ", 1.2), Column("Tiêu đề hồ sơ", 4),
        Column("Thời hạn bảo quản", 1.3, "center"), Column("Người lập hồ sơ", 1.8),
        Column("Ghi chú", 1.6),
    )  # fmt: skip
    rows = tuple(
        (one.code, one.title, f"{one.retention}{'' if one.mark == 'S' else ' (chưa xác minh)'}",
         one.keeper or one.unit, one.note)
        for one in page.lines
    )  # fmt: skip
    issued = (
        f"(Ban hành kèm theo Quyết định số {page.decision})"
        if page.decision
        else "(Dự thảo, chưa ban hành)"
    )
    total = line(f"Bản danh mục này có {len(rows)} hồ sơ.", after=0)
    paper = _paper(
        actor, page.approved_at or now, title=f"Danh mục hồ sơ năm {year}", subtitle=issued, landscape=True,
        blocks=(Table(columns, rows), total,
                Signatures((Signature("Người lập", name=page.made_by),
                            Signature("Lãnh đạo cơ quan", name=page.approved_by)))),
    )  # fmt: skip
    return _made(paper, page.approved_at or now, ending)


def transfer_paper(*, actor: Actor, transfer_id: int, ending: Ending) -> bytes:
    """Return the minutes of a hand-over with the list of its files. Raises NotFound."""
    page = queries.transfer_page(actor=actor, transfer_id=transfer_id)
    columns = (
        Column("TT", 0.5, "center"), Column("Số, ký hiệu hồ sơ", 1.5), Column("Tiêu đề hồ sơ", 4),
        Column("Thời gian", 1.7, "center"), Column("Thời hạn bảo quản", 1.1, "center"),
        Column("Số tờ", 0.7, "center"), Column("Dạng, nơi để", 1.6),
    )  # fmt: skip
    rows = tuple(
        (str(place), one.code, one.title,
         f"{date_text(one.opened_on)} – {date_text(one.closed_on) if one.closed_on else ''}",
         one.retention, str(one.sheets or ""), ", ".join(filter(None, (one.medium_name, one.location))))
        for place, one in enumerate(page.files, start=1)
    )  # fmt: skip
    blocks = (
        line("Hôm nay, ", date_long(local(page.made_at).date()), ", chúng tôi gồm:"),
        line(bold("Bên giao: "), page.giver),
        line(bold("Bên nhận: "), ", ".join(filter(None, (page.receiver, page.receiver_position)))),
        line(f"Bên giao đã giao, bên nhận đã nhận {len(rows)} hồ sơ theo mục lục sau:"),
        Table(columns, rows),
        *((line("Ghi chú: ", page.note),) if page.note else ()),
        *_void(page),
        line("Biên bản lập thành 02 bản, mỗi bên giữ 01 bản.", after=0),
        Signatures((Signature("Đại diện bên giao", name=page.giver),
                    Signature("Đại diện bên nhận", name=page.receiver))),
    )  # fmt: skip
    paper = _paper(
        actor, page.made_at, title="Biên bản giao nhận hồ sơ, tài liệu",
        number=f"Số: {page.number}/BB-GNHS", blocks=blocks, landscape=True,
    )  # fmt: skip
    return _made(paper, page.made_at, ending)


def _void(page: queries.TransferPage) -> tuple[Line, ...]:
    """Return what minutes say that were cancelled: nobody takes them for valid."""
    if page.cancelled_at is None:
        return ()
    day = date_text(local(page.cancelled_at).date())
    return (line(bold(f"Biên bản này đã hủy ngày {day}."), f" Lý do: {page.cancelled_reason}"),)


def disposal_paper(*, actor: Actor, disposal_id: int, now: datetime, ending: Ending) -> bytes:
    """Return the list of a disposal, or its minutes once carried out. Raises NotFound."""
    page = queries.disposal_page(actor=actor, disposal_id=disposal_id)
    is_done = page.executed_at is not None
    at = page.executed_at or now
    columns = (
        Column("TT", 0.5, "center"), Column("Số, ký hiệu hồ sơ", 1.5), Column("Tiêu đề hồ sơ", 4),
        Column("Thời hạn bảo quản", 1.1, "center"), Column("Lưu đến hết", 1.2, "center"),
        Column("Số văn bản", 0.9, "center"), Column("Mã băm (8 ký tự đầu)", 2),
    )  # fmt: skip
    rows = tuple(
        (str(place), one.code, one.title, one.retention, date_text(one.retain_until),
         str(one.records), " ".join(str(each["sha256"])[:8] for each in one.hashes if each["sha256"]))
        for place, one in enumerate(page.lines, start=1)
    )  # fmt: skip
    decided = (
        (line("Căn cứ Quyết định số ", bold(page.decision_number), " ",
              date_long(page.decision_on) if page.decision_on else "", "; ", page.council, "."),)
        if page.decision_number
        else ()
    )  # fmt: skip
    told = (
        f"Đã tiêu hủy {len(rows)} hồ sơ; thông tin mô tả và mã băm được giữ lại."
        if is_done
        else f"Đề nghị tiêu hủy {len(rows)} hồ sơ đã hết thời hạn lưu."
    )
    paper = _paper(
        actor, at, landscape=True, number=f"Số: {page.number}/TH",
        title="Biên bản tiêu hủy hồ sơ" if is_done else "Danh mục hồ sơ đề nghị tiêu hủy",
        blocks=(*decided, line(told), Table(columns, rows),
                Signatures((Signature("Người đề nghị", name=page.proposed_by),
                            Signature("Người quyết định", name=page.approved_by),
                            Signature("Người thực hiện", name=page.executed_by)))),
    )  # fmt: skip
    return _made(paper, at, ending)


def leaver_paper(*, actor: Actor, leaver_id: int, ending: Ending) -> bytes:
    """Return the minutes of a leaver's hand-over. Raises NotFound."""
    page = queries.leaver_page(actor=actor, leaver_id=leaver_id)
    columns = (
        Column("TT", 0.5, "center"), Column("Mã, số", 2.6), Column("Nội dung", 4.4),
        Column("Người nhận", 2),
    )  # fmt: skip
    blocks: list = [
        line("Người bàn giao: ", bold(page.person)),
        line("Lý do: ", page.reason),
    ]
    for number, group in enumerate(page.groups, start=1):
        receiver = group["receiver"] or ("đã kết thúc" if group["moved"] else group["advice"])
        rows = tuple(
            (str(place), one["code"], one["title"], receiver)
            for place, one in enumerate(group["lines"], start=1)
        )
        blocks += [line(bold(f"{number}. {group['label']}")), Table(columns, rows)]
    receivers = dict.fromkeys(group["receiver"] for group in page.groups if group["receiver"])
    blocks.append(
        Signatures((Signature("Người bàn giao", name=page.person),
                    *(Signature("Người nhận", name=name) for name in list(receivers)[:2]),
                    Signature("Người lập biên bản", name=page.made_by)))
    )  # fmt: skip
    paper = _paper(
        actor, page.made_at, title="Biên bản bàn giao công việc, hồ sơ, tài liệu",
        number=f"Số: {page.number}/BB-BG", blocks=tuple(blocks),
    )  # fmt: skip
    return _made(paper, page.made_at, ending)


def _paper(actor: Actor, at: datetime, *, title: str, blocks: tuple, **more) -> Paper:
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    return Paper(
        title=title, above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        issuer=agency.name, blocks=blocks, place_date=place_and_date(place=place, at=at), **more,
    )  # fmt: skip


def _made(paper: Paper, at: datetime, ending: Ending) -> bytes:
    return paper_pdf(paper, made_at=at) if ending == "pdf" else paper_docx(paper)
