"""Proposals are taken over into the registers, never by themselves."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.planning import queries
from nep.apps.planning.services._risks import RiskValues, risk_open
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.references import Reference
from nep.kernel.vietnamese import local


@transaction.atomic
def risks_take_over(*, actor: Actor, keys: Collection[str], now: datetime) -> tuple[int, ...]:
    """Open the proposals of these keys as drafts that wait for their rating; return their ids.

    Raises Forbidden; Refusal("nothing_chosen", "proposal_gone").
    """
    require(may(actor, "risk.work"))
    if not keys:
        raise Refusal("nothing_chosen", "Hãy chọn ít nhất một gợi ý.")
    offered = {
        one.key: one
        for one in queries.proposals(agency_id=actor.agency_id, today=local(now).date())
    }
    made = []
    for key in dict.fromkeys(keys):
        one = offered.get(key)
        if one is None:
            raise Refusal(
                "proposal_gone", "Gợi ý này không còn hoặc đã có trong sổ. Hãy tải lại trang."
            )
        origin = Reference("proposal", 0, one.told or queries.SOURCE_NAMES[one.source])
        values = RiskValues(
            kind=one.kind, title=one.title, cause=one.cause, effect=one.effect, clause=one.clause,
            procedure_id=one.procedure_id, step=one.step, owner_id=actor.person_id,
        )  # fmt: skip
        made.append(
            risk_open(actor=actor, values=values, origin=origin, source_key=one.key, now=now)
        )
    return tuple(made)
