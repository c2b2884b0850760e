"""The sheet of a closed nonconformity goes into the agency's records, frozen as it was printed."""

from datetime import datetime

from django.db import transaction

from nep.apps.improvement import queries
from nep.apps.improvement.rules import life
from nep.apps.improvement.services._papers import nonconformity_paper
from nep.apps.organization.rules import Actor, may
from nep.apps.records import queries as kept
from nep.apps.records import services as records
from nep.foundation.files.services import store
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

SOURCE = "form"  # the plan's line for filled forms takes it


def nonconformity_deposit(*, actor: Actor, nonconformity_id: int, now: datetime) -> int:
    """Deposit the printed sheet of a closed nonconformity with its hash; return the record's id.

    Again it returns the same. The PDF is made before the transaction. Raises Forbidden; NotFound;
    Refusal("not_closed"). Source: TCVN ISO 9001:2015 điều 10.2.2.
    """
    require(may(actor, "record.keep"))
    page = queries.nonconformity_page(
        actor=actor, nonconformity_id=nonconformity_id, today=local(now).date()
    )
    if page.line.state != life.CLOSED or page.line.ended_at is None:
        raise Refusal("not_closed", "Phiếu đóng rồi mới lưu vào hồ sơ lưu.")
    known = kept.records_of_source(
        agency_id=actor.agency_id, source_type=SOURCE, source_ids=[nonconformity_id]
    )
    if known:
        return known[0].id
    ended = page.line.ended_at
    data = nonconformity_paper(
        actor=actor, nonconformity_id=nonconformity_id, now=ended, ending="pdf"
    )
    with transaction.atomic():
        file = store(
            data=data, name=f"{page.line.code.replace('/', '-')}.pdf", agency_id=actor.agency_id,
            actor_id=actor.person_id, at=now, kinds=("pdf",),
        )  # fmt: skip
        return records.record_deposit(
            actor=actor, series_id=None, title=page.line.title, source_type=SOURCE,
            source_id=nonconformity_id, file_id=file.id, made_on=local(ended).date(), now=now,
            source_code=page.line.code, link=f"/khong-phu-hop/{nonconformity_id}/",
        )  # fmt: skip
