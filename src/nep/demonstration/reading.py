"""Documents in everybody's hands: a policy to read, a form to fill, objectives of a year."""

import io
from datetime import datetime, timedelta
from typing import Any

import docx

from nep.apps.documents.queries import code_exists, revision
from nep.apps.documents.rules import DocumentFacts
from nep.apps.documents.services import (
    copy_give,
    document_add,
    document_approve,
    document_check,
    document_public_set,
    document_submit,
    document_year_set,
    form_fill,
    publication_attach,
    question_save,
    reading_acknowledge,
    recipient_add,
)
from nep.apps.organization.queries import units_of
from nep.apps.organization.rules import Actor
from nep.demonstration.procedures import actor_of, actor_with
from nep.foundation.printing import Paper, line, paper_pdf
from nep.kernel.vietnamese import local

POLICY_CODE = "CSPV-01"
POLICY = (
    "Chính sách chất lượng phục vụ",
    (
        "Giải quyết hồ sơ đúng thủ tục đã công bố, không đòi thêm giấy tờ ngoài thành phần hồ sơ.",
        "Trả kết quả đúng hẹn; chậm một ngày cũng phải báo trước và xin lỗi người dân.",
        "Mỗi việc làm sai được ghi lại, sửa ngay và tìm nguyên nhân để không lặp lại.",
        "Cán bộ đọc bản mới của quy trình trước khi làm theo quy trình ấy.",
    ),
)
FORM_LINES = (
    "PHIẾU GHI NHẬN SỰ KHÔNG PHÙ HỢP",
    "Mã hiệu: {{ma_hieu}}   Lần ban hành: {{lan_ban_hanh}}   Số phiếu: {{so_phieu}}",
    "1. Đơn vị phát hiện: {{don_vi}}",
    "2. Ngày phát hiện: {{ngay_phat_hien}}",
    "3. Mức độ: {{muc_do | chọn Nhẹ; Nặng}}",
    "4. Số hồ sơ liên quan: {{so_luong_ho_so}}",
    "5. Mô tả sự không phù hợp: {{noi_dung}}",
    "Người lập: {{nguoi_lap}}, ngày {{ngay_lap}}",
)


