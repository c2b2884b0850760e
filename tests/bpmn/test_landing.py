"""Where a marking lands in another process: as it stood where nothing changed, else as the other says."""

import contextlib
import random
from collections import Counter
from dataclasses import replace

import pytest

from nep.bpmn import (
    Called,
    EngineError,
    Flow,
    Instances,
    Node,
    NotLanded,
    Process,
    Scope,
    State,
    Token,
    Trigger,
    compile_process,
    decode_state,
    encode_state,
    engine,
    land,
    mapped_nodes,
    open_waits,
    standings,
    tables,
)
from nep.bpmn.landing import Landed
from tests.bpmn.players import Player
from tests.bpmn.widenets import wide_net

TURNS = 40


def timer(value: str = "P3D") -> Trigger:
    return Trigger("timer", "duration", value)


def process(*nodes: Node, flows: str) -> Process:
    """Return a process with one start "s" and one end "e"; `flows` reads "a b, b c": from, to."""
    ends = (Node("s", "start"), Node("e", "end"))
    pairs = [pair.split() for pair in flows.split(",")]
    return Process(
        "p", "p", (*ends, *nodes), tuple(Flow(f"{one}-{two}", one, two) for one, two in pairs)
    )


def moved(old: Process, new: Process, state: State, pairs: dict[str, str]) -> Landed | NotLanded:
    return land(
        old=compile_process(old), new=compile_process(new), state=state, pairs=pairs,
        standings=standings(new),
    )  # fmt: skip


def code_of(old: Process, new: Process, state: State, pairs: dict[str, str]) -> str:
    found = moved(old, new, state, pairs)
    assert isinstance(found, NotLanded), found
    return found.code


class Twin:
    """One case twice: as it stood, and put over by an identity mapping."""

    def __init__(self, player: Player, landed: Landed) -> None:
        self.player = player
        self.state, self.numbers = landed.state, dict(landed.numbers)
        self.apart = landed.state.next_token - player.state.next_token

    def _number(self, known: int) -> int:
        return self.numbers.get(known, known + self.apart)

    def follow(self, event) -> None:
        """Let the moved one do what the other does; the same must come of it, a refusal as well."""
        compiled = self.player.compiled
        try:
            before, effects = engine.advance(compiled, self.player.state, event)
        except EngineError as refusal:
            with pytest.raises(EngineError) as other:
                engine.advance(compiled, self.state, self._moved(event))
            assert other.value.code == refusal.code
            return
        after, others = engine.advance(compiled, self.state, self._moved(event))
        assert [self._moved(one) for one in effects] == list(others)
        self.player.state, self.state = before, after
        self.same()

    def _moved(self, one):
        return replace(one, token=self._number(one.token)) if hasattr(one, "token") else one

    def same(self) -> None:
        """Hold the moved state against the other, number by number."""
        state, number = self.player.state, self._number
        assert self.state.status == state.status
        assert self.state.tokens == tuple(
            Token(number(t.id), t.node, t.flow, number(t.scope) if t.scope else 0)
            for t in state.tokens
        )
        assert self.state.scopes == tuple(
            Scope(number(s.id), s.node, number(s.parent) if s.parent else 0, s.total, s.done, s.opened)
            for s in state.scopes
        )  # fmt: skip
        assert self.state.spent == tuple((number(owner), node) for owner, node in state.spent)
        assert decode_state(encode_state(self.state)) == self.state


def events(player: Player) -> list:
    """Return the place and the kind of everything that may come to a case now, refused or not."""
    state, steps = player.state, player.compiled.steps
    found = []
    for token in state.tokens:
        kind = steps[token.node].kind
        if not token.flow and kind == "task":
            found += 3 * [(token.id, token.node, engine.TaskDone, ())]
            found += [(token.id, token.node, engine.TaskFailed, ("Sai",))]
            found += [(token.id, token.node, engine.Withdrawn, ())]
        elif not token.flow and kind == "call":
            found += 2 * [(token.id, token.node, engine.CallReturned, ())]
            found += [(token.id, token.node, engine.CallFailed, ("Sai",))]
    for owner, node in open_waits(player.compiled, state):
        is_timer = steps[node].trigger.kind == "timer"
        found.append(
            (owner, node, engine.TimerFired if is_timer else engine.MessageArrived, (node,))
        )
    return found


