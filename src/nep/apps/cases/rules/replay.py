"""The events of the engine that a case's log tells, so that its marking can be found again. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nep.apps.cases.rules.slip import LoggedEvent
from nep.bpmn import (
    CallFailed,
    CallReturned,
    Compiled,
    Event,
    MessageArrived,
    TaskDone,
    TaskFailed,
    TimerFired,
    Withdrawn,
)

Data = Mapping[str, Any]


def engine_event(
    event: LoggedEvent, *, compiled: Compiled, token: int | None, data: Data
) -> Event | None:
    """Return what an event of the log meant for the engine, None where it moved nothing.

    `token` is that of the run the event closed, `data` those of the case as conditions read them.
    """
    if token is not None:
        if "error" in event.data:
            return TaskFailed(token, event.data["error"], data)
        return TaskDone(token, data, event.data.get("outcome"))
    made = _MADE.get(event.kind)
    return made(event, compiled, data) if made is not None else None


def joined(event: LoggedEvent) -> dict[str, Any]:
    """Return what an event added to the data of its case, besides what was typed in a step."""
    return {**event.data.get("asked", {}), **event.data.get("joins", {})}


def opened_by(events: Iterable[LoggedEvent], run_id: int) -> int | None:
    """Return who opened a run by finishing the step before it, None where nobody did."""
    for event in events:
        if any(one["run"] == run_id for one in event.data.get("opened", ())):
            return event.actor_id
    return None


def _waited(event: LoggedEvent, compiled: Compiled, data: Data) -> Event:
    wait, node = event.data["wait"], event.node
    trigger = compiled.steps[node].trigger
    if trigger is not None and trigger.kind == "message":
        return MessageArrived(wait["token"], node, data)
    return TimerFired(wait["token"], node, data, last=bool(wait.get("last")))


def _returned(event: LoggedEvent, _compiled: Compiled, data: Data) -> Event:
    return CallReturned(event.data["token"], data)


def _failed(event: LoggedEvent, _compiled: Compiled, data: Data) -> Event:
    return CallFailed(event.data["token"], event.data["error"], data)


def _unasked(event: LoggedEvent, _compiled: Compiled, data: Data) -> Event:
    return Withdrawn(event.data["token"], data)


_MADE: Mapping[str, Callable[[LoggedEvent, Compiled, Data], Event]] = {
    "timer_fired": _waited,
    "wait_ended": _waited,
    "message_arrived": _waited,
    "call_returned": _returned,
    "call_failed": _failed,
    "opinion_withdrawn": _unasked,
}
