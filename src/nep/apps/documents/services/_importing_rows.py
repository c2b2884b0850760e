"""One row of an import: judged first, then written; the same row again changes nothing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document, DocumentClause, LifeEntry, Revision
from nep.apps.documents.services._importing_source import ImportSource
from nep.apps.documents.services._library import document_add, document_change
from nep.apps.documents.services._life_effect import take_effect
from nep.apps.documents.services._revisions import revision_draft
from nep.apps.organization.queries import units_of
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.files.services import check, store
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import fold
from nep.kernel.vietnamese import local

CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a row would do: `acts` are create, data, file, revise, enforce; none changes nothing."""

    paper: rules.PaperFacts
    facts: rules.DocumentFacts
    data: bytes
    acts: frozenset[str]
    document_id: int | None = None
    revision_id: int | None = None

    @property
    def outcome(self) -> str:
        """Return what the row becomes."""
        if "create" in self.acts:
            return CREATED
        return CHANGED if self.acts else UNCHANGED


def row_plan(
    *,
    actor: Actor,
    source: ImportSource,
    paper: rules.PaperFacts,
    coming: frozenset[str],
    now: datetime,
) -> Plan:
    """Judge a row without writing anything.

    `coming` are the keys of the codes that other rows of the sheet bring. Raises Refusal.
    """
    require(rules.decide_kind(paper.kind), kind=Refusal)
    require(rules.decide_level(paper.level), kind=Refusal)
    require(rules.decide_code_form(paper.code), kind=Refusal)
    data = source.read(paper.path, limit=settings.NEP.max_upload_bytes)
    check(data=data, name=paper.path, kinds=rules.FILE_KINDS)
    facts = _facts(actor, paper, coming)
    row = Document.objects.filter(
        agency_id=actor.agency_id, code_key=rules.code_key(paper.code)
    ).first()
    if row is None:
        acts = {"create"} | (set() if paper.is_draft else {"enforce"})
        return Plan(paper, facts, data, frozenset(acts))
    return _again(actor, paper, facts, data, row)


def _facts(actor: Actor, paper: rules.PaperFacts, coming: frozenset[str]) -> rules.DocumentFacts:
    parent_id = None
    if paper.parent_code:
        parent_id = queries.document_id_by_code(actor=actor, code=paper.parent_code)
        if parent_id is None and rules.code_key(paper.parent_code) not in coming:
            raise Refusal(
                "parent_unknown", f"Không thấy tài liệu {paper.parent_code} mà dòng này kèm theo."
            )
    return rules.DocumentFacts(
        kind=paper.kind,
        title=paper.title,
        code=paper.code,
        parent_id=parent_id,
        owner_unit_id=_unit_id(actor, paper.unit),
        level=paper.level,
        tags=paper.tags,
        clauses=paper.clauses,
    )


def _unit_id(actor: Actor, name: str) -> int | None:
    if not name:
        return None
    wanted = fold(name)
    for unit in units_of(actor.agency_id):
        if wanted in (fold(unit.name), fold(unit.code)):
            return unit.id
    raise Refusal(
        "unit_unknown", f"Cơ quan không có đơn vị “{name[:80]}”. Hãy ghi đúng tên đơn vị."
    )


def _again(
    actor: Actor,
    paper: rules.PaperFacts,
    facts: rules.DocumentFacts,
    data: bytes,
    row: Document,
) -> Plan:
    """Compare a row with the document that has its code."""
    if row.kind != paper.kind or row.status in {"withdrawn", "dropped"}:
        require(
            rules.code_taken(
                paper.code, holder_code=row.code, title=row.title, kind=row.kind,
                status_name=rules.STATUS_NAMES[row.status],
            ),
            kind=Refusal,
        )  # fmt: skip
    acts = {"data"} if _differs(row, facts) else set()
    if "data" in acts and row.title != facts.title and row.status != "new":
        raise Refusal(
            "document_named",
            f"{row.code} đang có tên “{row.title}”; nhập không đổi tên tài liệu đã ban hành.",
        )
    revision = (
        Revision.objects.filter(document_id=row.pk)
        .exclude(state__in=[rules.RETIRED, rules.DROPPED])
        .order_by("-drafted_at", "-id")
        .first()
    )
    given = (paper.issue, paper.amendment)
    sha = hashlib.sha256(data).hexdigest()
    if revision is None:
        return Plan(paper, facts, data, frozenset({*acts, "revise", *_end(paper)}), row.pk)
    known = (revision.issue, revision.amendment)
    same_file = _sha_of(revision.original_file_id) == sha
    if revision.state == rules.IN_FORCE:
        return _beside_force(paper, facts, data, row, acts, known, same_file)
    if revision.state != rules.DRAFT or known != given:
        raise Refusal(
            "revision_open",
            f"{row.code} đang có {rules.revision_text(*known)} ở trạng thái "
            f"“{rules.STATE_NAMES[revision.state].lower()}”. Hãy làm xong bản đó rồi nhập lại.",
        )
    acts |= set() if same_file else {"file"}
    acts |= _end(paper)
    return Plan(paper, facts, data, frozenset(acts), row.pk, revision.pk)


def _end(paper: rules.PaperFacts) -> set[str]:
    return set() if paper.is_draft else {"enforce"}


def _beside_force(
    paper: rules.PaperFacts,
    facts: rules.DocumentFacts,
    data: bytes,
    row: Document,
    acts: set[str],
    known: tuple[str, str],
    same_file: bool,
) -> Plan:
    given = (paper.issue, paper.amendment)
    number = rules.revision_text(*known)
    if given == known:
        if not same_file:
            raise Refusal(
                "file_differs",
                f"Tệp khác với {number} của {row.code} đang hiệu lực. Nội dung đã ban hành không "
                "thay bằng cách nhập; hãy tăng lần ban hành.",
            )
        return Plan(paper, facts, data, frozenset(acts), row.pk)
    if not rules.later_number(given, known):
        raise Refusal(
            "issue_older",
            f"{row.code} đang hiệu lực {number}, mới hơn {rules.revision_text(*given)} trong bảng.",
        )
    return Plan(paper, facts, data, frozenset({*acts, "revise", *_end(paper)}), row.pk)