def places(player: Player) -> frozenset[str]:
    """Return where a case rests, with what came beside a step and is not waited for again."""
    steps, state = player.compiled.steps, player.state
    came = {node for _owner, node in state.spent if not steps[node].repeats}
    return frozenset(token.flow or token.node for token in state.tokens) | came


def test_a_case_moved_by_identity_goes_on_event_by_event_as_the_one_that_stayed():
    seen: Counter[str] = Counter()
    for seed in range(120):
        made = wide_net(seed)
        foreseen = standings(made.process, cap=2_000)
        if not foreseen:
            continue
        rng = random.Random(seed)
        player = Player(made.process, engine=engine, tables=tables)
        data = {"don_vi": ["Sở Tài chính", "Sở Nội vụ"]}
        player.start(data)
        twin = None
        identity = {node.id: node.id for node in made.process.nodes}
        for turn in range(TURNS):
            if player.state.status != "running":
                break
            if rng.random() < 0.2:  # the one before was followed until here
                landed = land(
                    old=player.compiled, new=player.compiled, state=player.state, pairs=identity,
                    standings=foreseen,
                )  # fmt: skip
                assert isinstance(landed, Landed), (seed, landed, player.state)
                assert (landed.dropped, landed.begun) == ((), ())
                assert {was for was, _ in landed.waits} == set(
                    open_waits(player.compiled, player.state)
                )
                seen.update(_kinds(player))
                twin = Twin(player, landed)
                twin.same()
            assert places(player) in foreseen, (seed, player.state)
            owner, node, kind, more = rng.choice(events(player))
            data = {**data, **made.choice(node, turn)}
            event = kind(owner, *more, data)
            if twin is not None:
                twin.follow(event)
                continue
            with contextlib.suppress(EngineError):
                player.state, _ = engine.advance(player.compiled, player.state, event)
    assert min(seen[one] for one in ("asked", "group", "call", "event_gateway", "spent")) >= 3, seen


def _kinds(player: Player) -> set[str]:
    steps, state = player.compiled.steps, player.state
    found = {steps[token.node].kind for token in state.tokens}
    found |= {"asked" if scope.total else "group" for scope in state.scopes}
    return found | ({"spent"} if state.spent else set())


WAIT = process(
    Node("a", "task"), Node("w", "catch", trigger=timer()), flows="s a, a w, w e"
)  # fmt: skip


def test_a_wait_lands_on_a_wait_of_its_kind_and_on_nothing_else():
    new = process(
        Node("a", "task"), Node("w2", "catch", trigger=timer("P5D")),
        Node("m", "catch", trigger=Trigger("message", name="kq")), Node("b", "task"),
        flows="s a, a w2, w2 m, m b, b e",
    )  # fmt: skip
    state = State((Token(3, "w"),), 4)
    landed = moved(WAIT, new, state, {"w": "w2"})
    assert encode_state(landed.state) == "1:r:5:4=w2"
    assert landed.waits == (((3, "w"), (4, "w2")),)
    assert code_of(WAIT, new, state, {}) == "unmapped"
    assert code_of(WAIT, new, state, {"w": "m"}) == "wait_differs"
    assert code_of(WAIT, new, state, {"w": "b"}) == "kind_differs"
    assert code_of(WAIT, new, replace(state, status="incident"), {"w": "w2"}) == "not_running"


def test_of_what_an_event_gateway_waits_for_each_goes_on_alone():
    def race(*waits: Node) -> Process:
        names = [node.id for node in waits]
        flows = ", ".join(["s g", *(f"g {name}, {name} x" for name in names), "x e"])
        return process(
            Node("g", "event_gateway"), Node("x", "exclusive"), *waits, flows=flows
        )  # fmt: skip

    answer = Node("tl", "catch", trigger=Trigger("message", name="tra-loi"))
    late, later = (Node(name, "catch", trigger=timer()) for name in ("het", "het-2"))
    other = Node("rut", "catch", trigger=Trigger("message", name="rut"))
    state = State((Token(2, "g"),), 3)
    found = moved(
        race(answer, late), race(answer, later, other), state,
        {"g": "g", "tl": "tl", "het": "rut"},
    )  # fmt: skip
    assert found.waits == (((2, "tl"), (3, "tl")),)
    assert (found.dropped, set(found.begun)) == (((2, "het"),), {(3, "het-2"), (3, "rut")})


