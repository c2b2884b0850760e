"""The legal papers of a case, described once for PDF and Word. Nothing is written.

A field whose source does not exist is left out of the paper.
Source: Thông tư 03/2025/TT-VPCP, Phụ lục I, Mẫu số 01, 02, 06; Nghị định 118/2025/NĐ-CP Điều 17, 28.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from nep.apps.cases import queries
from nep.apps.cases.queries import (
    FormHead,
    FormPaper,
    ReceiptData,
    SlipData,
    SlipRow,
    SupplementData,
)
from nep.apps.organization.rules import Actor
from nep.foundation.printing import (
    Cell,
    Code,
    Column,
    Line,
    Paper,
    Run,
    Signature,
    Signatures,
    Table,
    bold,
    italic,
    line,
    paper_docx,
    paper_pdf,
)
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import time_long

Ending = Literal["pdf", "docx"]
QR_MILLIMETRES = 24
_PAPERS_HEAD = (
    Column("TT", 0.6, "center"),
    Column("Tên thành phần hồ sơ", 5.2),
    Column("Bản chính", 1, "center"),
    Column("Bản sao", 1, "center"),
    Column("Ghi chú", 1.8),
)


def receipt(*, actor: Actor, case_id: int, address: str, ending: Ending) -> bytes:
    """Return the receipt (Mẫu 01); `address` is where the public pages stand. Raises NotFound."""
    data = queries.receipt_data(actor=actor, case_id=case_id)
    return _made(receipt_paper(data, address=address), data.accepted_at, ending)


def supplement(
    *, actor: Actor, case_id: int, address: str, ending: Ending, number: int | None = None
) -> bytes:
    """Return a supplement request (Mẫu 02), the latest without a number. Raises NotFound."""
    data = queries.supplement_data(actor=actor, case_id=case_id, number=number)
    return _made(supplement_paper(data, address=address), data.at, ending)


def control_slip(*, actor: Actor, case_id: int, now: datetime, ending: Ending) -> bytes:
    """Return the control slip (Mẫu 06) as it stands now. Raises NotFound."""
    data = queries.control_slip(actor=actor, case_id=case_id)
    return _made(slip_paper(data, now=now), now, ending)


def _made(paper: Paper, at: datetime, ending: Ending) -> bytes:
    return paper_pdf(paper, made_at=at) if ending == "pdf" else paper_docx(paper)


def receipt_paper(data: ReceiptData, *, address: str) -> Paper:
    """Describe Mẫu 01: Giấy tiếp nhận hồ sơ và hẹn trả kết quả."""
    head, agency = data.head, data.head.agency
    due = time_long(data.due_at) if data.due_at else ""
    if due and data.is_estimated:
        due += " (dự kiến, theo lịch nghỉ chưa công bố)"
    return Paper(
        title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        blocks=(
            _look_up(head, address, "Quét mã hoặc mở địa chỉ trên để xem tình trạng hồ sơ."),
            line(agency.reception_name, " tiếp nhận hồ sơ của: ", bold(head.applicant.name)),
            *_applicant(head),
            line("Nội dung yêu cầu giải quyết: ", bold(head.tthc_name), _code_of(head)),
            line(bold("1. "), "Thành phần hồ sơ nộp gồm:"),
            _papers(data.papers),
            line(bold("2. "), "Số lượng hồ sơ: 01 bộ."),
            *_told("3", "Thời gian giải quyết hồ sơ theo quy định là", data.limit_words),
            *_told("4", "Thời gian nhận hồ sơ", time_long(data.received_at)),
            *_told("5", "Thời gian trả kết quả giải quyết hồ sơ", due),
            *_told("6", "Nhận kết quả tại", _reception(head)),
            *_told("7", "Phí, lệ phí", data.fee),
            line(
                italic(
                    "Giấy này lập thành 02 liên: 01 liên giao người nộp hồ sơ, 01 liên chuyển kèm "
                    "Phiếu kiểm soát quá trình giải quyết hồ sơ."
                ),
                after=0,
            ),
            Signatures(
                (
                    Signature("Người nộp hồ sơ", name=head.applicant.name),
                    Signature("Người tiếp nhận hồ sơ", name=data.receiver),
                )
            ),
        ),
        **_letterhead(head, data.accepted_at, "Mẫu số 01", f"Số: {head.code}/TNHS"),
    )


def supplement_paper(data: SupplementData, *, address: str) -> Paper:
    """Describe Mẫu 02: Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ."""
    head = data.head
    return Paper(
        title="Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
        blocks=(
            _look_up(head, address, "Quét mã để xem tình trạng hồ sơ."),
            line("Hồ sơ của: ", bold(head.applicant.name)),
            *_applicant(head),
            line("Nội dung yêu cầu giải quyết: ", bold(head.tthc_name), _code_of(head)),
            line("Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:"),
            _papers(data.papers),
            line("Lý do: ", data.reason),
            line(
                "Trong quá trình hoàn thiện hồ sơ, nếu có vướng mắc, Ông/Bà liên hệ ",
                _reception(head),
                *([f", số điện thoại {head.agency.phone}"] if head.agency.phone else []),
                " để được hướng dẫn.",
            ),
            Signatures(
                (
                    Signature("Người nộp hồ sơ", name=head.applicant.name),
                    Signature("Người hướng dẫn", name=data.officer),
                )
            ),
        ),
        **_letterhead(
            head, data.at, "Mẫu số 02", f"Số: {data.number:02d}/HDHS" if data.number else ""
        ),
    )


def slip_paper(data: SlipData, *, now: datetime) -> Paper:
    """Describe Mẫu 06: Phiếu kiểm soát quá trình giải quyết hồ sơ."""
    head = data.head
    result = data.on_time_text.lower()
    return Paper(
        title="Phiếu kiểm soát quá trình giải quyết hồ sơ",
        blocks=(
            line("Mã hồ sơ: ", bold(head.code)),
            line("Thủ tục: ", bold(head.tthc_name), _code_of(head)),
            line("Cơ quan giải quyết hồ sơ: ", head.agency.name),
            line("Thời gian nhận hồ sơ: ", time_long(data.received_at)),
            *_if(data.result_due_at, "Thời gian hẹn trả kết quả: "),
            *_if(data.finished_at, "Thời gian giải quyết xong: "),
            *([line("Kết quả giải quyết hồ sơ: ", bold(result))] if result else []),
            Table(
                (
                    Column("TT", 0.55, "center"),
                    Column("Bước giao, nhận hồ sơ", 2.5),
                    Column("Người giao", 2.1, "center"),
                    Column("Người nhận", 2.1, "center"),
                    Column("Kết quả", 1.35, "center"),
                    Column("Ghi chú", 1.9),
                ),
                tuple(row for entry in _numbered(data.rows) for row in _handover(*entry)),
            ),
            line(
                italic(
                    "Phiếu lập từ nhật ký giải quyết hồ sơ"
                    + (" do hệ thống một cửa cung cấp" if data.origin == "fed" else "")
                    + "; thời gian giao, nhận ghi theo giờ Việt Nam."
                )
            ),
        ),
        **_letterhead(head, now, "Mẫu số 06", ""),
    )


def _numbered(rows: Sequence[SlipRow]) -> list[tuple[int, SlipRow, bool]]:
    numbered, place = [], 0
    for row in rows:
        place += 0 if row.is_pause else 1
        numbered.append((place, row, row is rows[-1]))
    return numbered


def _handover(place: int, row: SlipRow, is_last: bool) -> tuple[tuple[str | Cell, ...], ...]:
    """Return the two rows of one giving and receiving, or the one row of a pause."""
    if row.is_pause:
        until = f" đến {time_long(row.closed_at)}" if row.closed_at else ", chưa kết thúc"
        since = _small(f"Từ {time_long(row.given_at)}{until}")
        return (("", _cell(line(italic(row.step), after=0)), _wide(since), "", row.note),)
    minutes = "; ".join(
        part
        for part in (
            f"Định mức {row.limit_text}" if row.limit_text else "",
            f"đã dùng {row.used_text}" if row.used_text else "",
        )
        if part
    )
    what = [line(bold(row.step), align="left", after=0)]
    times = [
        line("1. Giao: ", time_long(row.given_at), align="left", after=0),
        line(
            "2. Nhận: ",
            time_long(row.received_at) if row.received_at else "chưa có người nhận",
            align="left",
            after=0,
        ),
    ]
    if row.closed_at and is_last:
        times.append(line("Xong: ", time_long(row.closed_at), align="left", after=0))
    return (
        (
            Cell((line(str(place), align="center", after=0),), rows=2),
            Cell((*what, *([_small(minutes)] if minutes else [])), rows=2),
            Cell(tuple(times), columns=2),
            Cell((line(row.result_text, align="center", after=0),), rows=2),
            Cell((line(row.note, align="left", after=0),), rows=2),
        ),
        (row.giver, row.receiver),
    )


def _small(text: str) -> Line:
    return Line((Run(text, italic=True),), align="left", after=0)


def _cell(*lines: Line) -> Cell:
    return Cell(lines)


def _wide(text: Line) -> Cell:
    return Cell((text,), columns=2)


def _if(moment: datetime | None, label: str) -> list[Line]:
    return [line(label, time_long(moment))] if moment else []


def _told(number: str, label: str, text: str) -> list[Line]:
    """Return a numbered line, or none when there is nothing to tell."""
    return [line(bold(f"{number}. "), f"{label}: ", bold(text), ".")] if text else []


def _look_up(head: FormHead, address: str, hint: str) -> Code:
    where = f"{address}{head.lookup_path}"
    return Code(
        where,
        QR_MILLIMETRES,
        (
            line("Mã hồ sơ: ", bold(head.code), align="left"),
            line(where, align="left"),
            line(italic(hint), align="left"),
        ),
    )


def _applicant(head: FormHead) -> list[Line]:
    who = head.applicant
    contact = [
        part
        for part in (
            f"Số điện thoại: {who.phone}" if who.phone else "",
            f"Thư điện tử: {who.email}" if who.email else "",
        )
        if part
    ]
    lines = [line(f"Địa chỉ: {who.address}")] if who.address else []
    return lines + ([line("; ".join(contact))] if contact else [])


def _code_of(head: FormHead) -> str:
    return f" (mã thủ tục {head.tthc_code})" if head.tthc_code else ""


def _reception(head: FormHead) -> str:
    address = head.agency.address
    return f"{head.agency.reception_name}, {address}" if address else head.agency.reception_name


def _papers(papers: Sequence[FormPaper]) -> Table:
    rows = tuple(
        (str(one.position), one.name, str(one.originals or ""), str(one.copies or ""), one.note)
        for one in papers
    )
    return Table(_PAPERS_HEAD, rows or (("", "Không có giấy tờ kèm theo", "", "", ""),))


def _letterhead(head: FormHead, at: datetime, form: str, number: str) -> dict[str, Any]:
    agency = head.agency
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    return {
        "above": agency.name,
        "issuer": agency.reception_name,
        "number": number,
        "place_date": place_and_date(place=place, at=at),
        "form": form,
    }
