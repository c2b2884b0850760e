"""What the steps of a case recorded, and what the open step asks for."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nep.apps.cases.models import Case, CaseStepData, StepRun
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.rules import acting, step_data
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.rules.carried import FILE, Carried, DataField
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class StepDataLine:
    """What one run of a step recorded."""

    id: int
    number: int
    title: str
    who: str
    at: datetime
    values: tuple[step_data.Line, ...]


@dataclass(frozen=True, slots=True)
class StepAsks:
    """What an open step carries: its forms, the record it leaves, its fields as last typed.

    `known` is the data of the case that conditions read.
    """

    carried: Carried
    typed: dict[str, str]
    known: dict[str, Any]

    @property
    def fields(self) -> tuple[DataField, ...]:
        """Return the data fields."""
        return self.carried.fields


def step_data_lines(case: Case, *, masks: bool = True) -> tuple[StepDataLine, ...]:
    """Return what the steps recorded, oldest first; no query where the version has no fields."""
    versions = followed(case)
    if not any(procedures.carries_data(one) for one in versions.hashes):
        return ()
    rows = list(CaseStepData.objects.filter(case=case).order_by("id"))
    names = person_names(row.by_id for row in rows)
    found = []
    for row in rows:
        step = versions.at(row.run_id).steps.get(row.node)
        fields = procedures.carried_of(versions.hash_at(row.run_id), row.node).fields
        values = tuple(step_data.lines_said(fields, json.loads(row.values), masks=masks))
        if values:
            found.append(
                StepDataLine(
                    row.pk,
                    step.number if step else 0,
                    step.name if step else row.node,
                    names.get(row.by_id or 0, ""),
                    row.at,
                    values,
                )
            )
    return tuple(found)


def step_asks(case: Case, node: str) -> StepAsks:
    """Return what a step carries; fields start with what the step recorded the last time.

    Of a case that went over to another version, what a field of the same name and kind recorded in
    what its moves say is this step.
    """
    carried = procedures.carried_of(case.content_hash, node)
    typed: dict[str, str] = {}
    if carried.fields:
        values, kinds = _last_recorded(case, node)
        typed = {
            one.name: step_data.typed_of(one, values[one.name])
            for one in carried.fields
            if one.name in values
            and kinds.get(one.name) == one.kind != FILE
            and not one.is_personal
        }
    return StepAsks(carried, typed, json.loads(case.data))


def _last_recorded(case: Case, node: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values that a step recorded the last time, and the kinds of their fields."""
    rows, versions = CaseStepData.objects.filter(case=case).order_by("-id"), followed(case)
    for row in rows if case.moved else rows.filter(node=node)[:1]:
        if versions.meant(row.run_id, row.node) == node:
            fields = procedures.carried_of(versions.hash_at(row.run_id), row.node).fields
            return json.loads(row.values), {one.name: one.kind for one in fields}
    return {}, {}


def personal_values(case: Case) -> tuple[tuple[str, str], ...]:
    """Return (label, value) of what the steps recorded about the person, in full."""
    versions = followed(case)
    if not any(procedures.carries_data(one) for one in versions.hashes):
        return ()
    found: list[tuple[str, str]] = []
    for row in CaseStepData.objects.filter(case=case).order_by("id"):
        fields = procedures.carried_of(versions.hash_at(row.run_id), row.node).fields
        own = tuple(one for one in fields if one.is_personal)
        said = step_data.lines_said(own, json.loads(row.values), masks=False)
        found += [(line.label, line.value) for line in said]
    return tuple(found)


def asks_of_run(*, actor: Actor, case_id: int, run_id: int) -> StepAsks:
    """Return what an open step of a case that the actor may see carries. Raises NotFound."""
    run = StepRun.objects.select_related("case").filter(pk=run_id, case_id=case_id).first()
    if run is None or not acting.may_see_case(actor, agency_id=run.case.agency_id):
        raise NotFound()
    return step_asks(run.case, run.node)


def step_file(*, actor: Actor, case_id: int, data_id: int, name: str) -> int:
    """Return the stored file of a field that a step of the case recorded. Raises NotFound."""
    row = CaseStepData.objects.select_related("case").filter(pk=data_id, case_id=case_id).first()
    if row is None or not acting.may_see_case(actor, agency_id=row.case.agency_id):
        raise NotFound()
    found = step_data.file_of(json.loads(row.values).get(name))
    if found is None:
        raise NotFound("bytes_gone", "Ô này không còn tệp.")
    return found
