"""One document as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from nep.apps.documents import ports, rules
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.queries._access import sees, visible_among
from nep.apps.documents.queries._revisions import RevisionFacts, revisions_of
from nep.apps.organization.rules import Actor
from nep.foundation.db import Mark, Prepared
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document of a list: what is in force and what is on its way."""

    id: int
    kind: str
    code: str
    title: str
    status: str
    level: str
    owner_unit_id: int | None
    owner_unit: str
    current_id: int | None
    number: str
    in_force_since: date | None
    open_id: int | None
    open_number: str
    open_state: str
    next_review_on: date | None
    parent_id: int | None
    is_new: bool = False
    is_to_read: bool = False

    @property
    def kind_name(self) -> str:
        """Return the kind in words."""
        return rules.KIND_NAMES.get(self.kind, self.kind)

    @property
    def status_name(self) -> str:
        """Return the state in words."""
        return rules.STATUS_NAMES[self.status]

    @property
    def level_name(self) -> str:
        """Return who may read it, in words."""
        return rules.LEVEL_NAMES[self.level]

    @property
    def url(self) -> str:
        """Return the page of the app that owns the content, "" for the library's own page."""
        revision_id = self.current_id or self.open_id
        return ports.page_of(self.kind, revision_id) if revision_id else ""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Everything the page of a document says about it, without what its panels add."""

    id: int
    agency_id: int
    kind: str
    kind_name: str
    code: str
    title: str
    parent_id: int | None
    parent_code: str
    owner_unit_id: int | None
    owner_unit: str
    level: str
    level_name: str
    tags: tuple[str, ...]
    clauses: tuple[tuple[str, str], ...]
    status: str
    status_name: str
    current: RevisionFacts | None
    open: RevisionFacts | None
    revisions: tuple[RevisionFacts, ...]
    children: tuple[DocumentLine, ...]
    next_review_on: date | None
    is_public: bool
    withdrawn_on: date | None
    withdraw_reason: str
    year: int | None
    version: int
    in_force_since: date | None = None
    workbench_url: str = ""

    @property
    def shown(self) -> RevisionFacts | None:
        """Return the revision to read: the one in force, else the one on its way, else the last."""
        return self.current or self.open or next(iter(self.revisions), None)


_DOCUMENT = Prepared(
    lambda: Document.objects.filter(pk=Mark("document")).select_related("owner_unit", "parent")
)


def document_page(*, actor: Actor, document_id: int) -> DocumentPage:
    """Return a document the actor may see.

    Raises NotFound for those of another agency and restricted ones the actor may not see.
    """
    row = _DOCUMENT.first(document=document_id)
    if row is None or not sees(actor, row):
        raise NotFound()
    known = revisions_of(document_id=row.pk, agency_id=row.agency_id)
    current = next((one for one in known if one.state == rules.IN_FORCE), None)
    on_way = next((one for one in known if one.is_open), None)
    # by their keys: asked otherwise SQLite walks all documents of the agency for the few below
    below_it = Document.objects.filter(parent_id=row.pk).values_list("pk", "agency_id")
    keys = [key for key, agency_id in below_it if agency_id == row.agency_id]
    below = Document.objects.filter(visible_among(actor), pk__in=keys)
    children = sorted(line_rows(below), key=lambda one: one.code) if keys else []
    clauses = row.clauses.order_by("standard", "clause").values_list("standard", "clause")
    shown = current or on_way
    return DocumentPage(
        id=row.pk,
        agency_id=row.agency_id,
        kind=row.kind,
        kind_name=rules.KIND_NAMES.get(row.kind, row.kind),
        code=row.code,
        title=row.title,
        parent_id=row.parent_id,
        parent_code=row.parent.code if row.parent else "",
        owner_unit_id=row.owner_unit_id,
        owner_unit=row.owner_unit.name if row.owner_unit else "",
        level=row.level,
        level_name=rules.LEVEL_NAMES[row.level],
        tags=tuple(row.tags),
        clauses=tuple(sorted(clauses, key=_clause_order)),
        status=row.status,
        status_name=rules.STATUS_NAMES[row.status],
        current=current,
        open=on_way,
        revisions=known,
        children=document_lines(children),
        next_review_on=row.next_review_on,
        is_public=row.is_public,
        withdrawn_on=row.withdrawn_on,
        withdraw_reason=row.withdraw_reason,
        year=row.year,
        version=row.version,
        in_force_since=row.in_force_since,
        workbench_url=ports.page_of(row.kind, shown.id) if shown else "",
    )


def _clause_order(pair: tuple[str, str]) -> tuple[str, tuple[int, ...], str]:
    standard, clause = pair
    return standard, rules.clause_order(clause), clause


class LineRow(NamedTuple):
    """What a line needs of a document."""

    id: int
    kind: str
    code: str
    title: str
    status: str
    level: str
    owner_unit_id: int | None
    owner_unit: str | None
    current_id: int | None
    in_force_since: date | None
    next_review_on: date | None
    parent_id: int | None


_LINE = (
    "pk", "kind", "code", "title", "status", "level", "owner_unit_id", "owner_unit__name",
    "current_id", "in_force_since", "next_review_on", "parent_id",
)  # fmt: skip


def line_rows(rows: QuerySet[Document]) -> list[LineRow]:
    """Return of documents what their lines need, in the order given."""
    return [LineRow(*values) for values in rows.values_list(*_LINE)]


def document_lines(
    rows: Iterable[LineRow],
    *,
    today: date | None = None,
    to_read: frozenset[int] = frozenset(),
) -> tuple[DocumentLine, ...]:
    """Return documents as lines, in the order given, with one query for all their revisions.

    A document in force for less than 30 days before `today` is
    new; `to_read` are the documents the person still has to read.
    """
    found = list(rows)
    numbers: dict[int, str] = {}
    on_way: dict[int, tuple[int, str, str]] = {}
    wanted = Revision.objects.filter(
        document_id__in=[row.id for row in found],
        state__in=[rules.IN_FORCE, *rules.OPEN],
    )
    for id_, document_id, issue, amendment, state in wanted.values_list(
        "id", "document_id", "issue", "amendment", "state"
    ):
        number = rules.revision_text(issue, amendment)
        if state == rules.IN_FORCE:
            numbers[document_id] = number
        else:
            on_way[document_id] = (id_, number, state)
    return tuple(
        _line(row, numbers.get(row.id, ""), on_way.get(row.id), today, row.id in to_read)
        for row in found
    )


def _line(
    row: LineRow,
    number: str,
    on_way: tuple[int, str, str] | None,
    today: date | None,
    is_to_read: bool,
) -> DocumentLine:
    open_id, open_number, open_state = on_way or (None, "", "")
    return DocumentLine(
        id=row.id,
        kind=row.kind,
        code=row.code,
        title=row.title,
        status=row.status,
        level=row.level,
        owner_unit_id=row.owner_unit_id,
        owner_unit=row.owner_unit or "",
        current_id=row.current_id,
        number=number,
        in_force_since=row.in_force_since,
        open_id=open_id,
        open_number=open_number,
        open_state=rules.STATE_NAMES.get(open_state, ""),
        next_review_on=row.next_review_on,
        parent_id=row.parent_id,
        is_new=rules.is_new(row.in_force_since, today=today),
        is_to_read=is_to_read,
    )


def forms_below(*, document_id: int, agency_id: int) -> tuple[tuple[int, str, str], ...]:
    """Return (document, code, title) of the controlled forms of a document that are in force."""
    rows = Document.objects.filter(
        parent_id=document_id, agency_id=agency_id, kind="form", status="in_force"
    )
    return tuple(rows.order_by("code").values_list("id", "code", "title"))
