"""What citizens say of their case: a rating, a reported deviation, its answer and its closing.

The holder of a receipt has no log-in; the random key of the receipt is what lets them in. What
they write stands in its own rows and in no journal entry, event or notice.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from nep.apps.cases.events import CaseReported
from nep.apps.cases.models import Case, CaseFact, CaseRating, CaseReport, StepRun
from nep.apps.cases.rules import citizens as rules
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.work import queries as work_queries
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local
from nep.worktime import deadline, minutes_of

MINIMUM_ANSWER = 10


@transaction.atomic
def case_rate(*, lookup_key: str, degree: int, remark: str, now: datetime) -> None:
    """Keep how content the holder of a receipt is, once a case; changed within some days.

    Raises NotFound; Refusal("not_done_yet", "degree_missing", "too_long", "rating_fixed").
    """
    case = _by_key(lookup_key)
    row = CaseRating.objects.select_for_update().filter(case=case).first()
    text = clean_lines(remark)
    require(
        rules.decide_rating(
            status=case.status, degree=degree, remark=text,
            rated_at=row.rated_at if row else None, now=now,
        ),
        kind=Refusal,
    )  # fmt: skip
    old = row.degree if row else None
    if row is None:
        row = CaseRating(
            case=case, agency_id=case.agency_id, tthc_id=case.tthc_id, unit_id=unit_of(case),
            rated_at=now,
        )  # fmt: skip
    else:
        row.changes += 1
    row.degree, row.remark, row.changed_at = degree, text, now
    row.save()
    journal.record(
        actor_id=None, agency_id=case.agency_id, action="case.rated", object_type="case",
        object_id=case.pk, at=now, old={"degree": old} if old else None,
        new={"degree": degree, "remark": bool(text)},
    )  # fmt: skip


@transaction.atomic
def case_report(*, lookup_key: str, kind: str, text: str, now: datetime) -> int:
    """Take a reported deviation in; the unit's head is to answer it, the ISO secretary to close it.

    Raises NotFound; Refusal("kind_missing", "text_missing", "too_long", "report_open",
    "too_many_reports").
    Source: Quyết định 766/QĐ-TTg ngày 23/6/2022: trả lời phản ánh trong 15 ngày làm việc.
    """
    case = _by_key(lookup_key)
    known = list(CaseReport.objects.filter(case=case).values_list("kind", "closed_at"))
    said = clean_lines(text)
    require(
        rules.decide_report(
            kind=kind, text=said, open_kinds=[k for k, closed in known if closed is None],
            count=len(known),
        ),
        kind=Refusal,
    )  # fmt: skip
    due_at = deadline(
        calendar=workcal.calendar_for(case.agency_id), received_at=now, amount=rules.ANSWER_DAYS,
        unit="working_day",
    ).due_at or now  # fmt: skip
    row = CaseReport(
        id=new_id(), case=case, agency_id=case.agency_id, unit_id=unit_of(case), kind=kind,
        text=said, at=now, due_at=due_at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # the same kind, sent twice at once
        raise Refusal(
            "report_open",
            "Ông/Bà đã báo điều này và cơ quan đang xem. Câu trả lời hiện ở trang hồ sơ.",
        ) from error
    _items_open(case, row, now)
    journal.record(
        actor_id=None, agency_id=case.agency_id, action="case.reported", object_type="case",
        object_id=case.pk, at=now, new={"report": row.pk, "kind": kind, "due": due_at},
    )  # fmt: skip
    outbox.publish(
        CaseReported(case.pk, case.agency_id, case.code, row.pk, kind),
        agency_id=case.agency_id, at=now,
    )  # fmt: skip
    return row.pk


@transaction.atomic
def report_answer(
    *, actor: Actor, now: datetime, report_id: int, answer: str, founded: bool
) -> None:
    """Answer a reported deviation; the citizen reads it by the key of the receipt.

    Who leads the unit may, the ISO secretary, and whoever was given the work item.
    Raises NotFound; Forbidden; Refusal("report_answered", "answer_missing").
    """
    row = _report(actor, report_id)
    items = work_queries.open_items_of(source_type=rules.ANSWER_ITEM, source_id=row.pk)
    require(
        rules.may_answer_report(
            actor, unit_id=row.unit_id, holders=[item.person_id for item in items]
        )
    )
    if row.answered_at is not None:
        raise Refusal("report_answered", "Lời báo này đã được trả lời.")
    said = clean_lines(answer)
    if len(said) < MINIMUM_ANSWER:
        raise Refusal("answer_missing", "Hãy viết câu trả lời cho người dân.", field="answer")
    row.answer, row.founded = said, founded
    row.answered_at, row.answered_by_id = now, actor.person_id
    row.save()
    for item in items:
        work.item_close(batch=None, item_id=item.id, at=now, by_id=actor.person_id)
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action="case.report_answered",
        object_type="case", object_id=row.case_id, at=now,
        new={"report": row.pk, "founded": founded, "late": now > row.due_at},
    )  # fmt: skip


@transaction.atomic
def report_close(*, actor: Actor, now: datetime, report_id: int, measure: str) -> None:
    """Close an answered report; where the deviation was real, say what is done about it.

    Raises NotFound; Forbidden; Refusal("report_closed", "not_answered", "measure_missing").
    Source: ISO 9001:2015 điều 8.2.1, 9.1.2, 10.2.
    """
    row = _report(actor, report_id)
    require(rules.may_close_report(actor))
    if row.closed_at is not None:
        raise Refusal("report_closed", "Lời báo này đã khép.")
    if row.answered_at is None:
        raise Refusal("not_answered", "Hãy trả lời người dân trước khi khép lời báo.")
    said = clean_lines(measure)
    if row.founded and len(said) < MINIMUM_ANSWER:
        raise Refusal(
            "measure_missing", "Sai lệch có thật. Hãy ghi cơ quan đã làm gì để không lặp lại.",
            "ISO 9001:2015 điều 10.2", field="measure",
        )  # fmt: skip
    row.measure, row.closed_at, row.closed_by_id = said, now, actor.person_id
    row.save()
    for item in work_queries.open_items_of(source_type=rules.WATCH_ITEM, source_id=row.pk):
        work.item_close(batch=None, item_id=item.id, at=now, by_id=actor.person_id)
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action="case.report_closed",
        object_type="case", object_id=row.case_id, at=now, new={"report": row.pk},
    )  # fmt: skip


def unit_of(case: Case) -> int | None:
    """Return the unit that answers for a case: the one of its figures, of its open step, the last."""
    fact = CaseFact.objects.filter(pk=case.pk).values_list("unit_id", flat=True).first()
    if fact or case.holder_unit_id:
        return fact or case.holder_unit_id
    runs = StepRun.objects.filter(case=case, unit_id__isnull=False).exclude(role="reception")
    return runs.order_by("-id").values_list("unit_id", flat=True).first()


def _by_key(lookup_key: str) -> Case:
    """Return the case of a receipt's key, locked: its citizen's words come one after the other."""
    case = Case.objects.select_for_update().filter(lookup_key=lookup_key, internal=False).first()
    if case is None or not 16 <= len(lookup_key) <= 32:
        raise NotFound("case_unknown", "Không thấy hồ sơ của mã này.")
    return case


def _report(actor: Actor, report_id: int) -> CaseReport:
    rows = CaseReport.objects.select_for_update().filter(pk=report_id, agency_id=actor.agency_id)
    row = rows.first()
    if row is None or not may(actor, "case.see"):
        raise NotFound("not_found", "Không tìm thấy lời báo này trong cơ quan của bạn.")
    return row


def _items_open(case: Case, row: CaseReport, now: datetime) -> None:
    """Give the unit's head the answer to write, and the ISO secretary the report to close."""
    today, agency_id = local(now).date(), case.agency_id
    secretary = organization.people_for(agency_id=agency_id, today=today, role="iso_secretary")
    secretary = secretary or organization.people_for(
        agency_id=agency_id, today=today, role="leader"
    )
    codes = {unit.id: unit.code for unit in organization.units_of(agency_id)}
    heads = row.unit_id is not None and organization.people_for(
        agency_id=agency_id, today=today, unit_code=codes.get(row.unit_id, "-"), role="unit_head"
    )
    common: dict[str, Any] = {
        "batch": None, "agency_id": agency_id, "kind": "case", "source_id": row.pk,
        "source_code": case.code, "link": f"/ho-so/phan-anh/{row.pk}/", "opened_at": now,
        "detail": f"{rules.REPORT_NAMES[row.kind]} · {case.tthc_name}"[:400],
        "due_at": row.due_at, "limit_minutes": minutes_of(rules.ANSWER_DAYS, "working_day"),
    }  # fmt: skip
    person = secretary[0].id if secretary else None
    holder: dict[str, Any] = (
        {"unit_id": row.unit_id, "role": "unit_head"} if heads else {"person_id": person}
    )
    work.item_open(
        source_type=rules.ANSWER_ITEM, title="Trả lời người dân báo sai lệch", step_label="Trả lời",
        **holder, **common,
    )  # fmt: skip
    work.item_open(
        source_type=rules.WATCH_ITEM, title="Theo dõi lời báo sai lệch của người dân",
        step_label="Khép", person_id=person, **common,
    )  # fmt: skip
