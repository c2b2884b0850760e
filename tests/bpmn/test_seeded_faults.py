"""Ten and more faults put into the engine's text, each caught by the checks of this folder."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from nep.bpmn import engine, moves, scopes, tables
from tests.bpmn.nets import net, random_net
from tests.bpmn.players import Player, play_beside_game
from tests.bpmn.tokengame import TokenGame

NETS = 60

FAULTS = {
    "a parallel join opens at the first branch": (
        "moves", "len(waiting) == len(step.entries)", "len(waiting) >= 1"),
    "a parallel join leaves the tokens it took": (
        "moves", "for number in waiting.values():\n                del self.tokens[number]\n            self.leave(step, scope)\n\n    def _open_inclusive",
        "self.leave(step, scope)\n\n    def _open_inclusive"),
    "a parallel join takes all tokens of a way": (
        "moves", "            for number in waiting.values():\n                del self.tokens[number]\n            self.leave(step, scope)\n\n    def _open_inclusive",
        "            for token in [t for t in self.tokens.values() if t.node == step.id]:\n                del self.tokens[token.id]\n            self.leave(step, scope)\n\n    def _open_inclusive"),
    "an inclusive join waits for nobody": (
        "moves", "if not self._more_may_come(step, step.upstream, waiting, token.scope):", "if True:"),
    "an inclusive join waits for tokens that reach a filled way too": (
        "moves", "if any(place in upstream[entry] for entry in waiting):", "if False:"),
    "an inclusive join looks through itself": (
        "tables", "while source and source != join and source not in seen:", "while source and source not in seen:"),
    "the default branch is always taken": (
        "moves", "    def _one(self, step: Step) -> Exit | None:\n",
        "    def _one(self, step: Step) -> Exit | None:\n        if step.default:\n            return step.default\n"),
    "an exclusive choice is turned round": (
        "moves", "and evaluate(way.condition, self.data)\n            ):\n                return way",
        "and not evaluate(way.condition, self.data)\n            ):\n                return way"),
    "an inclusive split takes one branch only": (
        "moves", "return ways or (", "return ways[:1] or ("),
    "an inclusive split takes its default as well": (
        "moves", "return ways or ([step.default] if step.default is not None else [])",
        "return ways + ([step.default] if step.default is not None else [])"),
    "a token number is given out twice": (
        "moves", "self.next_token = number + 1", "self.next_token = number"),
    "an implicit fork takes one flow only": (
        "moves", "for way in step.exits:\n                self.queue", "for way in step.exits[:1]:\n                self.queue"),
    "a terminate end leaves the other branches open": (
        "scopes", "            self.close(self.tokens.pop(token.id))\n", "            self.close(token)\n"),
    "the hand's choice is ignored": (
        "moves", "if self.outcome is not None:", "if False:"),
    "an undecidable choice loses the token": (
        "moves", "        self.put(step.id, at, scope)\n", ""),
}  # fmt: skip


MODULES = {"tables": tables, "moves": moves, "scopes": scopes, "engine": engine}


def mutated(name: str, old: str, new: str) -> tuple[ModuleType, ModuleType]:
    """Return (engine, tables) where one place of the text of one module is changed.

    The modules that are built on it are made anew from their text as well.
    """
    texts = {key: Path(str(one.__file__)).read_text("utf-8") for key, one in MODULES.items()}
    assert texts[name].count(old) == 1, f"the place is gone or not unique: {old}"
    texts[name] = texts[name].replace(old, new)
    made: dict[str, ModuleType] = {}
    for key, text in texts.items():
        for earlier, module in made.items():
            text = text.replace(f"from nep.bpmn.{earlier} import", f"from {module.__name__} import")
        module = made[key] = ModuleType(f"nep_faulty_{key}")
        sys.modules[module.__name__] = module
        exec(compile(text, f"<faulty {key}>", "exec"), module.__dict__)
    return made["engine"], made["tables"]


def complaints(the_engine, the_tables) -> list[str]:
    """Return the first complaint of the checks, or nothing."""
    try:
        by_hand(the_engine, the_tables)
        for seed in range(NETS):
            play_beside_game(random_net(seed), engine=the_engine, tables=the_tables)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    return []


def by_hand(the_engine, the_tables) -> None:
    """Play what random nets do not hold: terminate, defaults of splits, choices, double tokens."""

    def both(text: str, *steps: tuple[str, dict]) -> Player:
        process = net(text)
        player = Player(process, engine=the_engine, tables=the_tables)
        game = TokenGame(process)
        for one in (player, game):
            one.start({})
        for name, data in steps:
            for one in (player, game):
                one.finish(name, data)
        assert player.open == +game.open
        assert len(player.state.tokens) == game.tokens
        return player

    assert both("s>P1 P1>a P1>b a>T1 b>e", ("a", {})).ended
    for answer in ("y", "n"):
        both("s>a a>O1 O1>b[b == 'y'] O1>*c b>O2 c>O2 O2>d d>e", ("a", {"b": answer}))
    both("s>P1 P1>a P1>b P1>c a>X1 b>X1 X1>P2 c>P2 P2>d d>e", ("a", {}), ("b", {}), ("c", {}))
    both(
        "s>X1 X1>P1 P1>f f>O1 O1>a[a == 'y'] O1>b[b == 'y'] a>O2 b>O2 O2>c c>P2 P1>d d>P2 P2>g "
        "g>X2 X2>X1[again == 'y'] X2>*e",
        ("f", {"a": "y"}),
        ("a", {}),
    )
    stuck = both("s>a a>X1 X1>b[go == 'b'] X1>c[go == 'c'] b>e c>e", ("a", {"go": "no"}))
    assert stuck.state.status == "incident"
    chosen = Player(net("s>a a>X1 X1>b X1>*c b>e c>e"), engine=the_engine, tables=the_tables)
    chosen.start({})
    chosen.finish("a", {}, "f3")
    assert dict(chosen.open) == {"b": 1}


def test_the_engine_itself_has_no_complaints():
    assert complaints(engine, tables) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_caught(fault):
    assert complaints(*mutated(*FAULTS[fault])) != []
