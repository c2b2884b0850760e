"""What the forms of the law print of a case: receipt, requests, letters, control slip (Mẫu 01–06)."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from nep.apps.cases.models import (
    Case,
    CaseEvent,
    CaseExtension,
    CasePaper,
    CasePause,
)
from nep.apps.cases.queries._case_rows import CaseRows, applicant_row, case_row
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.queries._plans import Followed, followed
from nep.apps.cases.rules.masks import mask_name, mask_phone
from nep.apps.cases.rules.slip import LoggedEvent, SlipEntry, project
from nep.apps.cases.rules.statuses import ON_TIME_NAMES
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import AgencyFacts
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.foundation.db import Mark, Prepared
from nep.kernel.errors import NotFound
from nep.worktime import PAUSE_NAMES, amount_words, hours_words


@dataclass(frozen=True, slots=True)
class FormPaper:
    """One paper on a form: how many originals and copies."""

    position: int
    name: str
    originals: int
    copies: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ApplicantFacts:
    """The applicant in full, as the applicant's own papers print it."""

    name: str
    identity: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True, slots=True)
class FormHead:
    """What every form of a case begins with."""

    agency: AgencyFacts
    code: str
    tthc_code: str
    tthc_name: str
    applicant: ApplicantFacts
    lookup_path: str


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """Mẫu 01: Giấy tiếp nhận hồ sơ và hẹn trả kết quả."""

    head: FormHead
    papers: tuple[FormPaper, ...]
    limit_words: str
    received_at: datetime
    accepted_at: datetime
    due_at: datetime | None
    is_estimated: bool
    fee: str
    receiver: str


@dataclass(frozen=True, slots=True)
class SupplementData:
    """Mẫu 02: Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ."""

    head: FormHead
    number: int
    at: datetime
    papers: tuple[FormPaper, ...]
    reason: str
    officer: str


@dataclass(frozen=True, slots=True)
class ApologyData:
    """Mẫu 04: Văn bản xin lỗi và đề nghị gia hạn."""

    head: FormHead
    number: int
    at: datetime
    received_at: datetime
    old_due_at: datetime
    new_due_at: datetime
    reason: str
    officer: str


