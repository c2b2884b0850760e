"""A person's own data in one case, to be handed to that person: JSON and PDF. Nothing is written.

Source: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 (quyền được cung cấp dữ liệu của mình).
"""

from datetime import datetime
from typing import Any

from nep.apps.cases.queries.privacy import OwnData
from nep.apps.cases.rules.privacy import FIELD_NAMES
from nep.foundation.printing import Column, Line, Paper, Table, bold, italic, line, paper_pdf
from nep.kernel.vietnamese import local


def own_data_json(data: OwnData) -> dict[str, Any]:
    """Return the data with Vietnamese keys, moments as ISO 8601 in Vietnam's time."""
    return {
        "co_quan": data.agency,
        "ma_ho_so": data.code,
        "thu_tuc": data.tthc,
        "trang_thai": data.status,
        "cach_nop": data.channel,
        "nhan_luc": _iso(data.received_at),
        "nguoi_nop": {
            "ho_ten": data.applicant.name, "so_dinh_danh": data.applicant.identity,
            "dien_thoai": data.applicant.phone, "thu_dien_tu": data.applicant.email,
            "dia_chi": data.applicant.address,
        },
        "du_lieu_cac_buoc": [{"ten": name, "noi_dung": said} for name, said in data.typed],
        "giay_to": [
            {"ten": one.name, "tep": one.file_name, "so_byte": one.size, "sha256": one.sha256}
            for one in data.papers
        ],
        "danh_gia": {"muc": data.degree, "gop_y": data.remark} if data.degree else None,
        "bao_sai_lech": [
            {"luc": _iso(at), "viec": kind, "noi_dung": text, "tra_loi": answer}
            for at, kind, text, answer in data.reports
        ],
        "da_xem": [
            {"luc": _iso(one.at), "ai": one.who, "cach": one.how, "ly_do": one.reason}
            for one in data.looks
        ],
        "da_xoa": [{"luc": _iso(one.at), "phan": one.words} for one in data.stubs],
    }  # fmt: skip


def _iso(moment: datetime) -> str:
    return local(moment).isoformat(timespec="seconds")


def own_data_pdf(*, data: OwnData, now: datetime) -> bytes:
    """Return the data as a paper in plain words."""
    two = (Column("Dữ liệu", 1), Column("Nội dung", 3))
    person = tuple(
        (name[0].upper() + name[1:], getattr(data.applicant, key) or "không có")
        for key, name in FIELD_NAMES.items()
    )
    blocks: list[Line | Table] = [
        line(bold("1. Người nộp")), Table(two, person),
        line(bold("2. Hồ sơ")),
        Table(two, (
            ("Mã hồ sơ", data.code), ("Thủ tục", data.tthc), ("Trạng thái", data.status),
            ("Cách nộp", data.channel), ("Nhận lúc", _moment(data.received_at)),
        )),
    ]  # fmt: skip
    if data.typed:
        blocks += [line(bold("Dữ liệu các bước đã ghi")), Table(two, data.typed)]
    if data.papers:
        columns = (Column("Giấy tờ", 2), Column("Tệp", 2), Column("Cỡ (byte)", 1, "right"))
        rows = tuple((one.name, one.file_name, str(one.size)) for one in data.papers)
        blocks += [line(bold("3. Tệp đã nộp")), Table(columns, rows)]
    said = [("Đánh giá", f"{data.degree}. {data.remark}".strip())] if data.degree else []
    said += [
        (f"Báo sai lệch {_moment(at)}", f"{kind}: {text}\nTrả lời: {answer or 'chưa có'}")
        for at, kind, text, answer in data.reports
    ]
    if said:
        blocks += [line(bold("4. Lời Ông/Bà đã gửi")), Table(two, tuple(said))]
    heads = (Column("Lúc", 1), Column("Ai", 1), Column("Đã làm", 1.4), Column("Lý do", 1.6))
    looks = tuple((_moment(one.at), one.who, one.how, one.reason) for one in data.looks)
    blocks += [line(bold("5. Ai đã xem thông tin của Ông/Bà")), Table(heads, looks)]
    for one in data.stubs:
        blocks.append(line(italic(f"Đã xóa {_moment(one.at)}: {one.words}.")))
    return paper_pdf(
        Paper(
            title="Dữ liệu cá nhân trong hồ sơ", subtitle=data.code, issuer=data.agency,
            blocks=tuple(blocks),
        ),
        made_at=now,
    )  # fmt: skip


def _moment(moment: datetime) -> str:
    return f"{local(moment):%H:%M %d/%m/%Y}"
