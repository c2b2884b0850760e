"""Reads of procedures for their pages: the list, one revision with its proof."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from nep.apps.documents import queries as documents
from nep.apps.documents import rules as life
from nep.apps.organization.queries import person_names
from nep.apps.procedures.models import Definition, DefinitionEdit, Procedure
from nep.apps.procedures.queries._tthc import TthcFacts, tthc
from nep.apps.procedures.rules.beside import read_beside
from nep.apps.procedures.rules.carried import read_carried
from nep.apps.procedures.rules.draft import Draft, read_place_text, read_table
from nep.apps.procedures.rules.paper import read_paper
from nep.apps.procedures.rules.wording import hours_text, limit_text
from nep.kernel.errors import NotFound
from nep.kernel.text import fold, sort_key


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """One procedure in the list: what is in force and what is on its way."""

    procedure_id: int
    revision_id: int
    code: str
    title: str
    variant: str
    tthc_id: int
    tthc_code: str
    tthc_name: str
    state: str
    number: str
    open_revision_id: int | None
    open_state: str
    open_number: str
    steps: int
    total_hours: Decimal | None
    limit_amount: Decimal | None
    limit_unit: str

    @property
    def state_name(self) -> str:
        """Return the state of the version shown, in words."""
        return life.STATE_NAMES[self.state]

    @property
    def open_state_name(self) -> str:
        """Return the state of the revision on its way, in words."""
        return life.STATE_NAMES.get(self.open_state, "")

    @property
    def limit_words(self) -> str:
        """Return the limit in words."""
        return limit_text(self.limit_amount, self.limit_unit)

    @property
    def total_words(self) -> str:
        """Return the total of the steps in words, "" where it cannot be added up."""
        return (
            "" if self.total_hours is None else hours_text(self.total_hours, unit=self.limit_unit)
        )


@dataclass(frozen=True, slots=True)
class EditLine:
    """One change of a draft."""

    version: int
    person: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """One revision of a procedure with everything its page shows but the proof.

    `next_undo` and `next_redo` are the edits that undoing and redoing would take back.
    """

    procedure_id: int
    variant: str
    revision: documents.RevisionFacts
    revisions: tuple[documents.RevisionFacts, ...]
    tthc: TthcFacts
    draft: Draft
    content_hash: str
    version: int
    item_id: int | None
    edits: tuple[EditLine, ...]
    next_undo: EditLine | None = None
    next_redo: EditLine | None = None

    @property
    def in_force(self) -> documents.RevisionFacts | None:
        """Return the revision in force, or None."""
        return next((one for one in self.revisions if one.state == life.IN_FORCE), None)

    @property
    def open(self) -> documents.RevisionFacts | None:
        """Return the revision on its way, or None."""
        return next((one for one in self.revisions if one.is_open), None)


def draft_of_row(row: Definition) -> Draft:
    """Return the content of a stored definition."""
    return Draft(
        table=read_table(row.graph),
        limit_amount=row.limit_amount,
        limit_unit=row.limit_unit,
        limit_text=row.limit_text,
        pause_policy=row.pause_policy,
        declared_hours=row.declared_hours,
        declared_text=row.declared_text,
        declared_settled=row.declared_settled,
        carried=read_carried(row.carried),
        places=read_place_text(row.places),
        paper=read_paper(row.paper),
        beside=read_beside(row.beside),
    )


def procedure_code_free(*, agency_id: int, code: str) -> bool:
    """Say whether no document of the agency has this code."""
    return not documents.code_exists(agency_id=agency_id, code=code)


def variant_taken(*, tthc_id: int, variant: str) -> bool:
    """Say whether the TTHC already has a procedure for this case."""
    return Procedure.objects.filter(tthc_id=tthc_id, variant=variant.strip()).exists()


def procedure_lines(
    *, agency_id: int, query: str = "", state: str = "", limit: int = 400
) -> tuple[ProcedureLine, ...]:
    """Return the agency's procedures by code, those that hold every word of the query.

    `state` is "" for all, "in_force", "open" (a revision is on its way) or "none" (none in
    force). One query, whatever the number of lines.
    """
    rows = (
        Definition.objects.filter(agency_id=agency_id)
        .exclude(revision__state__in=[life.RETIRED, life.DROPPED])
        .order_by("revision__document__code", "id")
        .values_list(
            "procedure_id",
            "revision_id",
            "revision__document__code",
            "revision__document__title",
            "procedure__variant",
            "procedure__tthc_id",
            "procedure__tthc__code",
            "procedure__tthc__name",
            "revision__state",
            "revision__issue",
            "revision__amendment",
            "step_count",
            "total_hours",
            "limit_amount",
            "limit_unit",
            "revision__document__folded",
            "procedure__tthc__folded",
        )
    )
    for word in fold(query).split():
        rows = rows.filter(_holds(word))
    by_procedure: dict[int, list[tuple]] = {}
    for row in rows:
        by_procedure.setdefault(row[0], []).append(row)
    lines = [_line(group) for group in by_procedure.values()]
    kept = [line for line in lines if _fits(line, state)]
    return tuple(sorted(kept, key=lambda line: sort_key(line.code))[:limit])


def _holds(word: str):
    return Q(revision__document__folded__contains=word) | Q(procedure__tthc__folded__contains=word)


def _line(group: list[tuple]) -> ProcedureLine:
    opened = next((row for row in group if row[8] in life.OPEN), None)
    shown = next((row for row in group if row[8] == life.IN_FORCE), group[0])
    (
        procedure_id, revision_id, code, title, variant, tthc_id, tthc_code, tthc_name,
        state, issue, amendment, steps, total, amount, unit, _doc, _tthc,
    ) = shown  # fmt: skip
    return ProcedureLine(
        procedure_id=procedure_id,
        revision_id=revision_id,
        code=code,
        title=title,
        variant=variant,
        tthc_id=tthc_id,
        tthc_code=tthc_code,
        tthc_name=tthc_name,
        state=state,
        number=life.revision_text(issue, amendment),
        open_revision_id=opened[1] if opened else None,
        open_state=opened[8] if opened else "",
        open_number=life.revision_text(opened[9], opened[10]) if opened else "",
        steps=steps,
        total_hours=total,
        limit_amount=amount,
        limit_unit=unit,
    )


def _fits(line: ProcedureLine, state: str) -> bool:
    if state == "in_force":
        return line.state == life.IN_FORCE
    if state == "open":
        return line.open_revision_id is not None
    if state == "none":
        return line.state != life.IN_FORCE
    return True


def best_revision(*, procedure_id: int, agency_id: int) -> int:
    """Return the revision to show first: the one on its way, else the one in force, else the last.

    Raises NotFound.
    """
    rows = (
        Definition.objects.filter(procedure_id=procedure_id, agency_id=agency_id)
        .exclude(revision__state=life.DROPPED)
        .order_by("-id")
        .values_list("revision_id", "revision__state")
    )
    found = list(rows)
    if not found:
        raise NotFound()
    for wanted in (life.OPEN, frozenset({life.IN_FORCE})):
        for revision_id, state in found:
            if state in wanted:
                return revision_id
    return found[0][0]


def procedure_page(*, revision_id: int, agency_id: int) -> ProcedurePage:
    """Return one revision with its procedure. Raises NotFound."""
    row = (
        Definition.objects.filter(revision_id=revision_id, agency_id=agency_id)
        .select_related("procedure")
        .first()
    )
    if row is None:
        raise NotFound()
    procedure = row.procedure
    revisions = documents.revisions_of(document_id=procedure.document_id, agency_id=agency_id)
    revision = next((one for one in revisions if one.id == revision_id), None)
    if revision is None:
        raise NotFound("revision_dropped", "Bản thảo này đã bỏ.")
    return ProcedurePage(
        procedure_id=procedure.id,
        variant=procedure.variant,
        revision=revision,
        revisions=revisions,
        tthc=tthc(tthc_id=procedure.tthc_id, agency_id=agency_id),
        draft=draft_of_row(row),
        content_hash=row.content_hash,
        version=row.version,
        item_id=row.item_id,
        **_edits(row.id),
    )


def _edits(definition_id: int, limit: int = 12) -> dict[str, Any]:
    """Return the last edits, and what undoing and redoing would take back."""
    every = DefinitionEdit.objects.filter(definition_id=definition_id).defer("before")
    found = list(every.order_by("-version")[:limit])
    wanted = {found[0].next_undo, found[0].next_redo} - {0} if found else set()
    more = list(every.filter(version__in=wanted - {row.version for row in found}))
    names = person_names(row.person_id for row in (*found, *more))
    lines = {
        row.version: EditLine(row.version, names.get(row.person_id, ""), row.at, row.text)
        for row in (*found, *more)
    }
    return {
        "edits": tuple(lines[row.version] for row in found),
        "next_undo": lines.get(found[0].next_undo) if found else None,
        "next_redo": lines.get(found[0].next_redo) if found else None,
    }
