"""What each point of an evidence pack gathers: registers as Excel, papers as they were kept.

Nothing of an applicant or of who sent feedback is in it. Restricted documents are counted and their
files stay out; what has no file to give is told with the reason.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nep.apps.actions import queries as actions
from nep.apps.audits import queries as audits
from nep.apps.cases.queries import finished
from nep.apps.competence import queries as competence
from nep.apps.competence import services as trainings
from nep.apps.conformity import queries
from nep.apps.conformity.services._declaration_papers import (
    CONFIRMATION,
    DECISION,
    NOTICE,
    declaration_paper,
)
from nep.apps.conformity.services._matrix_paper import matrix_paper
from nep.apps.documents import queries as documents
from nep.apps.improvement import queries as improvement
from nep.apps.legal import queries as legal
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.planning import queries as planning
from nep.apps.planning import services as plans
from nep.apps.procedures import queries as procedures
from nep.apps.records import queries as records
from nep.apps.reviews import queries as reviews
from nep.apps.standards.queries import edition_of
from nep.foundation.printing import SheetColumn, xlsx
from nep.kernel.vietnamese import date_text, local

FORM, MOST_KEPT, MOST_DOCUMENTS = "form", 300, 2000
_DOCUMENTS = "tai-lieu"
_WIDE, _NAME, _SHORT = 60, 28, 14


@dataclass(frozen=True, slots=True)
class Gathering:
    """For whom, of which days, at which moment a pack is gathered."""

    actor: Actor
    year: int
    starts_on: date
    ends_on: date
    now: datetime

    @property
    def today(self) -> date:
        """Return the day."""
        return local(self.now).date()


@dataclass(frozen=True, slots=True)
class Made:
    """One file for a point: bytes made here with their ending, or a file of the store."""

    title: str
    ending: str = "xlsx"
    data: bytes = b""
    file_id: int | None = None
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """What should be among the files of a point, cannot be, and why."""

    title: str
    why: str


Source = Callable[[Gathering], Iterator[Made | Missing]]


def _sheet(
    at: Gathering, title: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[Any]]
) -> Iterator[Made]:
    """Gather a register as a sheet; an empty one would only hide that nothing is there."""
    if rows:
        heading = f"{title}, {organization.agency(at.actor.agency_id).name}"
        yield Made(title, data=xlsx([(f"Năm {at.year}", columns, rows)], heading=heading))


def _text(title: str, width: float = _NAME) -> SheetColumn:
    return SheetColumn(title, width=width)


def _day(title: str) -> SheetColumn:
    return SheetColumn(title, "date", 12)


def scope(at: Gathering) -> Iterator[Made]:
    """Gather every TTHC of the scope with its procedures in force."""
    rows = [
        (one.code, one.name, one.field, "; ".join(one.procedures) or "chưa có quy trình")
        for one in queries.scope_lines(at.actor.agency_id)
    ]
    columns = (_text("Mã TTHC"), _text("Thủ tục", _WIDE), _text("Lĩnh vực"), _text("Quy trình"))
    yield from _sheet(at, "Thủ tục và quy trình đang áp dụng", columns, rows)
    yield from _said(at, "scope", "context", "parties")


def _said(at: Gathering, *parts: str) -> Iterator[Made]:
    """Gather the editions in force of scope, context, interested parties or policy."""
    for one in planning.context_home(actor=at.actor).parts:
        if one.part in parts and one.in_force is not None:
            data = plans.statement_paper(
                actor=at.actor, statement_id=one.in_force.id, now=at.now, ending="pdf"
            )
            yield Made(f"{one.name} lần {one.in_force.edition:02d}", "pdf", data)


def dissemination(at: Gathering) -> Iterator[Made]:
    """Gather who had to read what, and has."""
    rows = [
        (one.code, one.title, one.asked, one.done, one.in_time, one.late)
        for one in documents.readings_by_document(
            agency_id=at.actor.agency_id, starts_on=at.starts_on, ends_on=at.ends_on,
            today=at.today,
        )
    ]  # fmt: skip
    columns = (_text("Mã hiệu"), _text("Tài liệu", _WIDE), SheetColumn("Người phải đọc", "number"),
               SheetColumn("Đã xác nhận", "number"), SheetColumn("Đúng hạn", "number"),
               SheetColumn("Quá hạn", "number"))  # fmt: skip
    yield from _sheet(at, "Phổ biến tài liệu: người phải đọc, đã xác nhận", columns, rows)
    told = competence.training_of(agency_id=at.actor.agency_id, year=at.year)
    if told.planned or told.cancelled:
        yield Made(
            f"Đào tạo năm {at.year}",
            data=trainings.training_sheet(actor=at.actor, year=at.year, now=at.now),
        )


def compliance(at: Gathering) -> Iterator[Made | Missing]:
    """Gather the list of documents with their files, the objectives, the register of risks, the law."""
    wanted = documents.LibraryFilter(state="hl")
    lines = documents.register_lines(actor=at.actor, filter=wanted, today=at.today)
    columns = (
        _text("Mã hiệu"), _text("Tên tài liệu", _WIDE), _text("Loại"), _text("Lần", _SHORT),
        _text("Sửa đổi", _SHORT), _day("Hiệu lực từ"), _text("Đơn vị"), _text("Mức"),
        _day("Soát xét"),
    )  # fmt: skip
    rows = [
        (one.code, one.title, one.kind_name, one.issue, one.amendment, one.in_force_since,
         one.owner_unit, one.level_name, one.next_review_on)
        for one in lines
    ]  # fmt: skip
    yield from _sheet(at, "Danh mục tài liệu đang hiệu lực", columns, rows)
    yield from _in_force(at)
    yield from _said(at, "policy")
    edition = edition_of(at.actor.agency_id).in_force
    yield Made(f"Ma trận điều khoản và bằng chứng, bản {edition}", "pdf",
               matrix_paper(actor=at.actor, edition=edition, now=at.now, ending="pdf"))  # fmt: skip
    if planning.objectives_of(agency_id=at.actor.agency_id, year=at.year, today=at.today):
        data = plans.objectives_paper(actor=at.actor, year=at.year, now=at.now, ending="pdf")
        yield Made(f"Mục tiêu chất lượng năm {at.year}", "pdf", data)
    for kind, name in (("risk", "Sổ rủi ro"), ("opportunity", "Sổ cơ hội")):
        if planning.risks_of(agency_id=at.actor.agency_id, today=at.today, kind=kind):
            chosen = planning.RiskFilter(kind=kind, scope="tat-ca")
            yield Made(name, data=plans.risks_sheet(actor=at.actor, filter=chosen, now=at.now))
    page = legal.register(actor=at.actor, filter=legal.RegisterFilter(), today=at.today,
                          limit=legal.MOST_EXPORTED)  # fmt: skip
    yield from _sheet(
        at, "Danh mục văn bản bên ngoài",
        (_text("Số, ký hiệu"), _text("Trích yếu", _WIDE), _text("Cơ quan ban hành"),
         _day("Ngày ban hành"), _day("Hiệu lực từ"), _day("Hết hiệu lực"), _text("Tình trạng")),
        [(one.number, one.title, one.issuer, one.issued_on, one.effective_from, one.expires_on,
          one.state_name) for one in page.lines],
    )  # fmt: skip


def _in_force(at: Gathering) -> Iterator[Made | Missing]:
    """Gather the files of the documents in force, the papers of procedures as they were kept."""
    found = documents.files_in_force(agency_id=at.actor.agency_id, limit=MOST_DOCUMENTS)
    for one in found.files:
        yield Made(f"{one.code} {one.title}", one.ending, file_id=one.file_id, folder=_DOCUMENTS)
    for left in found.without:
        yield Missing(f"{left.code} {left.title}", left.why)
    if found.restricted:
        yield Missing(f"{found.restricted} tài liệu hạn chế tiếp cận", "chỉ xem tại cơ quan")


def execution(at: Gathering) -> Iterator[Made]:
    """Gather the figures of finished cases by procedure and by month."""
    months = at.year * 100 + 1, at.ends_on.year * 100 + at.ends_on.month
    agency_id = at.actor.agency_id
    by_tthc = finished.ended_figures(agency_ids=[agency_id], months=months, by="procedure")
    names = procedures.tthc_named({key[0] for key in by_tthc})
    counts = ("Có kết quả", "Không quá hạn", "Quá hạn", "Phải bổ sung", "Làm lại", "Dừng, rút")
    numbers = tuple(SheetColumn(title, "number") for title in counts)

    def told(one: finished.Ended) -> tuple[int, ...]:
        return (one.resolved, one.in_time, one["late"], one["supplemented"], one["reworked"],
                one["stopped"])  # fmt: skip

    rows = [
        (names[key[0]].name if key[0] in names else "", *told(one)) for key, one in by_tthc.items()
    ]
    yield from _sheet(
        at,
        "Hồ sơ theo thủ tục",
        (_text("Thủ tục", _WIDE), *numbers),
        sorted(rows, key=lambda row: row[0]),
    )
    by_month = finished.ended_figures(agency_ids=[agency_id], months=months, by="month")
    yield from _sheet(
        at, "Hồ sơ theo tháng", (_text("Tháng", _SHORT), *numbers),
        [(f"{key[0] % 100:02d}/{key[0] // 100}", *told(one))
         for key, one in sorted(by_month.items())],
    )  # fmt: skip


def review(at: Gathering) -> Iterator[Made | Missing]:
    """Gather audits, management reviews, nonconformities: the kept papers and the registers."""
    for one in audits.papers_of(agency_id=at.actor.agency_id, year=at.year):
        edition = f" lần {one.edition}" if one.edition > 1 else ""
        yield Made(f"{one.title}{edition}", "pdf", file_id=one.file_id)
    yield from _findings(at)
    yield from _kept(at, reviews.kept_sources(agency_id=at.actor.agency_id, year=at.year))
    found = improvement.nonconformities(
        actor=at.actor, filter=improvement.SheetFilter(scope="tat-ca"), today=at.today,
        limit=improvement.MOST_EXPORTED,
    )  # fmt: skip
    lines = [one for one in found.lines if at.starts_on <= one.found_on <= at.ends_on]
    yield from _kept(at, [one.id for one in lines])
    yield from _sheet(
        at, "Sổ theo dõi sự không phù hợp",
        (_text("Số", _SHORT), _text("Nội dung", _WIDE), _text("Loại", _SHORT), _text("Mức", _SHORT),
         _text("Điều khoản", _SHORT), _text("Nguồn"), _text("Phụ trách"), _day("Phát hiện"),
         _text("Sự khắc phục", _WIDE), _text("Nguyên nhân", _WIDE), _text("Tình trạng")),
        [(one.code, one.title, "phòng ngừa" if one.potential else "khắc phục", one.level_name,
          one.clause, one.origin_name, one.owner, one.found_on, one.correction, one.cause,
          one.state_name) for one in lines],
    )  # fmt: skip


def _findings(at: Gathering) -> Iterator[Made]:
    """Gather the register of what the audits of the year found."""
    found = audits.finding_register(
        actor=at.actor, filter=audits.FindingFilter(scope="tat-ca", year=at.year), today=at.today,
        limit=audits.MOST_EXPORTED,
    )  # fmt: skip
    columns = (_text("Cuộc đánh giá", _SHORT), _text("Đơn vị"), _text("Điều khoản", _SHORT),
               _text("Mức"), _text("Phát hiện", _WIDE), _text("Đơn vị trả lời", _WIDE),
               _text("Tình trạng"))  # fmt: skip
    rows = [
        (one.audit_code, one.unit, one.clause, one.level_name, one.text, one.answer,
         one.state_name)
        for one in found.lines
    ]  # fmt: skip
    yield from _sheet(at, "Phát hiện của đánh giá nội bộ", columns, rows)


def _kept(at: Gathering, source_ids: list[int]) -> Iterator[Made | Missing]:
    """Gather the kept files of filled forms, as they lie in the records."""
    if not source_ids:
        return
    found = records.records_of_source(
        agency_id=at.actor.agency_id, source_type=FORM, source_ids=source_ids
    )
    for place, one in enumerate(found):
        is_said = one.source_code in one.title
        title = one.title if is_said else f"{one.source_code} {one.title}"
        if one.destroyed_at is not None:
            yield Missing(title, f"đã hủy ngày {date_text(local(one.destroyed_at).date())}")
        elif not one.has_bytes:
            yield Missing(title, "hồ sơ giấy, xem tại nơi lưu")
        elif place >= MOST_KEPT:
            yield Missing(title, f"quá {MOST_KEPT} hồ sơ lưu")
        else:
            file_id = records.record_download(actor=at.actor, record_id=one.id)
            ending = one.file_name.rpartition(".")[2].lower() or "pdf"
            yield Made(title, ending, file_id=file_id)


def complaints(at: Gathering) -> Iterator[Made]:
    """Gather the register of feedback without its senders."""
    found = improvement.feedback_register(
        actor=at.actor, filter=improvement.FeedbackFilter(scope="tat-ca"), today=at.today,
        limit=MOST_KEPT * 10,
    )  # fmt: skip
    rows = [
        (one.code, one.kind_name, one.channel_name, one.title, one.received_on, one.due_on,
         local(one.answered_at).date() if one.answered_at else None, one.state_name,
         one.founded_name)
        for one in found.lines
        if at.starts_on <= one.received_on <= at.ends_on
    ]  # fmt: skip
    columns = (_text("Số", _SHORT), _text("Loại"), _text("Kênh", _SHORT), _text("Nội dung", _WIDE),
               _day("Nhận"), _day("Hạn trả lời"), _day("Trả lời"), _text("Tình trạng"),
               _text("Đúng hay không"))  # fmt: skip
    yield from _sheet(at, "Sổ phản ánh, kiến nghị, khiếu nại", columns, rows)


def improvements(at: Gathering) -> Iterator[Made]:
    """Gather the register of actions of the year."""
    found = actions.register(
        actor=at.actor, filter=actions.ActionFilter(scope="tat-ca"), today=at.today,
        limit=actions.MOST_EXPORTED,
    )  # fmt: skip
    rows = [
        (one.code, one.title, one.origin_name, one.origin_title, one.owner,
         local(one.opened_at).date(), one.due_on, local(one.done_at).date() if one.done_at else None,
         one.state_name, one.evidence)
        for one in found.lines
        if at.starts_on <= local(one.opened_at).date() <= at.ends_on
    ]  # fmt: skip
    columns = (_text("Số", _SHORT), _text("Việc phải làm", _WIDE), _text("Nguồn"),
               _text("Nội dung nguồn", _WIDE), _text("Người làm"), _day("Ngày giao"), _day("Hạn"),
               _day("Làm xong"), _text("Tình trạng"), _text("Bằng chứng", _WIDE))  # fmt: skip
    yield from _sheet(at, "Sổ hành động", columns, rows)


def leaders(at: Gathering) -> Iterator[Made]:
    """Gather when the leaders reviewed the system, and what they decided."""
    rows = [
        (one.code, one.starts_on, one.ends_on, one.held_on, one.chair, one.approved_by, one.decided,
         one.left, one.state_name)
        for one in reviews.reviews_of(agency_id=at.actor.agency_id, year=at.year)
    ]  # fmt: skip
    columns = (_text("Số", _SHORT), _day("Kỳ từ"), _day("đến"), _day("Họp"), _text("Chủ trì"),
               _text("Phê duyệt"), SheetColumn("Quyết định", "number"),
               SheetColumn("Chưa xong", "number"), _text("Tình trạng"))  # fmt: skip
    yield from _sheet(at, "Lãnh đạo xem xét hệ thống", columns, rows)


def confirmation(at: Gathering) -> Iterator[Made]:
    """Gather the confirmation of effectiveness that stands."""
    yield from _declared(at, (CONFIRMATION,))


def declaration(at: Gathering) -> Iterator[Made]:
    """Gather decision, notice and where the declaration was posted."""
    yield from _declared(at, (DECISION, NOTICE))
    found = queries.register(actor=at.actor)
    if found.standing is None:
        return
    page = queries.declaration_page(
        actor=at.actor, declaration_id=found.standing.id, today=at.today
    )
    columns = (_text("Hình thức"), _text("Nơi", _WIDE), _text("Địa chỉ", _WIDE), _day("Ngày"),
               _text("Người ghi"))  # fmt: skip
    rows = [(one.name, one.place, one.url, one.on, one.by) for one in page.postings]
    yield from _sheet(at, "Thông báo, niêm yết, đăng tải", columns, rows)


def _declared(at: Gathering, papers: Sequence[str]) -> Iterator[Made]:
    standing = queries.register(actor=at.actor).standing
    if standing is None:
        return
    for paper in papers:
        data = declaration_paper(
            actor=at.actor, declaration_id=standing.id, paper=paper, ending="pdf", now=at.now
        )
        yield Made(f"{_DECLARED[paper]} {standing.code}", "pdf", data)


_DECLARED = {
    CONFIRMATION: "Bản xác nhận hiệu lực", DECISION: "Quyết định công bố", NOTICE: "Thông báo",
}  # fmt: skip


def legal_updates(at: Gathering) -> Iterator[Made]:
    """Gather how changed law was reviewed, with the day until which it had to be."""
    rows = [
        (one.title, local(one.opened_at).date(), one.due_on,
         local(one.done_at).date() if one.done_at else None, one.result_name or "chưa có kết quả",
         one.done_by, one.note)
        for one in legal.reviews(actor=at.actor, today=at.today)
        if at.starts_on <= local(one.opened_at).date() <= at.ends_on
    ]  # fmt: skip
    columns = (_text("Rà soát", _WIDE), _day("Mở"), _day("Hạn"), _day("Xong"), _text("Kết quả"),
               _text("Người làm"), _text("Ghi chú", _WIDE))  # fmt: skip
    yield from _sheet(at, "Rà soát thay đổi của văn bản", columns, rows)


def redeclaration(at: Gathering) -> Iterator[Made]:
    """Gather every declaration with its reason."""
    rows = [
        (
            one.code,
            one.reason_name,
            one.edition,
            one.scope_text,
            one.decision_number,
            one.decision_on,
            one.state_name,
        )
        for one in queries.register(actor=at.actor).lines
    ]
    columns = (_text("Số", _SHORT), _text("Lý do"), _text("Bản tiêu chuẩn", _SHORT),
               _text("Phạm vi", _WIDE), _text("Quyết định"), _day("Ngày ký"),
               _text("Tình trạng"))  # fmt: skip
    yield from _sheet(at, "Các lần công bố", columns, rows)


def consultant(at: Gathering) -> Iterator[Made]:
    """Gather nothing: the agency says in words whether it was advised, and by whom."""
    yield from ()


SOURCES: dict[str, Source] = {
    "scope": scope,
    "dissemination": dissemination,
    "compliance": compliance,
    "execution": execution,
    "review": review,
    "complaints": complaints,
    "improvement": improvements,
    "leaders": leaders,
    "confirmation": confirmation,
    "declaration": declaration,
    "legal": legal_updates,
    "redeclaration": redeclaration,
    "consultant": consultant,
}
