"""An approved edition goes into the agency's records, frozen as it was printed."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.planning import queries
from nep.apps.planning.rules import context
from nep.apps.planning.services._statement_papers import statement_paper
from nep.apps.records import queries as kept
from nep.apps.records import services as records
from nep.foundation.files.services import store
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

SOURCE = "form"  # the plan's line for filled forms takes it


def statement_deposit(*, actor: Actor, statement_id: int, now: datetime) -> int:
    """Deposit the printed edition with its hash; return the record's id, again the same.

    A policy is deposited with its document. The PDF is made before the transaction. Raises
    Forbidden; NotFound; Refusal("not_approved", "kept_in_library").
    """
    require(may(actor, "record.keep"))
    line = queries.statement_page(actor=actor, statement_id=statement_id).line
    if line.part == context.POLICY:
        raise Refusal("kept_in_library", "Chính sách được lưu cùng tài liệu của nó.")
    if line.approved_at is None:
        raise Refusal("not_approved", "Bản này được phê duyệt rồi mới lưu vào hồ sơ lưu.")
    known = kept.records_of_source(
        agency_id=actor.agency_id, source_type=SOURCE, source_ids=[statement_id]
    )
    if known:
        return known[0].id
    data = statement_paper(
        actor=actor, statement_id=statement_id, now=line.approved_at, ending="pdf"
    )
    title = f"{line.name}, lần {line.edition:02d}"
    with transaction.atomic():
        file = store(
            data=data, name=f"{line.part}-{line.edition:02d}.pdf", agency_id=actor.agency_id,
            actor_id=actor.person_id, at=now, kinds=("pdf",),
        )  # fmt: skip
        return records.record_deposit(
            actor=actor, series_id=None, title=title, source_type=SOURCE, source_id=statement_id,
            file_id=file.id, made_on=local(line.approved_at).date(), now=now,
            source_code=f"Điều {line.clause}", link=f"/boi-canh/{statement_id}/",
        )  # fmt: skip
