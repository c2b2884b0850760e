"""The token game: `start` and `advance`, pure and independent of the size of the process."""

from collections.abc import Mapping
from typing import Any

from nep.bpmn.events import (
    CallFailed,
    CallReturned,
    Effect,
    EngineError,
    Event,
    MessageArrived,
    Retried,
    TaskClosed,
    TaskDone,
    TaskFailed,
    TimerFired,
    WaitClosed,
    Withdrawn,
)
from nep.bpmn.scopes import Run, awaited, expect_open, not_open
from nep.bpmn.state import STUCK, STUCK_BEFORE, State, Token
from nep.bpmn.tables import Compiled, Step


def start(compiled: Compiled, *, data: Mapping[str, Any]) -> tuple[State, tuple[Effect, ...]]:
    """Begin a case and return its first state and effects."""
    return _begun(compiled, data).finish()


def _begun(compiled: Compiled, data: Mapping[str, Any]) -> Run:
    run = Run(compiled.steps, {}, 1, data, None)
    run.leave(compiled.steps[compiled.start], 0)
    return run


def advance(compiled: Compiled, state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """Return the state and effects after an event; the given state stays as it was.

    Raises EngineError: `case_ended`, `token_unknown`, `token_not_open`, `token_not_stuck`,
    `outcome_unknown`, `wait_unknown`, `error_uncaught`.
    """
    return _advanced(compiled, state, event).finish()


def walk(
    compiled: Compiled, state: State | None, event: Event | None, *, data: Mapping[str, Any]
) -> tuple[State, tuple[Effect, ...], tuple[str, ...]]:
    """Do one event as `advance` does (without one, as `start`) and tell the flows it went through.

    Raises EngineError as `advance`.
    """
    if state is None or event is None:
        run = _begun(compiled, data)
    else:
        run = _advanced(compiled, state, event)
    reached, effects = run.finish()
    return reached, effects, tuple(run.taken)


def open_waits(compiled: Compiled, state: State) -> tuple[tuple[int, str], ...]:
    """Return (token or scope, event) of everything a case waits for, in no told order."""
    steps = compiled.steps
    owners = [(scope.id, scope.node) for scope in state.scopes]
    found = []
    for token in state.tokens:
        if token.flow:
            continue
        step = steps[token.node]
        if step.kind in ("catch", "receive", "event_gateway"):
            found += [(token.id, node) for node in awaited(step)]
        if step.instances is None:
            owners.append((token.id, token.node))
    for owner, host in owners:
        for node in steps[host].boundaries:
            trigger = steps[node].trigger
            if trigger is not None and trigger.kind != "error" and (owner, node) not in state.spent:
                found.append((owner, node))
    return tuple(found)


def open_calls(compiled: Compiled, state: State) -> tuple[tuple[int, str], ...]:
    """Return (token, node) of every procedure that was called and has not returned."""
    return tuple(
        (token.id, token.node)
        for token in state.tokens
        if not token.flow and compiled.steps[token.node].kind == "call"
    )


def _advanced(compiled: Compiled, state: State, event: Event) -> Run:
    if state.status == "ended":
        raise EngineError("case_ended", "Hồ sơ đã kết thúc, không còn bước nào để làm.")
    tokens = {token.id: token for token in state.tokens}
    outcome = event.outcome if isinstance(event, (TaskDone, Retried)) else None
    run = Run(compiled.steps, tokens, state.next_token, event.data, outcome)
    if state.scopes:
        run.scopes = {scope.id: scope for scope in state.scopes}
    run.spent = state.spent
    if isinstance(event, (TimerFired, MessageArrived)):
        _come(run, event)
        return run
    token = tokens.pop(event.token, None)
    if token is None:
        raise EngineError("token_unknown", "Bước này không còn mở; có thể đã có người hoàn thành.")
    step = compiled.steps.get(token.node)
    if step is None:
        raise EngineError("token_unknown", f"Quy trình không có bước “{token.node}”.")
    if isinstance(event, TaskDone):
        _done(run, token, step, event.outcome)
    elif isinstance(event, Retried):
        _retried(run, token, step)
    elif isinstance(event, Withdrawn):
        _withdrawn(run, token, step)
    else:
        _returned(run, token, step, event)
    return run


def _done(run: Run, token: Token, step: Step, outcome: str | None) -> None:
    if token.flow or step.kind != "task":
        raise not_open()
    if outcome is not None and outcome not in step.by_hand:
        raise EngineError(
            "outcome_unknown", "Hướng đi được chọn không có ngay sau bước này; hãy chọn lại."
        )
    run.effects.append(TaskClosed(token.id, token.node))
    if step.instances is not None:
        run.answered(token, step)
        return
    if step.boundaries:
        run.unwatch(token.id, step)
    run.leave(step, token.scope)


def _retried(run: Run, token: Token, step: Step) -> None:
    if token.flow == STUCK:
        run.leave(step, token.scope)
    elif token.flow == STUCK_BEFORE:
        run.ask(step, token.scope)
    else:
        raise EngineError("token_not_stuck", "Chỗ này không bị vướng nên không cần xử lý lại.")


def _withdrawn(run: Run, token: Token, step: Step) -> None:
    expect_open(token, step, "task")
    if step.instances is None:
        raise EngineError("token_not_open", "Bước này không hỏi ý kiến nhiều nơi.")
    run.effects.append(TaskClosed(token.id, token.node))
    run.withdrawn(token, step)


def _returned(
    run: Run, token: Token, step: Step, event: CallReturned | CallFailed | TaskFailed
) -> None:
    """Take up what a called procedure gives back, or an error of a step or a call."""
    if isinstance(event, CallReturned):
        expect_open(token, step, "call")
        run.unwatch(token.id, step)
        run.leave(step, token.scope)
        return
    if isinstance(event, TaskFailed):
        expect_open(token, step, "task")
        if not run.catches(step, event.code, token.scope):
            raise EngineError("error_uncaught", "Không có sự kiện nào ở bước này nhận lỗi ấy.")
        run.effects.append(TaskClosed(token.id, token.node))
    else:
        expect_open(token, step, "call")
    run.fail(token, step, event.code)


def _come(run: Run, event: TimerFired | MessageArrived) -> None:
    """Let a timer or a message come to where it is waited for."""
    kind = "timer" if isinstance(event, TimerFired) else "message"
    node = run.steps.get(event.node)
    if node is None or node.trigger is None or node.trigger.kind != kind:
        raise _unknown_wait()
    token = run.tokens.get(event.token)
    if node.kind == "boundary":
        host = _host(run, event.token)
        if host != node.host or (event.token, node.id) in run.spent:
            raise _unknown_wait()
        run.border(event.token, node, last=isinstance(event, TimerFired) and event.last)
        return
    if token is None or token.flow:
        raise _unknown_wait()
    gateway = run.steps[token.node]
    if node.id not in awaited(gateway):
        raise _unknown_wait()
    del run.tokens[token.id]
    run.effects += [WaitClosed(token.id, one) for one in awaited(gateway)]
    if gateway.behind is not None:
        run.taken.append(gateway.behind[node.id].flow)
    else:
        run.unwatch(token.id, node)
    run.leave(node, token.scope)


def _host(run: Run, owner: int) -> str | None:
    """Return the step whose border an owner watches."""
    if owner in run.scopes:
        return run.scopes[owner].node
    token = run.tokens.get(owner)
    if token is None or token.flow or run.steps[token.node].instances is not None:
        return None
    return token.node


def _unknown_wait() -> EngineError:
    return EngineError("wait_unknown", "Hồ sơ không còn chờ sự kiện này.")
