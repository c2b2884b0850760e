"""The token game: `start` and `advance`, pure and independent of the size of the process."""

from collections.abc import Mapping
from typing import Any

from nep.bpmn.conditions import evaluate
from nep.bpmn.events import (
    Effect,
    EngineError,
    Event,
    Incident,
    ProcessEnded,
    Retried,
    TaskClosed,
    TaskDone,
    TaskOpened,
)
from nep.bpmn.state import STUCK, State, Token
from nep.bpmn.tables import Compiled, Exit, Step

MAX_MOVES = 2_000
"""So many automatic moves in one step mean gateways that turn round for ever."""


def start(compiled: Compiled, *, data: Mapping[str, Any]) -> tuple[State, tuple[Effect, ...]]:
    """Begin a case and return its first state and effects."""
    return _begun(compiled, data).finish()


def _begun(compiled: Compiled, data: Mapping[str, Any]) -> "_Run":
    run = _Run(compiled.steps, {}, 1, data, None)
    run.leave(compiled.steps[compiled.start])
    return run


def advance(compiled: Compiled, state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """Return the state and effects after an event; the given state stays as it was.

    Raises EngineError: `case_ended`, `token_unknown`, `token_not_open`, `token_not_stuck`,
    `outcome_unknown`.
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


def _advanced(compiled: Compiled, state: State, event: Event) -> "_Run":
    if state.status == "ended":
        raise EngineError("case_ended", "Hồ sơ đã kết thúc, không còn bước nào để làm.")
    tokens = {token.id: token for token in state.tokens}
    token = tokens.pop(event.token, None)
    if token is None:
        raise EngineError("token_unknown", "Bước này không còn mở; có thể đã có người hoàn thành.")
    step = compiled.steps.get(token.node)
    if step is None:
        raise EngineError("token_unknown", f"Quy trình không có bước “{token.node}”.")
    outcome = event.outcome if isinstance(event, TaskDone | Retried) else None
    run = _Run(compiled.steps, tokens, state.next_token, event.data, outcome)
    if isinstance(event, TaskDone):
        _expect(token, step, outcome)
        run.effects.append(TaskClosed(token.id, token.node))
    elif token.flow != STUCK:
        raise EngineError("token_not_stuck", "Chỗ này không bị vướng nên không cần xử lý lại.")
    run.leave(step)
    return run


def _expect(token: Token, step: Step, outcome: str | None) -> None:
    if token.flow:
        raise EngineError("token_not_open", "Hồ sơ đang chờ ở đây, không có việc để hoàn thành.")
    if outcome is not None and outcome not in step.by_hand:
        raise EngineError(
            "outcome_unknown", "Hướng đi được chọn không có ngay sau bước này; hãy chọn lại."
        )


class _Run:
    """One event carried through all automatic moves; works on its own copies."""

    __slots__ = (
        "data", "effects", "moves", "next_token", "outcome", "queue", "steps", "taken", "tokens",
    )  # fmt: skip

    def __init__(
        self,
        steps: dict[str, Step],
        tokens: dict[int, Token],
        next_token: int,
        data: Mapping[str, Any],
        outcome: str | None,
    ) -> None:
        self.steps = steps
        self.tokens = tokens
        self.next_token = next_token
        self.data = data
        self.outcome = outcome
        self.effects: list[Effect] = []
        self.queue: list[Exit] = []
        self.taken: list[str] = []
        self.moves = 0

    def finish(self) -> tuple[State, tuple[Effect, ...]]:
        """Move until nothing moves, then say where the case stands."""
        self._drain()
        while self._open_inclusive_joins():
            self._drain()
        tokens = tuple(self.tokens.values())
        if not tokens:
            self.effects.append(ProcessEnded())
            return State((), self.next_token, "ended"), tuple(self.effects)
        stuck = any(token.flow == STUCK for token in tokens)
        if not stuck and all(token.flow for token in tokens):
            stuck = True
            self.effects.append(
                Incident(
                    "waits_for_ever",
                    "Hồ sơ chờ ở điểm hợp nhánh nhưng không còn nhánh nào sẽ tới.",
                    tokens[0].node,
                )
            )
        status = "incident" if stuck else "running"
        return State(tokens, self.next_token, status), tuple(self.effects)

    def leave(self, step: Step) -> None:
        """Queue the exits a token takes out of a node."""
        if step.forks:
            self.queue.extend(step.exits)
        elif step.kind == "exclusive":
            way = self._one(step)
            if way is None:
                self._stick(
                    step, "no_way_out", "Không điều kiện nào đúng và không có nhánh mặc định."
                )
            else:
                self.queue.append(way)
        else:
            ways = self._several(step)
            if not ways:
                self._stick(
                    step, "no_way_out", "Không điều kiện nào đúng và không có nhánh mặc định."
                )
            self.queue.extend(ways)

    def _one(self, step: Step) -> Exit | None:
        if self.outcome is not None:
            for way in step.exits:
                if way.flow == self.outcome:
                    self.outcome = None
                    return way
        for way in step.exits:
            if (
                way.condition is not None
                and way is not step.default
                and evaluate(way.condition, self.data)
            ):
                return way
        return step.default

    def _several(self, step: Step) -> list[Exit]:
        ways = [
            way
            for way in step.exits
            if way is not step.default
            and (way.condition is None or evaluate(way.condition, self.data))
        ]
        return ways or ([step.default] if step.default is not None else [])

    def _drain(self) -> None:
        queue = self.queue
        while queue:
            self.moves += 1
            way = queue.pop(0)
            if self.moves > MAX_MOVES:
                self._stick(
                    self.steps[way.source],
                    "turns_for_ever",
                    "Các nhánh quay vòng không qua bước nào.",
                )
                continue
            self.taken.append(way.flow)
            self._enter(way)

    def _enter(self, way: Exit) -> None:
        step = self.steps[way.target]
        kind = step.kind
        if kind == "task":
            self.effects.append(TaskOpened(self._put(step.id, ""), step.id))
        elif kind == "exclusive":
            self.leave(step)
        elif kind == "parallel" or kind == "inclusive":
            if len(step.entries) == 1:
                self.leave(step)
                return
            self._put(step.id, way.flow)
            if kind == "parallel":
                self._open_parallel_join(step)
        elif kind == "terminate":
            self._terminate()

    def _put(self, node: str, flow: str) -> int:
        number = self.next_token
        self.next_token = number + 1
        self.tokens[number] = Token(number, node, flow)
        return number

    def _waiting(self, step: Step) -> dict[str, int]:
        """Return for each way in with a token the first token there."""
        found: dict[str, int] = {}
        for token in self.tokens.values():
            if token.node == step.id and token.flow and token.flow != STUCK:
                found.setdefault(token.flow, token.id)
        return found

    def _open_parallel_join(self, step: Step) -> None:
        waiting = self._waiting(step)
        if len(waiting) == len(step.entries):
            for number in waiting.values():
                del self.tokens[number]
            self.leave(step)

    def _open_inclusive_joins(self) -> bool:
        """Open the first inclusive join no further token can reach; tell whether one opened."""
        seen = set()
        for token in self.tokens.values():
            if not token.flow or token.flow == STUCK or token.node in seen:
                continue
            seen.add(token.node)
            step = self.steps[token.node]
            if step.upstream is None:
                continue
            waiting = self._waiting(step)
            if not self._more_may_come(step, step.upstream, waiting):
                for number in waiting.values():
                    del self.tokens[number]
                self.leave(step)
                return True
        return False

    def _more_may_come(
        self, step: Step, upstream: dict[str, frozenset[str]], waiting: dict[str, int]
    ) -> bool:
        """Tell whether a token elsewhere reaches an empty way in and none of the filled ones."""
        for token in self.tokens.values():
            place = token.node if not token.flow or token.flow == STUCK else token.flow
            if token.node == step.id and token.flow != STUCK:
                continue
            if any(place in upstream[entry] for entry in waiting):
                continue
            if any(place in upstream[entry] for entry in step.entries if entry not in waiting):
                return True
        return False

    def _stick(self, step: Step, code: str, message: str) -> None:
        self._put(step.id, STUCK)
        self.effects.append(Incident(code, message, step.id))

    def _terminate(self) -> None:
        for token in self.tokens.values():
            if not token.flow:
                self.effects.append(TaskClosed(token.id, token.node))
        self.tokens.clear()
        self.queue.clear()
