"""The automatic moves of one event: tokens, gateways and joins. Independent of the process' size."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from nep.bpmn.conditions import evaluate
from nep.bpmn.events import Effect, Incident, ProcessEnded, TaskOpened
from nep.bpmn.state import RESTING, STUCK, STUCK_BEFORE, Scope, State, Token
from nep.bpmn.tables import Exit, Step

MAX_MOVES = 2_000
"""So many automatic moves in one step mean gateways that turn round for ever."""
NO_WAY_OUT = "Không điều kiện nào đúng và không có nhánh mặc định."

_made = tuple.__new__  # half the time of Token(…), which a step pays for every token


class Moves:
    """One event carried through all automatic moves; works on its own copies."""

    __slots__ = (
        "data", "effects", "error", "moves", "next_token", "outcome", "queue", "scopes", "spent",
        "steps", "taken", "tokens",
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
        self.scopes: dict[int, Scope] = {}
        self.spent: tuple[tuple[int, str], ...] = ()
        self.effects: list[Effect] = []
        self.queue: list[tuple[Exit, int]] = []
        self.taken: list[str] = []
        self.moves = 0
        self.error = ""

    def finish(self) -> tuple[State, tuple[Effect, ...]]:
        """Move until nothing moves, then say where the case stands."""
        self._drain()
        while (self.scopes and self.complete_scope()) or self._open_inclusive_joins():
            self._drain()
        tokens = tuple(self.tokens.values())
        if not tokens:
            self.effects.append(ProcessEnded(self.error))
            return State((), self.next_token, "ended"), tuple(self.effects)
        flows = {token.flow for token in tokens}
        stuck = STUCK in flows or STUCK_BEFORE in flows
        if not stuck and "" not in flows:
            stuck = True
            self.effects.append(
                Incident(
                    "waits_for_ever",
                    "Hồ sơ chờ ở điểm hợp nhánh nhưng không còn nhánh nào sẽ tới.",
                    tokens[0].node,
                )
            )
        status = "incident" if stuck else "running"
        if self.scopes or self.spent:
            scopes = tuple(self.scopes.values())
            return State(tokens, self.next_token, status, scopes, self.spent), tuple(self.effects)
        return State(tokens, self.next_token, status), tuple(self.effects)

    def leave(self, step: Step, scope: int) -> None:
        """Queue the exits a token takes out of a node."""
        if step.forks:
            for way in step.exits:
                self.queue.append((way, scope))
        elif step.kind == "exclusive":
            found = self._one(step)
            if found is None:
                self.stick(step, scope, "no_way_out", NO_WAY_OUT)
            else:
                self.queue.append((found, scope))
        else:
            ways = self._several(step)
            if not ways:
                self.stick(step, scope, "no_way_out", NO_WAY_OUT)
            self.queue.extend((way, scope) for way in ways)

    def put(self, node: str, flow: str, scope: int) -> int:
        """Set a new token down and return its number."""
        number = self.next_token
        self.next_token = number + 1
        self.tokens[number] = _made(Token, (number, node, flow, scope))
        return number

    def stick(self, step: Step, scope: int, code: str, message: str, *, at: str = STUCK) -> None:
        """Leave the token where it cannot go on and tell of it: a case never gets lost."""
        self.put(step.id, at, scope)
        self.effects.append(Incident(code, message, step.id))

    @abstractmethod
    def enter_special(self, step: Step, scope: int) -> None:
        """Enter a node that is neither a plain step nor a gateway."""

    @abstractmethod
    def complete_scope(self) -> bool:
        """End one sub-process in which no token is left; tell whether there was one."""

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
        queue, steps = self.queue, self.steps
        while queue:
            self.moves += 1
            way, scope = queue.pop(0)
            if self.moves > MAX_MOVES:
                self.stick(
                    steps[way.source],
                    scope,
                    "turns_for_ever",
                    "Các nhánh quay vòng không qua bước nào.",
                )
                continue
            self.taken.append(way.flow)
            step = steps[way.target]
            if step.plain:
                self.effects.append(TaskOpened(self.put(step.id, "", scope), step.id))
            else:
                self._enter(step, way.flow, scope)

    def _enter(self, step: Step, flow: str, scope: int) -> None:
        kind = step.kind
        if kind == "exclusive":
            self.leave(step, scope)
        elif kind == "parallel" or kind == "inclusive":
            if len(step.entries) == 1:
                self.leave(step, scope)
                return
            self.put(step.id, flow, scope)
            if kind == "parallel":
                self._open_parallel_join(step, scope)
        else:
            self.enter_special(step, scope)

    def _waiting(self, step: Step, scope: int) -> dict[str, int]:
        """Return for each way in with a token of the scope the first token there."""
        found: dict[str, int] = {}
        for token in self.tokens.values():
            if token.node == step.id and token.flow not in RESTING and token.scope == scope:
                found.setdefault(token.flow, token.id)
        return found

    def _open_parallel_join(self, step: Step, scope: int) -> None:
        waiting = self._waiting(step, scope)
        if len(waiting) == len(step.entries):
            for number in waiting.values():
                del self.tokens[number]
            self.leave(step, scope)

    def _open_inclusive_joins(self) -> bool:
        """Open the first inclusive join no further token can reach; tell whether one opened."""
        seen: set[tuple[str, int]] = set()
        for token in self.tokens.values():
            if token.flow in RESTING or (token.node, token.scope) in seen:
                continue
            seen.add((token.node, token.scope))
            step = self.steps[token.node]
            if step.upstream is None:
                continue
            waiting = self._waiting(step, token.scope)
            if not self._more_may_come(step, step.upstream, waiting, token.scope):
                for number in waiting.values():
                    del self.tokens[number]
                self.leave(step, token.scope)
                return True
        return False

    def _more_may_come(
        self, step: Step, upstream: dict[str, frozenset[str]], waiting: dict[str, int], scope: int
    ) -> bool:
        """Tell whether a token elsewhere reaches an empty way in and none of the filled ones."""
        for token in self.tokens.values():
            place = token.node if token.flow in RESTING else token.flow
            if token.scope != scope:
                place = self._place_in(scope, token)
            elif token.node == step.id and token.flow != STUCK:
                continue
            if any(place in upstream[entry] for entry in waiting):
                continue
            if any(place in upstream[entry] for entry in step.entries if entry not in waiting):
                return True
        return False

    def _place_in(self, scope: int, token: Token) -> str:
        """Return the node of the scope in which a token of an inner scope is; "" where it is not."""
        at = token.scope
        while at:
            inner = self.scopes[at]
            if inner.parent == scope:
                return inner.node
            at = inner.parent
        return ""
