"""The register of cases (Mẫu 07) as a paper. Nothing is written.

Source: Thông tư 03/2025/TT-VPCP, Phụ lục I, Mẫu số 07.
"""

from datetime import datetime

from nep.apps.cases.queries.register import Register, RegisterLine
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.printing import Column, Line, Paper, Table, italic, line, paper_pdf
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import local

_HEAD = (
    Column("TT", 0.6, "center"),
    Column("Mã hồ sơ", 3.1),
    Column("Thủ tục hành chính", 3),
    Column("Người nộp", 1.5),
    Column("Nhận", 1.7, "center"),
    Column("Hẹn trả", 1.7, "center"),
    Column("Chuyển", 1.7, "center"),
    Column("Có kết quả", 1.7, "center"),
    Column("Trả", 1.7, "center"),
    Column("Hình thức nhận", 1.1, "center"),
    Column("Ghi chú", 1.2),
)
CODE_IN_A_LINE = 19  # letters of a code that fit the column
MAY_BREAK = "\u200b"


def register_pdf(*, actor: Actor, register: Register, now: datetime) -> bytes:
    """Return the register as PDF, applicants masked."""
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    left = register.total - len(register.lines)
    blocks: list[Table | Line] = [
        Table(_HEAD, tuple(_row(one) for one in register.lines)),
        line(
            italic(
                f"Sổ có {register.total} hồ sơ; lập từ nhật ký giải quyết hồ sơ. Ngày giờ theo giờ "
                "Việt Nam; tên người nộp được che bớt."
            )
        ),
    ]
    if left > 0:
        blocks.append(line(italic(f"Bản này dừng ở {len(register.lines)} hồ sơ đầu; còn {left}.")))
    return paper_pdf(
        Paper(
            title="Sổ theo dõi hồ sơ",
            subtitle=register.title,
            issuer=agency.reception_name,
            above=agency.name,
            place_date=place_and_date(place=place, at=now),
            form="Mẫu số 07",
            landscape=True,
            blocks=tuple(blocks),
        ),
        made_at=now,
    )


def _row(one: RegisterLine) -> tuple[str, ...]:
    note = ", ".join(part for part in (one.on_time, one.note) if part)
    return (
        str(one.number), _code(one.code), f"{one.tthc_code} {one.tthc_name}".strip(), one.applicant,
        _moment(one.received_at), _moment(one.due_at), _moment(one.transfer_at),
        _moment(one.finished_at), _moment(one.returned_at), one.channel, note,
    )  # fmt: skip


def _moment(moment: datetime | None) -> str:
    return f"{local(moment):%H:%M %d/%m/%Y}" if moment else ""


def _code(code: str) -> str:
    """Let a code that is longer than its column go on in the next line, after a dot or dash."""
    if len(code) <= CODE_IN_A_LINE:
        return code
    return code.replace("-", f"-{MAY_BREAK}").replace(".", f".{MAY_BREAK}")
