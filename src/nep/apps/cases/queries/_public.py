"""What the public sees of a case: no person, no inner step."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.cases.models import Case
from nep.apps.cases.queries._likely import likely_day
from nep.apps.cases.rules.statuses import (
    DONE,
    FINISHED,
    ON_PAUSE,
    RETURNED,
    STATUS_NAMES,
    WAITING_FIRST,
)
from nep.apps.organization import queries as organization


@dataclass(frozen=True, slots=True)
class PublicState:
    """The state of a case, for whoever types its code. `stage` is waiting (not accepted yet),
    received, processing, supplement, done, refused (told by the receipt's key alone), returned or
    stopped."""

    code: str
    stage: str
    status: int
    status_text: str
    agency_name: str


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What the holder of the receipt sees through its random key.

    `likely_on` is when the result is likely to be there; it promises nothing.
    """

    state: PublicState
    tthc_code: str
    tthc_name: str
    agency_id: int
    reception_name: str
    address: str
    phone: str
    received_at: datetime
    due_at: datetime | None
    likely_on: date | None
    original_due_at: datetime | None
    is_estimated: bool
    is_late: bool
    finished_at: datetime | None
    returned_at: datetime | None


def public_state(*, code: str) -> PublicState | None:
    """Return the state of the case with this code, the newest where two agencies have one."""
    wanted = code.strip()
    if not wanted or len(wanted) > 60:
        return None
    rows = Case.objects.filter(code__in={wanted, wanted.upper()}, internal=False).order_by(
        "-received_at"
    )
    case = rows.first()
    return _state(case) if case else None


def public_case(*, lookup_key: str, now: datetime) -> PublicCase | None:
    """Return a case by the random key of its receipt, or None."""
    if not 16 <= len(lookup_key) <= 32:
        return None
    case = Case.objects.filter(lookup_key=lookup_key, internal=False).first()
    if case is None:
        return None
    agency = organization.agency(case.agency_id)
    is_open = case.finished_at is None
    return PublicCase(
        state=_state(case, told_by_key=True),
        tthc_code=case.tthc_code,
        tthc_name=case.tthc_name,
        agency_id=case.agency_id,
        reception_name=agency.reception_name,
        address=agency.address,
        phone=agency.phone,
        received_at=case.received_at,
        due_at=None if case.paused_since else case.result_due_at,
        likely_on=likely_day(case, now=now),
        original_due_at=case.result_due_original,
        is_estimated=case.is_estimated,
        is_late=bool(
            is_open and not case.paused_since and case.result_due_at and case.result_due_at < now
        ),
        finished_at=case.finished_at,
        returned_at=case.returned_at,
    )


def _state(case: Case, *, told_by_key: bool = False) -> PublicState:
    is_refused = told_by_key and case.status == DONE and case.outcome == "refused"
    return PublicState(
        code=case.code,
        stage="refused" if is_refused else _stage(case.status),
        status=case.status,
        status_text=STATUS_NAMES[case.status],
        agency_name=organization.agency(case.agency_id).name,
    )


def _stage(status: int) -> str:
    if status == WAITING_FIRST:
        return "waiting"
    if status in ON_PAUSE:
        return "supplement" if status == 5 else "processing"
    if status == DONE:
        return "done"
    if status == RETURNED:
        return "returned"
    if status in FINISHED:
        return "stopped"
    return "received" if status == 2 else "processing"
