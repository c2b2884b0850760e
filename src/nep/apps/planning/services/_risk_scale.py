"""An agency chooses how it rates its risks."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.planning import queries
from nep.apps.planning.models import Risk, RiskScaleSetting
from nep.apps.planning.rules import scales
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal


@transaction.atomic
def risk_scale_set(
    *, actor: Actor, method: str, medium_from: int, high_from: int, now: datetime
) -> int:
    """Set the method and thresholds; risks rated by it get their levels anew. Return how many did.

    Raises Forbidden; Refusal("method_unknown", "thresholds").
    """
    require(may(actor, "risk.set"))
    if method not in scales.METHODS:
        raise Refusal("method_unknown", "Hãy chọn cách đánh giá trong danh sách.", field="method")
    shipped = queries.shipped_scales()[method]
    require(
        scales.decide_scale(shipped, medium_from=medium_from, high_from=high_from), kind=Refusal
    )
    old = queries.scale_of(agency_id=actor.agency_id)
    RiskScaleSetting.objects.update_or_create(
        agency_id=actor.agency_id,
        defaults={"method": method, "medium_from": medium_from, "high_from": high_from,
                  "changed_by_id": actor.person_id, "changed_at": now},
    )  # fmt: skip
    scale = queries.scale_of(agency_id=actor.agency_id)
    changed = 0
    for row in Risk.objects.filter(agency_id=actor.agency_id, method=method).exclude(
        state="closed"
    ):
        level = scales.level_of(scale, row.product or 0)
        left = scales.level_of(scale, row.left_product) if row.left_product else ""
        if (level, left) != (row.level, row.left_level):
            row.level, row.left_level = level, left
            row.save(update_fields=["level", "left_level"])
            changed += 1
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="risk.scale_set",
        object_type="risk_scale", object_id=actor.agency_id, at=now,
        old={"method": old.method, "medium_from": old.medium_from, "high_from": old.high_from},
        new={"method": method, "medium_from": medium_from, "high_from": high_from,
             "changed": changed},
    )  # fmt: skip
    return changed
