"""Marking what officers wrote of an applicant, and blackening it when the erasure is done."""

import json
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from nep.apps.cases.models import (
    Case,
    CaseEvent,
    CasePaper,
    CasePause,
    CaseStepData,
    ErasureMark,
    ErasureRun,
    FedRow,
    JointStep,
)
from nep.apps.cases.queries import blackening as queries
from nep.apps.cases.queries._eligible import families
from nep.apps.cases.rules import blackening, step_data
from nep.apps.cases.rules.blackening import Known
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.text import clean_lines


@transaction.atomic
def words_mark(
    *, actor: Actor, now: datetime, run_id: int, case_id: int, piece: str, keeps: bool = False
) -> None:
    """Mark a piece of what officers wrote of a case: it goes with the erasure, or `keeps` its place.

    The journal learns that somebody marked something, never what. Raises NotFound; Forbidden for
    everybody but the two who decide; Refusal("piece_short", "piece_unknown").
    """
    row = _run(actor, run_id)
    words = clean_lines(piece)
    texts = queries.words_of([case_id]).get(case_id, ()) if _takes(row, case_id) else ()
    require(blackening.decide_piece(words, texts), kind=Refusal)
    ErasureMark.objects.update_or_create(
        run=row, case_id=case_id, piece=words,
        defaults={"keeps": keeps, "marked_at": now, "marked_by_id": actor.person_id},
        create_defaults={
            "id": new_id(), "keeps": keeps, "marked_at": now, "marked_by_id": actor.person_id,
        },
    )  # fmt: skip
    _told(actor, row, case_id, now, "case.words_kept" if keeps else "case.words_marked")


@transaction.atomic
def words_unmark(*, actor: Actor, now: datetime, run_id: int, mark_id: int) -> None:
    """Take a mark back; what the machine finds goes again. Raises NotFound, Forbidden."""
    row = _run(actor, run_id)
    mark = ErasureMark.objects.filter(pk=mark_id, run=row).first()
    if mark is None:
        raise NotFound("mark_unknown", "Dấu này đã được bỏ rồi.")
    mark.delete()
    _told(actor, row, mark.case_id, now, "case.words_unmarked")


def _run(actor: Actor, run_id: int) -> ErasureRun:
    rows = ErasureRun.objects.select_for_update().filter(pk=run_id, agency_id=actor.agency_id)
    row = rows.first()
    if row is None:
        raise NotFound("not_found", "Không tìm thấy đề nghị xóa này trong cơ quan của bạn.")
    require(
        blackening.decide_marking(
            actor, people={row.asked_by_id, row.approver_id}, state=row.state,
            takes_words=bool(blackening.PARTS & set(row.parts)),
        ),
        kind=Forbidden,
    )  # fmt: skip
    return row


def _takes(row: ErasureRun, case_id: int) -> bool:
    return Case.objects.filter(
        pk=case_id, agency_id=row.agency_id, finished_at__lt=row.before
    ).exists()


def _told(actor: Actor, row: ErasureRun, case_id: int, now: datetime, action: str) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=action, object_type="erasure",
        object_id=row.pk, at=now, new={"case": case_id},
    )  # fmt: skip


def words_blacken(case: Case, row: ErasureRun, *, known: Known, now: datetime) -> int:
    """Blacken what goes of a case's words everywhere it stands; return how many pieces.

    Part of the erasure of the case, in its transaction; `known` is what was held before it.
    """
    texts = queries.words_of([case.pk]).get(case.pk, ())
    pieces = queries.going_of(case.pk, texts, run_id=row.pk, known=known)
    if not pieces:
        return 0

    def replace(text: str) -> str:
        return blackening.blackened(text, pieces)

    for one in Case.objects.filter(pk__in=families([case.pk])).order_by("pk"):
        _blacken(one, replace, by_id=row.approver_id, now=now)
    return len(pieces)


def _blacken(case: Case, replace: Callable[[str], str], *, by_id: int, now: datetime) -> None:
    """Replace what goes everywhere in the rows of one case, its work items and its journal."""
    for model, columns in queries.COLUMNS:
        for one in model.objects.filter(case=case):
            kept = {name: _fits(model, name, replace(getattr(one, name))) for name in columns}
            if any(getattr(one, name) != text for name, text in kept.items()):
                model.objects.filter(pk=one.pk).update(**kept)
    _papers_blacken(case, replace)
    for told in FedRow.objects.filter(case=case):  # what another system's rows are told anew from
        note = replace(str(told.data.get("note", "")))
        if note != told.data.get("note", ""):
            FedRow.objects.filter(pk=told.pk).update(data={**told.data, "note": note})
    for event in CaseEvent.objects.filter(case=case):
        data = json.loads(event.data)
        left = blackening.replaced(data, replace)
        if event.kind == queries.PAPER_ADDED:
            left = {**left, "name": replace(str(left.get("name", "")))}
        if left != data:
            text = json.dumps(left, ensure_ascii=False)
            CaseEvent.objects.filter(pk=event.pk).update(data=text)
    kept = blackening.replaced(json.loads(case.data), replace)  # what those asked were asked
    if kept != json.loads(case.data):
        text = json.dumps(kept, ensure_ascii=False)
        Case.objects.filter(pk=case.pk).update(data=text, version=F("version") + 1)
    for typed in CaseStepData.objects.filter(case=case):
        values = json.loads(typed.values)
        left = step_data.replaced(values, replace)
        if left != values:
            typed.values = json.dumps(left, ensure_ascii=False)
            typed.save(update_fields=["values"])
    for source, owners in queries.worked_at([case.pk]).items():
        for source_id in owners:
            work.words_replace(source_type=source, source_id=source_id, replace=replace)
    joints = JointStep.objects.filter(case=case).values_list("pk", flat=True)
    journal.blacken(
        objects=[("case", case.pk), *(("joint", pk) for pk in joints)], replace=replace,
        actor_id=by_id, agency_id=case.agency_id, at=now,
        reason="Xóa dữ liệu cá nhân theo quy tắc",
    )  # fmt: skip


def _papers_blacken(case: Case, replace: Callable[[str], str]) -> None:
    """Blacken the names that officers gave to papers, added ones and those they asked for."""
    for paper in queries.officers_papers([case.pk]):
        name = _fits(CasePaper, "name", replace(paper.name))
        if name != paper.name:
            CasePaper.objects.filter(pk=paper.pk).update(name=name)
    for pause in CasePause.objects.filter(case=case).exclude(papers="[]"):
        asked = json.loads(pause.papers)
        left = [
            {key: replace(value) if key in queries.PAPER_WORDS and isinstance(value, str) else value
             for key, value in one.items()}
            for one in asked
        ]  # fmt: skip
        if left != asked:
            text = json.dumps(left, ensure_ascii=False)
            CasePause.objects.filter(pk=pause.pk).update(papers=text)


def _fits(model, name: str, text: str) -> str:
    most = model._meta.get_field(name).max_length
    return text if most is None or len(text) <= most else f"{text[: most - 1]}…"


def marks_forget(run: ErasureRun) -> None:
    """Empty the marks of a run that is decided and done: they repeat what was erased."""
    ErasureMark.objects.filter(run=run).exclude(piece="").update(piece="")
