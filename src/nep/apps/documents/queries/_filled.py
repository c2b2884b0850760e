"""Forms to fill, and those that were filled."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from nep.apps.documents import rules
from nep.apps.documents.models import Document, FilledForm, Revision
from nep.apps.documents.queries._access import visible
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.files.queries import facts, read
from nep.foundation.printing.blanks import Blank, read_blanks
from nep.foundation.printing.tags import TEXTS
from nep.kernel.errors import NotFound, Refusal

SHOWN = 100
OWN_KEYS = rules.OWN_KEYS | TEXTS.keys()


@dataclass(frozen=True, slots=True)
class FormToFill:
    """A form as it can be filled now; `fault` says in a sentence why it cannot."""

    document_id: int
    revision_id: int | None
    code: str
    title: str
    number: str
    blanks: tuple[Blank, ...]
    asked: tuple[Blank, ...]
    fault: str


@dataclass(frozen=True, slots=True)
class FilledLine:
    """One filled form."""

    id: int
    document_id: int
    title: str
    number: str
    revision: str
    filler: str
    filled_at: datetime
    file_id: int
    record_id: int | None


def form_to_fill(*, actor: Actor, document_id: int) -> FormToFill:
    """Return the blanks of a form's revision in force. Raises NotFound."""
    row = Document.objects.filter(visible(actor), pk=document_id).first()
    if row is None:
        raise NotFound()
    current = Revision.objects.filter(document_id=row.id, state=rules.IN_FORCE).first()
    blanks: tuple[Blank, ...] = ()
    fault = ""
    if current is not None and current.original_file_id is not None:
        try:
            blanks = _blanks_of(current.original_file_id)
        except Refusal as refused:
            fault = refused.message
    decision = rules.decide_fill(
        kind=row.kind,
        is_in_force=row.status == "in_force" and current is not None,
        is_current=True,
        has_blanks=bool(blanks) or bool(fault),
    )
    return FormToFill(
        row.id,
        current.id if current else None,
        row.code,
        row.title,
        rules.revision_text(current.issue, current.amendment) if current else "",
        blanks,
        tuple(one for one in blanks if rules.blank_key(one.name) not in OWN_KEYS),
        fault or getattr(decision, "message", ""),
    )


def _blanks_of(file_id: int) -> tuple[Blank, ...]:
    return read_blanks(read(file_id)) if facts(file_id).name.lower().endswith(".docx") else ()


def filled_lines(*, actor: Actor, document_id: int) -> tuple[FilledLine, ...]:
    """Return the latest filled forms of a document that the actor may read, newest first."""
    rows = FilledForm.objects.filter(readable(actor), document_id=document_id)
    return _lines(list(rows.select_related("revision").order_by("-filled_at", "-id")[:SHOWN]))


def filled_form(*, actor: Actor, filled_id: int) -> FilledLine:
    """Return one filled form. Raises NotFound for what the actor may not read."""
    rows = FilledForm.objects.filter(readable(actor), pk=filled_id).select_related("revision")
    lines = _lines(list(rows))
    if not lines:
        raise NotFound()
    return lines[0]


def readable(actor: Actor) -> Q:
    """Return `rules.may_see_filled` as a condition of the database."""
    mine = Q(agency_id=actor.agency_id)
    if not may(actor, "document.see"):
        return Q(pk__in=[])
    if may(actor, "document.manage") or "leader" in actor.roles:
        return mine
    return mine & (
        Q(filled_by_id__in=list(rules.acts_as(actor)))
        | Q(document__owner_unit_id__in=list(actor.unit_ids))
    )


def _lines(rows: list[FilledForm]) -> tuple[FilledLine, ...]:
    names = organization.person_names(row.filled_by_id for row in rows)
    return tuple(
        FilledLine(
            row.id,
            row.document_id,
            row.title,
            row.values.get("number", ""),
            rules.revision_text(row.revision.issue, row.revision.amendment),
            names.get(row.filled_by_id, ""),
            row.filled_at,
            row.file_id,
            row.record_id,
        )
        for row in rows
    )
