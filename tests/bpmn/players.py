"""Play one case on several engines side by side and say where they part."""

import random
from collections import Counter
from types import ModuleType
from typing import Any

from nep.bpmn import Process, decode_state, encode_state
from tests.bpmn.nets import RandomNet
from tests.bpmn.tokengame import TokenGame
from tests.bpmn.widenets import WideNet

MOST_STEPS = 400


class Parted(AssertionError):
    """Two engines disagree, or a rule of the engine was broken."""


class Stopped(Parted):
    """A case stands still at `nodes`, in the engine and in the game."""

    def __init__(self, message: str, nodes: list[str]) -> None:
        super().__init__(message)
        self.nodes = nodes


class EndlessRun(Parted):
    """A case was still going on after many events."""


class Player:
    """Drives the engine by names of nodes and checks its own bookkeeping at every event."""

    def __init__(
        self, process: Process, *, engine: ModuleType | Any, tables: ModuleType | Any
    ) -> None:
        self.engine = engine
        self.compiled = tables.compile_process(process)
        self.kinds = {node.id: node.kind for node in process.nodes}
        self.state = None
        self.opened: dict[int, str] = {}
        self.asked: dict[int, int] = {}
        self.waited: set[tuple[int, str]] = set()
        self.called: dict[int, str] = {}
        self.sent: Counter[str] = Counter()
        self.ended = False
        self.error = ""
        self.incidents: list[str] = []

    def start(self, data: dict[str, Any]) -> None:
        self._take(self.engine.start(self.compiled, data=data))

    def finish(self, node: str, data: dict[str, Any], outcome: str | None = None) -> None:
        self._do(self.engine.TaskDone(_first(self.opened, node), data, outcome))

    def withdraw(self, node: str, data: dict[str, Any]) -> None:
        self._do(self.engine.Withdrawn(_first(self.opened, node), data))

    def come(self, node: str, data: dict[str, Any], *, last: bool = False) -> None:
        owner = min(owner for owner, name in self.waited if name == node)
        if self.compiled.steps[node].trigger.kind == "timer":
            self._do(self.engine.TimerFired(owner, node, data, last))
        else:
            self._do(self.engine.MessageArrived(owner, node, data))

    def give_back(self, node: str, data: dict[str, Any]) -> None:
        token = _first(self.called, node)
        del self.called[token]
        self._do(self.engine.CallReturned(token, data))

    def fail(self, node: str, code: str, data: dict[str, Any]) -> None:
        if self.kinds[node] == "call":
            token = _first(self.called, node)
            del self.called[token]
            self._do(self.engine.CallFailed(token, code, data))
        else:
            self._do(self.engine.TaskFailed(_first(self.opened, node), code, data))

    @property
    def open(self) -> Counter[str]:
        return Counter(self.opened.values())

    @property
    def waits(self) -> Counter[str]:
        return Counter(node for _owner, node in self.waited)

    @property
    def calls(self) -> Counter[str]:
        return Counter(self.called.values())

    @property
    def running(self) -> Counter[str]:
        return Counter(scope.node for scope in self.state.scopes)

    def _do(self, event: Any) -> None:
        self._take(self.engine.advance(self.compiled, self.state, event))

    def _take(self, result: tuple[Any, tuple[Any, ...]]) -> None:
        before = self.state
        self.state, effects = result
        for effect in effects:
            self._note(effect, before.next_token if before else 1)
        self._check()

    def _note(self, effect: Any, fresh: int) -> None:
        kind = type(effect).__name__
        if kind == "TaskOpened":
            if effect.token in self.opened or effect.token < fresh:
                raise Parted(f"token {effect.token} given out twice")
            self.opened[effect.token] = effect.node
            self.asked[effect.token] = effect.instance
        elif kind == "TaskClosed":
            if self.opened.pop(effect.token, None) != effect.node:
                raise Parted(f"closed a step that was not open: {effect}")
        elif kind == "WaitOpened":
            if (effect.token, effect.node) in self.waited:
                raise Parted(f"waits twice: {effect}")
            self.waited.add((effect.token, effect.node))
        elif kind == "WaitClosed":
            if (effect.token, effect.node) not in self.waited:
                raise Parted(f"closed a wait that was not open: {effect}")
            self.waited.remove((effect.token, effect.node))
        elif kind == "CallOpened":
            self.called[effect.token] = effect.node
        elif kind == "CallClosed":
            if self.called.pop(effect.token, None) != effect.node:
                raise Parted(f"ended a call that was not open: {effect}")
        elif kind == "MessageSent":
            self.sent[effect.node] += 1
        elif kind == "ProcessEnded":
            self.ended, self.error = True, effect.error
        else:
            self.incidents.append(effect.node)

    def _check(self) -> None:
        """Hold what the effects said against the state."""
        state, steps = self.state, self.compiled.steps
        at_rest = [token for token in state.tokens if not token.flow]
        tasks = {token.id: token.node for token in at_rest if self.kinds[token.node] == "task"}
        if tasks != self.opened:
            raise Parted(f"effects say {self.opened}, state says {tasks}")
        if set(self.engine.open_waits(self.compiled, state)) != self.waited:
            raise Parted(f"effects say {self.waited}, state says otherwise: {state}")
        if dict(self.engine.open_calls(self.compiled, state)) != self.called:
            raise Parted(f"effects say {self.called}, state says otherwise: {state}")
        if self.ended is not (state.status == "ended"):
            raise Parted("the end was told wrongly")
        numbers = [token.id for token in state.tokens]
        scopes = {0, *(scope.id for scope in state.scopes)}
        if numbers != sorted(set(numbers)) or scopes & set(numbers):
            raise Parted(f"a number stands twice: {state}")
        if any(token.scope not in scopes for token in state.tokens):
            raise Parted(f"a token without its scope: {state}")
        if any(steps[token.node].kind == "subprocess" for token in at_rest):
            raise Parted(f"a token where a scope should be: {state}")
        if decode_state(encode_state(state)) != state:
            raise Parted(f"the text of a state says something else: {state}")


