"""From Word files to drafts: upload, reading in the worker, drafts from what was read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nep.apps.documents import services as documents
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import Procedure, Tthc, WordImport
from nep.apps.procedures.ports import decide_content
from nep.apps.procedures.queries import base_code, mappings_of, procedure_code_free
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits import Changed, Edit, apply
from nep.apps.procedures.rules.importing import Origin, draft_of, origin_of
from nep.apps.procedures.rules.reading_report import report_of
from nep.apps.procedures.rules.word import ImportedFile
from nep.apps.procedures.services._drafts import procedure_create, write_revision
from nep.apps.procedures.services._reading import KINDS, procedures_read
from nep.apps.procedures.services._tthc import PaperValues, TthcValues, tthc_create
from nep.foundation.db import new_id
from nep.foundation.files import queries as file_queries
from nep.foundation.files.services import check, safe_name, store
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import enqueue
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean, fold

READ_JOB = "procedures.word_read"
MAX_FILES = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """What was answered for one procedure of a file.

    `day_unit` is working_day, calendar_day or "" while open; `settle_total` keeps the steps' own
    times against the stated total; `untimed_merged` counts a shared time cell in its first step;
    `tthc_code` confirms a code that the file does not state by itself.
    """

    is_wanted: bool = True
    day_unit: str = ""
    settle_total: bool = False
    untimed_merged: bool = False
    tthc_code: str | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """One procedure of a file after the import: its draft, or why there is none."""

    place: int
    tthc_code: str
    name: str
    procedure_id: int | None
    revision_id: int | None
    refusal: str = ""


def procedure_import(
    *,
    actor: Actor,
    file: str,
    data: bytes,
    now: datetime,
    imported: ImportedFile | None = None,
    choices: Mapping[int, Choice] | None = None,
    file_id: int | None = None,
) -> tuple[Drafted, ...]:
    """Make drafts of the procedures in a file; what is uncertain stays marked on each draft.

    The original is kept. A TTHC new to the agency is added; a procedure already there gets its
    next revision. One procedure that cannot be drafted does not stop the others. Raises
    Refusal("word_refused") with the reasons when the file is not accepted.
    """
    require(may(actor, "procedure.draft"))
    read = imported or procedures_read(data, file=file)
    if not read.accepted:
        raise Refusal("word_refused", " ".join(reason.message for reason in read.reasons))
    wanted = [
        place
        for place in range(len(read.procedures))
        if (choices or {}).get(place, Choice()).is_wanted
    ]
    if not wanted:
        return ()
    if file_id is None:
        file_id = store(
            data=data,
            name=file,
            agency_id=actor.agency_id,
            actor_id=actor.person_id,
            at=now,
            kinds=KINDS,
        ).id
    mapping = mappings_of(actor.agency_id)
    seen: set[tuple[str, str]] = set()
    drafted = []
    for place in wanted:
        choice = (choices or {}).get(place, Choice())
        origin = _told_apart(origin_of(read, place, confirmed_code=choice.tthc_code), seen)
        try:
            with transaction.atomic():
                drafted.append(
                    _draft_one(actor, read, place, origin, choice, mapping, file_id, now)
                )
        except Refusal as refusal:
            drafted.append(
                Drafted(place, origin.tthc_code, origin.name, None, None, refusal.message)
            )
    return tuple(drafted)


def _told_apart(origin: Origin, seen: set[tuple[str, str]]) -> Origin:
    """Give a second table of one TTHC without a case of its own a numbered one."""
    key = fold(origin.tthc_code or origin.name)
    variant, number = origin.variant, 1
    while (key, fold(variant)) in seen:
        number += 1
        variant = clean(f"{origin.variant} (bảng {number})")
    seen.add((key, fold(variant)))
    return replace(origin, variant=variant)


def _draft_one(
    actor: Actor,
    read: ImportedFile,
    place: int,
    origin: Origin,
    choice: Choice,
    mapping: Mapping[str, str],
    file_id: int,
    now: datetime,
) -> Drafted:
    if not read.procedures[place].steps:
        raise Refusal("no_steps", _("Không đọc được bước nào trong bảng."))
    tthc = _tthc_of(actor, origin)
    draft = draft_of(
        read.procedures[place],
        process_id=f"qt-{new_id()}",
        mapping=mapping,
        legal_amount=tthc.limit_amount if tthc else None,
        legal_unit=tthc.limit_unit if tthc else "",
        paper=origin.paper,
    )
    draft = _answered(draft, choice)
    tthc_id = tthc.id if tthc else _new_tthc(actor, origin, draft, now)
    known = Procedure.objects.filter(tthc_id=tthc_id, variant=origin.variant).first()
    if known is None:
        begun = procedure_create(
            actor=actor,
            tthc_id=tthc_id,
            draft=draft,
            code=_free(actor.agency_id, origin.document_code),
            title=origin.name,
            variant=origin.variant,
            issue=origin.issue,
            amendment=origin.amendment,
            original_file_id=file_id,
            now=now,
        )
        return Drafted(place, origin.tthc_code, origin.name, begun.procedure_id, begun.revision_id)
    require(decide_content(actor.agency_id, known.id, draft), kind=Refusal)
    revision_id = documents.revision_draft(
        actor=actor,
        document_id=known.document_id,
        is_new_issue=False,
        change_note=_("Nhập lại từ tệp Word %(name)s.") % {"name": read.file},
        original_file_id=file_id,
        now=now,
    )
    write_revision(
        actor=actor,
        procedure_id=known.id,
        revision_id=revision_id,
        draft=draft,
        now=now,
        text="đọc từ tệp Word",
    )
    return Drafted(place, origin.tthc_code, origin.name, known.id, revision_id)


def _free(agency_id: int, code: str) -> str:
    """Return the printed document code, or nothing when another document has it."""
    return code if code and procedure_code_free(agency_id=agency_id, code=code) else ""


def _tthc_of(actor: Actor, origin: Origin) -> Tthc | None:
    rows = Tthc.objects.filter(agency_id=actor.agency_id)
    if origin.tthc_code:
        return rows.filter(code=base_code(origin.tthc_code)).first()
    named = [row for row in rows.filter(code="") if fold(row.name) == fold(origin.name)]
    return named[0] if named else None


def _new_tthc(actor: Actor, origin: Origin, draft: Draft, now: datetime) -> int:
    has_unit = bool(draft.limit_unit)
    return tthc_create(
        actor=actor,
        values=TthcValues(
            name=origin.name or _("Thủ tục chưa có tên"),
            code=origin.tthc_code,
            limit_amount=draft.limit_amount if has_unit else None,
            limit_unit=draft.limit_unit,
            legal_basis=origin.legal_basis,
            fee=origin.fee,
            papers=_papers(origin),
        ),
        now=now,
    )


def _papers(origin: Origin) -> tuple[PaperValues, ...]:
    if len(origin.quantities) != len(origin.papers):
        return tuple(PaperValues(name=line) for line in origin.papers)
    return tuple(
        PaperValues(name=line, originals=originals, copies=copies)
        for line, (originals, copies) in zip(origin.papers, origin.quantities, strict=True)
    )


def _answered(draft: Draft, choice: Choice) -> Draft:
    """Apply the answers given before the draft exists."""
    edits = []
    if choice.day_unit:
        edits.append(Edit("answer_unit", values={"unit": choice.day_unit}))
    if choice.settle_total:
        edits.append(Edit("settle_total"))
    if choice.untimed_merged:
        edits.append(Edit("answer_merged"))
    for edit in edits:
        answer = apply(draft, edit)
        if isinstance(answer, Changed):
            draft = answer.draft
    return draft


def word_upload(*, actor: Actor, uploads: Iterable[tuple[str, bytes]], now: datetime) -> int:
    """Keep the Word files, queue their reading for the worker; return the batch's number.

    A file that is no readable .docx is listed with its reason and not kept.
    """
    require(may(actor, "procedure.draft"))
    given = list(uploads)
    if not given:
        raise Refusal("no_file", _("Hãy chọn ít nhất một tệp."), field="files")
    if len(given) > MAX_FILES:
        raise Refusal(
            "too_many_files",
            _("Mỗi lần nhập tối đa %(most)s tệp.") % {"most": MAX_FILES},
            field="files",
        )
    batch = new_id()
    with transaction.atomic():
        for name, data in given:
            _take_in(actor, batch, name, data, now)
        record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="word_import.uploaded",
            object_type="word_import",
            object_id=batch,
            at=now,
            new=[name for name, _data in given],
        )
    return batch


def _take_in(actor: Actor, batch: int, name: str, data: bytes, now: datetime) -> None:
    """List one upload; queue its reading unless its first bytes already tell that it is refused."""
    row = WordImport(
        agency_id=actor.agency_id,
        batch=batch,
        person_id=actor.person_id,
        at=now,
        name=safe_name(name),
    )
    try:
        check(data=data, name=name, kinds=KINDS)
        row.upload = data
    except Refusal as refusal:
        row.state, row.refusal = "refused", refusal.message[:600]
    row.save()
    if row.upload is not None:
        enqueue(READ_JOB, {"id": row.id}, at=now, agency_id=actor.agency_id, urgent=True)


def word_read(*, import_id: int, now: datetime) -> None:
    """Read one uploaded file; keep it and its report when it holds procedures, else nothing of it.

    Reading again does nothing once it is read.
    """
    row = WordImport.objects.filter(pk=import_id).first()
    if row is None or row.state not in {"waiting", "reading"} or row.upload is None:
        return
    found = WordImport.objects.filter(pk=row.pk)
    found.update(state="reading", done=0, total=0)
    data = bytes(row.upload)

    def progress(done: int, total: int) -> None:
        found.update(done=done, total=total)

    imported = procedures_read(data, file=row.name, progress=progress)
    if not imported.accepted:
        text = " ".join(reason.message for reason in imported.reasons)
        found.update(state="refused", refusal=text[:600], upload=None)
        return
    report = json.dumps(report_of(imported), ensure_ascii=False)
    if not imported.procedures:
        found.update(state="done", report=report, upload=None)
        return
    with transaction.atomic():
        kept = store(
            data=data,
            name=row.name,
            agency_id=row.agency_id,
            actor_id=row.person_id,
            at=now,
            kinds=KINDS,
        )
        found.update(state="read", report=report, upload=None, file_id=kept.id)


def word_drafts_create(
    *,
    actor: Actor,
    batch: int,
    choices: Mapping[int, Mapping[int, Choice]],
    now: datetime,
) -> tuple[tuple[str, tuple[Drafted, ...]], ...]:
    """Make the drafts of a batch as chosen (by import id, then place); return them by file name.

    A file drafted before is left alone, so that a repeated post changes nothing. Raises NotFound.
    """
    require(may(actor, "procedure.draft"))
    answers = []
    with transaction.atomic():
        rows = WordImport.objects.select_for_update().filter(agency_id=actor.agency_id, batch=batch)
        found = list(rows.order_by("id"))
        if not found:
            raise NotFound()
        for row in found:
            if row.state != "read" or row.file_id is None:
                continue
            drafted = procedure_import(
                actor=actor,
                file=row.name,
                data=file_queries.read(row.file_id),
                file_id=row.file_id,
                choices=choices.get(row.id, {}),
                now=now,
            )
            answers.append((row.name, drafted))
            kept = json.loads(row.report)
            kept["drafted"] = [
                {
                    "place": one.place,
                    "revision_id": one.revision_id,
                    "refusal": one.refusal,
                    "name": one.name,
                    "variant": kept["procedures"][one.place]["variant"],
                }
                for one in drafted
            ]
            row.state, row.report = "done", json.dumps(kept, ensure_ascii=False)
            row.save(update_fields=["state", "report"])
    return tuple(answers)
