"""What a case that goes on by another version takes along besides its steps: waits, sub-procedures."""

from datetime import datetime
from typing import Any

from nep.apps.cases.events import CallsWanted, MessagesWanted, ReturnsWanted
from nep.apps.cases.models import Case, CaseCall
from nep.apps.cases.rules.landing import LandedWait, Landing
from nep.apps.cases.rules.plan import Plan
from nep.apps.cases.rules.waiting import MESSAGE, TIMER
from nep.apps.cases.services._beyond import CALL_TABLE, WAIT_TABLE
from nep.foundation.db import Batch, new_id
from nep.foundation.outbox import services as outbox


def along_into(
    batch: Batch, *, case: Case, plan: Plan, landing: Landing, by_id: int | None, now: datetime
) -> dict[str, Any]:
    """Add to the batch what the waits and calls of a case become; return what the event keeps.

    A row that goes on keeps its key and since when it stands; messages that came early and called
    cases that are over are looked at again.
    """
    kept = [one for one in landing.waits if one.id]
    for wait in kept:
        batch.update(WAIT_TABLE, where={"id": wait.id}, set=_columns(plan, wait))
    for pk in landing.dropped:
        batch.update(
            WAIT_TABLE, where={"id": pk},
            set={"closed_at": now, "outcome": "dropped", "closed_by_id": by_id, "trouble": ""},
        )  # fmt: skip
    begun = [_begin(batch, case, plan, one, now) for one in landing.waits if not one.id]
    for call in landing.calls:
        batch.update(
            CALL_TABLE, where={"id": call.id},
            set={"token": call.token, "node": call.node, "trouble": ""},
        )  # fmt: skip
    _announce(batch, case, landing, now)
    facts = {
        "along": [{"wait": one.id, **_fact(one)} for one in kept],
        "waits": begun,
        "unwaited": list(landing.dropped),
        "called": [{"call": one.id, "node": one.node} for one in landing.calls],
        "told": list(landing.told),
    }
    return {name: value for name, value in facts.items() if value}


def calls_repin(landing: Landing) -> None:
    """Pin the sub-procedures that are not yet opened to what the other version calls.

    One that another process opens at this moment keeps the version it is opened with.
    """
    for one in landing.calls:
        if one.version is not None:
            CaseCall.objects.filter(pk=one.id, child=None).update(content_hash=one.version)


def _columns(plan: Plan, wait: LandedWait) -> dict[str, Any]:
    """Return the columns of a wait that its version says."""
    trigger, moment = plan.beyond.waits[wait.node].trigger, wait.moment
    is_message = trigger is not None and trigger.kind == MESSAGE
    return {
        "token": wait.token, "node": wait.node,
        "message": trigger.name[:120] if trigger is not None and is_message else "",
        "due_at": moment.due_at if moment else None, "left": moment.left if moment else None,
        "trouble": "",
    }  # fmt: skip


def _begin(batch: Batch, case: Case, plan: Plan, wait: LandedWait, now: datetime) -> dict[str, Any]:
    pk = new_id()
    batch.insert(
        WAIT_TABLE, id=pk, case_id=case.pk, kind=TIMER if wait.moment else MESSAGE, fired=0,
        opened_at=now, closed_at=None, outcome="", closed_by_id=None, reason="",
        **_columns(plan, wait),
    )  # fmt: skip
    return {"wait": pk, **_fact(wait)}


def _fact(wait: LandedWait) -> dict[str, Any]:
    due = {"due": wait.moment.due_at.isoformat()} if wait.moment is not None else {}
    return {"node": wait.node, **due}


def _announce(batch: Batch, case: Case, landing: Landing, now: datetime) -> None:
    events: list[Any] = []
    if any(one.moment is None for one in landing.waits):
        events.append(MessagesWanted(case.pk, case.agency_id))
    if any(one.version is None for one in landing.calls):
        events.append(ReturnsWanted(case.pk, case.agency_id))
    if any(one.version is not None for one in landing.calls):
        events.append(CallsWanted(case.pk, case.agency_id))
    for event in events:
        outbox.publish(event, agency_id=case.agency_id, at=now, batch=batch)