def _differs(row: Document, facts: rules.DocumentFacts) -> bool:
    if (row.title, row.owner_unit_id, row.level) != (
        facts.title, facts.owner_unit_id, facts.level,
    ):  # fmt: skip
        return True
    if facts.parent_id != row.parent_id or tuple(row.tags) != facts.tags:
        return True
    known = DocumentClause.objects.filter(document_id=row.pk).values_list("standard", "clause")
    return set(known) != set(facts.clauses)


def _sha_of(file_id: int | None) -> str:
    return files.facts(file_id).sha256 if file_id else ""


def row_write(*, actor: Actor, plan: Plan, now: datetime) -> int:
    """Do what a plan says, in the caller's transaction; return the document's id."""
    require(may(actor, "document.manage"))
    paper, document_id, revision_id = plan.paper, plan.document_id, plan.revision_id
    if "create" in plan.acts:
        document_id, revision_id = document_add(
            actor=actor, facts=plan.facts, file=(paper.path, plan.data), issue=paper.issue,
            amendment=paper.amendment, now=now,
        )  # fmt: skip
    if document_id is None:  # a plan without a document always creates one
        raise LookupError("the plan names no document")
    if "data" in plan.acts:
        row = Document.objects.get(pk=document_id)
        document_change(
            actor=actor, document_id=document_id, facts=plan.facts, version=row.version, now=now
        )
    if "revise" in plan.acts:
        revision_id = _revise(actor, document_id, plan, now)
    if "file" in plan.acts and revision_id is not None:
        Revision.objects.filter(pk=revision_id).update(original_file_id=_store(actor, plan, now))
        _note(actor, "revision.file_replaced", revision_id, now)
    if "enforce" in plan.acts and revision_id is not None:
        revision_from_paper(actor=actor, revision_id=revision_id, paper=paper, now=now)
    return document_id


def _store(actor: Actor, plan: Plan, now: datetime) -> int:
    row = store(
        data=plan.data, name=plan.paper.path, agency_id=actor.agency_id,
        actor_id=actor.person_id, at=now, kinds=rules.FILE_KINDS,
    )  # fmt: skip
    return row.pk


def _revise(actor: Actor, document_id: int, plan: Plan, now: datetime) -> int:
    paper = plan.paper
    revision_id = revision_draft(
        actor=actor, document_id=document_id, is_new_issue=True, change_note=rules.PAPER, now=now,
        original_file_id=_store(actor, plan, now),
    )  # fmt: skip
    Revision.objects.filter(pk=revision_id).update(issue=paper.issue, amendment=paper.amendment)
    return revision_id


def revision_from_paper(
    *, actor: Actor, revision_id: int, paper: rules.PaperFacts, now: datetime
) -> None:
    """Bring a draft into force that was approved on paper before the system came.

    The history names who approved it on paper, as text; nobody here is said to have approved it.
    The revision before it retires. Call it in the import's transaction. Raises Refusal unless the
    revision is a draft and its day has come.
    """
    require(may(actor, "document.manage"))
    row = Revision.objects.select_for_update().get(pk=revision_id, agency_id=actor.agency_id)
    require(rules.decide_edit(row.state), kind=Refusal)
    since = paper.effective_from
    if since is None or since > local(now).date():
        raise Refusal("effective_future", "Ngày hiệu lực của bản giấy chưa tới.")
    before = Revision.objects.filter(document_id=row.document_id, state=rules.IN_FORCE).first()
    if before is not None and before.effective_from and since < before.effective_from:
        raise Refusal(
            "effective_before_current",
            f"Ngày hiệu lực {since:%d/%m/%Y} trước ngày của lần đang áp dụng "
            f"({before.effective_from:%d/%m/%Y}).",
        )
    document = Document.objects.get(pk=row.document_id)
    row.content_hash = rules.content_hash(
        file_sha256=_sha_of(row.original_file_id), code=document.code, title=document.title,
        issue=row.issue, amendment=row.amendment, form_hashes=(),
    )  # fmt: skip
    row.checked_by_id = row.approved_by_id = actor.person_id
    row.checked_at = row.approved_at = row.submitted_at = now
    row.effective_from = row.issued_on = since
    row.exception_reason = f"{rules.PAPER}, phê duyệt trên giấy: {paper.approver or 'bảng nhập không ghi người phê duyệt'}"
    row.save()
    _paper_history(row, paper, now)
    take_effect(row, actor=actor, now=now)
    _note(
        actor, "revision.from_paper", revision_id, now,
        new={"approver": paper.approver, "effective_from": since, "hash": row.content_hash},
        reason=rules.PAPER,
    )  # fmt: skip


def _paper_history(row: Revision, paper: rules.PaperFacts, now: datetime) -> None:
    LifeEntry.objects.create(
        agency_id=row.agency_id,
        revision_id=row.pk,
        act="approved",
        at=now,
        person_name=paper.approver,
        content_hash=row.content_hash,
        note=f"{rules.PAPER}; hiệu lực từ {paper.effective_from:%d/%m/%Y}",
    )


def _note(actor: Actor, action: str, revision_id: int, now: datetime, **what: Any) -> None:
    record(
        actor_id=actor.person_id,
        agency_id=actor.agency_id,
        action=action,
        object_type="revision",
        object_id=revision_id,
        at=now,
        **what,
    )
