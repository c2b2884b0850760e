"""Forty and more faults put into the engine's text, each caught by the checks of this folder."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from nep.bpmn import engine, moves, scopes, tables
from tests.bpmn.nets import net, random_net
from tests.bpmn.players import Player, play_beside_game
from tests.bpmn.test_behaviours import RUNS, play_behaviour
from tests.bpmn.tokengame import TokenGame
from tests.bpmn.widenets import wide_net

NETS = 40

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
    "a sub-process ends with its first token": (
        "scopes", "busy = {token.scope for token in self.tokens.values()}", "busy = {0}"),
    "a sub-process inside does not hold the outer one open": (
        "scopes", "        busy.update(scope.parent for scope in self.scopes.values())\n", ""),
    "a sub-process that is over leaves its timer waiting": (
        "scopes", "                self.unwatch(scope.id, step)\n", ""),
    "an event that ends a sub-process leaves the steps inside": (
        "scopes", "        self.empty(owner)\n", ""),
    "an event that ends a sub-process reaches one level only": (
        "scopes", "if one.parent in inside:", "if one.parent == scope:"),
    "what was under way in an ended sub-process goes on": (
        "scopes", "        self.queue[:] = [(way, at) for way, at in self.queue if at not in inside]\n", ""),
    "an event beside its step ends it": ("scopes", "if event.cancels:", "if True:"),
    "an event leaves the step it ends": ("scopes", "if event.cancels:", "if False:"),
    "the way of an event leads out of every sub-process": (
        "scopes", "        self.leave(event, outer)", "        self.leave(event, 0)"),
    "what came once is waited for again": (
        "scopes", "            self.spent = (*self.spent, (owner, event.id))\n", ""),
    "a cycle comes once only": ("scopes", "elif last or not event.repeats:", "else:"),
    "the last moment of a cycle is not the last": (
        "scopes", "elif last or not event.repeats:", "elif not event.repeats:"),
    "a step that is done leaves its timer waiting": ("engine", "if step.boundaries:", "if False:"),
    "an event gateway closes only the wait that came": (
        "engine", "WaitClosed(token.id, one) for one in awaited(gateway)", "WaitClosed(token.id, one) for one in (node.id,)"),
    "an event gateway goes on waiting": ("engine", "    del run.tokens[token.id]\n", ""),
    "every error event catches every code": (
        "scopes", 'return names.get(code) or names.get("")', "return next(iter(names.values()), None)"),
    "any error before its own code": (
        "scopes", 'return names.get(code) or names.get("")', 'return names.get("") or names.get(code)'),
    "an error passes the nearest sub-process": (
        "scopes", "            catcher = self.catcher(self.steps[at.node], code)\n            if catcher is not None:\n                self.cancel",
        "            catcher = self.catcher(self.steps[at.node], code) if not at.parent else None\n            if catcher is not None:\n                self.cancel"),
    "an error nobody catches leaves the other branches": (
        "scopes", "        self.terminate(0)\n", ""),
    "terminate inside a sub-process ends the case": (
        "scopes", "        self.empty(scope)\n", "        self.empty(0)\n"),
    "one opinion is enough": ("scopes", "if scope.done >= scope.total or", "if scope.done or"),
    "the condition on opinions is not asked": (
        "scopes", "(step.until is not None and evaluate(step.until, counts))", "False"),
    "opinions one after the other are asked at once": (
        "scopes", "opened = 1 if sequential else total", "opened = total"),
    "a withdrawn opinion is still waited for": (
        "scopes", "replace(scope, total=scope.total - 1)", "replace(scope, total=scope.total)"),
    "nobody to ask ends the branch": (
        "scopes", "        elif not total:\n            self.leave(step, scope)\n", "        elif not total:\n            pass\n"),
    "an inclusive join overlooks what is in a sub-process": (
        "moves", "                place = self._place_in(scope, token)", "                continue"),
    "an inclusive join overlooks the events on a border": (
        "tables", 'source = hosts.get(source, "")', 'source = ""'),
    "the message of an end is not sent": (
        "scopes", 'if step.trigger is not None and step.trigger.kind == "message":', 'if step.trigger is not None and kind != "end":'),
    "a scope takes the number of its first token": (
        "scopes", "        self.next_token = number + 1\n        return number", "        return number"),
    "a call that failed is still open": (
        "scopes", "            catcher = self.catcher(step, code)\n            if catcher is not None:\n                self.leave(catcher, token.scope)",
        "            catcher = self.catcher(step, code)\n            if catcher is not None:\n                self.leave(step, token.scope)"),
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
        for name in RUNS:
            play_behaviour(name, engine=the_engine, tables=the_tables)
        for seed in range(NETS):
            play_beside_game(random_net(seed), engine=the_engine, tables=the_tables)
            play_beside_game(wide_net(seed), engine=the_engine, tables=the_tables)
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
