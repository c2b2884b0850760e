"""A finished case leaves a record in the file plan, as the agency set; so does a step that names one."""

import json
from datetime import datetime

from django.db import transaction

from nep.apps.cases.models import Case, CaseStepData, StepRun
from nep.apps.cases.queries._plans import followed, plan
from nep.apps.cases.rules import step_data
from nep.apps.cases.rules.recall import TAKEN_BACK
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.rules.carried import Carried
from nep.apps.records import services as records
from nep.apps.records.queries import record_of_source
from nep.apps.records.rules import STEP
from nep.foundation.files import queries as kept_files
from nep.foundation.files import services as files
from nep.kernel.vietnamese import local


def case_deposit(*, case_id: int, now: datetime) -> int | None:
    """Deposit a finished case; None when the agency set no series. Repeating changes nothing.

    The record leads back to the case, where its papers and its control slip stay.
    """
    case = Case.objects.filter(pk=case_id, finished_at__isnull=False).first()
    if case is None or case.finished_at is None:
        return None
    return records.record_collect(
        agency_id=case.agency_id, title=f"Hồ sơ {case.code}: {case.tthc_name}",
        source_type="case", source_id=case.pk, file_id=None,
        made_on=local(case.finished_at).date(), now=now, source_code=case.code,
        link=f"/ho-so/{case.pk}/",
    )  # fmt: skip


@transaction.atomic
def step_record_deposit(*, case_id: int, run_id: int, now: datetime) -> int | None:
    """Deposit the record that a finished step leaves; None when the step was taken back meanwhile.

    It goes into the series that the procedure names, in the file plan of the year, with the
    retention and the keeper of that series; without one it waits to be filed. It holds the file
    that was given for the step, unless that is about a person. A step that was taken back and done
    again leaves one record, whose former file stays beside it. Repeating changes nothing.
    Source: ISO 9001:2015 điều 7.5.3.2; Nghị định 30/2020/NĐ-CP Điều 29.
    """
    run = StepRun.objects.select_related("case").filter(pk=run_id, case_id=case_id).first()
    if run is None or run.outcome != "done" or run.closed_at is None:
        return None
    case = run.case
    version = followed(case).hash_at(run.pk)
    carried = procedures.carried_of(version, run.node)
    if carried.record is None:
        return None
    if known := record_of_source(agency_id=case.agency_id, source_type=STEP, source_id=run.pk):
        return known
    step = plan(version).steps[run.node]
    made_on, copied = local(run.closed_at).date(), _copied(run, carried, now)
    before = StepRun.objects.filter(case=case, node=run.node, round=run.round, outcome=TAKEN_BACK)
    redone = records.record_redone(
        agency_id=case.agency_id, source_type=STEP, source_id=run.pk, file_id=copied,
        old_ids=list(before.values_list("pk", flat=True)), made_on=made_on, now=now,
    )  # fmt: skip
    return redone or records.record_leave(
        agency_id=case.agency_id, by_id=run.closed_by_id, series_code=carried.record.series,
        title=f"{carried.record.name}: bước {step.number}, hồ sơ {case.code}",
        source_id=run.pk, file_id=copied, made_on=made_on, now=now,
        source_code=case.code, link=f"/ho-so/{case.pk}/",
    )  # fmt: skip


def _copied(run: StepRun, carried: Carried, now: datetime) -> int | None:
    """Return a row of its own for the first file given for a step, so that an erasure of the case's
    data leaves what the file plan keeps."""
    row = CaseStepData.objects.filter(run=run).first()
    values = json.loads(row.values) if row else {}
    open_fields = (one for one in carried.fields if not one.is_personal)
    found = next(
        (id_ for one in open_fields if (id_ := step_data.file_of(values.get(one.name)))), None
    )
    if found is None:
        return None
    facts = kept_files.facts(found)
    again = files.store(
        data=kept_files.read(found), name=facts.name, agency_id=facts.agency_id,
        actor_id=run.closed_by_id, at=now,
    )  # fmt: skip
    return again.pk
