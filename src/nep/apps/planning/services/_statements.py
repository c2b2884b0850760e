"""An edition of context, parties, scope or policy is written, submitted, approved, returned."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.planning import queries
from nep.apps.planning.models import Statement, StatementMove
from nep.apps.planning.rules import context
from nep.apps.planning.rules.context import Content
from nep.apps.planning.services import _policy
from nep.apps.planning.services._risk_ground import due_in
from nep.apps.standards import queries as standards
from nep.apps.work import services as work
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean, shorten
from nep.kernel.vietnamese import local

APPROVE_DAYS = 5
APPROVE_AT = "/boi-canh/phe-duyet/"  # every edition that waits, whole, on one page


@transaction.atomic
def statement_save(
    *, actor: Actor, part: str, content: Content, version: int, now: datetime
) -> int:
    """Keep the words of the edition being written, the next one when none is; return its id.

    `version` is 0 for a new edition. Raises Forbidden; NotFound; Conflict; Refusal.
    """
    require(may(actor, "context.draft"))
    if part not in context.PART_NAMES:
        raise NotFound()
    rows = Statement.objects.select_for_update(of=("self",)).filter(
        agency_id=actor.agency_id, part=part
    )
    row = rows.filter(state__in=context.OPEN).first()
    is_new = row is None
    if row is None:
        last = rows.aggregate(last=Max("edition"))["last"] or 0
        row = Statement(agency_id=actor.agency_id, part=part, edition=last + 1, version=0,
                        author_id=actor.person_id, drafted_at=now, changed_at=now)  # fmt: skip
    require(context.decide_write(actor, facts_of(row), context.SAVE), kind=Refusal)
    if row.version != version:
        raise Conflict("statement_changed", "Có người vừa sửa bản này. Hãy tải lại trang rồi sửa.")
    row.content, row.author_id = context.stored_form(content), actor.person_id
    if is_new:
        _review_begun(rows, actor, now)
    stepped(actor, row, "open" if is_new else context.SAVE, "", now)
    return row.id


@transaction.atomic
def statement_submit(
    *,
    actor: Actor,
    statement_id: int,
    now: datetime,
    checker_id: int | None = None,
    approver_id: int | None = None,
) -> None:
    """Lay an edition before the head, sealed; a policy goes to the library as a controlled document.

    Checker and approver are asked for the policy alone. Raises Forbidden; NotFound; Refusal(see
    `decide_content`; of `documents.services.document_submit` for the policy).
    """
    require(may(actor, "context.draft"))
    row = locked(actor, statement_id)
    require(context.decide_write(actor, facts_of(row), context.SUBMIT), kind=Refusal)
    content = context.read_content(row.part, row.content)
    edition = standards.edition_of(actor.agency_id).in_force
    numbers = frozenset(one.number for one in standards.clauses(edition))
    require(context.decide_content(content, clauses=numbers), kind=Refusal)
    row.state, row.content_hash = context.SUBMITTED, queries.seal(row.part, row.content)
    row.submitted_at, row.note = now, ""
    if row.part == context.POLICY:
        _policy.to_library(actor, row, checker_id=checker_id, approver_id=approver_id, now=now)
    else:
        _item_for_head(row, now)
    stepped(actor, row, context.SUBMIT, "", now)


@transaction.atomic
def statement_approve(*, actor: Actor, statement_id: int, content_hash: str, now: datetime) -> None:
    """Approve an edition as it was shown; it replaces the one in force from today.

    Raises Forbidden; NotFound; Refusal(see `decide_approve`).
    Source: TCVN ISO 9001:2015 điều 4.1, 4.2, 4.3.
    """
    require(may(actor, "context.approve"))
    row = locked(actor, statement_id)
    is_seen = content_hash == row.content_hash == queries.seal(row.part, row.content)
    require(context.decide_approve(actor, facts_of(row), is_seen=is_seen), kind=Refusal)
    into_force(row, approver_id=actor.person_id, at=now, on=local(now).date())
    item_end(row, actor, now)
    stepped(actor, row, context.APPROVE, "", now)


def into_force(row: Statement, *, approver_id: int | None, at: datetime, on: date) -> None:
    """Put an edition into force and the one before out of it; the caller writes its step."""
    before = Statement.objects.select_for_update(of=("self",)).filter(
        agency_id=row.agency_id, part=row.part, state=context.IN_FORCE
    )
    for old in before:
        old.state, old.replaced_on = context.REPLACED, on
        item_end(old, None, at)
        stepped(None, old, context.REPLACE, f"Lần {row.edition:02d}", at)
    row.state, row.approver_id, row.approved_at = context.IN_FORCE, approver_id, at
    row.effective_on = on
    row.review_on = context.review_day(on)


@transaction.atomic
def statement_return(*, actor: Actor, statement_id: int, reason: str, now: datetime) -> None:
    """Return an edition to its author with the reason. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "context.approve"))
    row = locked(actor, statement_id)
    require(context.decide_return(actor, facts_of(row), reason=reason), kind=Refusal)
    row.state, row.note = context.DRAFT, clean(reason)[:1000]
    item_end(row, actor, now)
    _item_for_author(row, now)
    stepped(actor, row, context.RETURN, row.note, now)


