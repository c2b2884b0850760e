"""Where a running case lands in another process: its marking put over by a mapping of nodes.

What rests is mapped one to one, each to a node of equal kind. Sub-processes follow from where that
lands: one that is mapped goes on, one that is new begins, one that nothing lands in is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from nep.bpmn.engine import open_waits
from nep.bpmn.model import Node, Process
from nep.bpmn.standings import RESTS
from nep.bpmn.state import Scope, State, Token
from nep.bpmn.tables import Compiled, Step

MAPPED = RESTS | {"subprocess", "boundary"}
"""The kinds of nodes a mapping may name: where a case rests, what holds it, what may interrupt it."""

Place = tuple[int, str]
"""A token or scope, and the event it waits for."""


@dataclass(frozen=True, slots=True)
class Landed:
    """The marking after a move; `numbers` gives by old token or scope the new one.

    `waits` pairs each wait that goes on with where it was; `dropped` is waited for no longer,
    `begun` from now on.
    """

    state: State
    numbers: Mapping[int, int]
    waits: tuple[tuple[Place, Place], ...] = ()
    dropped: tuple[Place, ...] = ()
    begun: tuple[Place, ...] = ()


class NotLanded(NamedTuple):
    """Why a marking cannot be put over, and at which of its nodes.

    Codes: `not_running`, `unmapped`, `kind_differs`, `wait_differs`, `asked_differs`,
    `call_differs`, `join_unmapped`, `two_on_one`, `cannot_stand`.
    """

    code: str
    node: str = ""


def land(
    *,
    old: Compiled,
    new: Compiled,
    state: State,
    pairs: Mapping[str, str],
    standings: frozenset[frozenset[str]],
) -> Landed | NotLanded:
    """Return where a marking of one process lands in another, or why it cannot.

    `pairs` maps nodes of the one to those of the other; `standings` are those of the other. The
    order of tokens stays; all get numbers that were never given out.
    """
    if state.status != "running":
        return NotLanded("not_running")
    return _Landing(old, new, state, pairs).run(standings)


class _Refused(Exception):
    def __init__(self, code: str, node: str = "") -> None:
        super().__init__(code)
        self.said = NotLanded(code, node)


class _Landing:
    """One marking on its way; tokens and scopes are taken in the order they were made."""

    def __init__(
        self, old: Compiled, new: Compiled, state: State, pairs: Mapping[str, str]
    ) -> None:
        self.old, self.new, self.state, self.pairs = old, new, state, pairs
        self.before, self.after = _nodes(old.process), _nodes(new.process)
        self.next = state.next_token
        self.numbers: dict[int, int] = {}
        self.groups: dict[str, int] = {}
        self.meant = {pairs.get(one.node, ""): one.id for one in state.scopes if not one.total}
        self.tokens: list[Token] = []
        self.scopes: list[Scope] = []

    def run(self, standings: frozenset[frozenset[str]]) -> Landed | NotLanded:
        state = self.state
        asking = {scope.id for scope in state.scopes if scope.total}
        try:
            targets = {token.id: self._target(token) for token in state.tokens}
            entered = {one for node, _flow in targets.values() for one in self._around(node)}
            made: list[Scope | Token] = sorted(
                [*state.scopes, *state.tokens], key=lambda one: one.id
            )
            for one in made:
                if isinstance(one, Token):
                    self._token(one, *targets[one.id], is_asked=one.scope in asking)
                else:
                    self._scope(one, entered)
        except _Refused as refusal:
            return refusal.said
        spent = self._spent()
        places = [t.flow or t.node for t in self.tokens if t.scope not in self._asking()]
        places += [scope.node for scope in self.scopes if scope.total]
        if len(set(places)) < len(places):
            return NotLanded("two_on_one")
        came = {node for _owner, node in spent if _once(self.new.steps[node])}
        if frozenset(places) | came not in standings:
            return NotLanded("cannot_stand")
        landed = State(tuple(self.tokens), self.next, "running", tuple(self.scopes), spent)
        return self._with_waits(Landed(landed, self.numbers))

    def _asking(self) -> set[int]:
        return {scope.id for scope in self.scopes if scope.total}

    def _number(self) -> int:
        self.next += 1
        return self.next - 1

    def _around(self, node: str) -> list[str]:
        """Return the sub-processes a node of the new process stands in, the outermost first."""
        found: list[str] = []
        while node := self.after[node].parent:
            found.insert(0, node)
        return found

    def _within(self, groups: list[str]) -> int:
        """Return the scope of the last of some nested sub-processes, each begun where it is not yet.

        One that is meant by a running one of the old process is that one.
        """
        scope = 0
        for group in groups:
            if group not in self.groups:
                self.groups[group] = self._number()
                self.scopes.append(Scope(self.groups[group], group, scope))
                if group in self.meant:
                    self.numbers[self.meant[group]] = self.groups[group]
            scope = self.groups[group]
        return scope

    def _scope(self, one: Scope, entered: set[str]) -> None:
        target = self.pairs.get(one.node, "")
        if one.total:
            parent = self._within(self._around(target))
            self.numbers[one.id] = self._number()
            self.scopes.append(replace(one, id=self.numbers[one.id], node=target, parent=parent))
        elif target in entered:
            self._within([*self._around(target), target])

    def _token(self, token: Token, node: str, flow: str, *, is_asked: bool) -> None:
        scope = self.numbers[token.scope] if is_asked else self._within(self._around(node))
        self.numbers[token.id] = self._number()
        self.tokens.append(Token(self.numbers[token.id], node, flow, scope))

    def _target(self, token: Token) -> tuple[str, str]:
        """Return the node, and at a join the flow, a token lands on."""
        if token.flow:
            return self._join(token)
        target = self.pairs.get(token.node, "")
        if target not in self.after or token.node not in self.before:
            raise _Refused("unmapped", token.node)
        one, other = self.before[token.node], self.after[target]
        if one.kind != other.kind:
            raise _Refused("kind_differs", token.node)
        if (one.trigger and one.trigger.kind) != (other.trigger and other.trigger.kind):
            raise _Refused("wait_differs", token.node)
        if _asked(one) != _asked(other):
            raise _Refused("asked_differs", token.node)
        if one.called and other.called and one.called.process != other.called.process:
            raise _Refused("call_differs", token.node)
        return target, ""

    def _join(self, token: Token) -> tuple[str, str]:
        """Return the flow out of what a waiting branch did last, mapped, or else the same flow."""
        kind = self.before[token.node].kind
        source = next(flow.source for flow in self.old.process.flows if flow.id == token.flow)
        target = self.pairs.get(source)
        ways = [
            flow
            for flow in self.new.process.flows
            if (flow.source == target if target else flow.id == token.flow)
            and self.after[flow.target].kind == kind
            and len(self.new.steps[flow.target].entries) > 1
        ]
        if len(ways) != 1:
            raise _Refused("join_unmapped", token.node)
        return ways[0].target, ways[0].id

    def _goes_on(self, node: str, host: str) -> str:
        """Return the event that goes on for one of the old process at a place of the new, or ""."""
        target = self.pairs.get(node, "")
        one, other = self.before[node], self.after.get(target)
        if other is None or one.kind != other.kind or one.cancels != other.cancels:
            return ""
        if one.trigger is None or other.trigger is None or one.trigger.kind != other.trigger.kind:
            return ""
        at = self.new.steps[host]
        known = at.boundaries if other.kind == "boundary" else (at.behind or (host,))
        return target if target in known else ""

    def _hosts(self) -> dict[int, str]:
        found = {scope.id: scope.node for scope in self.scopes}
        return found | {token.id: token.node for token in self.tokens}

    def _spent(self) -> tuple[Place, ...]:
        hosts = self._hosts()
        found = []
        for owner, node in self.state.spent:
            number = self.numbers.get(owner)
            if number is not None and (target := self._goes_on(node, hosts[number])):
                found.append((number, target))
        return tuple(found)

    def _with_waits(self, landed: Landed) -> Landed:
        hosts = self._hosts()
        wanted = list(open_waits(self.new, landed.state))
        going: list[tuple[Place, Place]] = []
        dropped: list[Place] = []
        for owner, node in open_waits(self.old, self.state):
            number = self.numbers.get(owner)
            target = self._goes_on(node, hosts[number]) if number is not None else ""
            place = (number or 0, target)
            if target and place in wanted:
                wanted.remove(place)
                going.append(((owner, node), place))
            else:
                dropped.append((owner, node))
        return replace(landed, waits=tuple(going), dropped=tuple(dropped), begun=tuple(wanted))


def mapped_nodes(process: Process) -> tuple[Node, ...]:
    """Return the nodes of a process that a mapping may name, in their order."""
    return tuple(node for node in process.nodes if node.kind in MAPPED and not _is_error(node))


def _nodes(process: Process) -> dict[str, Node]:
    return {node.id: node for node in process.nodes}


def _asked(node: Node) -> tuple[str, int | None, bool] | None:
    """Return whom a step asks and in which way; when it has enough may differ."""
    one = node.instances
    return (one.over, one.count, one.sequential) if one is not None else None


def _once(step: Step) -> bool:
    """Say whether an event comes at most once while its step goes on."""
    return not step.cancels and not step.repeats


def _is_error(node: Node) -> bool:
    return node.trigger is not None and node.trigger.kind == "error"
