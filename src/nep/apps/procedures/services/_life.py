"""The way of a procedure's revision to force: submit, check, return, recall, approve, drop."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from nep.apps.documents import queries as document_queries
from nep.apps.documents import services as documents
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries
from nep.apps.procedures.models import Definition
from nep.apps.procedures.ports import decide_content, tell_dropped
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.report import Report
from nep.apps.work import services as work
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local

SOURCE = "procedure_revision"
ITEM_KIND = "procedure"


def revision_submit(
    *,
    actor: Actor,
    revision_id: int,
    checker_id: int | None,
    now: datetime,
    member_ids: Collection[int] = (),
) -> None:
    """Send a draft to be checked, with a work item for the checker.

    `member_ids` are drafts of its forms that go along: one package, one work item, one decision.
    Raises Refusal("proof_failed") while a check fails, Refusal("checker_missing",
    "form_not_in_force"); see `documents.services.revision_submit_check` and `members_submit`.
    """
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        page = _page(actor, revision_id)
        _require_proof(page, now, verb="gửi kiểm tra")
        _require_person(actor, checker_id, "procedure.check", now)
        documents.members_submit(
            actor=actor,
            leading_id=revision_id,
            member_ids=member_ids,
            named_ids=[form.document_id for form in queries.named_forms_of(page)],
            now=now,
        )
        _require_forms(page)
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
        documents.members_check(actor=actor, leading_id=revision_id, now=now)
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
    decision_number: str = "",
) -> bool:
    """Approve the revision; True when it is in force at once, False when on a later day.

    Its forms are issued with it, under the same decision and for the same day. The proof runs
    again here: people leave and TTHC change after the check. Raises Refusal("proof_failed",
    "form_not_in_force") while it fails; see `documents.services.revision_approve`.
    """
    require(may(actor, "procedure.approve"))
    day = effective_from or local(now).date()

    def publish() -> bool:
        return _publish(actor, revision_id, content_hash, day, decision_number, now)

    return documents.with_copies(publish, now=now)


def _publish(
    actor: Actor,
    revision_id: int,
    content_hash: str,
    effective_from: date,
    decision_number: str,
    now: datetime,
) -> bool:
    with transaction.atomic():
        page = _page(actor, revision_id)
        _require_seen(page, content_hash)
        _require_proof(page, now, verb="phê duyệt")
        _require_forms(page)
        at_once = documents.revision_approve(
            actor=actor,
            revision_id=revision_id,
            content_hash=page.content_hash,
            effective_from=effective_from,
            decision_number=decision_number,
            now=now,
        )
        documents.members_approve(
            actor=actor,
            leading_id=revision_id,
            effective_from=effective_from,
            decision_number=decision_number,
            now=now,
        )
        _finish_item(actor, page, now)
    return at_once


def revision_return(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Send the revision back to its author, who gets a work item with the reason."""
    with transaction.atomic():
        page = _page(actor, revision_id)
        documents.revision_return(actor=actor, revision_id=revision_id, reason=reason, now=now)
        documents.members_return(actor=actor, leading_id=revision_id, reason=reason, now=now)
        _hand_to(
            actor, page, person_id=page.revision.drafted_by, role="", now=now,
            title=f"Sửa {page.revision.code} {page.revision.number} theo ý kiến trả lại",
            label="Bị trả lại", note=reason,
        )  # fmt: skip


def revision_recall(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Take one's own submission back while nobody has approved it; who was asked is asked no more.

    Raises NotFound; Refusal("not_author", "revision_state", "reason_missing").
    """
    with transaction.atomic():
        page = _page(actor, revision_id)
        documents.revision_recall(actor=actor, revision_id=revision_id, reason=reason, now=now)
        documents.members_release(actor=actor, leading_id=revision_id, reason=reason, now=now)
        _take_back_items(actor, page, now)


def revision_drop(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Drop a revision that was never approved; open work items about it are taken back."""
    with transaction.atomic():
        page = _page(actor, revision_id)
        documents.members_release(actor=actor, leading_id=revision_id, reason=reason, now=now)
        documents.revision_drop(actor=actor, revision_id=revision_id, reason=reason, now=now)
        _take_back_items(actor, page, now)
        tell_dropped(revision_id)


def _take_back_items(actor: Actor, page: ProcedurePage, now: datetime) -> None:
    id_ = page.revision.id
    work.items_withdraw_of(source_type=SOURCE, source_id=id_, at=now, by_id=actor.person_id)
    Definition.objects.filter(revision_id=id_).update(item_id=None)


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
    require(
        decide_content(page.revision.agency_id, page.procedure_id, page.draft), kind=Refusal
    )  # however the draft came: typed, read from a file, made from a model
    return report


def _require_forms(page: ProcedurePage) -> None:
    """Refuse a version whose steps name a form that neither is in force nor goes along."""
    known = {form.document_id: form for form in queries.named_forms_of(page)}
    parts = document_queries.package_parts(
        revision_id=page.revision.id, agency_id=page.revision.agency_id
    )
    along = {part.document_id for part in parts}
    for step, carried in page.draft.carried.items():
        for form in carried.forms:
            now = known.get(form.document_id)
            if form.document_id in along or (now and now.number and not now.is_gone):
                continue
            raise Refusal(
                "form_not_in_force",
                f"Bước {page.draft.table.number(step)} dùng biểu mẫu {form.code} chưa có hiệu lực. "
                "Hãy chọn bản thảo của biểu mẫu ấy vào gói, hoặc bỏ biểu mẫu khỏi bước.",
            )


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
