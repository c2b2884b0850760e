"""What a move of the engine brings besides steps: waits, called procedures, messages that go out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nep.apps.cases.events import CallDropped, CallsWanted, MessageSentOut, MessagesWanted
from nep.apps.cases.models import Case, CaseCall, CaseWait
from nep.apps.cases.rules import statuses
from nep.apps.cases.rules.plan import Plan
from nep.apps.cases.rules.waiting import MESSAGE, TIMER, Moment, TimerUnreadable, first_moment
from nep.apps.cases.services._opening import Ground
from nep.bpmn import CallClosed, CallOpened, Effect, MessageSent, WaitClosed, WaitOpened
from nep.foundation.db import Batch, new_id
from nep.foundation.outbox import services as outbox
from nep.kernel.errors import Refusal
from nep.worktime import Calendar

WAIT_TABLE, CALL_TABLE = "cases_casewait", "cases_casecall"
MESSAGE_TABLE = "cases_casemessage"
Place = tuple[int, str]


@dataclass(slots=True)
class Beyond:
    """What one action opened and closed besides steps, as its event keeps it."""

    waits: list[dict[str, Any]] = field(default_factory=list)
    unwaited: list[int] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    uncalled: list[int] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return what an event keeps of it; nothing where nothing happened."""
        facts = {
            "waits": self.waits, "unwaited": self.unwaited, "calls": self.calls,
            "uncalled": self.uncalled, "sent": self.sent,
        }  # fmt: skip
        return {name: value for name, value in facts.items() if value}


def beyond_into(
    batch: Batch,
    *,
    on: Ground,
    effects: Iterable[Effect],
    data: Mapping[str, Any],
    by_id: int | None,
    ends: Mapping[Place, str] | None = None,
    reason: str = "",
) -> Beyond:
    """Add what these effects open, close and send to the batch; return what the event keeps.

    `ends` says how the waits that this action itself ends were ended (fired, arrived, by_hand);
    every other one is dropped. Raises Refusal("timer_value") for a timer that says no moment.
    """
    found = Beyond()
    opened: dict[Place, WaitOpened] = {}
    called: dict[int, CallOpened] = {}
    closed: list[WaitClosed] = []
    uncalled: list[CallClosed] = []
    for effect in effects:
        if isinstance(effect, WaitOpened):
            opened[effect.token, effect.node] = effect
        elif isinstance(effect, WaitClosed):
            if opened.pop((effect.token, effect.node), None) is None:
                closed.append(effect)
        elif isinstance(effect, CallOpened):
            called[effect.token] = effect
        elif isinstance(effect, CallClosed):
            if called.pop(effect.token, None) is None:
                uncalled.append(effect)
        elif isinstance(effect, MessageSent):
            found.sent.append(_send(batch, on, effect.node, data))
    for one in opened.values():
        found.waits.append(_open_wait(batch, on, one, data))
    if closed:
        found.unwaited = _close_waits(batch, on, closed, by_id, ends or {}, reason)
    for call in called.values():
        found.calls.append(_open_call(batch, on, call, by_id))
    if uncalled:
        found.uncalled = _close_calls(batch, on.case_id, {c.token for c in uncalled}, on.now)
    _announce(batch, on, found)
    return found


def moment_of(
    plan: Plan, node: str, *, now: datetime, calendar: Calendar, data: Mapping[str, Any]
) -> Moment:
    """Return when the timer at a node fires. Raises Refusal("timer_value")."""
    trigger = plan.beyond.waits[node].trigger
    if trigger is None:
        raise KeyError(node)
    try:
        return first_moment(trigger, now=now, calendar=calendar, data=data)
    except TimerUnreadable as error:
        raise Refusal("timer_value", f"{error} Hãy ghi dữ liệu ấy rồi làm lại.") from error


def _open_wait(
    batch: Batch, on: Ground, effect: WaitOpened, data: Mapping[str, Any]
) -> dict[str, Any]:
    trigger = on.plan.beyond.waits[effect.node].trigger
    moment = None
    if trigger is not None and trigger.kind == TIMER:
        moment = moment_of(on.plan, effect.node, now=on.now, calendar=on.calendar, data=data)
    pk = new_id()
    batch.insert(
        WAIT_TABLE, id=pk, case_id=on.case_id, token=effect.token, node=effect.node,
        kind=MESSAGE if moment is None else TIMER,
        message=trigger.name[:120] if trigger is not None and moment is None else "",
        due_at=moment.due_at if moment else None, left=moment.left if moment else None, fired=0,
        opened_at=on.now, closed_at=None, outcome="", closed_by_id=None, reason="", trouble="",
    )  # fmt: skip
    fact: dict[str, Any] = {"wait": pk, "node": effect.node}
    if moment is not None:
        fact["due"] = moment.due_at.isoformat()
    return fact


