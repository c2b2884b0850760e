"""The data of a step: judged with its completion, emptied with an erasure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from nep.apps.cases.models import Case, CaseStepData
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.rules import step_data
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.rules.carried import FILE, DataField
from nep.foundation.files import services as files
from nep.kernel.errors import Refusal

Upload = tuple[str, bytes]


def step_entered(
    *,
    content_hash: str,
    node: str,
    typed: Mapping[str, str],
    known: Mapping[str, Any],
    is_whole: bool,
    uploads: Mapping[str, Upload],
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Upload]]:
    """Return the values of a step's fields, those that join the case's data, the files to keep.

    `uploads` are the files given, by the fields' names, each as (name, bytes). Raises
    Refusal("step_data") naming the first field that is missing or wrong.
    """
    fields = procedures.carried_of(content_hash, node).fields
    if not fields:
        return {}, {}, {}
    found = step_data.read_entered(fields, typed, known, is_whole=is_whole, given=uploads)
    for name, message in found.errors.items():
        raise Refusal("step_data", message, field=f"{step_data.PREFIX}{name}")
    asked = {**known, **found.values}
    taken = {
        one.name: uploads[one.name]
        for one in fields
        if one.kind == FILE and one.name in uploads and step_data.is_shown(one, asked)
    }
    for one in fields:
        if one.name in taken:
            _judge(one, *taken[one.name])
    return found.values, step_data.deciding(fields, found.values), taken


def _judge(one: DataField, name: str, data: bytes) -> None:
    most = one.most_mb * 1_000_000 or settings.NEP.max_upload_bytes
    try:
        files.check(
            data=data, name=name, kinds=one.file_kinds,
            max_bytes=min(most, settings.NEP.max_upload_bytes),
        )  # fmt: skip
    except Refusal as refusal:
        raise Refusal(
            "step_data", refusal.message, field=f"{step_data.PREFIX}{one.name}"
        ) from refusal


def files_kept(
    uploads: Mapping[str, Upload], *, agency_id: int, actor_id: int, at: datetime
) -> dict[str, dict[str, Any]]:
    """Keep the files of a step and return the values that name them; part of its completion."""
    found = {}
    for field, (name, data) in uploads.items():
        kept = files.store(data=data, name=name, agency_id=agency_id, actor_id=actor_id, at=at)
        found[field] = {"file": kept.pk, "name": kept.name, "size": kept.size}
    return found


def joined_by_run(case: Case) -> dict[int, dict[str, Any]]:
    """Return by run what the steps of a case added to the data that its ways out read."""
    versions = followed(case)
    if not any(procedures.carries_data(one) for one in versions.hashes):
        return {}
    found = {}
    for row in CaseStepData.objects.filter(case=case):
        fields = procedures.carried_of(versions.hash_at(row.run_id), row.node).fields
        found[row.run_id] = step_data.deciding(fields, json.loads(row.values))
    return found


def step_data_erase(case: Case, *, is_whole: bool) -> None:
    """Empty what steps recorded of a case: everything, or what is about a person."""
    versions = followed(case)
    for row in CaseStepData.objects.filter(case=case).exclude(values="{}"):
        fields = procedures.carried_of(versions.hash_at(row.run_id), row.node).fields
        known = {one.name for one in fields}
        values = json.loads(row.values)
        kept = {} if is_whole else step_data.impersonal(fields, values)
        kept = {name: value for name, value in kept.items() if name in known}
        if kept != values:
            gone = {step_data.file_of(one) for one in values.values()}
            gone -= {step_data.file_of(one) for one in kept.values()}
            for file_id in sorted(one for one in gone if one is not None):
                files.forget(file_id=file_id)
            row.values = json.dumps(kept, ensure_ascii=False)
            row.save(update_fields=["values"])
