"""Context, interested parties, scope and policy: what is in force, what is on its way, one edition."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from nep.apps.documents import queries as documents
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.apps.planning.models import Statement
from nep.apps.planning.queries._proposals import starter_texts
from nep.apps.planning.rules import context
from nep.apps.planning.rules.context import Content, Excluded, Policy, Scope
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class StatementLine:
    """An edition of one part; `is_starter` when its words are those of the starter text."""

    id: int
    part: str
    name: str
    clause: str
    edition: int
    state: str
    state_name: str
    content_hash: str
    author: str
    drafted_at: datetime
    approver: str
    approved_at: datetime | None
    effective_on: date | None
    review_on: date | None
    note: str
    document_id: int | None
    revision_id: int | None
    version: int
    is_starter: bool


@dataclass(frozen=True, slots=True)
class StatementStep:
    """One step of an edition's life in words."""

    name: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One edition with what it says, its steps, and which moves the reader may make now.

    `library_state` is the state of a policy's revision in words, `document_code` its code.
    """

    line: StatementLine
    content: Content
    steps: tuple[StatementStep, ...]
    editions: tuple[StatementLine, ...]
    may: frozenset[str]
    document_code: str
    library_state: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of the home page: what is in force and what is on its way."""

    part: str
    name: str
    clause: str
    in_force: StatementLine | None
    open: StatementLine | None
    content: Content | None


@dataclass(frozen=True, slots=True)
class ContextHome:
    """The four parts with the page's answer in words; `to_approve` wait for the head here."""

    parts: tuple[PartLine, ...]
    to_approve: int

    @property
    def unwritten(self) -> tuple[str, ...]:
        """Return the parts of which nothing is in force and nothing waits for the head."""
        return tuple(
            one.part
            for one in self.parts
            if one.in_force is None and (one.open is None or one.open.state == context.DRAFT)
        )

    @property
    def to_write(self) -> int:
        """Return how many parts nobody has written and submitted."""
        return len(self.unwritten)

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        states = {
            one.part: (one.open or one.in_force).state  # type: ignore[union-attr]
            for one in self.parts
            if one.open or one.in_force
        }
        return context.headline(states)