def _close_waits(
    batch: Batch,
    on: Ground,
    closed: list[WaitClosed],
    by_id: int | None,
    ends: Mapping[Place, str],
    reason: str,
) -> list[int]:
    rows = CaseWait.objects.filter(case_id=on.case_id, closed_at=None)
    known = {(row.token, row.node): row.pk for row in rows}
    found = []
    for effect in closed:
        place = (effect.token, effect.node)
        pk = known.get(place)
        if pk is None:
            continue
        batch.update(
            WAIT_TABLE, where={"id": pk},
            set={
                "closed_at": on.now, "outcome": ends.get(place, "dropped"),
                "closed_by_id": by_id if place in ends else None,
                "reason": reason if place in ends else "", "trouble": "",
            },
        )  # fmt: skip
        found.append(pk)
    return found


def _open_call(batch: Batch, on: Ground, effect: CallOpened, by_id: int | None) -> dict[str, Any]:
    called = on.plan.beyond.calls[effect.node].called
    pk = new_id()
    batch.insert(
        CALL_TABLE, id=pk, case_id=on.case_id, token=effect.token, node=effect.node,
        content_hash=called.version if called else "", child_id=None, opened_at=on.now,
        opened_by_id=by_id, closed_at=None, outcome="", reason="", trouble="",
    )  # fmt: skip
    return {"call": pk, "node": effect.node}


def _close_calls(batch: Batch, case_id: int, tokens: set[int], now: datetime) -> list[int]:
    rows = CaseCall.objects.filter(case_id=case_id, closed_at=None, token__in=tokens)
    found = list(rows.values_list("id", flat=True))
    for pk in found:
        batch.update(
            CALL_TABLE, where={"id": pk},
            set={"closed_at": now, "outcome": "dropped", "trouble": ""},
        )  # fmt: skip
    return found


def _send(batch: Batch, on: Ground, node: str, data: Mapping[str, Any]) -> str:
    """Add a message that goes out, with the plain data of the case, and announce it."""
    trigger = on.plan.beyond.sends[node].trigger
    name = trigger.name[:120] if trigger is not None else node
    pk = new_id()
    plain = {key: value for key, value in data.items() if not isinstance(value, list | dict)}
    batch.insert(
        MESSAGE_TABLE, id=pk, agency_id=on.actor.agency_id, case_id=on.case_id, way="out",
        name=name, node=node, key="", digest="", source_id=None, other_id=None,
        data=json.dumps(plain, ensure_ascii=False), at=on.now, state="sent", taken_at=None,
    )  # fmt: skip
    outbox.publish(
        MessageSentOut(pk, on.actor.agency_id, on.case_id), agency_id=on.actor.agency_id,
        at=on.now, batch=batch,
    )  # fmt: skip
    return name


def _announce(batch: Batch, on: Ground, found: Beyond) -> None:
    agency_id = on.actor.agency_id
    events: list[Any] = [CallDropped(pk, on.case_id, agency_id) for pk in found.uncalled]
    if any("due" not in fact for fact in found.waits):
        events.append(MessagesWanted(on.case_id, agency_id))
    if found.calls:
        events.append(CallsWanted(on.case_id, agency_id))
    for event in events:
        outbox.publish(event, agency_id=agency_id, at=on.now, batch=batch)


def messages_leave_into(
    batch: Batch, *, case_id: int, plan: Plan, status: int | None, now: datetime
) -> None:
    """Give up what was kept for a case whose result is handed out now; nothing waits after that."""
    if status == statuses.RETURNED and plan.beyond.waits:
        batch.update(
            MESSAGE_TABLE, where={"case_id": case_id, "way": "in", "state": "kept"},
            set={"state": "left", "taken_at": now},
        )  # fmt: skip


def beyond_end(batch: Batch, *, case: Case, plan: Plan, by_id: int | None, now: datetime) -> None:
    """Let everything that a case waits for go, because the case ends from outside."""
    if not plan.beyond:
        return
    for pk in CaseWait.objects.filter(case=case, closed_at=None).values_list("id", flat=True):
        batch.update(
            WAIT_TABLE, where={"id": pk},
            set={"closed_at": now, "outcome": "dropped", "closed_by_id": by_id, "trouble": ""},
        )  # fmt: skip
    for pk in CaseCall.objects.filter(case=case, closed_at=None).values_list("id", flat=True):
        batch.update(
            CALL_TABLE, where={"id": pk},
            set={"closed_at": now, "outcome": "dropped", "trouble": ""},
        )  # fmt: skip
        outbox.publish(
            CallDropped(pk, case.pk, case.agency_id), agency_id=case.agency_id, at=now, batch=batch
        )
