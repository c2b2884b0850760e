"""The way of a procedure's revision to force: submit, check, return, approve, drop."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.documents import services as documents
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.report import Report
from nep.apps.work import services as work
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local

SOURCE = "procedure_revision"
ITEM_KIND = "procedure"


def revision_submit(
    *, actor: Actor, revision_id: int, checker_id: int | None, now: datetime
) -> None:
    """Send a draft to be checked, with a work item for the checker.

    Raises Refusal("proof_failed") while a check fails, Refusal("checker_missing"); see
    `documents.services.revision_submit_check`.
    """
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        page = _page(actor, revision_id)
        _require_proof(page, now, verb="gửi kiểm tra")
        _require_person(actor, checker_id, "procedure.check", now)
        documents.revision_submit_check(
            actor=actor, revision_id=revision_id, content_hash=page.content_hash, now=now
        )
        _hand_to(
            actor, page, person_id=checker_id, role="unit_head", now=now,
            title=f"Kiểm tra {page.revision.code} {page.revision.number}",
            label="Kiểm tra",
        )  # fmt: skip


def revision_confirm(
    *,
    actor: Actor,
    revision_id: int,
    content_hash: str,
    approver_id: int | None,
    now: datetime,
) -> None:
    """State that the revision was checked; its approver gets a work item.

    `content_hash` is what the checker saw. Raises Refusal("content_changed", "author_is_checker",
    "approver_missing").
    """
    require(may(actor, "procedure.check"))
    with transaction.atomic():
        page = _page(actor, revision_id)
        _require_seen(page, content_hash)
        _require_person(actor, approver_id, "procedure.approve", now)
        documents.revision_check(
            actor=actor, revision_id=revision_id, content_hash=page.content_hash, now=now
        )
        _hand_to(
            actor, page, person_id=approver_id, role="leader", now=now,
            title=f"Phê duyệt {page.revision.code} {page.revision.number}",
            label="Phê duyệt",
        )  # fmt: skip


def revision_publish(
    *,
    actor: Actor,
    revision_id: int,
    content_hash: str,
    effective_from: date | None,
    now: datetime,
) -> bool:
    """Approve the revision; True when it is in force at once, False when on a later day.

    The proof runs again here: people leave and TTHC change after the check. Raises
    Refusal("proof_failed") while it fails; see `documents.services.revision_approve`.
    """
    require(may(actor, "procedure.approve"))
    with transaction.atomic():
        page = _page(actor, revision_id)
        _require_seen(page, content_hash)
        _require_proof(page, now, verb="phê duyệt")
        at_once = documents.revision_approve(
            actor=actor,
            revision_id=revision_id,
            content_hash=page.content_hash,
            effective_from=effective_from or local(now).date(),
            now=now,
        )
        _finish_item(actor, page, now)
    return at_once


def revision_return(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Send the revision back to its author, who gets a work item with the reason."""
    with transaction.atomic():
        page = _page(actor, revision_id)
        documents.revision_return(actor=actor, revision_id=revision_id, reason=reason, now=now)
        _hand_to(
            actor, page, person_id=page.revision.drafted_by, role="", now=now,
            title=f"Sửa {page.revision.code} {page.revision.number} theo ý kiến trả lại",
            label="Bị trả lại", note=reason,
        )  # fmt: skip


def revision_drop(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Drop a revision that was never approved; open work items about it are taken back."""
    with transaction.atomic():
        page = _page(actor, revision_id)
        documents.revision_drop(actor=actor, revision_id=revision_id, reason=reason, now=now)
        work.items_withdraw_of(
            source_type=SOURCE, source_id=revision_id, at=now, by_id=actor.person_id
        )
        Definition.objects.filter(revision_id=page.revision.id).update(item_id=None)


def _page(actor: Actor, revision_id: int) -> ProcedurePage:
    locked = (
        Definition.objects.select_for_update()
        .filter(revision_id=revision_id, agency_id=actor.agency_id)
        .exists()
    )
    if not locked:
        raise NotFound()
    return queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)


def _require_proof(page: ProcedurePage, now: datetime, *, verb: str) -> Report:
    report = queries.proof(
        agency_id=page.revision.agency_id,
        draft=page.draft,
        tthc=page.tthc,
        today=local(now).date(),
        document_id=page.revision.document_id,
    )
    if report.errors:
        raise Refusal("proof_failed", refusal_sentence(report, verb=verb))
    return report


def refusal_sentence(report: Report, *, verb: str) -> str:
    """Return why a failing proof stops a step, naming the first failure."""
    count = len(report.errors)
    first = report.errors[0].title
    return f"Chưa {verb} được: còn {count} lỗi phải sửa. Lỗi đầu tiên: {first}."


def _require_seen(page: ProcedurePage, content_hash: str) -> None:
    if page.content_hash != content_hash:
        raise Refusal(
            "content_changed",
            "Nội dung đã đổi sau khi bạn mở trang. Hãy tải lại, đọc lại rồi làm tiếp.",
        )


_WHO = {
    "procedure.check": ("checker", "Hãy chọn người kiểm tra."),
    "procedure.approve": ("approver", "Hãy chọn người phê duyệt."),
}


def _require_person(actor: Actor, person_id: int | None, permission: str, now: datetime) -> None:
    """Refuse anybody who does not hold the permission in the actor's agency today."""
    people = queries.people_who_may(
        agency_id=actor.agency_id, permission=permission, today=local(now).date()
    )
    if person_id not in dict(people):
        field, message = _WHO[permission]
        raise Refusal(f"{field}_missing", message, field=field)


def _hand_to(
    actor: Actor,
    page: ProcedurePage,
    *,
    person_id: int | None,
    role: str,
    now: datetime,
    title: str,
    label: str,
    note: str = "",
) -> None:
    """Close the open item of the revision and open the next one."""
    _finish_item(actor, page, now)
    item_id = work.item_open(
        batch=None,
        agency_id=actor.agency_id,
        kind=ITEM_KIND,
        title=title,
        detail=page.revision.title,
        link=f"/quy-trinh/ban/{page.revision.id}/",
        source_type=SOURCE,
        source_id=page.revision.id,
        source_code=page.revision.code,
        step_label=label,
        person_id=person_id,
        role=role,
        opened_at=now,
        note=note,
    )
    Definition.objects.filter(revision_id=page.revision.id).update(item_id=item_id)


def _finish_item(actor: Actor, page: ProcedurePage, now: datetime) -> None:
    if page.item_id:
        work.item_close(batch=None, item_id=page.item_id, at=now, by_id=actor.person_id)
        Definition.objects.filter(revision_id=page.revision.id).update(item_id=None)
