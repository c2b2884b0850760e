"""Who listens to which event, and which function does which job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Handler = Callable[[Any, datetime], None]
Condition = Callable[[Any], bool]
PeriodicHandler = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that the worker repeats by itself."""

    name: str
    every_seconds: int
    run: PeriodicHandler


subscribers: dict[str, list[Handler]] = {}
conditions: dict[Handler, Condition] = {}
events: dict[str, type] = {}
jobs: dict[str, Handler] = {}
periodics: dict[str, Periodic] = {}


def event_name(event: type) -> str:
    """Return the name under which an event class is stored."""
    return f"event:{event.__name__}"


def subscribe(event: type, *, when: Condition | None = None) -> Callable[[Handler], Handler]:
    """Mark `f(event, now)` as a listener of an event class; it must be idempotent.

    With `when(event)`, a pure function, it listens to those events only. One that every listener
    passes over is not even written.
    """

    def keep(handler: Handler) -> Handler:
        events[event_name(event)] = event
        if when is not None:
            conditions[handler] = when
        known = subscribers.setdefault(event_name(event), [])
        if handler not in known:
            known.append(handler)
        return handler

    return keep


def listens(handler: Handler, event: Any) -> bool:
    """Say whether a listener of an event's class wants this one."""
    when = conditions.get(handler)
    return when is None or when(event)


def job(name: str) -> Callable[[Handler], Handler]:
    """Mark `f(payload: dict, now)` as the function that does the job of this name."""

    def keep(handler: Handler) -> Handler:
        jobs[name] = handler
        return handler

    return keep


def periodic(name: str, *, every_seconds: int) -> Callable[[PeriodicHandler], PeriodicHandler]:
    """Mark `f(now)` as work that the worker repeats; it must be idempotent."""

    def keep(handler: PeriodicHandler) -> PeriodicHandler:
        periodics[name] = Periodic(name, every_seconds, handler)
        return handler

    return keep