def asking(**how) -> Process:
    return process(
        Node("a", "task"), Node("y", "task", instances=Instances(**how)), flows="s a, a y, y e"
    )


def test_who_has_answered_has_answered_and_who_is_asked_stays_asked():
    state = State(
        (Token(6, "y", scope=4), Token(7, "y", scope=4)), 8, scopes=(Scope(4, "y", 0, 3, 1, 3),)
    )
    new = asking(over="noi", until="done >= 2")
    landed = moved(asking(over="noi"), new, state, {"y": "y"})
    assert encode_state(landed.state) == "2:r:11:9=y@8,10=y@8:8=y;3;1;3:"
    assert landed.numbers == {4: 8, 6: 9, 7: 10}

    for other in (asking(over="khac"), asking(over="noi", sequential=True), asking(count=3), WAIT):
        target = "y" if other is not WAIT else "a"
        assert code_of(asking(over="noi"), other, state, {"y": target}) == "asked_differs"
    alone = State((Token(2, "a"),), 3)
    assert code_of(WAIT, new, alone, {"a": "y"}) == "asked_differs"


def grouped(*, edge: str = "", inner: str = "b") -> Process:
    """Return a step in a sub-process, with a timer on its border where `edge` names one."""
    beside = (Node(edge, "boundary", attached_to="u", trigger=timer()),) if edge else ()
    return process(
        Node("u", "subprocess"), Node("is", "start", parent="u"), Node("ie", "end", parent="u"),
        Node(inner, "task", parent="u"), Node("c", "task"), Node("x", "exclusive"), *beside,
        flows=f"s u, is {inner}, {inner} ie, u x, {f'{edge} x,' if edge else ''} x c, c e",
    )  # fmt: skip


PLAIN = process(Node("b", "task"), Node("c", "task"), flows="s b, b c, c e")


def test_a_group_goes_on_begins_or_is_over_with_the_step_that_lands_in_it_or_not():
    inside = State((Token(3, "b", scope=2),), 4, scopes=(Scope(2, "u"),))
    old = grouped(edge="t")

    on = moved(old, grouped(edge="t2", inner="b2"), inside, {"b": "b2", "u": "u", "t": "t2"})
    assert encode_state(on.state) == "2:r:6:5=b2@4:4=u:"
    assert on.waits == (((2, "t"), (4, "t2")),)
    new = moved(old, grouped(edge="t2", inner="b2"), inside, {"b": "b2", "t": "t2"})
    assert (new.state, new.dropped, new.begun) == (on.state, ((2, "t"),), ((4, "t2"),))

    over = moved(old, PLAIN, inside, {"b": "b", "u": "u", "t": "t"})
    assert (encode_state(over.state), over.dropped) == ("1:r:5:4=b", ((2, "t"),))
    begun = moved(PLAIN, old, State((Token(2, "b"),), 3), {"b": "b"})
    assert (encode_state(begun.state), begun.begun) == ("2:r:5:4=b@3:3=u:", ((3, "t"),))


def reminded(*, event: str = "n", cancels: bool = False) -> Process:
    return process(
        Node("a", "task"), Node("r", "task"),
        Node(event, "boundary", attached_to="a", cancels=cancels, trigger=timer()),
        flows=f"s a, a e, {event} r, r e",
    )  # fmt: skip


def test_what_came_beside_a_step_comes_no_more_and_is_known_where_its_work_is_still_open():
    came = State((Token(2, "a"), Token(3, "r")), 4, spent=((2, "n"),))
    both = {"a": "a", "r": "r"}
    landed = moved(reminded(), reminded(event="n2"), came, {**both, "n": "n2"})
    assert encode_state(landed.state) == "2:r:6:4=a,5=r::4=n2"
    assert (landed.waits, landed.begun) == ((), ())
    # else the reminder could come again while its work is open
    assert code_of(reminded(), reminded(event="n2"), came, both) == "cannot_stand"
    assert code_of(reminded(), reminded(cancels=True), came, {**both, "n": "n"}) == "cannot_stand"
    assert code_of(reminded(), reminded(), came, {"a": "a", "r": "a"}) == "two_on_one"


