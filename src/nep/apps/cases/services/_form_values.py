"""Values of the forms of the law as they are printed: plain words, kept with the paper."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from nep.apps.cases.queries import (
    ApologyData,
    EndingData,
    FormHead,
    FormPaper,
    ReceiptData,
    SlipData,
    SlipRow,
    SupplementData,
)
from nep.apps.cases.queries.register import Register, RegisterLine
from nep.apps.organization.queries import AgencyFacts
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import local, time_long

Values = dict[str, Any]


def receipt_values(data: ReceiptData) -> Values:
    """Return what stands on Mẫu 01."""
    due = time_long(data.due_at) if data.due_at else ""
    if due and data.is_estimated:
        due += " (dự kiến, theo lịch nghỉ chưa công bố)"
    return {
        **_head(data.head, data.accepted_at),
        "papers": _papers(data.papers),
        "limit": data.limit_words,
        "received_at": time_long(data.received_at),
        "due_at": due,
        "fee": data.fee,
        "receiver": data.receiver,
    }


def supplement_values(data: SupplementData, *, received_at: datetime) -> Values:
    """Return what stands on Mẫu 02."""
    return {
        **_head(data.head, data.at),
        "papers": _papers(data.papers),
        "received_at": time_long(received_at),
        "reason": data.reason,
        "officer": data.officer,
    }


def apology_values(data: ApologyData) -> Values:
    """Return what stands on Mẫu 04."""
    return {
        **_head(data.head, data.at),
        "received_at": time_long(data.received_at),
        "old_due": time_long(data.old_due_at),
        "new_due": time_long(data.new_due_at),
        "reason": data.reason,
        "officer": data.officer,
    }


def ending_values(data: EndingData) -> Values:
    """Return what stands on Mẫu 03 and 05."""
    return {
        **_head(data.head, data.at),
        "received_at": time_long(data.received_at),
        "stopped_at": time_long(data.at),
        "reason": data.reason,
        "late_reason": data.late_reason,
        "officer": data.officer,
    }


def slip_values(data: SlipData, *, now: datetime) -> Values:
    """Return what stands on Mẫu 06."""
    return {
        **_head(data.head, now),
        "received_at": time_long(data.received_at),
        "due_at": _moment(data.result_due_at),
        "finished_at": _moment(data.finished_at),
        "result": data.on_time_text.lower(),
        "origin": "do hệ thống một cửa cung cấp" if data.origin == "fed" else "",
        "handovers": _handovers(data.rows),
    }


def register_values(register: Register, *, agency: AgencyFacts, now: datetime) -> Values:
    """Return what stands on Mẫu 07."""
    left = register.total - len(register.lines)
    return {
        **_agency(agency, now),
        "period": register.title,
        "total": str(register.total),
        "printed": str(len(register.lines)),
        "left": str(left) if left > 0 else "",
        "cases": [_registered(one) for one in register.lines],
    }


def _agency(agency: AgencyFacts, at: datetime) -> Values:
    reception = agency.reception_name
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    return {
        "agency": agency.name,
        "parent": agency.parent_name,
        "reception_name": reception,
        "reception": f"{reception}, {agency.address}" if agency.address else reception,
        "agency_phone": agency.phone,
        "place_date": place_and_date(place=place, at=at),
    }


def _head(head: FormHead, at: datetime) -> Values:
    who = head.applicant
    contact = (
        f"Số điện thoại: {who.phone}" if who.phone else "",
        f"Thư điện tử: {who.email}" if who.email else "",
    )
    return {
        **_agency(head.agency, at),
        "code": head.code,
        "tthc_name": head.tthc_name,
        "tthc_code": head.tthc_code,
        "applicant_name": who.name,
        "applicant_address": who.address,
        "applicant_phone": who.phone,
        "applicant_email": who.email,
        "applicant_contact": "; ".join(filter(None, contact)),
        "lookup": f"{settings.NEP.public_address}{head.lookup_path}",
    }


def _papers(papers: Sequence[FormPaper]) -> list[dict[str, str]]:
    return [
        {
            "position": str(one.position), "name": one.name, "originals": str(one.originals or ""),
            "copies": str(one.copies or ""), "note": one.note,
        }
        for one in papers
    ]  # fmt: skip


def _handovers(rows: Sequence[SlipRow]) -> list[dict[str, str]]:
    made, place = [], 0
    for row in rows:
        place += 0 if row.is_pause else 1
        made.append(_pause(row) if row.is_pause else _handover(row, place, row is rows[-1]))
    return made


def _pause(row: SlipRow) -> dict[str, str]:
    until = f" đến {time_long(row.closed_at)}" if row.closed_at else ", chưa kết thúc"
    return {"step": row.step, "span": f"Từ {time_long(row.given_at)}{until}", "note": row.note}


def _handover(row: SlipRow, place: int, is_last: bool) -> dict[str, str]:
    minutes = (
        f"Định mức {row.limit_text}" if row.limit_text else "",
        f"đã dùng {row.used_text}" if row.used_text else "",
    )
    return {
        "place": str(place), "step": row.step, "minutes": "; ".join(filter(None, minutes)),
        "given": time_long(row.given_at),
        "received": time_long(row.received_at) if row.received_at else "chưa có người nhận",
        "closed": time_long(row.closed_at) if row.closed_at and is_last else "",
        "result": row.result_text, "note": row.note, "giver": row.giver, "receiver": row.receiver,
        "span": "",
    }  # fmt: skip


def _registered(one: RegisterLine) -> Mapping[str, str]:
    return {
        "position": str(one.number), "code": one.code,
        "tthc": f"{one.tthc_code} {one.tthc_name}".strip(), "sets": "01",
        "applicant": one.applicant, "agency": one.agency, "received_at": _short(one.received_at),
        "due_at": _short(one.due_at), "transfer_at": _short(one.transfer_at),
        "finished_at": _short(one.finished_at), "returned_at": _short(one.returned_at),
        "channel": one.channel, "state": one.state,
        "note": ", ".join(part for part in (one.on_time, one.note) if part), "signature": "",
    }  # fmt: skip


def _moment(moment: datetime | None) -> str:
    return time_long(moment) if moment else ""


def _short(moment: datetime | None) -> str:
    return f"{local(moment):%H:%M %d/%m/%Y}" if moment else ""
