"""What may come to a played case besides a step being finished: a timer, a message, trouble."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nep.bpmn import (
    CallFailed,
    Compiled,
    Event,
    Limit,
    MessageArrived,
    State,
    TaskFailed,
    TimerFired,
    Trigger,
)
from nep.bpmn.timers import longest_wait, timer_problem

ERROR, TIMER = "error", "timer"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that may come to a token: `node` is the event, `owner` the token or scope it waits at.

    `lasts` is how long its timer runs, as limits to be added; () where no time is told.
    """

    token: int
    owner: int
    node: str
    trigger: Trigger
    lasts: tuple[Limit, ...] = ()


def happenings(compiled: Compiled, state: State, token_id: int) -> tuple[Happening, ...]:
    """Return what may come to a token where it stands, nearest first.

    What may come to a whole group, or to a step that asks several, is told with the first token in
    it alone. A wait of its own, as rows have it, is no happening: it ends as a step does.
    """
    token = next((one for one in state.tokens if one.id == token_id), None)
    if token is None or token.flow:
        return ()
    step = compiled.steps[token.node]
    found = [] if step.behind is None else list(_of(compiled, token_id, token_id, step.behind))
    if step.instances is None:
        found += _of(compiled, token_id, token_id, step.boundaries)
    for scope in _scopes_around(state, token.scope):
        if token_id == min(_tokens_in(state, scope)):
            found += _of(
                compiled, token_id, scope, compiled.steps[_node_of(state, scope)].boundaries
            )
    return tuple(one for one in found if (one.owner, one.node) not in state.spent)


def event_for(compiled: Compiled, state: State, one: Happening, data: Mapping[str, Any]) -> Event:
    """Return the event by which the engine takes up a happening."""
    if one.trigger.kind == ERROR:
        node = next(token.node for token in state.tokens if token.id == one.token)
        failed = CallFailed if compiled.steps[node].kind == "call" else TaskFailed
        return failed(one.token, one.trigger.name, data)
    came = TimerFired if one.trigger.kind == TIMER else MessageArrived
    return came(one.owner, one.node, data)


def _of(
    compiled: Compiled, token: int, owner: int, nodes: Mapping[str, Any] | tuple[str, ...]
) -> Iterator[Happening]:
    for node in nodes:
        trigger = compiled.steps[node].trigger
        if trigger is None:
            continue
        timed = trigger.kind == TIMER and not timer_problem(trigger)
        lasts = longest_wait(trigger) or () if timed else ()
        place = token if trigger.kind == ERROR else owner
        yield Happening(token, place, node, trigger, tuple(lasts))


def _scopes_around(state: State, scope: int) -> Iterator[int]:
    parents = {one.id: one.parent for one in state.scopes}
    while scope in parents:
        yield scope
        scope = parents[scope]


def _tokens_in(state: State, scope: int) -> list[int]:
    return [one.id for one in state.tokens if scope in _scopes_around(state, one.scope)]


def _node_of(state: State, scope: int) -> str:
    return next(one.node for one in state.scopes if one.id == scope)
