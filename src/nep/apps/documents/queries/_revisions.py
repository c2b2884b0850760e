"""Reads of documents and revisions: frozen values of one agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.documents import rules
from nep.apps.documents.models import (
    Document,
    LifeEntry,
    Revision,
    RevisionAuthor,
    SeparationException,
)
from nep.apps.organization.queries import person_names
from nep.foundation.db import Mark, Prepared
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """One revision with its document, in plain values; people by name and id."""

    id: int
    document_id: int
    agency_id: int
    kind: str
    code: str
    title: str
    issue: str
    amendment: str
    state: str
    change_note: str
    content_hash: str
    original_file_id: int | None
    author_ids: frozenset[int]
    drafted_by: int
    drafter: str
    drafted_at: datetime
    submitted_at: datetime | None
    checked_by: int | None
    checker: str
    checked_at: datetime | None
    approved_by: int | None
    approver: str
    approved_at: datetime | None
    signing_prefix: str
    effective_from: date | None
    retired_on: date | None
    return_reason: str
    returner: str
    exception_reason: str
    version: int
    is_from_paper: bool = False
    decision_number: str = ""

    @property
    def number(self) -> str:
        """Return "lần 06" or "lần 06, sửa đổi 02"."""
        return rules.revision_text(self.issue, self.amendment)

    @property
    def state_name(self) -> str:
        """Return the state in words."""
        return rules.STATE_NAMES[self.state]

    @property
    def is_open(self) -> bool:
        """Say whether the revision is still on its way to force."""
        return self.state in rules.OPEN


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """One exception from the separation of author, checker and approver."""

    id: int
    pair: str
    reason: str
    granter: str
    granted_at: datetime
    ended_at: datetime | None

    @property
    def pair_name(self) -> str:
        """Return what the exception permits, in words."""
        return rules.PAIR_NAMES[self.pair]


def revision(*, revision_id: int, agency_id: int) -> RevisionFacts:
    """Return one revision of the agency. Raises NotFound."""
    row = (
        Revision.objects.filter(pk=revision_id, agency_id=agency_id)
        .select_related("document")
        .first()
    )
    if row is None:
        raise NotFound()
    return _facts([row])[0]


_OF_DOCUMENT = Prepared(
    lambda: (
        Revision.objects.filter(document_id=Mark("document"), agency_id=Mark("agency"))
        .exclude(state=rules.DROPPED)
        .select_related("document")
        .order_by("-drafted_at", "-id")
    )
)


def revisions_of(*, document_id: int, agency_id: int) -> tuple[RevisionFacts, ...]:
    """Return every revision of a document, newest first, without the dropped ones."""
    return tuple(_facts(_OF_DOCUMENT.objects(document=document_id, agency=agency_id)))


def revisions_by_document(
    *, agency_id: int, document_ids: Iterable[int]
) -> dict[int, tuple[RevisionFacts, ...]]:
    """Return the revisions of several documents, newest first, in three queries at most."""
    rows = (
        Revision.objects.filter(agency_id=agency_id, document_id__in=list(document_ids))
        .exclude(state=rules.DROPPED)
        .select_related("document")
        .order_by("-drafted_at", "-id")
    )
    found: dict[int, list[RevisionFacts]] = {}
    for facts in _facts(list(rows)):
        found.setdefault(facts.document_id, []).append(facts)
    return {key: tuple(values) for key, values in found.items()}


def _facts(rows: list[Revision]) -> list[RevisionFacts]:
    authors: dict[int, set[int]] = {row.id: {row.drafted_by_id} for row in rows}
    pairs = RevisionAuthor.objects.filter(revision_id__in=list(authors))
    for revision_id, person_id in pairs.values_list("revision_id", "person_id"):
        authors[revision_id].add(person_id)
    names = person_names(
        id_
        for row in rows
        for id_ in (row.drafted_by_id, row.checked_by_id, row.approved_by_id, row.returned_by_id)
    )
    papers = _paper_approvers(rows)
    return [_one(row, frozenset(authors[row.id]), names, papers) for row in rows]


def _paper_approvers(rows: list[Revision]) -> dict[int, str]:
    """Return who approved revisions on paper, as their history says, by revision."""
    ids = [row.id for row in rows if row.exception_reason.startswith(rules.PAPER)]
    if not ids:
        return {}
    entries = LifeEntry.objects.filter(revision_id__in=ids, act="approved", person=None)
    return dict(entries.values_list("revision_id", "person_name"))


def _one(
    row: Revision, authors: frozenset[int], names: dict[int, str], papers: dict[int, str]
) -> RevisionFacts:
    """Return a row as facts; of one from paper nobody here is said to have checked or approved."""
    is_from_paper = row.id in papers

    def name(id_: int | None) -> str:
        return names.get(id_, "") if id_ else ""

    return RevisionFacts(
        id=row.id,
        document_id=row.document_id,
        agency_id=row.agency_id,
        kind=row.document.kind,
        code=row.document.code,
        title=row.document.title,
        issue=row.issue,
        amendment=row.amendment,
        state=row.state,
        change_note=row.change_note,
        content_hash=row.content_hash,
        original_file_id=row.original_file_id,
        author_ids=authors,
        drafted_by=row.drafted_by_id,
        drafter=name(row.drafted_by_id),
        drafted_at=row.drafted_at,
        submitted_at=row.submitted_at,
        checked_by=row.checked_by_id,
        checker="" if is_from_paper else name(row.checked_by_id),
        checked_at=row.checked_at,
        approved_by=row.approved_by_id,
        approver=papers[row.id] if is_from_paper else name(row.approved_by_id),
        approved_at=row.approved_at,
        signing_prefix=row.signing_prefix,
        effective_from=row.effective_from,
        retired_on=row.retired_on,
        return_reason=row.return_reason,
        returner=name(row.returned_by_id),
        exception_reason=row.exception_reason,
        version=row.version,
        is_from_paper=is_from_paper,
        decision_number=row.decision_number,
    )


def code_exists(*, agency_id: int, code: str) -> bool:
    """Say whether the agency already has a document with this code."""
    return Document.objects.filter(agency_id=agency_id, code_key=rules.code_key(code)).exists()


def document_exists(*, document_id: int, agency_id: int) -> bool:
    """Say whether the agency has this document."""
    return Document.objects.filter(pk=document_id, agency_id=agency_id).exists()


def is_withdrawn(document_id: int) -> bool:
    """Say whether a document was withdrawn as a whole."""
    return Document.objects.filter(pk=document_id, status="withdrawn").exists()


def exceptions_of(agency_id: int) -> dict[str, str]:
    """Return the reason by pair of every exception that holds now."""
    rows = SeparationException.objects.filter(agency_id=agency_id, ended_at=None)
    return dict(rows.values_list("pair", "reason"))


def exception_lines(agency_id: int) -> tuple[ExceptionLine, ...]:
    """Return every exception of the agency, the holding ones first."""
    rows = list(SeparationException.objects.filter(agency_id=agency_id).order_by("-granted_at"))
    names = person_names(row.granted_by_id for row in rows)
    lines = [
        ExceptionLine(
            row.id, row.pair, row.reason, names.get(row.granted_by_id, ""), row.granted_at,
            row.ended_at,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: line.ended_at is not None))