def build_reading(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Bring a policy, a form and the year's objectives into force, read by some, filled once.

    Done once: an agency that has the policy is left as it is.
    """
    if code_exists(agency_id=agency_id, code=POLICY_CODE):
        return
    secretary = actor_with(agency, "iso_secretary", agency_id=agency_id, now=now)
    year = local(now).year
    title, points = POLICY
    policy_id, policy = _in_force(
        agency, agency_id, now, code=POLICY_CODE, title=title, kind="policy", level="public",
        file=("chinh-sach.pdf", _pdf(agency, title, points, now)),
    )  # fmt: skip
    recipient_add(
        actor=secretary, document_id=policy_id, target="everyone", must_read=True, now=now
    )
    document_public_set(actor=secretary, document_id=policy_id, is_public=True, now=now)
    question_save(
        actor=secretary, revision_id=policy, question_id=None, now=now, right=1,
        text="Hồ sơ trả chậm một ngày thì phải làm gì?",
        options=("Không cần làm gì", "Báo trước và xin lỗi người dân", "Trả lại hồ sơ"),
    )  # fmt: skip
    _objectives(agency, agency_id, now, secretary, year)
    _form(agency, agency_id, now, secretary)
    _paper(agency_id, policy_id, secretary, now)


def _objectives(
    agency: dict[str, Any], agency_id: int, now: datetime, secretary: Actor, year: int
) -> None:
    title = f"Mục tiêu chất lượng năm {year}"
    points = (
        f"Năm {year}, ít nhất 98% hồ sơ được trả đúng hẹn hoặc trước hẹn.",
        f"Trước ngày 30/6/{year}, mọi quy trình được rà lại một lần.",
        "Không có hồ sơ nào bị yêu cầu bổ sung quá một lần.",
    )
    document_id, revision_id = _in_force(
        agency, agency_id, now, code=f"MTCL-{year}", title=title, kind="plan",
        file=(f"muc-tieu-{year}.pdf", _pdf(agency, title, points, now)),
    )  # fmt: skip
    document_year_set(actor=secretary, document_id=document_id, year=year, now=now)
    recipient_add(
        actor=secretary, document_id=document_id, target="everyone", must_read=True, now=now
    )
    makers = {one.person_id for one in _hands(agency, agency_id, now)}
    for person in agency["people"][4:12]:
        reader = actor_of(person["login"], agency_id=agency_id, now=now)
        if reader.person_id not in makers:
            reading_acknowledge(
                actor=reader, revision_id=revision_id, answers={}, now=now + timedelta(hours=3)
            )


def _form(agency: dict[str, Any], agency_id: int, now: datetime, secretary: Actor) -> None:
    title = "Phiếu ghi nhận sự không phù hợp"
    document_id, revision_id = _in_force(
        agency, agency_id, now, code="BMPV-01", title=title, kind="form",
        file=("phieu-khong-phu-hop.docx", _word(FORM_LINES)),
        copy=_pdf(agency, title, FORM_LINES[1:], now),
    )  # fmt: skip
    form_fill(
        actor=secretary, document_id=document_id, revision_id=revision_id, title="",
        series_id=None, now=now + timedelta(hours=4),
        values={
            "don_vi": "Văn phòng", "ngay_phat_hien": local(now).strftime("%d/%m/%Y"),
            "muc_do": "Nhẹ", "so_luong_ho_so": "1",
            "noi_dung": "Giấy hẹn ghi thiếu số điện thoại của nơi trả kết quả.",
        },
    )  # fmt: skip


def _paper(agency_id: int, document_id: int, secretary: Actor, now: datetime) -> None:
    desk = next((unit for unit in units_of(agency_id) if unit.is_reception), None)
    if desk is not None:
        copy_give(
            actor=secretary, document_id=document_id, target=f"unit:{desk.id}",
            place="bảng niêm yết", now=now,
        )  # fmt: skip


def _in_force(
    agency: dict[str, Any], agency_id: int, now: datetime, *, code: str, title: str, kind: str,
    file: tuple[str, bytes], level: str = "internal", copy: bytes = b"",
) -> tuple[int, int]:  # fmt: skip
    author, checker, approver = _hands(agency, agency_id, now)
    document_id, revision_id = document_add(
        actor=author, now=now, file=file,
        facts=DocumentFacts(kind=kind, title=title, code=code, level=level),
    )  # fmt: skip
    if copy:
        publication_attach(
            actor=author, revision_id=revision_id, name=f"{code}.pdf", data=copy, now=now
        )
    document_submit(
        actor=author, revision_id=revision_id, checker_id=checker.person_id,
        approver_id=approver.person_id, now=now,
    )  # fmt: skip
    seen = revision(revision_id=revision_id, agency_id=agency_id).content_hash
    document_check(actor=checker, revision_id=revision_id, content_hash=seen, now=now)
    document_approve(actor=approver, revision_id=revision_id, content_hash=seen, now=now)
    return document_id, revision_id


def _hands(agency: dict[str, Any], agency_id: int, now: datetime) -> tuple[Actor, Actor, Actor]:
    author, checker, approver = (
        actor_with(agency, role, agency_id=agency_id, now=now)
        for role in ("iso_secretary", "unit_head", "leader")
    )
    return author, checker, approver


def _pdf(agency: dict[str, Any], title: str, points: tuple[str, ...], now: datetime) -> bytes:
    blocks = tuple(line(f"{n}. {text}" if text[:1].isalpha() else text, indent=True)
                   for n, text in enumerate(points, start=1))  # fmt: skip
    return paper_pdf(Paper(title=title, issuer=agency["name"], blocks=blocks), made_at=now)


def _word(lines: tuple[str, ...]) -> bytes:
    document = docx.Document()
    document.add_heading(lines[0], level=1)
    for text in lines[1:]:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