def seal(part: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what an edition says; the same words give the same."""
    text = json.dumps({"part": part, "content": content}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def starter_content(*, agency_id: int, part: str) -> Content:
    """Return the starter text of a part for an agency of its kind."""
    texts = starter_texts(agency_id)
    stored = {"rows": texts["parties"]} if part == context.PARTIES else texts[part]
    return context.read_content(part, stored)


def context_home(*, actor: Actor) -> ContextHome:
    """Return the four parts of an agency; one query and names."""
    rows = Statement.objects.filter(
        agency_id=actor.agency_id, state__in=[*context.OPEN, context.IN_FORCE]
    )
    found = {(one.part, one.state == context.IN_FORCE): one for one in rows}
    lines = dict(zip(found, _lines(list(found.values())), strict=True))
    parts = []
    for part in context.PARTS:
        row = found.get((part, True)) or found.get((part, False))
        parts.append(
            PartLine(
                part, context.PART_NAMES[part], context.PART_CLAUSES[part], lines.get((part, True)),
                lines.get((part, False)), context.read_content(part, row.content) if row else None,
            )
        )  # fmt: skip
    waiting = [one for one in parts if one.open and one.open.state == context.SUBMITTED]
    return ContextHome(tuple(parts), sum(one.part != context.POLICY for one in waiting))


def statement_page(*, actor: Actor, statement_id: int) -> StatementPage:
    """Return one edition of the agency. Raises NotFound."""
    row = Statement.objects.filter(pk=statement_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    moves = list(row.moves.order_by("at", "id"))
    names = person_names([one.by_id for one in moves])
    others = Statement.objects.filter(agency_id=row.agency_id, part=row.part).exclude(
        Q(pk=row.pk) | Q(state=context.DROPPED)
    )
    code, library_state = "", ""
    if row.revision_id is not None:
        facts = documents.revision(revision_id=row.revision_id, agency_id=row.agency_id)
        code, library_state = facts.code, facts.state_name
    (line,) = _lines([row])
    return StatementPage(
        line=line, content=context.read_content(row.part, row.content),
        steps=tuple(
            StatementStep(context.MOVE_NAMES[one.move], one.text,
                          names.get(one.by_id or 0, "Nếp"), one.at)
            for one in moves
        ),
        editions=_lines(list(others.order_by("-edition")[:20])), may=_may(actor, row, moves),
        document_code=code, library_state=library_state,
    )  # fmt: skip


def _may(actor: Actor, row: Statement, moves: list) -> frozenset[str]:
    wrote = {one.by_id for one in moves if one.move in {"open", context.SAVE}} | {row.author_id}
    authors = frozenset(id_ for id_ in wrote if id_)
    facts = context.Facts(row.part, row.state, authors, row.part == context.POLICY)
    drafts = (context.SAVE, context.SUBMIT, context.TAKE_BACK, context.DROP, context.CONFIRM)
    found = {move for move in drafts if context.decide_write(actor, facts, move)}
    if context.decide_approve(actor, facts, is_seen=True):
        found.add(context.APPROVE)
    is_heads = may(actor, "context.approve") and row.part != context.POLICY
    if is_heads and context.possible(facts, context.RETURN):
        found.add(context.RETURN)
    return frozenset(found)


def submitted_pages(*, actor: Actor) -> tuple[StatementPage, ...]:
    """Return the editions that wait for the head's approval here, whole; three at most."""
    rows = Statement.objects.filter(agency_id=actor.agency_id, state=context.SUBMITTED)
    ids = rows.exclude(part=context.POLICY).order_by("part").values_list("id", flat=True)
    return tuple(statement_page(actor=actor, statement_id=one) for one in list(ids))


def open_statement(*, agency_id: int, part: str) -> tuple[StatementLine | None, Content | None]:
    """Return the edition on its way with what it says, else the words of the one in force."""
    rows = Statement.objects.filter(
        agency_id=agency_id, part=part, state__in=[*context.OPEN, context.IN_FORCE]
    )
    found = {one.state == context.IN_FORCE: one for one in rows}
    row = found.get(False)
    if row is not None:
        return _lines([row])[0], context.read_content(part, row.content)
    before = found.get(True)
    return None, context.read_content(part, before.content) if before else None


def scope_of(*, agency_id: int, on: date | None = None) -> Scope | None:
    """Return the scope in force on a day, with the clauses that do not apply and why; None for none.

    Without a day, what is in force now. One query. For the matrix and the declaration.
    """
    return _said(agency_id, context.SCOPE, on)  # type: ignore[return-value]


def excluded_of(agency_ids: list[int]) -> dict[int, tuple[Excluded, ...]]:
    """Return the clauses that do not apply in some agencies now, with their reasons; one query."""
    rows = Statement.objects.filter(
        agency_id__in=agency_ids, part=context.SCOPE, state=context.IN_FORCE
    ).values_list("agency_id", "content")
    found = {}
    for agency_id, content in rows:
        scope = context.read_content(context.SCOPE, content)
        found[agency_id] = scope.excluded if isinstance(scope, Scope) else ()
    return found


def policy_of(*, agency_id: int, on: date | None = None) -> Policy | None:
    """Return the policy in force on a day (now without one), None for none. One query."""
    return _said(agency_id, context.POLICY, on)  # type: ignore[return-value]


def _said(agency_id: int, part: str, on: date | None) -> Content | None:
    rows = Statement.objects.filter(agency_id=agency_id, part=part)
    if on is None:
        rows = rows.filter(state=context.IN_FORCE)
    else:
        lasted = Q(replaced_on=None) | Q(replaced_on__gt=on)
        rows = rows.filter(
            lasted, state__in=[context.IN_FORCE, context.REPLACED], effective_on__lte=on
        )
    row = rows.order_by("-edition").first()
    return context.read_content(part, row.content) if row else None


def _lines(rows: list[Statement]) -> tuple[StatementLine, ...]:
    names = person_names([id_ for row in rows for id_ in (row.author_id, row.approver_id)])
    return tuple(_line(row, names) for row in rows)


def _line(row: Statement, names: Mapping[int, str]) -> StatementLine:
    starter = starter_content(agency_id=row.agency_id, part=row.part)
    return StatementLine(
        id=row.pk, part=row.part, name=context.PART_NAMES[row.part],
        clause=context.PART_CLAUSES[row.part], edition=row.edition, state=row.state,
        state_name=context.STATE_NAMES[row.state], content_hash=row.content_hash,
        author=names.get(row.author_id, ""), drafted_at=row.drafted_at,
        approver=names.get(row.approver_id or 0, ""), approved_at=row.approved_at,
        effective_on=row.effective_on, review_on=row.review_on, note=row.note,
        document_id=row.document_id, revision_id=row.revision_id, version=row.version,
        is_starter=context.read_content(row.part, row.content) == starter,
    )  # fmt: skip
