"""Writing drafts: a procedure with its first draft, edits, and the next revision."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, transaction

from nep.apps.documents import rules as document_rules
from nep.apps.documents import services as documents
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import Definition, DefinitionEdit, Procedure, Tthc
from nep.apps.procedures.queries import draft_of_row, procedure_code_free
from nep.apps.procedures.rules.beside import beside_text
from nep.apps.procedures.rules.carried import carried_text
from nep.apps.procedures.rules.draft import Draft, content_hash, graph_text, places_text
from nep.apps.procedures.rules.lint import sum_hours
from nep.apps.procedures.rules.paper import paper_text
from nep.apps.procedures.rules.table import Step, Table
from nep.bpmn import prove_time
from nep.foundation.db import new_id
from nep.foundation.journal.services import record
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean

KIND = "procedure"
_MOST_HOURS = 10**6


@dataclass(frozen=True, slots=True)
class Begun:
    """A procedure just made: its id, its document, the draft revision."""

    procedure_id: int
    document_id: int
    revision_id: int


def procedure_create(
    *,
    actor: Actor,
    tthc_id: int,
    now: datetime,
    draft: Draft | None = None,
    code: str = "",
    title: str = "",
    variant: str = "",
    issue: str = "01",
    amendment: str = "00",
    original_file_id: int | None = None,
) -> Begun:
    """Create a procedure for a TTHC with its document and first draft.

    Without `draft` the table starts with one step. Without `code` the next free "QT-NN" is taken.
    Raises NotFound, Refusal("variant_taken", "code_taken").
    """
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        tthc = (
            Tthc.objects.select_for_update().filter(pk=tthc_id, agency_id=actor.agency_id).first()
        )
        if tthc is None:
            raise NotFound()
        variant = clean(variant)[:400]
        known = Procedure.objects.filter(tthc=tthc, variant=variant).first()
        if known is not None:
            return _begin_again(actor, known, draft or _first_draft(tthc), now)
        document_id, revision_id = documents.document_create(
            actor=actor,
            kind=KIND,
            code=clean(code) or _next_code(actor.agency_id),
            title=clean(title) or tthc.name,
            issue=issue,
            amendment=amendment,
            original_file_id=original_file_id,
            now=now,
        )
        try:
            with transaction.atomic():
                procedure = Procedure.objects.create(
                    agency_id=actor.agency_id, document_id=document_id, tthc=tthc, variant=variant
                )
        except IntegrityError as error:
            raise Refusal("variant_taken", "Quy trình này vừa được người khác tạo.") from error
        write_revision(
            actor=actor,
            procedure_id=procedure.id,
            revision_id=revision_id,
            draft=draft or _first_draft(tthc),
            now=now,
            text="tạo bản thảo",
        )
    return Begun(procedure.id, document_id, revision_id)


def _begin_again(actor: Actor, known: Procedure, draft: Draft, now: datetime) -> Begun:
    """Draft a procedure anew whose every revision was dropped; refuse one that lives."""
    if known.definitions.exclude(revision__state=document_rules.DROPPED).exists():
        raise Refusal(
            "variant_taken",
            "Thủ tục này đã có quy trình cho trường hợp đó. Hãy mở quy trình ấy và soạn lần sửa "
            "đổi mới, hoặc ghi tên trường hợp khác.",
            field="variant",
        )
    revision_id = documents.revision_draft(
        actor=actor, document_id=known.document_id, is_new_issue=False, change_note="", now=now
    )
    write_revision(
        actor=actor,
        procedure_id=known.id,
        revision_id=revision_id,
        draft=draft,
        now=now,
        text="soạn lại từ đầu",
    )
    return Begun(known.id, known.document_id, revision_id)


def _first_draft(tthc: Tthc) -> Draft:
    table = Table(f"qt-{new_id()}", tthc.name, (Step(id="b1", name="Tiếp nhận hồ sơ"),))
    return Draft(table, limit_amount=tthc.limit_amount, limit_unit=tthc.limit_unit)


def _next_code(agency_id: int) -> str:
    while True:
        number = take_number(agency_id=agency_id, book="document:procedure", year=0)
        code = f"QT-{number:02d}"
        if procedure_code_free(agency_id=agency_id, code=code):
            return code


def columns_of(draft: Draft) -> dict[str, Any]:
    """Return what a definition's columns say for a draft, what follows from it included.

    The hash is of what the columns hold: a limit to two decimals. A time no column holds is told
    as none.
    """
    draft = _held(draft)
    time = prove_time(draft.process, limit=None)
    total = sum_hours(draft.table)
    return {
        "graph": graph_text(draft.process),
        "carried": carried_text(draft.carried),
        "places": places_text(draft.places),
        "paper": paper_text(draft.paper),
        "beside": beside_text(draft.beside),
        "content_hash": content_hash(draft),
        "limit_amount": draft.limit_amount,
        "limit_unit": draft.limit_unit,
        "limit_text": draft.limit_text[:300],
        "pause_policy": draft.pause_policy,
        "declared_hours": _counted(draft.declared_hours),
        "declared_text": draft.declared_text[:300],
        "declared_settled": draft.declared_settled,
        "total_hours": None if time.reasons or total is None else _counted(time.worst),
        "step_count": len(draft.table.tasks),
    }


def _held(draft: Draft) -> Draft:
    """Return a draft with its limit as a column holds it."""
    amount = draft.limit_amount
    if amount is None or amount == round(amount, 2):
        return draft
    return replace(draft, limit_amount=round(amount, 2) or None)


def _counted(hours: Decimal | None) -> Decimal | None:
    """Return hours as long as a column holds them."""
    return hours if hours is None or hours < _MOST_HOURS else None


def write_revision(
    *,
    actor: Actor,
    procedure_id: int,
    revision_id: int,
    draft: Draft,
    now: datetime,
    text: str,
) -> int:
    """Write the content of a revision just drafted, in its transaction; return its id."""
    row = Definition.objects.create(
        agency_id=actor.agency_id,
        procedure_id=procedure_id,
        revision_id=revision_id,
        **columns_of(draft),
    )
    DefinitionEdit.objects.create(
        definition=row, version=row.version, person_id=actor.person_id, at=now, text=text[:400]
    )
    record(
        actor_id=actor.person_id,
        agency_id=actor.agency_id,
        action="procedure.drafted",
        object_type="revision",
        object_id=revision_id,
        at=now,
        new={"hash": row.content_hash, "steps": row.step_count},
    )
    return row.id


def procedure_revise(
    *,
    actor: Actor,
    procedure_id: int,
    is_new_issue: bool,
    change_note: str,
    now: datetime,
    draft: Draft | None = None,
) -> int:
    """Begin the next revision; return it. It says what `draft` says, or what the version in force
    (or the last one) says.

    Raises NotFound, Refusal("revision_open").
    """
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        procedure = (
            Procedure.objects.select_for_update()
            .filter(pk=procedure_id, agency_id=actor.agency_id)
            .first()
        )
        if procedure is None:
            raise NotFound()
        known = procedure.definitions.exclude(revision__state=document_rules.DROPPED)
        row = (
            known.filter(revision__state=document_rules.IN_FORCE).first()
            or known.order_by("-id").first()
        )
        if row is None and draft is None:
            raise NotFound()
        revision_id = documents.revision_draft(
            actor=actor,
            document_id=procedure.document_id,
            is_new_issue=is_new_issue,
            change_note=change_note,
            now=now,
        )
        text = "mở bản thảo theo mẫu" if draft else "mở bản thảo từ lần trước"
        if draft is None and row is not None:
            draft = replace(draft_of_row(row), declared_hours=None, declared_settled=False)
        write_revision(
            actor=actor,
            procedure_id=procedure.id,
            revision_id=revision_id,
            draft=cast(Draft, draft),
            now=now,
            text=text,
        )
    return revision_id