def calling(process_id: str) -> Process:
    return process(
        Node("g", "call", called=Called(process_id, "1" * 64)), Node("a", "task"),
        flows="s g, g a, a e",
    )  # fmt: skip


def test_a_called_procedure_stays_called_by_a_call_of_the_same():
    state = State((Token(2, "g"),), 3)
    assert moved(calling("gia"), calling("gia"), state, {"g": "g"}).numbers == {2: 3}
    assert code_of(calling("gia"), calling("dat"), state, {"g": "g"}) == "call_differs"


def test_a_branch_that_waits_at_a_join_inside_a_group_waits_there_again():
    def forked(last: str) -> Process:
        inner = [
            ("P1", "parallel"),
            ("b", "task"),
            (last, "task"),
            ("P2", "parallel"),
            ("ie", "end"),
        ]
        return process(
            Node("u", "subprocess"), Node("is", "start", parent="u"),
            *(Node(name, kind, parent="u") for name, kind in inner),
            flows=f"s u, u e, is P1, P1 b, P1 {last}, b P2, {last} P2, P2 ie",
        )  # fmt: skip

    state = State((Token(4, "b", scope=2), Token(5, "P2", "c-P2", 2)), 6, scopes=(Scope(2, "u"),))
    landed = moved(forked("c"), forked("d"), state, {"u": "u", "b": "b", "c": "d"})
    assert encode_state(landed.state) == "2:r:9:7=b@6,8=P2>d-P2@6:6=u:"
    assert code_of(forked("c"), PLAIN, state, {"b": "b", "c": "c"}) == "join_unmapped"


def test_a_branch_without_a_step_waits_on_the_same_flow_and_only_at_a_join():
    def forked(*more: str) -> Process:
        nodes = [Node("P1", "parallel"), Node("b", "task"), Node("P2", "parallel")]
        nodes += [Node("P3", "parallel")] if more else []
        return process(
            *nodes, flows=", ".join(("s P1", "P1 b", *(more or ("b P2", "P1 P2", "P2 e"))))
        )

    state = State((Token(2, "b"), Token(3, "P2", "P1-P2")), 4)
    landed = moved(forked(), forked(), state, {"b": "b"})
    assert encode_state(landed.state) == "1:r:6:4=b,5=P2>P1-P2"
    # there the flow leads to a gateway that waits for nobody
    alone = forked("P1 P2", "P2 P3", "b P3", "P3 e")
    assert code_of(forked(), alone, state, {"b": "b"}) == "join_unmapped"


def test_of_two_waits_meant_by_one_the_first_goes_on():
    def heard(*names: str) -> Process:
        waits = [Node(name, "catch", trigger=Trigger("message", name=name)) for name in names]
        flows = ", ".join(["s g", *(f"g {name}, {name} x" for name in names), "x e"])
        return process(Node("g", "event_gateway"), Node("x", "exclusive"), *waits, flows=flows)

    found = moved(
        heard("m", "n"), heard("m", "k"), State((Token(2, "g"),), 3), {"g": "g", "m": "m", "n": "m"}
    )
    assert found.waits == (((2, "m"), (3, "m")),)
    assert (found.dropped, found.begun) == (((2, "n"),), ((3, "k"),))


def test_a_mapping_names_where_a_case_may_rest_what_holds_it_and_what_may_come():
    made = process(
        Node("a", "task"), Node("X", "exclusive"), Node("u", "subprocess"), Node("g", "event_gateway"),
        Node("w", "catch", trigger=timer()), Node("r", "receive", trigger=Trigger("message", name="m")),
        Node("c", "call"), Node("t", "boundary", attached_to="a", trigger=timer()),
        Node("f", "boundary", attached_to="a", trigger=Trigger("error", name="m")),
        Node("n", "send", trigger=Trigger("message", name="m")), flows="s a, a e",
    )  # fmt: skip
    assert "".join(node.id for node in mapped_nodes(made)) == "augwrct"
