"""What the published copy of a revision says: cover, three signatures, stamp, tags."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.urls import Resolver404, resolve

from nep.apps.documents import rules
from nep.apps.documents.models import LifeEntry, Revision
from nep.apps.documents.queries._distribution import distribution
from nep.apps.documents.queries._history import HistoryLine, history
from nep.apps.organization import queries as organization
from nep.foundation.printing.cover import Cover, RevisionRow, Signer
from nep.foundation.printing.stamp import DRAFT, VALID, VOID, Stamp
from nep.kernel.errors import NotFound
from nep.kernel.places import locality
from nep.kernel.text import shorten
from nep.kernel.vietnamese import date_text, local

VERIFICATION = "/tra-cuu/tai-lieu/kiem-tra/{}/"
PARTS = (
    (rules.SUBMITTED_ACT, "Soạn thảo", "chu_ky:soan"),
    (rules.CHECKED_ACT, "Xem xét", "chu_ky:xem_xet"),
    (rules.APPROVED_ACT, "Phê duyệt", "chu_ky:phe_duyet"),
)
ON_SYSTEM = "Xác nhận trên hệ thống"
_LOOKS = {rules.IN_FORCE: VALID, rules.APPROVED: DRAFT, rules.RETIRED: VOID, rules.DROPPED: VOID}


@dataclass(frozen=True, slots=True)
class Publication:
    """A revision as its published copy shows it; file ids of what the author gave."""

    revision_id: int
    agency_id: int
    code: str
    title: str
    kind: str
    number: str
    issue: str
    amendment: str
    state: str
    original_file_id: int | None
    published_file_id: int | None
    public_key: str
    effective_from: date | None
    issued_on: date | None
    retired_on: date | None
    decision_number: str
    cover: Cover

    @property
    def footer(self) -> str:
        """Return what stands at the foot of every page."""
        return f"{self.code} · {shorten(self.title, 70)} · {self.number}"


def publication(*, revision_id: int, agency_id: int, today: date) -> Publication:
    """Return what the published copy of a revision says as it stands. Raises NotFound."""
    row = (
        Revision.objects.filter(pk=revision_id, agency_id=agency_id)
        .select_related("document")
        .first()
    )
    if row is None:
        raise NotFound()
    return Publication(
        revision_id=row.id,
        agency_id=agency_id,
        code=row.document.code,
        title=row.document.title,
        kind=row.document.kind,
        number=rules.revision_text(row.issue, row.amendment),
        issue=row.issue,
        amendment=row.amendment,
        state=row.state,
        original_file_id=row.original_file_id,
        published_file_id=row.published_file_id,
        public_key=row.public_key,
        effective_from=row.effective_from,
        issued_on=row.issued_on,
        retired_on=row.retired_on,
        decision_number=row.decision_number,
        cover=_cover(row, today),
    )


def stamp_of(found: Publication, *, link: str = "") -> Stamp:
    """Return the stamp that a copy of this revision carries in its state."""
    look = _LOOKS.get(found.state, DRAFT)
    if look == VALID:
        return valid_stamp(found, link=link)
    if look == VOID:
        note = f"từ {date_text(found.retired_on)}" if found.retired_on else ""
        return Stamp("HẾT HIỆU LỰC", found.footer, look=VOID, note=note)
    if found.state == rules.APPROVED:
        note = f"Có hiệu lực từ {date_text(found.effective_from)}" if found.effective_from else ""
        return Stamp("CHƯA CÓ HIỆU LỰC", found.footer, look=DRAFT, note=note)
    return Stamp("DỰ THẢO", found.footer, look=DRAFT, note="Chưa có giá trị áp dụng")


def valid_stamp(found: Publication, *, link: str = "") -> Stamp:
    """Return the stamp of a revision in force."""
    note = f"Hiệu lực từ {date_text(found.effective_from)}" if found.effective_from else ""
    return Stamp("BẢN KIỂM SOÁT", found.footer, look=VALID, note=note, link=link)


def verification_link(public_key: str) -> str:
    """Return the address at which a printed copy is verified, "" while there is no such page."""
    path = VERIFICATION.format(public_key)
    try:
        resolve(path)
    except Resolver404:
        return ""
    return f"{settings.NEP.public_address}{path}" if public_key else ""


def tag_texts(found: Publication) -> dict[str, str]:
    """Return what stands in the place of each tag of a Word file."""
    drafter, checker, approver = found.cover.signers
    return {
        "ma_hieu": found.code,
        "ten_tai_lieu": found.title,
        "co_quan": found.cover.issuer,
        "lan_ban_hanh": found.issue,
        "lan_sua_doi": found.amendment,
        "ngay_ban_hanh": date_text(found.issued_on) if found.issued_on else "",
        "ngay_hieu_luc": date_text(found.effective_from) if found.effective_from else "",
        "so_quyet_dinh": found.decision_number,
        "nguoi_soan": drafter.name,
        "chuc_vu_soan": drafter.position,
        "ngay_soan": drafter.day,
        "nguoi_xem_xet": checker.name,
        "chuc_vu_xem_xet": checker.position,
        "ngay_xem_xet": checker.day,
        "nguoi_phe_duyet": approver.name,
        "chuc_vu_phe_duyet": approver.position,
        "ngay_phe_duyet": approver.day,
    }


def tag_tables(found: Publication) -> dict[str, list[tuple[str, ...]]]:
    """Return the tables that stand in the place of their tags, head first."""
    revisions = [(row.number, row.day, row.change, row.approver) for row in found.cover.revisions]
    recipients = [(str(n), name) for n, name in enumerate(found.cover.recipients, start=1)]
    return {
        "bang_sua_doi": [
            ("Lần ban hành/sửa đổi", "Ngày hiệu lực", "Nội dung sửa đổi", "Người phê duyệt"),
            *revisions,
        ],
        "danh_sach_phan_phoi": [("TT", "Nơi nhận"), *recipients],
    }


def _cover(row: Revision, today: date) -> Cover:
    agency = organization.agency(row.agency_id)
    issued = row.issued_on or row.effective_from or today
    facts = (
        ("Mã hiệu", row.document.code),
        ("Lần ban hành", rules.revision_text(row.issue, row.amendment).capitalize()),
        ("Ngày ban hành", date_text(row.issued_on) if row.issued_on else ""),
        ("Ngày hiệu lực", date_text(row.effective_from) if row.effective_from else ""),
        ("Quyết định ban hành", row.decision_number),
    )
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    listed = distribution(document_id=row.document_id, agency_id=row.agency_id, today=today)
    return Cover(
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        issuer=agency.name,
        kind=rules.KIND_NAMES.get(row.document.kind, ""),
        title=row.document.title,
        facts=tuple((name, said) for name, said in facts if said),
        signers=_signers(row),
        revisions=_revision_rows(row),
        recipients=tuple(line.name for line in listed.lines),
        place=f"{place}, tháng {issued.month:02d} năm {issued.year}"
        if issued.month < 3
        else f"{place}, tháng {issued.month} năm {issued.year}",
        exception=row.exception_reason,
    )


def _signers(row: Revision) -> tuple[Signer, ...]:
    """Return who drafted, checked and approved, in the words of the day they did it."""
    lines = history(revision_id=row.id, agency_id=row.agency_id)
    last = max((line.round for line in lines), default=1)
    by_act: dict[str, list[HistoryLine]] = {}
    for line in lines:
        if line.round == last:
            by_act.setdefault(line.act, []).append(line)
    names = organization.person_names([row.drafted_by_id, row.checked_by_id, row.approved_by_id])
    if row.exception_reason.startswith(rules.PAPER):
        return _paper_signers(row, by_act, names)
    known: tuple[tuple[int | None, datetime | None], ...] = (
        (row.drafted_by_id, row.submitted_at or row.drafted_at),
        (row.checked_by_id, row.checked_at),
        (row.approved_by_id, row.approved_at),
    )
    return tuple(
        replace(
            _signer(part, ON_SYSTEM, by_act.get(act, []), names.get(person or 0, ""), at), tag=tag
        )
        for (act, part, tag), (person, at) in zip(PARTS, known, strict=True)
    )


def _paper_signers(
    row: Revision, by_act: dict[str, list[HistoryLine]], names: dict[int, str]
) -> tuple[Signer, ...]:
    """Return the signers of what was approved on paper: nobody here is said to have checked it."""
    brought = _signer(
        PARTS[0][1], rules.PAPER, [], names.get(row.drafted_by_id, ""), row.drafted_at
    )
    approved = next(iter(by_act.get(rules.APPROVED_ACT, [])), None)
    since = date_text(row.effective_from) if row.effective_from else ""
    paper = Signer(PARTS[2][1], approved.person if approved else "", "", since, "Trên bản giấy")
    return brought, Signer(PARTS[1][1], "", "", "", ""), paper


def _signer(
    part: str, said: str, lines: list[HistoryLine], name: str, at: datetime | None
) -> Signer:
    if not lines:
        day = date_text(local(at).date()) if at and name else ""
        return Signer(part, name, "", day, said if day else "")
    return Signer(
        part,
        "; ".join(dict.fromkeys(line.person for line in lines)) or name,
        "; ".join(dict.fromkeys(filter(None, map(_position, lines)))),
        date_text(local(lines[-1].at).date()),
        said,
    )


def _position(line: HistoryLine) -> str:
    if line.acting_for:
        return f"{line.prefix} {line.acting_for}, {line.position}".strip(", ")
    return line.position


def _revision_rows(row: Revision) -> tuple[RevisionRow, ...]:
    """Return the revision sheet: every revision that held, and this one, oldest first."""
    rows = (
        Revision.objects.filter(document_id=row.document_id)
        .filter(state__in=[rules.IN_FORCE, rules.RETIRED, rules.APPROVED])
        .union(Revision.objects.filter(pk=row.id))
    )
    held = sorted(rows, key=lambda one: (one.effective_from or date.max, one.id))
    names = organization.person_names(one.approved_by_id for one in held)
    signed = dict(
        LifeEntry.objects.filter(
            revision_id__in=[one.id for one in held], act=rules.APPROVED_ACT
        ).values_list("revision_id", "person_name")
    )
    return tuple(
        RevisionRow(
            rules.revision_text(one.issue, one.amendment).capitalize(),
            date_text(one.effective_from) if one.effective_from else "",
            one.change_summary or one.change_note or ("" if index else "Ban hành lần đầu"),
            signed.get(one.id) or names.get(one.approved_by_id or 0, ""),
        )
        for index, one in enumerate(held)
    )
