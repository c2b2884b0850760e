"""Papers added to a running case."""

import json
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from nep.apps.cases.models import CaseEvent, CasePaper
from nep.apps.cases.services._finding import case_of
from nep.apps.cases.services._holding import case_lock
from nep.apps.organization.rules import Actor, may
from nep.foundation.db import new_id
from nep.foundation.files import services as files
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean


@transaction.atomic
def paper_add(
    *, actor: Actor, now: datetime, case_id: int, name: str, upload: tuple[str, bytes] | None = None
) -> int:
    """Add a paper to a case, with or without its file; return its id.

    Raises NotFound; Forbidden; Refusal("paper_name", "file_kind", "file_too_large").
    """
    case = case_of(actor, case_id)
    require(may(actor, "case.step"))
    case_lock(case.pk)  # two papers at once must not want the same place
    title = clean(name) or (clean(upload[0]) if upload else "")
    if not title:
        raise Refusal("paper_name", "Hãy ghi tên giấy tờ hoặc chọn một tệp.", field="name")
    stored = None
    if upload is not None:
        stored = files.store(
            data=upload[1], name=upload[0], agency_id=case.agency_id, actor_id=actor.person_id,
            at=now,
        )  # fmt: skip
    last = CasePaper.objects.filter(case=case).aggregate(last=Max("position"))["last"] or 0
    row = CasePaper.objects.create(
        case=case, position=last + 1, name=title[:1000], is_required=False, source="officer",
        file=stored, at=now, by_id=actor.person_id,
    )  # fmt: skip
    CaseEvent.objects.create(
        id=new_id(), case=case, kind="paper_added", at=now, actor_id=actor.person_id,
        data=json.dumps({"name": title}, ensure_ascii=False),
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action="case.paper_added",
        object_type="case", object_id=case.pk, at=now, new={"name": title},
    )  # fmt: skip
    return row.pk
