"""Filling a controlled form from its revision in force, and keeping what was filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.events import FormFilled
from nep.apps.documents.models import Document, FilledForm, Revision
from nep.apps.organization.rules import Actor, may
from nep.apps.records import services as records
from nep.foundation.files.models import StoredFile
from nep.foundation.files.queries import read
from nep.foundation.files.services import store
from nep.foundation.journal.services import record
from nep.foundation.numbering.services import take_number
from nep.foundation.outbox.services import publish
from nep.foundation.printing.blanks import ROWS, fill_blanks
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import local

Rows = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a filled form says."""

    number: str
    title: str
    fields: dict[str, str]
    rows: dict[str, list[dict[str, str]]]


def form_fill(
    *,
    actor: Actor,
    document_id: int,
    revision_id: int,
    values: Mapping[str, str],
    title: str,
    series_id: int | None,
    now: datetime,
    rows: Rows | None = None,
) -> int:
    """Fill a form and keep the Word file as a record; return the filled form's id.

    `values` are texts by the names of the blanks, `rows` the rows of tables that repeat, by the
    names of their groups and columns; `revision_id` is the revision the person has open. With `series_id` the file is deposited in that series of the file plan. Raises NotFound,
    Conflict("form_retired", "form_replaced"), Refusal("form_without_blanks", "nothing_filled").
    """
    require(may(actor, "document.see"))
    form = queries.form_to_fill(actor=actor, document_id=document_id)
    with transaction.atomic():
        document = Document.objects.select_for_update().get(pk=document_id)
        current = Revision.objects.filter(document_id=document_id, state=rules.IN_FORCE).first()
        fillable = rules.decide_fill(
            kind=document.kind,
            is_in_force=document.status == "in_force" and current is not None,
            is_current=current is not None and current.id == revision_id,
            has_blanks=True,
        )
        require(fillable, kind=Conflict)
        if form.fault or current is None or current.original_file_id is None:
            raise Refusal("form_without_blanks", form.fault)
        typed, entries = _typed(form, values), _entries(form, rows or {})
        if form.asked and not any(typed.values()) and not any(entries.values()):
            raise Refusal("nothing_filled", "Bạn chưa điền gì. Hãy điền ít nhất một chỗ.")
        number = rules.form_number(
            take_number(
                agency_id=actor.agency_id, book=f"form:{document_id}", year=local(now).year
            ),
            local(now).year,
        )
        own = _own(actor, document, current, number, now)
        data = fill_blanks(read(current.original_file_id), {**typed, **own}, entries)
        kept = store(
            data=data,
            name=f"{document.code} so {number}.docx".replace("/", "-"),
            agency_id=actor.agency_id,
            actor_id=actor.person_id,
            at=now,
            kinds=("docx",),
        )
        said = Said(number, title, typed, entries)
        return _keep(actor, document, current, kept, said, series_id, now)


def _keep(
    actor: Actor,
    document: Document,
    current: Revision,
    kept: StoredFile,
    said: Said,
    series_id: int | None,
    now: datetime,
) -> int:
    """Write the filled form, lay it into its series, and tell."""
    number, title = said.number, said.title
    row = FilledForm.objects.create(
        agency_id=actor.agency_id,
        document_id=document.id,
        revision_id=current.id,
        title=clean(title)[:300] or f"{document.title} số {number}"[:300],
        values={
            "number": number,
            "fields": said.fields,
            **({"rows": said.rows} if said.rows else {}),
        },
        file_id=kept.pk,
        filled_by_id=actor.person_id,
        filled_at=now,
    )
    _deposit(actor, row, document, series_id, now)
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="form.filled",
        object_type="document", object_id=document.id, at=now,
        new={"filled": row.id, "number": number, "sha256": kept.sha256},
    )  # fmt: skip
    publish(
        FormFilled(
            agency_id=actor.agency_id, document_id=document.id, revision_id=current.id,
            filled_id=row.id,
        ),
        agency_id=actor.agency_id, at=now,
    )  # fmt: skip
    return row.id


def _typed(form: queries.FormToFill, values: Mapping[str, str]) -> dict[str, str]:
    return {
        one.name: clean_lines(values.get(one.name, ""))[: rules.LONGEST_VALUE]
        for one in form.asked
        if one.kind != ROWS
    }


def _entries(form: queries.FormToFill, rows: Rows) -> dict[str, list[dict[str, str]]]:
    """Return the rows that say something, of the groups and columns that the form has."""
    found = {}
    for group in form.asked:
        if group.kind != ROWS:
            continue
        typed = [
            {
                one.name: clean_lines(row.get(one.name, ""))[: rules.LONGEST_VALUE]
                for one in group.columns
            }
            for row in rows.get(group.name, ())
        ]
        found[group.name] = [row for row in typed if any(row.values())]
    return found


def _own(
    actor: Actor, document: Document, current: Revision, number: str, now: datetime
) -> Mapping[str, str]:
    found = queries.publication(
        revision_id=current.id, agency_id=actor.agency_id, today=local(now).date()
    )
    mine = rules.own_values(
        code=document.code,
        title=document.title,
        issue=current.issue,
        amendment=current.amendment,
        effective_from=current.effective_from,
        agency=actor.agency_name,
        person=actor.name,
        position=next((hat.position for hat in actor.hats if hat.position), ""),
        today=local(now).date(),
        number=number,
    )
    return {**queries.tag_texts(found), **mine}


def _deposit(
    actor: Actor, row: FilledForm, document: Document, series_id: int | None, now: datetime
) -> None:
    """Lay the filled form into the series chosen by the person."""
    if series_id is None:
        return
    row.record_id = records.record_deposit(
        actor=actor,
        series_id=series_id,
        title=row.title,
        source_type="form",
        source_id=row.id,
        file_id=row.file_id,
        made_on=local(now).date(),
        now=now,
        source_code=document.code,
        link=f"/tai-lieu/da-dien/{row.id}/",
    )
    row.save(update_fields=["record_id"])
