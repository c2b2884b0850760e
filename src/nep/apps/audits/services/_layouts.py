"""What stands in each paper of an audit, from what its page says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nep.apps.audits.queries import (
    AuditPage,
    FindingLine,
    ProgrammePage,
    SessionLine,
    clause_titles,
)
from nep.apps.audits.rules import life
from nep.apps.organization.queries import AgencyFacts, members
from nep.foundation.printing import (
    Column,
    Line,
    Signature,
    Signatures,
    Table,
    bold,
    italic,
    line,
)
from nep.kernel.places import authority, post_in
from nep.kernel.vietnamese import date_text, local, time_text

_BLANK = "……………………"


@dataclass(frozen=True, slots=True)
class Made:
    """A paper's head and blocks; without `at` it carries the day on which it is printed."""

    title: str
    subtitle: str
    number: str
    blocks: tuple
    at: datetime | None = None


def programme_blocks(page: ProgrammePage) -> tuple:
    """Return the programme: its aim, units by months, clauses and why, who approved."""
    columns = (
        Column("TT", 0.5, "center"), Column("Đơn vị được đánh giá", 2.4), Column("Điều khoản", 3.4),
        Column("Tháng", 0.9, "center"), Column("Căn cứ xếp thứ tự", 3), Column("Mức", 0.7, "center"),
    )  # fmt: skip
    rows = tuple(
        (str(place), one.name, ", ".join(one.clauses), ", ".join(map(str, one.months)), one.reason,
         str(one.weight))
        for place, one in enumerate(page.lines, start=1)
    )  # fmt: skip
    return (
        line(bold("1. Mục đích: "), page.aim or _BLANK),
        line(bold("2. Phạm vi, thời gian: "),
             f"{len(page.lines)} đơn vị; điều khoản của TCVN ISO 9001:2015."),
        Table(columns, rows),
        *([line(bold("3. Điều khoản không đánh giá: "), f"{', '.join(page.left_clauses)}. ",
                page.excuse)] if page.left_clauses else []),
        line(bold("Mức"), " từ 0 đến 100, do hệ thống tính từ rủi ro, hồ sơ trễ, sự không phù hợp đang "
             "mở và lần đánh giá gần nhất; người lập có thể đổi tháng và điều khoản."),
        Signatures((Signature("Người lập", name=page.made_by),
                    Signature("Người phê duyệt", name=page.approved_by))),
    )  # fmt: skip


def _decision(page: AuditPage, agency: AgencyFacts) -> Made:
    number, post = page.decision or "……/QĐ-……", _post(page, agency)
    blocks = (
        line(bold(authority(post, agency.name)), align="center"),
        line(italic("Căn cứ Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng Chính "
                    "phủ về việc áp dụng Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO "
                    "9001:2008 vào hoạt động của các cơ quan, tổ chức thuộc hệ thống hành chính nhà "
                    "nước;"), indent=True),
        line(italic(f"Căn cứ chương trình đánh giá nội bộ năm {page.line.year} đã được phê duyệt."),
             indent=True),
        Line((bold("QUYẾT ĐỊNH:"),), align="center"),
        line(bold("Điều 1. "), f"Thành lập đoàn đánh giá nội bộ {page.line.code} gồm các ông, bà có tên "
             "sau đây:", indent=True),
        _team(page),
        line(bold("Điều 2. "), "Đoàn đánh giá các đơn vị, theo thời gian và nội dung ghi trong kế hoạch "
             "kèm theo; người đánh giá độc lập với việc được đánh giá; báo cáo kết quả với lãnh đạo cơ "
             "quan và tự giải tán khi hoàn thành.", indent=True),
        line(bold("Điều 3. "), "Các đơn vị được đánh giá, các ông, bà có tên tại Điều 1 chịu trách nhiệm "
             "thi hành Quyết định này.", indent=True),
        Signatures((
            Signature("Nơi nhận", note="Như Điều 3; lưu: VT, hồ sơ đánh giá"),
            Signature(post_in(post, agency.name), note="(Ký, đóng dấu)", name=page.announced_by),
        )),
    )  # fmt: skip
    return Made("Quyết định", "Về việc thành lập đoàn đánh giá nội bộ", f"Số: {number}", blocks,
                page.announced_at)  # fmt: skip


