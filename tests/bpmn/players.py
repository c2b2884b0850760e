"""Play one case on several engines side by side and say where they part."""

import random
from collections import Counter
from types import ModuleType
from typing import Any

from nep.bpmn import Process
from tests.bpmn.nets import RandomNet
from tests.bpmn.tokengame import TokenGame

MOST_STEPS = 400


class Parted(AssertionError):
    """Two engines disagree, or a rule of the engine was broken."""


class Player:
    """Drives the engine by names of steps and checks its own bookkeeping at every event."""

    def __init__(
        self, process: Process, *, engine: ModuleType | Any, tables: ModuleType | Any
    ) -> None:
        self.engine = engine
        self.compiled = tables.compile_process(process)
        self.state = None
        self.opened: dict[int, str] = {}
        self.ended = False
        self.incidents: list[str] = []

    def start(self, data: dict[str, str]) -> None:
        self._take(self.engine.start(self.compiled, data=data))

    def finish(self, node: str, data: dict[str, str], outcome: str | None = None) -> None:
        token = min(number for number, name in self.opened.items() if name == node)
        event = self.engine.TaskDone(token, data, outcome)
        self._take(self.engine.advance(self.compiled, self.state, event))

    @property
    def open(self) -> Counter[str]:
        return Counter(self.opened.values())

    def _take(self, result: tuple[Any, tuple[Any, ...]]) -> None:
        before = self.state
        self.state, effects = result
        for effect in effects:
            kind = type(effect).__name__
            if kind == "TaskOpened":
                if effect.token in self.opened or (before and effect.token < before.next_token):
                    raise Parted(f"token {effect.token} given out twice")
                self.opened[effect.token] = effect.node
            elif kind == "TaskClosed":
                if self.opened.pop(effect.token, None) != effect.node:
                    raise Parted(f"closed a step that was not open: {effect}")
            elif kind == "ProcessEnded":
                self.ended = True
            else:
                self.incidents.append(effect.node)
        in_steps = {token.id: token.node for token in self.state.tokens if not token.flow}
        if in_steps != self.opened:
            raise Parted(f"effects say {self.opened}, state says {in_steps}")
        if self.ended is not (self.state.status == "ended"):
            raise Parted("the end was told wrongly")


def play_beside_game(random_net: RandomNet, *, engine: Any, tables: Any) -> list[str]:
    """Run a net on the engine and the second token game; return the trace.

    Raises Parted at the first difference.
    """
    player = Player(random_net.process, engine=engine, tables=tables)
    game = TokenGame(random_net.process)
    rng = random.Random(random_net.seed + 1)
    data: dict[str, str] = {}
    player.start(data)
    game.start(data)
    trace: list[str] = []
    finished: Counter[str] = Counter()
    for _ in range(MOST_STEPS):
        same(player, game, trace)
        names = sorted(player.opened.values())
        if not names:
            break
        name = rng.choice(names)
        finished[name] += 1
        data = {**data, **random_net.choice(name, finished[name])}
        player.finish(name, data)
        game.finish(name, data)
        trace.append(name)
    else:
        raise Parted("the case does not end")
    if not player.ended:
        raise Parted("the case stopped without its end")
    return trace


def same(player: Player, game: TokenGame, trace: list[str]) -> None:
    """Hold the engine's marking against the game's."""
    if player.open != +game.open:
        raise Parted(f"after {trace}: {player.open} instead of {+game.open}")
    if len(player.state.tokens) != game.tokens:
        raise Parted(f"after {trace}: {player.state.tokens} instead of {game.marking}")
