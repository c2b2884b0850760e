"""The papers of a declaration as PDF and Word, and their place in the records.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức); Quyết định 19/2014/QĐ-TTg Điều 4. The form of
its Phụ lục I was not read: the layout follows decisions commonly seen, marked "chưa xác minh".
"""

from datetime import datetime
from typing import Literal

from django.db import transaction

from nep.apps.conformity import queries
from nep.apps.conformity.queries import DeclarationPage
from nep.apps.conformity.rules import declaration as law
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import AgencyFacts
from nep.apps.organization.rules import Actor, may
from nep.apps.records import queries as kept
from nep.apps.records import services as records
from nep.foundation.files.services import store
from nep.foundation.printing import (
    Column,
    Line,
    NewPage,
    Paper,
    Signature,
    Signatures,
    Table,
    bold,
    italic,
    line,
    paper_docx,
    paper_pdf,
)
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.places import authority, locality, place_and_date
from nep.kernel.vietnamese import date_long, date_text, local

Ending = Literal["pdf", "docx"]
CONFIRMATION, DECISION, NOTICE = "xac-nhan", "quyet-dinh", "thong-bao"
PAPER_NAMES: dict[str, str] = {
    CONFIRMATION: "Bản xác nhận hiệu lực",
    DECISION: "Quyết định công bố và phụ lục",
    NOTICE: "Thông báo gửi đơn vị chủ trì",
}
SOURCE = "form"  # the plan's line for filled forms takes it
_BASES = (
    "Căn cứ Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng Chính phủ về việc áp "
    "dụng Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001:2008 vào hoạt động của "
    "các cơ quan, tổ chức thuộc hệ thống hành chính nhà nước;",
    "Căn cứ Thông tư số 26/2014/TT-BKHCN ngày 10 tháng 10 năm 2014 của Bộ trưởng Bộ Khoa học và Công "
    "nghệ quy định chi tiết thi hành Quyết định số 19/2014/QĐ-TTg;",
)


def declaration_paper(
    *, actor: Actor, declaration_id: int, paper: str, ending: Ending, now: datetime
) -> bytes:
    """Return one paper of a declaration: the confirmation, the decision with annex, or the notice.

    Before it is signed the paper bears "DỰ THẢO". Raises NotFound.
    """
    made = {CONFIRMATION: _confirmation, DECISION: _decision, NOTICE: _notice}
    if paper not in made:
        raise NotFound("no_such_paper", "Công bố không có văn bản này.")
    page = queries.declaration_page(
        actor=actor, declaration_id=declaration_id, today=local(now).date()
    )
    agency = organization.agency(actor.agency_id)
    built = made[paper](page, agency, now)
    return paper_pdf(built, made_at=now) if ending == "pdf" else paper_docx(built)


def declaration_deposit(*, actor: Actor, declaration_id: int, now: datetime) -> int:
    """Deposit the printed decision of a declaration with its hash; return the record's id.

    Again it returns the same. The PDF is made before the transaction. Raises Forbidden; NotFound;
    Refusal("not_declared").
    """
    require(may(actor, "record.keep"))
    page = queries.declaration_page(
        actor=actor, declaration_id=declaration_id, today=local(now).date()
    )
    if page.line.decision_on is None:
        raise Refusal("not_declared", "Ký quyết định công bố rồi mới lưu vào hồ sơ lưu.")
    known = kept.records_of_source(
        agency_id=actor.agency_id, source_type=SOURCE, source_ids=[declaration_id]
    )
    if known:
        return known[0].id
    data = declaration_paper(
        actor=actor, declaration_id=declaration_id, paper=DECISION, ending="pdf", now=now
    )
    with transaction.atomic():
        file = store(
            data=data, name=f"{page.line.code.replace('/', '-')}.pdf", agency_id=actor.agency_id,
            actor_id=actor.person_id, at=now, kinds=("pdf",),
        )  # fmt: skip
        return records.record_deposit(
            actor=actor, series_id=None, source_type=SOURCE, source_id=declaration_id,
            title=f"Quyết định công bố hệ thống quản lý chất lượng số {page.line.decision_number}",
            file_id=file.id, made_on=page.line.decision_on, now=now, source_code=page.line.code,
            link=f"/cong-bo/{declaration_id}/",
        )  # fmt: skip


def _standard(page: DeclarationPage) -> str:
    return f"TCVN ISO 9001:{page.line.edition}"


def _head(agency: AgencyFacts, at: datetime, *, title: str, number: str, **more) -> Paper:
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    return Paper(
        title=title, above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        issuer=agency.name, number=number, place_date=place_and_date(place=place, at=at), **more,
    )  # fmt: skip


def _signed(page: DeclarationPage, name: str, to: str) -> Signatures:
    return Signatures(
        (Signature("Nơi nhận", note=to),
         Signature(page.signer_title or "Người đứng đầu", note="(Ký, đóng dấu)", name=name))
    )  # fmt: skip


