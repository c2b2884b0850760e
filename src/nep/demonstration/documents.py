"""Documents on their way: a package in force, its amendment under approval, a request for change."""

from datetime import datetime
from typing import Any

from nep.apps.documents.queries import life, revision
from nep.apps.documents.rules import DocumentFacts
from nep.apps.documents.services import (
    document_add,
    document_approve,
    document_check,
    document_submit,
    request_accept,
    request_ask,
    revision_file_replace,
)
from nep.apps.organization.rules import Actor
from nep.demonstration.procedures import actor_with
from nep.foundation.printing import Paper, line, paper_pdf

CODE, TITLE = "QTHT-01", "Kiểm soát thông tin dạng văn bản"
TEXT = (
    "Mục đích: ai cũng dùng đúng một bản đang có hiệu lực của mỗi tài liệu.",
    "Phạm vi: chính sách, quy trình, hướng dẫn, biểu mẫu và tài liệu bên ngoài của cơ quan.",
    "Người soạn, người kiểm tra và người phê duyệt là ba người khác nhau.",
    "Bản mới có hiệu lực thì bản cũ hết hiệu lực cùng lúc; bản giấy cũ được thu về.",
    "Người có tên trong danh sách phân phối xác nhận đã đọc trong 5 ngày làm việc.",
    "Mỗi tài liệu được soát xét ít nhất một lần trong 12 tháng.",
)
AMENDED = (*TEXT, "Bản giấy niêm yết ở Bộ phận một cửa được thay trong ngày có hiệu lực.")
FORMS = (
    ("BM-QTHT-01.01", "Phiếu đề nghị soạn, sửa đổi tài liệu"),
    ("BM-QTHT-01.02", "Danh mục tài liệu đang có hiệu lực"),
)
FORM_TEXT = ("Đơn vị đề nghị: …………", "Tài liệu: …………", "Lý do và nội dung: …………")
WISH = "Bản giấy niêm yết ở quầy còn dùng bản cũ thêm hai ngày sau khi có bản mới."


def build_documents(
    agency: dict[str, Any], *, agency_id: int, now: datetime, lately: datetime
) -> None:
    """Bring a system procedure and its forms into force at `now`; amend it `lately`."""
    author, checker, approver = _hands(agency, agency_id, now)
    document_id, leading = document_add(
        actor=author, now=now, file=("kiem-soat-tai-lieu.pdf", _pdf(agency, TITLE, TEXT, now)),
        facts=DocumentFacts(
            kind="system_procedure", title=TITLE, code=CODE, tags=("hệ thống",),
            clauses=(("ISO 9001:2015", "7.5"),),
        ),
    )  # fmt: skip
    members = [
        document_add(
            actor=author, now=now, file=(f"{code}.pdf", _pdf(agency, title, FORM_TEXT, now)),
            facts=DocumentFacts(kind="form", title=title, code=code, parent_id=document_id),
        )[1]
        for code, title in FORMS
    ]  # fmt: skip
    document_submit(
        actor=author, revision_id=leading, checker_id=checker.person_id,
        approver_id=approver.person_id, member_ids=members, now=now,
    )  # fmt: skip
    seen = revision(revision_id=leading, agency_id=agency_id).content_hash
    document_check(actor=checker, revision_id=leading, content_hash=seen, now=now)
    document_approve(
        actor=approver, revision_id=leading, content_hash=seen, decision_number="01/QĐ-ISO",
        now=now,
    )  # fmt: skip
    _amend(agency, agency_id, document_id, lately)


def _amend(agency: dict[str, Any], agency_id: int, document_id: int, now: datetime) -> None:
    """Ask for a change, accept it, and lay the amendment before its checker."""
    author, checker, approver = _hands(agency, agency_id, now)
    asker = actor_with(agency, "reception", agency_id=agency_id, now=now)
    request_id = request_ask(
        actor=asker, wish="change", document_id=document_id, reason=WISH,
        content="Thêm câu: bản giấy niêm yết được thay trong ngày có hiệu lực.", now=now,
    )  # fmt: skip
    revision_id = request_accept(
        actor=author, request_id=request_id, author_id=author.person_id, now=now
    )
    if revision_id is None:
        return
    facts = life(actor=author, revision_id=revision_id).revision
    revision_file_replace(
        actor=author, revision_id=revision_id, version=facts.version, now=now,
        file=("kiem-soat-tai-lieu-sua-doi.pdf", _pdf(agency, TITLE, AMENDED, now)),
    )  # fmt: skip
    document_submit(
        actor=author, revision_id=revision_id, checker_id=checker.person_id,
        approver_id=approver.person_id, now=now,
    )  # fmt: skip
    request_ask(
        actor=asker, wish="new", kind="instruction", title="Hướng dẫn số hóa hồ sơ tại quầy",
        reason="Mỗi người quét một cỡ giấy, tệp nặng và khó đọc khi chuyển về phòng.", now=now,
    )  # fmt: skip


def _hands(agency: dict[str, Any], agency_id: int, now: datetime) -> tuple[Actor, Actor, Actor]:
    author, checker, approver = (
        actor_with(agency, role, agency_id=agency_id, now=now)
        for role in ("iso_secretary", "unit_head", "leader")
    )
    return author, checker, approver


def _pdf(agency: dict[str, Any], title: str, points: tuple[str, ...], now: datetime) -> bytes:
    blocks = tuple(
        line(f"{number}. {text}", indent=True) for number, text in enumerate(points, start=1)
    )
    return paper_pdf(Paper(title=title, issuer=agency["name"], blocks=blocks), made_at=now)
