"""The data of a step: judged with its completion, emptied with an erasure."""

import json
from collections.abc import Mapping
from typing import Any

from nep.apps.cases.models import Case, CaseStepData
from nep.apps.cases.rules import step_data
from nep.apps.procedures import queries as procedures
from nep.kernel.errors import Refusal


def step_entered(
    *,
    content_hash: str,
    node: str,
    typed: Mapping[str, str],
    known: Mapping[str, Any],
    is_whole: bool,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of a step's fields, and those that join the case's data.

    Raises Refusal("step_data") naming the first field that is missing or wrong.
    """
    fields = procedures.carried_of(content_hash, node).fields
    if not fields:
        return {}, {}
    found = step_data.read_entered(fields, typed, known, is_whole=is_whole)
    for name, message in found.errors.items():
        raise Refusal("step_data", message, field=f"{step_data.PREFIX}{name}")
    return found.values, step_data.impersonal(fields, found.values)


def joined_by_run(case: Case) -> dict[int, dict[str, Any]]:
    """Return by run what the steps of a case added to the data that its ways out read."""
    if not procedures.carries_data(case.content_hash):
        return {}
    found = {}
    for row in CaseStepData.objects.filter(case=case):
        fields = procedures.carried_of(case.content_hash, row.node).fields
        found[row.run_id] = step_data.impersonal(fields, json.loads(row.values))
    return found


def step_data_erase(case: Case, *, is_whole: bool) -> None:
    """Empty what steps recorded of a case: everything, or what is about a person."""
    for row in CaseStepData.objects.filter(case=case).exclude(values="{}"):
        fields = procedures.carried_of(case.content_hash, row.node).fields
        known = {one.name for one in fields}
        values = json.loads(row.values)
        kept = {} if is_whole else step_data.impersonal(fields, values)
        kept = {name: value for name, value in kept.items() if name in known}
        if kept != values:
            row.values = json.dumps(kept, ensure_ascii=False)
            row.save(update_fields=["values"])
