"""What officers wrote of the cases that an erasure takes, for the two people who decide."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from nep.apps.cases.models import (
    Case,
    CaseApplicant,
    CaseCall,
    CaseCorrection,
    CaseEvent,
    CaseExtension,
    CaseHold,
    CaseLink,
    CaseLook,
    CaseOpinion,
    CasePaper,
    CasePause,
    CaseStepData,
    CaseWait,
    ErasureMark,
    ErasureRun,
    FedRow,
    JointStep,
)
from nep.apps.cases.queries._eligible import eligible, erasure_rules, families
from nep.apps.cases.queries._log import STEP_FINISHED
from nep.apps.cases.rules import blackening, step_data
from nep.apps.cases.rules.blackening import Known
from nep.apps.organization.rules import Actor
from nep.apps.work import queries as work
from nep.foundation.journal import queries as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, NotFound

SOURCE, PAPER_ADDED = "case", "paper_added"
PAPER_WORDS = ("name", "note")
CASES_A_PAGE, LOOKED_A_PAGE, _CHUNK = 20, 1000, 200
# every column of a case's own rows that an officer fills in their own words
COLUMNS = (
    (CasePause, ("reason",)), (CaseExtension, ("reason",)), (CaseCorrection, ("reason", "answer")),
    (JointStep, ("asked", "answer")), (CaseHold, ("reason", "lift_reason")),
    (CaseLook, ("reason",)), (CaseLink, ("note",)), (CaseWait, ("reason",)),
    (CaseCall, ("reason",)), (CaseOpinion, ("question", "answer", "reason")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that goes or, with `keeps`, stays; `mark_id` is 0 for what the machine found."""

    text: str
    keeps: bool
    mark_id: int


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What officers wrote of one case: texts cut into (words, goes), and the pieces decided on."""

    id: int
    code: str
    tthc_name: str
    texts: tuple[tuple[tuple[str, bool], ...], ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class WordsPage:
    """A page of cases with words; `after` leads to the next one, None at the end."""

    run_id: int
    cases: tuple[CaseWords, ...]
    total: int
    after: int | None


def words_of(case_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return what officers wrote of cases, each text once; cases without any are left out.

    What stands in the internal cases of their sub-procedures is told of the caller.
    """
    whose = families(case_ids)
    found: dict[int, dict[str, None]] = {}
    for pk, texts in _texts_of(list(whose)).items():
        found.setdefault(whose[pk], {}).update(dict.fromkeys(texts))
    return {pk: tuple(texts) for pk, texts in found.items()}


def _texts_of(case_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, dict[str, None]] = {}
    for model, columns in COLUMNS:
        for case_id, *texts in model.objects.filter(case_id__in=case_ids).values_list(
            "case_id", *columns
        ):
            found.setdefault(case_id, {}).update(dict.fromkeys(texts))
    for case_id, name in officers_papers(case_ids).values_list("case_id", "name"):
        found.setdefault(case_id, {})[name] = None
    pauses = CasePause.objects.filter(case_id__in=case_ids)
    for case_id, papers in pauses.values_list("case_id", "papers"):
        asked = [text for one in json.loads(papers) for text in named_in(one)]
        found.setdefault(case_id, {}).update(dict.fromkeys(asked))
    events = CaseEvent.objects.filter(case_id__in=case_ids).order_by("id")
    for case_id, data in events.values_list("case_id", "data"):
        found.setdefault(case_id, {}).update(dict.fromkeys(blackening.texts_of(json.loads(data))))
    fed = FedRow.objects.filter(case_id__in=case_ids).order_by("id")
    for case_id, data in fed.values_list("case_id", "data"):
        found.setdefault(case_id, {})[str(data.get("note", ""))] = None
    told = journal.acts_upon(object_type=SOURCE, object_ids=case_ids, action=STEP_FINISHED)
    for one in told:
        texts = [one.reason, *blackening.texts_of(json.loads(one.new))]
        found.setdefault(int(one.object_id), {}).update(dict.fromkeys(texts))
    rows = CaseStepData.objects.filter(case_id__in=case_ids).order_by("id")
    for case_id, values in rows.values_list("case_id", "values"):
        found.setdefault(case_id, {}).update(dict.fromkeys(step_data.texts_of(json.loads(values))))
    for source, owners in worked_at(case_ids).items():
        for source_id, texts in work.words_of(source_type=source, source_ids=owners).items():
            found.setdefault(owners[source_id], {}).update(dict.fromkeys(texts))
    kept = {pk: tuple(text for text in texts if text.strip()) for pk, texts in found.items()}
    return {pk: texts for pk, texts in kept.items() if texts}