@transaction.atomic
def statement_take_back(*, actor: Actor, statement_id: int, now: datetime) -> None:
    """Take a submitted edition back to write on. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "context.draft"))
    row = locked(actor, statement_id)
    require(context.decide_write(actor, facts_of(row), context.TAKE_BACK), kind=Refusal)
    if row.revision_id is not None:
        _policy.back_from_library(actor, row, now)
    row.state = context.DRAFT
    item_end(row, actor, now)
    stepped(actor, row, context.TAKE_BACK, "", now)


@transaction.atomic
def statement_drop(*, actor: Actor, statement_id: int, now: datetime) -> None:
    """Drop the edition being written. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "context.draft"))
    row = locked(actor, statement_id)
    require(context.decide_write(actor, facts_of(row), context.DROP), kind=Refusal)
    _policy.leave_library(actor, row, now)
    row.state = context.DROPPED
    item_end(row, actor, now)
    stepped(actor, row, context.DROP, "", now)


@transaction.atomic
def policy_in_force(*, revision_id: int, agency_id: int, now: datetime) -> None:
    """Take a policy as in force once its document is; part of the document's coming into force."""
    row = (
        Statement.objects.select_for_update(of=("self",))
        .filter(agency_id=agency_id, revision_id=revision_id, state=context.SUBMITTED)
        .first()
    )
    if row is None:
        return
    facts = _policy.revision_of(row)
    into_force(
        row, approver_id=facts.approved_by, at=facts.approved_at or now,
        on=facts.effective_from or local(now).date(),
    )  # fmt: skip
    stepped(None, row, context.APPROVE, f"{facts.code}, {facts.number}", now)


@transaction.atomic
def policy_withdrawn(*, document_id: int, agency_id: int, on: date, now: datetime) -> None:
    """Take a policy out of force when its document is withdrawn; part of the withdrawal."""
    rows = Statement.objects.select_for_update(of=("self",)).filter(
        agency_id=agency_id, document_id=document_id, state=context.IN_FORCE
    )
    for row in rows:
        row.state, row.replaced_on = context.REPLACED, on
        item_end(row, None, now)
        stepped(None, row, context.REPLACE, "Tài liệu đã thu hồi", now)


def locked(actor: Actor, statement_id: int) -> Statement:
    """Return an edition of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Statement.objects.select_for_update(of=("self",))
        .filter(pk=statement_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def facts_of(row: Statement) -> context.Facts:
    """Return an edition as rules see it."""
    wrote = {row.author_id}
    if row.pk is not None:
        moves = StatementMove.objects.filter(statement_id=row.pk, move__in=["open", context.SAVE])
        wrote |= {by for by in moves.values_list("by_id", flat=True) if by}
    return context.Facts(row.part, row.state, frozenset(wrote), row.part == context.POLICY)


def stepped(actor: Actor | None, row: Statement, move: str, text: str, now: datetime) -> None:
    """Write a changed edition with its step and its journal entry."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    by_id = actor.person_id if actor else None
    StatementMove.objects.create(
        statement=row, move=move, state=row.state, text=text[:1000], by_id=by_id, at=now
    )
    journal.record(
        actor_id=by_id, agency_id=row.agency_id, action=f"statement.{move}",
        object_type="statement", object_id=row.id, at=now,
        new={"part": row.part, "edition": row.edition, "state": row.state,
             "hash": row.content_hash},
        reason=shorten(text, 1000),
    )  # fmt: skip


def _item_for_head(row: Statement, now: datetime) -> None:
    today = local(now).date()
    directory = organization.directory(agency_id=row.agency_id, today=today)
    unit_id = None
    for (code, held), people in sorted(directory.holders.items()):
        if held == "leader" and any(person.id != row.author_id for person in people):
            unit = directory.unit(code)
            unit_id = unit.id if unit else None
            break
    _open(row, "Phê duyệt", now, role="leader", unit_id=unit_id, person_id=None)


def _item_for_author(row: Statement, now: datetime) -> None:
    _open(row, "Sửa lại", now, role="", unit_id=None, person_id=row.author_id)


def _open(
    row: Statement, verb: str, now: datetime, *, role: str, unit_id: int | None,
    person_id: int | None,
) -> None:  # fmt: skip
    title = f"{context.PART_NAMES[row.part]}, lần {row.edition:02d}"
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="year", title=title, detail=verb,
        link=f"/boi-canh/{row.id}/" if person_id else APPROVE_AT,
        source_type="statement", source_id=row.id,
        source_code=f"{context.PART_CLAUSES[row.part]}", opened_at=now,
        due_at=due_in(row.agency_id, local(now).date(), APPROVE_DAYS), person_id=person_id, role=role, unit_id=unit_id, step_label=verb, note=row.note[:500],
    )  # fmt: skip


def _review_begun(rows: QuerySet[Statement], actor: Actor, now: datetime) -> None:
    """End the asking to look again at the edition in force: the next one is being written."""
    for before in rows.filter(state=context.IN_FORCE, item_id__isnull=False):
        item_end(before, actor, now)
        before.save(update_fields=["item_id"])


def item_end(row: Statement, actor: Actor | None, now: datetime) -> None:
    """Close the open work item of an edition."""
    if row.item_id is not None:
        by_id = actor.person_id if actor else None
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=by_id)
    row.item_id = None
