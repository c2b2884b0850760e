"""The register of cases (Mẫu 07, Sổ theo dõi hồ sơ): every case of a year or month, in the order in
which it came, run here or told by another system.

Source: Thông tư 03/2025/TT-VPCP, Phụ lục I, Mẫu số 07 (tên mẫu; các cột chưa xác minh với bản gốc).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from nep.apps.cases.models import Case
from nep.apps.cases.rules.statuses import (
    CHANNEL_NAMES,
    FINISHED,
    ON_TIME_NAMES,
    OUTCOME_NAMES,
    STATUS_NAMES,
)
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor

PAGE = 100
MOST = 20_000


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line; `number` counts the cases of the time from 1, the applicant is masked."""

    number: int
    case_id: int
    code: str
    tthc_code: str
    tthc_name: str
    applicant: str
    agency: str
    received_at: datetime
    due_at: datetime | None
    transfer_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    channel: str
    state: str
    on_time: str
    note: str


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the register; `total` counts the cases of the time, `after` continues the page."""

    month: int
    title: str
    agency: str
    lines: tuple[RegisterLine, ...]
    total: int
    after: str


def register(
    *, actor: Actor, month: int, after: str = "", limit: int = PAGE, origin: str = ""
) -> Register:
    """Return the cases of the actor's agency received in a month (202611) or a year (2026)."""
    rows = _of(actor.agency_id, month, origin)
    before, place = 0, _place(after)
    page = rows
    if place is not None:
        received, case_id, before = place
        page = rows.filter(Q(received_at__gt=received) | Q(received_at=received, id__gt=case_id))
    found = list(page.order_by("received_at", "id")[: limit + 1])
    agency = organization.agency(actor.agency_id)
    lines = tuple(
        _line(case, before + number, agency.short_name or agency.name)
        for number, case in enumerate(found[:limit], start=1)
    )
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return Register(
        month=month, title=_title(month), agency=agency.name, lines=lines,
        total=rows.count(),
        after=f"{last.received_at.timestamp():.6f}_{last.pk}_{before + limit}" if last else "",
    )  # fmt: skip


def _of(agency_id: int, month: int, origin: str) -> QuerySet[Case]:
    rows = Case.objects.filter(agency_id=agency_id)
    if month > 9999:
        rows = rows.filter(received_month=month)
    else:
        rows = rows.filter(
            received_month__gte=month * 100 + 1, received_month__lte=month * 100 + 12
        )
    return rows.filter(origin=origin) if origin in {"run", "fed"} else rows


def _place(after: str) -> tuple[datetime, int, int] | None:
    parts = after.split("_")
    try:
        received = datetime.fromtimestamp(float(parts[0]), tz=UTC)
        return received, int(parts[1]), int(parts[2])
    except (ValueError, IndexError, OverflowError, OSError):
        return None


def _line(case: Case, number: int, agency: str) -> RegisterLine:
    is_over = case.status in FINISHED
    return RegisterLine(
        number=number, case_id=case.pk, code=case.code, tthc_code=case.tthc_code,
        tthc_name=case.tthc_name, applicant=case.applicant_mask, agency=agency,
        received_at=case.received_at, due_at=case.result_due_at, transfer_at=case.transfer_at,
        finished_at=case.finished_at, returned_at=case.returned_at,
        channel="Hệ thống một cửa" if case.origin == "fed" else CHANNEL_NAMES.get(case.channel, ""),
        state=STATUS_NAMES.get(case.status, ""), on_time=ON_TIME_NAMES.get(case.on_time, ""),
        note=OUTCOME_NAMES.get(case.outcome, "") if is_over and case.outcome != "granted" else "",
    )  # fmt: skip


def _title(month: int) -> str:
    year, number = divmod(month, 100)
    return f"Tháng {number:02d} năm {year}" if month > 9999 else f"Năm {month}"