def _confirmation(page: DeclarationPage, agency: AgencyFacts, now: datetime) -> Paper:
    done = page.confirmed_at is not None
    at = page.confirmed_at or now
    looked = page.confirmed_gates or tuple((gate.name, gate.told) for gate in page.gates)
    return _head(
        agency, at, title="Xác nhận hiệu lực hệ thống quản lý chất lượng",
        number=f"Số: {page.confirm_number}" if done else "DỰ THẢO",
        subtitle=f"theo {_standard(page)}",
        blocks=(
            *(line(italic(text), indent=True) for text in _BASES),
            line(bold("Phạm vi: "), page.line.scope_text, indent=True),
            line(bold("Đã xem xét:"), indent=True),
            *(line(f"- {name}: {told}", indent=True) for name, told in looked),
            line(bold("Kết luận: "), page.confirm_text or "…………………………………………", indent=True),
            line(f"Phụ lục kèm theo gồm {len(page.annex)} thủ tục hành chính."
                 + (f" Mã niêm phong SHA-256: {page.seal}." if page.seal else ""), indent=True),
            _signed(page, page.confirmed_by, "Các đơn vị; lưu: VT, hồ sơ công bố"),
            *_annex(page),
        ),
    )  # fmt: skip


def _decision(page: DeclarationPage, agency: AgencyFacts, now: datetime) -> Paper:
    on = page.line.decision_on
    at = datetime.combine(on, local(now).timetz()) if on else now
    confirmed = (
        f"Căn cứ bản xác nhận hiệu lực số {page.confirm_number} ngày "
        f"{date_text(local(page.confirmed_at).date())}."
        if page.confirmed_at else "Căn cứ bản xác nhận hiệu lực của người đứng đầu cơ quan."
    )  # fmt: skip
    return _head(
        agency, at, title="Quyết định",
        number=f"Số: {page.line.decision_number}" if on else "DỰ THẢO",
        subtitle="Về việc công bố hệ thống quản lý chất lượng phù hợp tiêu chuẩn quốc gia "
                 f"{_standard(page)}",
        blocks=(
            line(bold(_issuer(page, agency)), align="center"),
            *(line(italic(text), indent=True) for text in (*_BASES, confirmed)),
            line(bold("QUYẾT ĐỊNH:"), align="center"),
            line(bold("Điều 1. "), f"Công bố hệ thống quản lý chất lượng của {agency.name} phù hợp "
                 f"{_standard(page)} đối với: {_ended(page.line.scope_text)} Danh mục "
                 f"{len(page.annex)} thủ tục hành chính kèm theo.", indent=True),
            line(bold("Điều 2. "), "Quyết định này có hiệu lực kể từ ngày ký"
                 + (" và thay thế quyết định công bố trước đó." if page.previous_id else "."),
                 indent=True),
            line(bold("Điều 3. "), "Các đơn vị, công chức, viên chức thuộc phạm vi áp dụng chịu "
                 "trách nhiệm thi hành Quyết định này.", indent=True),
            _signed(page, page.declared_by, "Như Điều 3; đơn vị chủ trì; lưu: VT"),
            *_annex(page),
        ),
    )  # fmt: skip


def _notice(page: DeclarationPage, agency: AgencyFacts, now: datetime) -> Paper:
    on = page.line.decision_on
    sent = next((one.on for one in page.postings if one.kind == law.NOTICE), None)
    at = datetime.combine(sent, local(now).timetz()) if sent else now
    number = page.line.decision_number or "………"
    day = date_long(on) if on else "ngày …… tháng …… năm ………"
    return _head(
        agency, at, title="Thông báo",
        number=f"Số: {page.notice_number}" if on else "DỰ THẢO",
        subtitle=f"Về việc công bố hệ thống quản lý chất lượng phù hợp {_standard(page)}",
        blocks=(
            line(bold(f"Kính gửi: {page.lead_unit or '……………………'}"), align="center"),
            line(f"{agency.name} trân trọng thông báo: cơ quan đã công bố hệ thống quản lý chất "
                 f"lượng phù hợp {_standard(page)} tại Quyết định số {number} {day}.", indent=True),
            line(bold("Phạm vi: "), page.line.scope_text, indent=True),
            line(f"Số thủ tục hành chính trong phạm vi: {len(page.annex)} (phụ lục kèm quyết định).",
                 indent=True),
            *(line(f"{one.name}: {one.place}{', ' + one.url if one.url else ''}, ngày "
                   f"{date_text(one.on)}.", indent=True)
              for one in page.postings if one.kind != law.NOTICE),
            _signed(page, page.declared_by, "Như trên; lưu: VT"),
        ),
    )  # fmt: skip


def _issuer(page: DeclarationPage, agency: AgencyFacts) -> str:
    """Return who decides, in capitals: the post that signs, without "KT.", and the agency."""
    return authority(page.signer_title or "Người đứng đầu", agency.name)


def _annex(page: DeclarationPage) -> tuple[Line | NewPage | Table, ...]:
    columns = (
        Column("TT", 0.5, "center"), Column("Mã thủ tục", 1.3), Column("Tên thủ tục hành chính", 4),
        Column("Lĩnh vực", 1.6), Column("Quy trình", 1.8),
    )  # fmt: skip
    rows = tuple(
        (str(place), one.code, one.name, one.field, "; ".join(one.procedures) or "chưa có")
        for place, one in enumerate(page.annex, start=1)
    )
    return (
        NewPage(),
        line(bold("PHỤ LỤC"), align="center"),
        line(bold("Danh mục thủ tục hành chính thuộc phạm vi công bố"), align="center"),
        Table(columns, rows),
    )


def _ended(text: str) -> str:
    """Return a sentence that ends with a stop."""
    return text if text.endswith((".", ";", "!")) else f"{text}."
