"""Erasing personal data of ended cases: proposed, approved by another, done by the worker."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from nep.apps.cases.models import (
    Case,
    CaseApplicant,
    CaseErasure,
    CaseMessage,
    CaseOpinion,
    CasePaper,
    CaseRating,
    CaseReport,
    ErasureRun,
    FedRow,
    FedWaiting,
    JointStep,
)
from nep.apps.cases.queries._eligible import eligible, erasure_rules, families, spared
from nep.apps.cases.queries.blackening import known_of
from nep.apps.cases.rules import erasure
from nep.apps.cases.rules.blackening import PARTS, Known
from nep.apps.cases.rules.erasure import ErasureRule
from nep.apps.cases.services._giving import given_values_erase
from nep.apps.cases.services._step_data import step_data_erase
from nep.apps.cases.services.blackening import marks_forget, words_blacken
from nep.apps.cases.services.privacy import describe_items
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.foundation.db import new_id
from nep.foundation.files import services as files
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local

ERASE_JOB = "cases.erase"
RUN_SOURCE = "case_erasure"
PORTION = 50


@transaction.atomic
def erasure_ask(
    *, actor: Actor, now: datetime, rule: str, months: int, approver_id: int, reason: str
) -> int:
    """Propose an erasure by a rule and give it to a leader to approve; return the run's id.

    Raises Forbidden; NotFound for an unknown rule; Refusal("months_out_of_bounds", "two_people",
    "nothing_to_erase", "reason_missing", "approver_unknown", "erasure_open").
    """
    found = erasure_rules().get(rule)
    if found is None:
        raise NotFound("rule_unknown", "Không có quy tắc xóa này.")
    require(may(actor, erasure.ASK))
    before = erasure.ended_before(now, months=months)
    count = eligible(
        agency_id=actor.agency_id, rule=found, parts=found.parts, before=before
    ).count()
    require(
        erasure.decide_erasure_asking(
            actor, rule=found, months=months, count=count, approver_id=approver_id, reason=reason
        ),
        kind=Refusal,
    )
    if approver_id not in {one.id for one in erasure_approvers(actor.agency_id, now)}:
        raise Refusal("approver_unknown", "Hãy chọn một lãnh đạo để duyệt.", field="approver")
    pk, item_id = new_id(), new_id()
    try:
        with transaction.atomic():
            ErasureRun.objects.create(
                id=pk, agency_id=actor.agency_id, rule=rule, months=months,
                parts=list(found.parts), before=before, reason=clean_lines(reason),
                expected=count, asked_at=now, asked_by_id=actor.person_id,
                approver_id=approver_id, item_id=item_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(
            "erasure_open", "Quy tắc này đang có một đề nghị chờ duyệt hoặc đang xóa."
        ) from error
    work.item_open(
        batch=None, item_id=item_id, agency_id=actor.agency_id, kind="case",
        title="Duyệt xóa dữ liệu cá nhân", detail=f"{found.label}: {count} hồ sơ"[:400],
        link=f"/ho-so/xoa-du-lieu/{pk}/", source_type=RUN_SOURCE, source_id=pk,
        step_label="Duyệt", person_id=approver_id, opened_at=now,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="case.erasure_asked",
        object_type="erasure", object_id=pk, at=now, reason=clean_lines(reason),
        new={"rule": rule, "months": months, "before": before, "cases": count},
    )  # fmt: skip
    return pk


def erasure_approvers(agency_id: int, now: datetime) -> Sequence[organization.PersonRow]:
    """Return who may approve an erasure of the agency today."""
    return organization.people_for(agency_id=agency_id, today=local(now).date(), role="leader")


@transaction.atomic
def erasure_decide(
    *, actor: Actor, now: datetime, run_id: int, approves: bool, words: str = ""
) -> None:
    """Approve a proposed erasure, which the worker then does, or refuse it with a reason.

    Raises NotFound; Forbidden("two_people", "not_the_approver"); Refusal("erasure_decided",
    "reason_missing").
    """
    rows = ErasureRun.objects.select_for_update().filter(pk=run_id, agency_id=actor.agency_id)
    row = rows.first()
    if row is None or not may(actor, erasure.ASK):
        raise NotFound("not_found", "Không tìm thấy đề nghị xóa này trong cơ quan của bạn.")
    decision = erasure.decide_erasure_deciding(
        actor, state=row.state, approver_id=row.approver_id, asked_by_id=row.asked_by_id,
        refuses=not approves, reason=words,
    )  # fmt: skip
    said = getattr(decision, "code", "")
    require(decision, kind=Refusal if said in {"erasure_decided", "reason_missing"} else Forbidden)
    row.state = "running" if approves else "refused"
    row.decided_at, row.decision = now, clean_lines(words)
    row.save(update_fields=["state", "decided_at", "decision"])
    if not approves:
        marks_forget(row)
    work.item_close(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id,
        action="case.erasure_approved" if approves else "case.erasure_refused",
        object_type="erasure", object_id=row.pk, at=now, reason=row.decision,
        new={"rule": row.rule, "cases": row.expected},
    )  # fmt: skip
    if approves:
        outbox.enqueue(ERASE_JOB, {"id": row.pk}, at=now, key=str(row.pk), agency_id=row.agency_id)


def erasure_run(*, run_id: int, now: datetime) -> int:
    """Go on with an approved erasure where it stopped; return how many cases were erased in all.

    Each part is one transaction with its stubs, so that a second run repeats nothing; a case that
    must wait by now is left out and counted.
    """
    while True:
        with transaction.atomic():
            row = ErasureRun.objects.select_for_update().get(pk=run_id)
            if row.state != "running" or not _portion(row, now):
                return row.erased


def _portion(row: ErasureRun, now: datetime) -> bool:
    """Erase the next cases; False once all are done."""
    rule = erasure_rules()[row.rule]
    found = eligible(agency_id=row.agency_id, rule=rule, parts=row.parts, before=row.before)
    cases = list(found.filter(pk__gt=row.cursor).select_for_update()[:PORTION])
    if not cases:
        _finish(row, now)
        return False
    waiting = spared(
        [case.pk for case in cases], agency_id=row.agency_id, waits=rule.waits_for_record,
        today=local(now).date(),
    )  # fmt: skip
    for case in cases:
        if case.pk not in waiting:
            row.files += _erase(case, row, rule, now)
            row.erased += 1
    row.spared += len(waiting)
    row.seen += len(cases)
    row.cursor = cases[-1].pk
    row.save(update_fields=["cursor", "seen", "erased", "spared", "files"])
    return True


def _erase(case: Case, row: ErasureRun, rule: ErasureRule, now: datetime) -> int:
    """Erase the parts of one case that are still there; return how many files went."""
    gone = set(CaseErasure.objects.filter(case=case).values_list("part", flat=True))
    parts, count = [part for part in row.parts if part not in gone], 0
    known = known_of([case.pk], parts).get(case.pk, Known())
    within = list(Case.objects.filter(pk__in=set(families([case.pk])) - {case.pk}).order_by("pk"))
    for part in parts:
        count += _ERASERS[part](case)
        count += sum(_WITHIN[part](one) for one in within if part in _WITHIN)
    words = words_blacken(case, row, known=known, now=now) if PARTS & set(parts) else 0
    if {"contact", "applicant"} & set(parts):  # the papers given out repeat name and address
        given_values_erase(case_ids=[case.pk, *(one.pk for one in within)], now=now)
    CaseErasure.objects.bulk_create(
        [CaseErasure(id=new_id(), case=case, run=row, part=part, at=now) for part in parts]
    )
    journal.record(
        actor_id=row.approver_id, agency_id=case.agency_id, action="case.erased",
        object_type="case", object_id=case.pk, at=now, reason=rule.label,
        new={"run": row.pk, "parts": parts, "files": count, "words": words},
    )  # fmt: skip
    return count


def _contact(case: Case) -> int:
    CaseApplicant.objects.filter(pk=case.pk).update(identity="", phone="", email="", address="")
    step_data_erase(case, is_whole=False)
    return 0


def _applicant(case: Case) -> int:
    """Remove who handed the case in, also from the lists."""
    CaseApplicant.objects.filter(pk=case.pk).delete()
    step_data_erase(case, is_whole=False)
    Case.objects.filter(pk=case.pk).update(applicant_mask="", version=F("version") + 1)
    describe_items(case, "")
    return 0


def _papers(case: Case) -> int:
    """Remove the files handed in or answered with; the list of papers stays."""
    count = 0
    CaseOpinion.objects.filter(case=case).update(file=None)  # each stands among the papers too
    for rows in (CasePaper.objects.filter(case=case), JointStep.objects.filter(case=case)):
        kept = list(rows.exclude(file=None).values_list("file_id", flat=True))
        rows.update(file=None)
        for file_id in kept:
            files.forget(file_id=file_id)
        count += len(kept)
    CasePaper.objects.filter(case=case).exclude(note="").update(note="")
    return count


def _data(case: Case) -> int:
    Case.objects.filter(pk=case.pk).update(data="{}", version=F("version") + 1)
    got = Q(other=case, way="in")  # what other cases were given of this one
    CaseMessage.objects.filter(Q(case=case) | got).exclude(data="{}").update(data="{}")
    step_data_erase(case, is_whole=True)
    return 0


def _voice(case: Case) -> int:
    CaseRating.objects.filter(pk=case.pk).update(remark="")
    CaseReport.objects.filter(case=case).update(text="", answer="")
    return 0


def _fed(case: Case) -> int:
    """Remove the rows of the other system; what was told of them stays, and grows no more."""
    FedRow.objects.filter(case=case).delete()
    return 0


_ERASERS = {
    "contact": _contact, "applicant": _applicant, "papers": _papers, "data": _data,
    "voice": _voice, "fed": _fed,
}  # fmt: skip


def _personal(case: Case) -> int:
    """Remove the personal data that steps of an internal sub-procedure typed of its caller."""
    step_data_erase(case, is_whole=False)
    return 0


# what goes in the internal sub-procedures of a case
_WITHIN = {"contact": _personal, "applicant": _personal, "papers": _papers, "data": _data}


def _finish(row: ErasureRun, now: datetime) -> None:
    """Close a run: its journal entry, a notice for who proposed it."""
    if "fed" in row.parts:  # rows that never found their case
        FedWaiting.objects.filter(agency_id=row.agency_id, at__lt=row.before).delete()
    marks_forget(row)
    row.state, row.finished_at = "done", now
    row.save(update_fields=["state", "finished_at"])
    journal.record(
        actor_id=row.approver_id, agency_id=row.agency_id, action="case.erasure_done",
        object_type="erasure", object_id=row.pk, at=now,
        new={"erased": row.erased, "spared": row.spared, "files": row.files},
    )  # fmt: skip
    work.notice_add(
        person_id=row.asked_by_id, agency_id=row.agency_id, key=f"xoa-du-lieu:{row.pk}",
        text=f"Đã xóa dữ liệu cá nhân của {row.erased} hồ sơ, để lại {row.spared} hồ sơ",
        icon="check", link=f"/ho-so/xoa-du-lieu/{row.pk}/", at=now,
    )  # fmt: skip
