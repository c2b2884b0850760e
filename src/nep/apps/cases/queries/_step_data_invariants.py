"""What must hold of the data that steps recorded; `nep doctor` asks."""

import json
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from nep.apps.cases.models import CaseErasure, CaseStepData
from nep.apps.cases.queries._plans import followed
from nep.apps.procedures import queries as procedures
from nep.foundation.db.doctor import Finding, invariant
from nep.kernel.errors import NotFound


@invariant("case_step_data", "Dữ liệu của bước khớp bước và lần ban hành của hồ sơ")
def step_data() -> Iterator[Finding]:
    """Find data of a run of another case or step, and values that no field of the step asks for."""
    gone = CaseErasure.objects.filter(
        case_id=OuterRef("case_id"), part__in=["contact", "applicant"]
    )
    rows = CaseStepData.objects.select_related("case", "run").order_by("pk")
    rows = rows.annotate(is_nameless=Exists(gone))
    for row in rows.iterator(chunk_size=500):
        record = f"hồ sơ {row.case.code}"
        if row.run.case_id != row.case_id or row.run.node != row.node:
            yield Finding("case_step_data", record, f"dữ liệu bước {row.node} gắn vào lượt khác")
            continue
        try:
            fields = procedures.carried_of(followed(row.case).hash_at(row.run_id), row.node).fields
        except NotFound:
            yield Finding("case_step_data", record, "không còn lần ban hành của hồ sơ")
            continue
        if row.is_nameless and {one.name for one in fields if one.is_personal} & set(
            json.loads(row.values)
        ):
            yield Finding("case_step_data", record, "người nộp đã xóa mà bước còn dữ liệu cá nhân")
        strange = set(json.loads(row.values)) - {one.name for one in fields}
        if strange:
            said = ", ".join(sorted(strange))
            yield Finding("case_step_data", record, f"ô dữ liệu {said} không có trong bước")
