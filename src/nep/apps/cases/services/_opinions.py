"""Opinions asked in a step: answered with words and a file, or asked no longer."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from nep.apps.cases.models import Case, CaseOpinion, CasePaper, StepRun
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.replay import opened_by
from nep.apps.cases.services._asking import Asked
from nep.apps.cases.services._finding import case_of, unit_of
from nep.apps.cases.services._step_data import Upload
from nep.apps.cases.services._steps import StepDone, step_complete
from nep.apps.cases.services._waking import case_wake
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.bpmn import Withdrawn
from nep.foundation.files import services as files
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean_lines

UNASKED = "unasked"


@transaction.atomic
def opinion_answer(
    *,
    actor: Actor,
    now: datetime,
    run_id: int,
    answer: str,
    upload: tuple[str, bytes] | None = None,
    outcome: str | None = None,
    receiver_id: int | None = None,
    papers: tuple[Mapping[str, Any], ...] = (),
    typed: Mapping[str, str] | None = None,
    uploads: Mapping[str, Upload] | None = None,
    asked: Sequence[Asked] = (),
    expected_version: int | None = None,
) -> StepDone:
    """Answer as the one who is asked; the file stands among the papers of the case too.

    `upload` is the opinion's own file; the rest is what any step may be finished with.
    Raises as `step_complete`; Refusal("reason_missing", "file_kind", "file_too_large").
    """
    row = _opinion(actor, run_id)
    require(acting.decide_reason(answer, field="note"), kind=Refusal)
    done = step_complete(
        actor=actor, now=now, run_id=run_id, note=answer, outcome=outcome, typed=typed,
        receiver_id=receiver_id, papers=papers, uploads=uploads, asked=asked,
        expected_version=expected_version,
    )  # fmt: skip
    if upload is not None:
        names = organization.person_names([actor.person_id])
        row.file = files.store(
            data=upload[1], name=upload[0], agency_id=actor.agency_id, actor_id=actor.person_id,
            at=now,
        )  # fmt: skip
        row.save(update_fields=["file"])
        last = CasePaper.objects.filter(case_id=row.case_id).aggregate(last=Max("position"))
        CasePaper.objects.create(
            case_id=row.case_id, position=(last["last"] or 0) + 1,
            name=f"Ý kiến của {names.get(actor.person_id, 'người được hỏi')}"[:1000],
            is_required=False, source="officer", file=row.file, at=now, by_id=actor.person_id,
        )  # fmt: skip
    return done


@transaction.atomic
def opinion_withdraw(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    run_id: int,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Ask one of those asked no longer, for a reason they read; the others go on being asked.

    Who asked may, and who leads the unit that holds the case.
    Raises NotFound; Forbidden; Conflict("opinion_over", "case_changed"); Refusal("reason_missing",
    "case_paused", "case_finished").
    """
    case_of(actor, case_id, expected_version)
    row = _opinion(actor, run_id)
    if row.case_id != case_id:
        raise NotFound("not_found", "Không tìm thấy yêu cầu cho ý kiến này ở hồ sơ.")
    case = Case.objects.select_for_update().get(pk=case_id)
    if opened_by(logged_events(case_id), run_id) != actor.person_id:
        require(acting.may_manage_case(actor, unit_id=unit_of(case)))
    require(acting.decide_moving(case.status), kind=Refusal)
    require(acting.decide_reason(reason), kind=Refusal)
    run = StepRun.objects.get(pk=run_id)
    if run.closed_at is not None:
        raise Conflict(
            "opinion_over", "Nơi được hỏi đã trả lời hoặc đã thôi hỏi. Hãy tải lại trang."
        )
    text = clean_lines(reason)
    case_wake(
        case=case, event=Withdrawn(run.token, json.loads(case.data)), now=now, reason=text,
        by_id=actor.person_id, kind="opinion_withdrawn", run_ends=UNASKED,
        told={"run": run.pk, "token": run.token, "at": run.node},
    )  # fmt: skip
    CaseOpinion.objects.filter(pk=row.pk).update(reason=text)


def _opinion(actor: Actor, run_id: int) -> CaseOpinion:
    row = CaseOpinion.objects.select_related("case", "run").filter(run_id=run_id).first()
    if row is None or not acting.may_see_case(actor, agency_id=row.case.agency_id):
        raise NotFound("not_found", "Không tìm thấy yêu cầu cho ý kiến này.")
    return row