@dataclass(frozen=True, slots=True)
class EndingData:
    """Mẫu 03 and 05: a case refused or stopped, why and by whom; nobody where the days ran out."""

    head: FormHead
    at: datetime
    received_at: datetime
    reason: str
    late_reason: str
    officer: str


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One giving and receiving; `is_pause` rows only have step, note and times."""

    number: int
    step: str
    giver: str
    given_at: datetime
    receiver: str
    received_at: datetime | None
    closed_at: datetime | None
    limit_text: str
    used_text: str
    result: str
    result_text: str
    note: str
    is_pause: bool


@dataclass(frozen=True, slots=True)
class SlipData:
    """Mẫu 06: Phiếu kiểm soát quá trình giải quyết hồ sơ, read from the event log."""

    head: FormHead
    rows: tuple[SlipRow, ...]
    received_at: datetime
    result_due_at: datetime | None
    result_due_original: datetime | None
    finished_at: datetime | None
    on_time_text: str
    origin: str


def receipt_data(*, actor: Actor, case_id: int) -> ReceiptData:
    """Return what the receipt prints. Raises NotFound, also before the case is accepted."""
    case = _case(actor, case_id)
    require_receipt(case)
    return receipt_of(case)


def require_receipt(case: Case) -> None:
    """Refuse a case that has no receipt. Raises NotFound."""
    if case.accepted_at is None:
        raise NotFound("not_accepted", "Hồ sơ chưa được tiếp nhận nên chưa có giấy hẹn.")
    if case.at_once or case.internal:
        raise NotFound(
            "no_receipt",
            "Việc nội bộ không có giấy hẹn."
            if case.internal
            else "Thủ tục trả kết quả ngay khi nhận nên không lập giấy tiếp nhận.",
        )


_HANDED_IN = Prepared(
    lambda: (
        CasePaper.objects.filter(case_id=Mark("case"), state="du")
        .exclude(source="officer")
        .order_by("position")
    )
)


def receipt_of(case: Case) -> ReceiptData:
    """Return what the receipt of an accepted case prints."""
    names = organization.person_names([case.accepted_by_id])
    return ReceiptData(
        head=_head(case),
        papers=tuple(
            FormPaper(place, row.name, row.originals, row.copies, row.note)
            for place, row in enumerate(_HANDED_IN.objects(case=case.pk), start=1)
        ),
        limit_words=limit_words(case),
        received_at=case.received_at,
        accepted_at=case.accepted_at or case.received_at,
        due_at=case.result_due_original,
        is_estimated=case.is_estimated,
        fee=procedures.fee_of(tthc_id=case.tthc_id),
        receiver=names.get(case.accepted_by_id or 0, ""),
    )


def supplement_data(*, actor: Actor, case_id: int, number: int | None = None) -> SupplementData:
    """Return what a supplement request prints, the latest one when no number is given.

    Raises NotFound.
    """
    case = _case(actor, case_id)
    rows = CasePause.objects.filter(case=case, kind="supplement").order_by("-started_at")
    row = (rows if number is None else rows.filter(number=number)).first()
    if row is None:
        raise NotFound("no_supplement", "Hồ sơ này chưa có phiếu yêu cầu bổ sung.")
    return supplement_of(case, row)


def supplement_of(case: Case, row: CasePause) -> SupplementData:
    """Return what the supplement request of one pause prints."""
    names = organization.person_names([row.started_by_id])
    return SupplementData(
        head=_head(case),
        number=row.number,
        at=row.started_at,
        papers=tuple(
            FormPaper(
                place, paper["name"], paper.get("originals", 1), paper.get("copies", 0),
                paper.get("note", ""),
            )
            for place, paper in enumerate(json.loads(row.papers), start=1)
        ),
        reason=row.reason,
        officer=names.get(row.started_by_id or 0, ""),
    )  # fmt: skip


def apology_of(case: Case, row: CaseExtension) -> ApologyData:
    """Return what the apology for a re-appointment prints."""
    names = organization.person_names([row.by_id])
    return ApologyData(
        _head(case), row.number, row.at, case.received_at, row.old_due_at, row.new_due_at,
        row.reason, names.get(row.by_id or 0, ""),
    )  # fmt: skip


def ending_of(case: Case, *, kind: str) -> EndingData | None:
    """Return what the paper on a refused or stopped case prints; `kind` is that of its event."""
    event = CaseEvent.objects.filter(case=case, kind=kind).order_by("-id").first()
    if event is None:
        return None
    said = json.loads(event.data)
    names = organization.person_names([event.actor_id])
    return EndingData(
        _head(case), event.at, case.received_at, said.get("reason", ""),
        said.get("late_reason", ""), names.get(event.actor_id or 0, ""),
    )  # fmt: skip


def control_slip(*, actor: Actor, case_id: int) -> SlipData:
    """Return the control slip of a case, projected from its event log. Raises NotFound."""
    return slip_of(_case(actor, case_id))


def slip_of(case: Case, *, rows: CaseRows | None = None) -> SlipData:
    """Return the control slip of a case; `rows` are those of the case when they are read already."""
    rows = rows or CaseRows(case)
    head = _head(case, ApplicantFacts(*rows.applicant))
    return SlipData(
        head=replace(head, applicant=masked(head.applicant)),
        rows=slip_rows(case, rows.events, rows.followed),
        received_at=case.received_at,
        result_due_at=case.result_due_at,
        result_due_original=case.result_due_original,
        finished_at=case.finished_at,
        on_time_text=ON_TIME_NAMES.get(case.on_time, ""),
        origin=case.origin,
    )


def slip_rows(
    case: Case,
    events: tuple[LoggedEvent, ...] | None = None,
    versions: Followed | None = None,
) -> tuple[SlipRow, ...]:
    """Return the rows of the slip with names in place of numbers."""
    entries = project(logged_events(case.pk) if events is None else events)
    people = {entry.giver_id for entry in entries} | {entry.receiver_id for entry in entries}
    people |= {entry.signer_id for entry in entries}
    names = organization.person_names(people)
    versions = versions or followed(case)
    return tuple(_row(entry, names, versions.at(abs(entry.run_id))) for entry in entries)


def _row(entry: SlipEntry, names: dict[int, str], plan) -> SlipRow:
    step = plan.steps.get(entry.node)
    if entry.pause:
        label, number = f"Dừng: {PAUSE_NAMES[entry.pause]}", 0
    else:
        label, number = (step.name, step.number) if step else (entry.note or "Ngoài quy trình", 0)
    return SlipRow(
        number=number,
        step=label,
        giver=names.get(entry.giver_id or 0, "") or entry.giver_name,
        given_at=entry.given_at,
        receiver=_receiver(entry, names) or (step.outside if step else ""),
        received_at=entry.received_at,
        closed_at=entry.closed_at,
        limit_text=hours_words(entry.limit) if entry.limit else "",
        used_text=hours_words(entry.used) if entry.used is not None else "",
        result=entry.result,
        result_text=ON_TIME_NAMES.get(entry.result, "") or entry.ending,
        note=entry.note,
        is_pause=bool(entry.pause),
    )


def _receiver(entry: SlipEntry, names: dict[int, str]) -> str:
    """Return who received the case; "Lan (KT. Toàn)" when another person signed in that place."""
    name = names.get(entry.receiver_id or 0, "") or entry.receiver_name
    signer = names.get(entry.signer_id or 0, "")
    if not signer:
        return name
    whom = "" if entry.signer_id == entry.receiver_id else name
    return f"{signer} ({entry.prefix} {whom}".strip() + ")"


def limit_words(case: Case) -> str:
    """Return "25 ngày làm việc", or nothing for a procedure without a limit."""
    if case.limit_amount is None:
        return ""
    return amount_words(case.limit_amount, case.limit_unit)


def _case(actor: Actor, case_id: int) -> Case:
    case = case_row(case_id)
    if case is None or case.agency_id != actor.agency_id:
        raise NotFound("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")
    return case


def _head(case: Case, applicant: ApplicantFacts | None = None) -> FormHead:
    return FormHead(
        agency=organization.agency(case.agency_id),
        code=case.code,
        tthc_code=case.tthc_code,
        tthc_name=case.tthc_name,
        applicant=applicant or applicant_of(case.pk),
        lookup_path=f"/tra-cuu/k/{case.lookup_key}/",
    )


def applicant_of(case_id: int) -> ApplicantFacts:
    """Return the applicant of a case, empty where none was recorded."""
    return ApplicantFacts(*applicant_row(case_id))


def masked_applicant_of(case_id: int) -> ApplicantFacts:
    """Return the applicant as pages and inner papers show it: a masked name, three digits."""
    return masked(applicant_of(case_id))


def masked(whole: ApplicantFacts) -> ApplicantFacts:
    return ApplicantFacts(mask_name(whole.name), "", mask_phone(whole.phone), "", "")
