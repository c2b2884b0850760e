"""What a case does when one of its work items changes hands in the worklist."""

import json

from django.db.models import F

from nep.apps.cases.models import Case, CaseEvent, StepRun
from nep.apps.work.ports import HolderChange
from nep.foundation.db import new_id


def case_lock(case_id: int) -> None:
    """Lock a case's row until the transaction ends; its steps and items are written after it."""
    Case.objects.select_for_update().filter(pk=case_id).values_list("pk").first()


def holder_changed(change: HolderChange) -> None:
    """Follow a claim or a hand-over: run, materialised holder and event, in its transaction.

    The worklist has asked for permission and has written the journal.
    """
    run = StepRun.objects.filter(item_id=change.item_id, closed_at=None).first()
    if run is None:
        return
    case = Case.objects.select_for_update().get(pk=run.case_id)
    StepRun.objects.filter(pk=run.pk).update(person_id=change.new_person_id)
    columns: dict = {"version": F("version") + 1}
    named = (case.step_node, case.holder_person_id, case.holder_unit_id)
    if named == (run.node, run.person_id, run.unit_id):
        columns["holder_person_id"] = change.new_person_id
    Case.objects.filter(pk=case.pk).update(**columns)
    CaseEvent.objects.create(
        id=new_id(),
        case_id=case.pk,
        kind="handed_over" if change.reason else "claimed",
        at=change.at,
        actor_id=change.by_id,
        node=run.node,
        data=_data(run.pk, change),
    )


def _data(run_id: int, change: HolderChange) -> str:
    return json.dumps(
        {"run": run_id, "person": change.new_person_id, "reason": change.reason}, ensure_ascii=False
    )