def _post(page: AuditPage, agency: AgencyFacts) -> str:
    """Return the post of who gave the audit out, on that day; before that, of nobody by name."""
    if page.announced_at is None:
        return "Người đứng đầu"
    people = members(agency_id=agency.id, today=local(page.announced_at).date())
    posts = (one.position for one in people if one.name == page.announced_by)
    return next(filter(None, posts), "Người đứng đầu")


def _team(page: AuditPage) -> Table:
    columns = (Column("TT", 0.5, "center"), Column("Họ và tên", 2.4), Column("Vai trò", 1.6),
               Column("Cơ quan, năng lực đánh giá", 4))  # fmt: skip
    rows = tuple(
        (str(place), one.name, one.part_name,
         "; ".join(filter(None, (one.from_agency, one.told,
                                 f"theo {one.agreement}" if one.agreement else ""))))
        for place, one in enumerate(page.members, start=1)
    )  # fmt: skip
    return Table(columns, rows or (("", _BLANK, "", ""),))


def _plan(page: AuditPage, agency: AgencyFacts) -> Made:
    columns = (
        Column("Thời gian", 1.6), Column("Đơn vị, đại diện", 2.2), Column("Điều khoản", 2),
        Column("Quy trình", 2.7), Column("Đánh giá viên", 1.9),
    )  # fmt: skip
    rows = tuple(
        (_when(one), f"{one.unit}; {one.representative}", ", ".join(one.clauses),
         f"{one.procedure} {one.procedure_title}".strip(),
         ", ".join(each.name for each in one.auditors))
        for one in page.sessions
    )  # fmt: skip
    blocks = (
        line(bold("1. Mục đích: "), page.aim or _BLANK),
        line(bold("2. Chuẩn mực: "), page.criteria or _BLANK),
        line(bold("3. Đoàn đánh giá")),
        _team(page),
        line(bold("4. Lịch làm việc")),
        Table(columns, rows or (("", _BLANK, "", "", ""),)),
        line("Họp mở đầu nửa giờ trước phiên thứ nhất; họp kết thúc sau phiên cuối cùng. Đơn vị chuẩn bị "
             "tài liệu, hồ sơ và cử người có mặt theo lịch."),
        Signatures((Signature("Người lập kế hoạch", name=page.planned_by),
                    Signature("Người phê duyệt", name=page.announced_by))),
    )  # fmt: skip
    return Made("Kế hoạch đánh giá nội bộ", page.line.code, f"Số: {page.line.code}/KH", blocks,
                page.announced_at or page.planned_at)  # fmt: skip


def _when(one: SessionLine) -> str:
    start, end = local(one.starts_at), local(one.ends_at)
    return f"{time_text(start)}–{time_text(end)}, {date_text(start.date())}"


def _checklist(page: AuditPage, agency: AgencyFacts) -> Made:
    columns = (
        Column("TT", 0.5, "center"), Column("Điều", 0.8, "center"), Column("Câu hỏi", 3.2),
        Column("Kết luận", 1.3), Column("Đã thấy", 3.4),
    )  # fmt: skip
    blocks: list = []
    for one in page.sessions:
        asked = [each for each in page.findings if each.session_id == one.id]
        auditors = ", ".join(each.name for each in one.auditors)
        rows = tuple(
            (str(place), each.clause, each.question, each.level_name or each.state_name,
             _seen(each))
            for place, each in enumerate(asked, start=1)
        )  # fmt: skip
        blocks += [
            line(bold(f"{one.unit}. "), f"{_when(one)}. Đánh giá viên: {auditors or _BLANK}. "
                 f"Đại diện: {one.representative or _BLANK}."),
            Table(columns, rows or (("", "", _BLANK, "", ""),)),
        ]  # fmt: skip
    titles = clause_titles()
    known = [f"{number} {titles[number]}" for number in page.clauses if number in titles]
    blocks += [
        line(bold("Điều khoản của TCVN ISO 9001:2015: "), "; ".join(known), "."),
        Signatures((Signature("Trưởng đoàn", name=page.line.leader),)),
    ]
    return Made("Phiếu ghi chép đánh giá nội bộ", page.line.code, f"Số: {page.line.code}/PGC",
                tuple(blocks), page.held_at)  # fmt: skip