def officers_papers(case_ids: Collection[int]) -> QuerySet[CasePaper]:
    """Return the papers of cases that an officer added, under a name of their own choice."""
    return CasePaper.objects.filter(case_id__in=case_ids, source="officer")


def named_in(paper: Mapping[str, Any]) -> list[str]:
    """Return what an officer wrote of one paper that is missing: its name, the note beside it."""
    return [str(paper[key]) for key in PAPER_WORDS if paper.get(key)]


def worked_at(case_ids: Collection[int]) -> dict[str, dict[int, int]]:
    """Return whose work items carry words of cases: by kind of source, its id to the case's."""
    return {
        SOURCE: {pk: pk for pk in case_ids},
        **{
            source: dict(model.objects.filter(case_id__in=case_ids).values_list("pk", "case_id"))
            for source, model in (("joint", JointStep), ("case_correction", CaseCorrection))
        },
    }


def known_of(case_ids: Collection[int], parts: Collection[str]) -> dict[int, Known]:
    """Return what is held of applicants and goes with these parts; a name only with its part."""
    rows = CaseApplicant.objects.filter(pk__in=case_ids)
    return {
        row.pk: Known(
            row.name if "applicant" in parts else "", row.identity, row.phone, row.email,
            row.address,
        )
        for row in rows
    }  # fmt: skip


def going_of(case_id: int, texts: Iterable[str], *, run_id: int, known: Known) -> set[str]:
    """Return the pieces of a case's texts that go with a run."""
    marks = list(ErasureMark.objects.filter(run_id=run_id, case_id=case_id).exclude(piece=""))
    return blackening.going(
        [piece for text in texts for piece in blackening.found_in(text, known)],
        marked={one.piece for one in marks if not one.keeps},
        kept={one.piece for one in marks if one.keeps},
    )


def words_page(*, actor: Actor, run_id: int, after: int = 0) -> WordsPage:
    """Return what officers wrote of the cases that a proposed erasure takes, by pages.

    Raises NotFound; Forbidden for everybody but the two who decide.
    """
    row = ErasureRun.objects.filter(pk=run_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound("not_found", "Không tìm thấy đề nghị xóa này trong cơ quan của bạn.")
    require(
        blackening.decide_marking(
            actor, people={row.asked_by_id, row.approver_id}, state=row.state,
            takes_words=bool(blackening.PARTS & set(row.parts)),
        ),
        kind=Forbidden,
    )  # fmt: skip
    rows = eligible(
        agency_id=row.agency_id, rule=erasure_rules()[row.rule], parts=row.parts, before=row.before
    )
    ids = list(rows.filter(pk__gt=after).values_list("pk", flat=True)[: LOOKED_A_PAGE + 1])
    shown: list[int] = []
    texts: dict[int, tuple[str, ...]] = {}
    last = 0
    for start in range(0, min(len(ids), LOOKED_A_PAGE), _CHUNK):
        some = ids[start : min(start + _CHUNK, LOOKED_A_PAGE)]
        texts |= words_of(some)
        for pk in some:
            if len(shown) < CASES_A_PAGE:
                last = pk
                if pk in texts:
                    shown.append(pk)
        if len(shown) == CASES_A_PAGE:
            break
    more = bool(ids) and last < ids[-1]
    return WordsPage(run_id, _cases(row, shown, texts), rows.count(), last if more else None)


def _cases(
    row: ErasureRun, ids: list[int], texts: dict[int, tuple[str, ...]]
) -> tuple[CaseWords, ...]:
    known = known_of(ids, row.parts)
    cases = Case.objects.in_bulk(ids)
    marks: dict[int, list[ErasureMark]] = {}
    for mark in row.marks.filter(case_id__in=ids).exclude(piece="").order_by("id"):
        marks.setdefault(mark.case_id, []).append(mark)
    return tuple(
        _case(cases[pk], texts[pk], known.get(pk, Known()), marks.get(pk, [])) for pk in ids
    )


def _case(case: Case, texts: tuple[str, ...], known: Known, marks: list[ErasureMark]) -> CaseWords:
    decided = {mark.piece for mark in marks}
    found = dict.fromkeys(one for text in texts for one in blackening.found_in(text, known))
    pieces = [Piece(mark.piece, mark.keeps, mark.pk) for mark in marks]
    pieces += [Piece(one, keeps=False, mark_id=0) for one in found if one not in decided]
    gone = [one.text for one in pieces if not one.keeps]
    return CaseWords(
        case.pk, case.code, case.tthc_name,
        tuple(blackening.parts_of(text, gone) for text in texts), tuple(pieces),
    )  # fmt: skip
