"""An approved list of objectives goes into the agency's records, frozen as it was printed."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.planning.queries import objectives_list
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.services._objective_papers import objectives_list_paper
from nep.apps.records import queries as kept
from nep.apps.records import services as records
from nep.foundation.files.services import store
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

SOURCE = "form"  # the plan's line for filled forms takes it


def objectives_deposit(*, actor: Actor, list_id: int, now: datetime) -> int:
    """Deposit the printed list with its hash and return the record's id; again, the same.

    The PDF is made before the transaction. Raises Forbidden; NotFound; Refusal("not_approved").
    Source: TCVN ISO 9001:2015 điều 6.2.1 (thông tin dạng văn bản về mục tiêu).
    """
    require(may(actor, "record.keep"))
    sheet = objectives_list(actor=actor, list_id=list_id)
    if sheet.state != rules.SET_APPROVED or sheet.approved_at is None:
        raise Refusal("not_approved", "Danh sách phê duyệt rồi mới lưu vào hồ sơ lưu.")
    known = kept.records_of_source(
        agency_id=actor.agency_id, source_type=SOURCE, source_ids=[list_id]
    )
    if known:
        return known[0].id
    data = objectives_list_paper(actor=actor, list_id=list_id, now=sheet.approved_at, ending="pdf")
    code = f"MT {sheet.year}/{sheet.edition:02d}"
    with transaction.atomic():
        file = store(
            data=data, name=f"muc-tieu-{sheet.year}-{sheet.edition:02d}.pdf",
            agency_id=actor.agency_id, actor_id=actor.person_id, at=now, kinds=("pdf",),
        )  # fmt: skip
        return records.record_deposit(
            actor=actor, series_id=None, title=f"Mục tiêu chất lượng năm {sheet.year}",
            source_type=SOURCE, source_id=list_id, file_id=file.id,
            made_on=local(sheet.approved_at).date(), now=now, source_code=code,
            link=f"/muc-tieu/danh-sach/{list_id}/",
        )  # fmt: skip