def _minutes(page: AuditPage, agency: AgencyFacts) -> Made:
    blocks: list = [
        line(f"Thời gian: {_span(page)}. Tại: {agency.name}."),
        line(bold("1. Đoàn đánh giá")),
        _team(page),
        line(bold("2. Đơn vị được đánh giá: "),
             "; ".join(f"{one.unit} (đại diện: {one.representative or _BLANK})"
                       for one in page.sessions), "."),
        line(bold("3. Kết quả: "), _counted(page)),
    ]  # fmt: skip
    if page.skipped:
        blocks.append(line("Câu hỏi không hỏi đến: ", page.skipped))
    blocks += [
        _told(page),
        line(bold("4. Ý kiến của đơn vị: "), _answers(page)),
        Signatures((Signature("Đại diện các đơn vị"),
                    Signature("Trưởng đoàn", name=page.line.leader))),
    ]  # fmt: skip
    return Made("Biên bản đánh giá nội bộ", page.line.code, f"Số: {page.line.code}/BB",
                tuple(blocks), page.held_at)  # fmt: skip


def _span(page: AuditPage) -> str:
    if page.line.starts_on is None or page.line.ends_on is None:
        return _BLANK
    if page.line.starts_on == page.line.ends_on:
        return f"ngày {date_text(page.line.starts_on)}"
    return f"từ {date_text(page.line.starts_on)} đến {date_text(page.line.ends_on)}"


def _counted(page: AuditPage) -> str:
    counts = [f"{page.line.counts.get(level, 0)} {name.lower()}"
              for level, name in life.LEVELS.items()]  # fmt: skip
    return "; ".join(counts) + "."


def _told(page: AuditPage) -> Table:
    columns = (
        Column("Số", 0.6, "center"), Column("Đơn vị", 1.9), Column("Điều", 0.8, "center"),
        Column("Mức", 1.5), Column("Nội dung, bằng chứng", 4), Column("Phiếu", 1.3),
    )  # fmt: skip
    rows = tuple(
        (str(one.number), one.unit, one.clause, _level(one),
         _seen(one),
         one.sheet.code if one.sheet else "")
        for one in page.told
    )  # fmt: skip
    return Table(
        columns, rows or (("", "", "", "", "Không có phát hiện nào ngoài điểm phù hợp.", ""),)
    )


def _seen(one: FindingLine) -> str:
    """Return what was seen, with the evidence that is attached."""
    if not one.proofs:
        return one.text
    kept = f"Kèm: {'; '.join(proof.title for proof in one.proofs)}."
    return f"{one.text} {kept}".strip()


def _level(one: FindingLine) -> str:
    return f"{one.level_name} (đã rút)" if one.state == life.WITHDRAWN else one.level_name


def _answers(page: AuditPage) -> str:
    said = [
        f"phát hiện {one.number}: {one.answer} Trưởng đoàn: {one.settlement or _BLANK}"
        for one in page.told if one.answer
    ]  # fmt: skip
    if said:
        return "; ".join(said)
    return "các đơn vị nhất trí với kết quả nêu trên." if page.line.is_held else _BLANK


def _report(page: AuditPage, agency: AgencyFacts) -> Made:
    fixing = [one for one in page.told if one.sheet]
    blocks: list = [
        line(bold("1. Khái quát: "), f"{page.line.code}, {_span(page)}; {len(page.sessions)} phiên tại "
             f"{', '.join(page.line.units)}; trưởng đoàn {page.line.leader}."),
        line(bold("2. Mục đích: "), page.aim or _BLANK),
        line(bold("3. Kết quả: "), _counted(page)),
        _told(page),
        line(bold("4. Khắc phục: "),
             "; ".join(
                 f"{one.sheet.code} do {one.sheet.owner or 'người được giao'} phụ trách, phân tích xong "
                 f"trước {date_text(one.sheet.due_on)}" for one in fixing if one.sheet
             ) or "không có điểm không phù hợp nào phải khắc phục", "."),
        line(bold("5. Kết luận của đoàn: "), page.conclusion or _BLANK),
        Signatures((Signature("Trưởng đoàn", name=page.line.leader),
                    Signature("Lãnh đạo cơ quan"))),
    ]  # fmt: skip
    return Made("Báo cáo kết quả đánh giá nội bộ", page.line.code, f"Số: {page.line.code}/BC",
                tuple(blocks), page.line.reported_at)  # fmt: skip


LAYOUTS: dict[str, Callable[[AuditPage, AgencyFacts], Made]] = {
    "decision": _decision,
    "plan": _plan,
    "checklist": _checklist,
    "minutes": _minutes,
    "report": _report,
}