def _first(numbered: dict[int, str], node: str) -> int:
    return min(number for number, name in numbered.items() if name == node)


def play_beside_game(random_net: RandomNet, *, engine: Any, tables: Any) -> list[str]:
    """Run a net on the engine and the second token game; return the trace.

    Raises Parted at the first difference.
    """
    player = Player(random_net.process, engine=engine, tables=tables)
    game = TokenGame(random_net.process)
    rng = random.Random(random_net.seed + 1)
    data: dict[str, Any] = {
        "don_vi": ("Sở Tài chính", "Sở Nội vụ", "Công an tỉnh")[: rng.randint(0, 3)]
    }
    player.start(data)
    game.start(data)
    trace: list[str] = []
    done: Counter[str] = Counter()
    for _ in range(MOST_STEPS):
        same(player, game, trace)
        if player.ended:
            return trace
        if player.incidents:
            raise Stopped(f"after {trace}: stuck at {player.incidents}", player.incidents)
        acts = _may_happen(random_net, player, done, rng)
        if not acts:
            raise Parted("the case stopped without its end")
        act, name = rng.choice(acts)
        done[name] += 1
        data = {**data, **random_net.choice(name, done[name])}
        for one in (player, game):
            _act(one, act, name, data)
        trace.append(f"{act} {name}")
    raise EndlessRun("the case does not end")


def play_what_is_proven(random_net: RandomNet, *, engine: Any, tables: Any) -> None:
    """Play a net of any shape that was proven sound: it may turn round for long, but never hangs.

    A gateway without a default may stop for want of a true condition: the proof does not judge data.
    """
    bare = {
        node.id
        for node in random_net.process.nodes
        if node.default is None and node.kind in ("exclusive", "inclusive")
    }
    try:
        play_beside_game(random_net, engine=engine, tables=tables)
    except Stopped as stopped:
        if not set(stopped.nodes) <= bare:
            raise
    except EndlessRun:
        pass


def _may_happen(
    net: RandomNet, player: Player, done: Counter[str], rng: random.Random
) -> list[tuple[str, str]]:
    """Return what may happen now, things that hold up the case less often."""
    found = [("finish", name) for name in sorted(player.opened.values())]
    if player.waited:
        steps = player.compiled.steps
        found += [
            ("come", name)
            for name in sorted(player.waits.elements())
            if not steps[name].repeats or done[name] < 2
        ]
    if player.called:
        found += [("give_back", name) for name in sorted(player.called.values())]
    if isinstance(net, WideNet) and rng.random() < 0.2:
        opened = sorted(player.opened.values())
        found += [("fail", name) for name in opened if name in net.failing]
        found += [("fail", name) for name in player.called.values() if name in net.failing]
        found += [("withdraw", name) for name in opened if name in net.asked]
    return found


def _act(one: Player | TokenGame, act: str, name: str, data: dict[str, Any]) -> None:
    if act == "fail":
        one.fail(name, "Sai", data)
    else:
        getattr(one, act)(name, data)


def same(player: Player, game: TokenGame, trace: list[str]) -> None:
    """Hold the engine's marking against the game's."""
    if player.open != +game.open:
        raise Parted(f"after {trace}: {player.open} instead of {+game.open}")
    for what in ("waits", "calls", "running", "sent", "error"):
        ours, theirs = getattr(player, what), getattr(game, what)
        if ours != theirs:
            raise Parted(f"after {trace}, {what}: {ours} instead of {theirs}")
    if len(player.state.tokens) != game.tokens:
        raise Parted(f"after {trace}: {player.state.tokens} instead of {game.tokens}")
