"""A case played through a process without a case: tokens by the engine, clocks by the calendar.

Every step takes its whole limit, so that what is shown is the worst that the procedure allows.
Simultaneous steps are finished in the order the player picks: one finished after another that was
due later ends no earlier than that one, past its own limit. What may come meanwhile (a timer, a
message, trouble) comes where the player says so. Where a step asks several, so many are asked as
the player assumes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from nep.apps.procedures.rules.carried import DATE, MONEY, NUMBER, YES_NO
from nep.apps.procedures.rules.happenings import Happening, event_for, happenings
from nep.apps.procedures.rules.other_rows import times_of
from nep.apps.procedures.rules.table import CALL, WAITS, row_of
from nep.bpmn import (
    CallReturned,
    Compiled,
    Effect,
    EngineError,
    Event,
    Flow,
    Incident,
    Limit,
    MessageArrived,
    Node,
    Retried,
    State,
    TaskDone,
    TaskOpened,
    TimerFired,
    choices,
    fields_of,
    parse_condition,
    walk,
)
from nep.bpmn.state import STUCK, STUCK_BEFORE
from nep.kernel.vietnamese import parse_date, parse_number
from nep.worktime import Calendar, Pause, deadline, used_minutes

MOST_MOVES = 400
WAITING_DAYS = 2
ASKED = 3
CHOOSING = "event_gateway"


@dataclass(frozen=True, slots=True)
class Move:
    """A step finished: its token, and the flow picked by hand ("" lets the conditions decide).

    Something that came: the token or scope it was waited for at, and its event.
    """

    token: int
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A token in a step: since when, until when; no due moment where time is not counted.

    A token that waits at a join or cannot go on has `waits` or `stuck` instead. `instance` counts
    those asked from 1 in a step that asks several.
    """

    token: int
    node: str
    since: datetime
    due: datetime | None
    waits: bool = False
    stuck: str = ""
    instance: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """One step done, or something that came: from when to when, and the way picked after it."""

    node: str
    since: datetime
    until: datetime
    outcome: str = ""
    is_paused: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    """Where the played case stands: its tokens, the clock, what it went through.

    `flows` are those of the last move, `passed` of all; `scopes` says since when each group of steps
    and each step that asks several has been open.
    """

    state: State
    now: datetime
    standings: tuple[Standing, ...]
    legs: tuple[Leg, ...] = ()
    flows: tuple[str, ...] = ()
    passed: frozenset[str] = frozenset()
    pauses: tuple[Pause, ...] = ()
    begun: datetime | None = None
    scopes: tuple[tuple[int, datetime], ...] = ()

    @property
    def is_over(self) -> bool:
        """Say whether the case has ended."""
        return self.state.status == "ended"

    @property
    def following(self) -> Standing | None:
        """Return the token whose step is due first, or None when nothing can be finished."""
        open_ = [one for one in self.standings if not one.waits and not one.stuck]
        return min(open_, key=lambda one: (one.due or one.since, one.token), default=None)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a play goes by: the compiled process, the calendar, the limit and the pause policy."""

    compiled: Compiled
    calendar: Calendar
    limit: Limit | None
    policy: str
    data: Mapping[str, Any]
    waiting_days: int = WAITING_DAYS
    asked: int = ASKED

    @property
    def known(self) -> dict[str, Any]:
        """Return the data assumed, with as many asked as assumed where the case would say whom."""
        nodes = self.compiled.process.nodes
        over = {node.instances.over for node in nodes if node.instances is not None}
        return {**dict.fromkeys(over - {""}, self.asked), **self.data}

    def node(self, name: str) -> Node | None:
        """Return a node of the process."""
        return next((node for node in self.compiled.process.nodes if node.id == name), None)


def begin(rules: Rules, *, at: datetime) -> Play:
    """Return the case just taken in."""
    state, effects, flows = walk(rules.compiled, None, None, data=rules.known)
    play = Play(state, at, (), flows=flows, passed=frozenset(flows), begun=at)
    return _stood(rules, play, play, effects, at)


def finish(rules: Rules, play: Play, move: Move) -> Play:
    """Return the case after a move: a step finished at its due moment, or when the step finished
    before it was; or something that came. Raises EngineError."""
    if (coming := _coming(rules, play, move)) is not None:
        event = event_for(rules.compiled, play.state, coming, rules.known)
        since = _open_since(play, coming)
        return _moved(
            rules, play, event, Leg(coming.node, since, _added(rules, since, coming.lasts))
        )
    done = next((one for one in play.standings if one.token == move.token), None)
    if done is None:
        raise EngineError("token_unknown", "Bước này không còn mở trong lượt chạy thử.")
    leg = Leg(done.node, done.since, done.due or done.since)
    return _moved(rules, play, _event(rules, done, move), leg)


def _moved(rules: Rules, play: Play, event: Event, leg: Leg) -> Play:
    """Return the case after an event; the leg ends no earlier than those before it."""
    state, effects, flows = walk(rules.compiled, play.state, event, data=rules.known)
    until = max(leg.until, leg.since, *(one.until for one in play.legs))
    is_late = until > leg.until > leg.since
    now, pauses = max(play.now, until), play.pauses
    supplement = _is_supplement(rules, flows)
    opens = until
    if supplement:
        opens = _after_waiting(rules, until)
        pauses = (*pauses, Pause("supplement", _policy(rules), until, opens))
        now = max(now, opens)
    picked = _picked(rules, leg.node, flows)
    after = replace(
        play,
        state=state,
        now=now,
        legs=(*play.legs, Leg(leg.node, leg.since, until, picked, supplement, is_late)),
        flows=flows,
        passed=play.passed | set(flows),
        pauses=pauses,
    )
    return _stood(rules, play, after, effects, opens)


def coming_to(rules: Rules, play: Play, one: Standing) -> tuple[Happening, ...]:
    """Return what may come to a token meanwhile: of its step, and of the groups it stands in."""
    return happenings(rules.compiled, play.state, one.token)


def _coming(rules: Rules, play: Play, move: Move) -> Happening | None:
    for one in play.standings:
        for each in coming_to(rules, play, one):
            if (each.owner, each.node) == (move.token, move.outcome):
                return each
    return None


def _open_since(play: Play, coming: Happening) -> datetime:
    known = {one.token: one.since for one in play.standings} | dict(play.scopes)
    return known[coming.owner]


def _event(rules: Rules, done: Standing, move: Move) -> Event:
    """Return what lets a token go on: a step done, a wait over, a procedure run to its end."""
    if done.stuck:
        return Retried(move.token, rules.known, move.outcome or None)
    node = rules.node(done.node)
    if node is not None and node.kind == CALL:
        return CallReturned(move.token, rules.known)
    if node is not None and node.kind in WAITS:
        is_timer = node.trigger is not None and node.trigger.kind == "timer"
        return (TimerFired if is_timer else MessageArrived)(move.token, node.id, rules.known)
    return TaskDone(move.token, rules.known, move.outcome or None)


def played(rules: Rules, moves: Sequence[Move], *, at: datetime) -> Iterator[Play]:
    """Yield the case as taken in and after every move, until a move no longer fits."""
    play = begin(rules, at=at)
    yield play
    for move in moves[:MOST_MOVES]:
        try:
            play = finish(rules, play, move)
        except EngineError:
            return
        yield play


def to_the_end(rules: Rules, play: Play) -> tuple[Move, ...]:
    """Return the moves that finish what is due first, by default ways, until nothing is left."""
    moves: list[Move] = []
    while (one := play.following) is not None and len(moves) < MOST_MOVES:
        move = move_on(rules, play, one)
        play = finish(rules, play, move)
        moves.append(move)
    return tuple(moves)


def move_on(rules: Rules, play: Play, one: Standing) -> Move:
    """Return the move that lets a token go on as it should: its step done, or what it waits for come.

    Where the first of several things decides, a timer is taken before a message.
    """
    if rules.compiled.steps[one.node].kind == CHOOSING and not one.stuck:
        coming = coming_to(rules, play, one)
        first = next((each for each in coming if each.lasts), coming[0])
        return Move(first.owner, first.node)
    return Move(one.token)


def used(rules: Rules, play: Play) -> int:
    """Return the working minutes that the clock of the case has counted."""
    start = play.begun or play.now
    return used_minutes(calendar=rules.calendar, started_at=start, end=play.now, pauses=play.pauses)


def result_due(rules: Rules, play: Play) -> datetime | None:
    """Return when the result is due, pauses counted by the procedure's policy."""
    if rules.limit is None or play.begun is None:
        return None
    return deadline(
        calendar=rules.calendar,
        received_at=play.begun,
        amount=rules.limit.amount,
        unit=rules.limit.unit,
        pauses=play.pauses,
    ).due_at


def ways_out(rules: Rules, node: str) -> tuple[Flow, ...]:
    """Return the flows that a person may pick after a step."""
    return choices(rules.compiled, node) if node in rules.compiled.steps else ()


def fields_read(compiled: Compiled) -> tuple[str, ...]:
    """Return the names of the data that conditions of the process read."""
    found: set[str] = set()
    for flow in compiled.process.flows:
        if flow.condition.strip():
            found |= fields_of(parse_condition(flow.condition))
    return tuple(sorted(found))


def value_of(typed: str, kind: str = "") -> Decimal | bool | str:
    """Return a typed value as conditions compare it, by the kind of its data field; of a field that
    nobody knows: đúng/sai, a number, else text."""
    word = typed.strip()
    if kind == DATE:
        day = parse_date(word)
        return day.isoformat() if day is not None else word
    if kind and kind not in (YES_NO, NUMBER, MONEY):
        return word
    if word.lower() in ("đúng", "có", "true"):
        return True
    if word.lower() in ("sai", "không", "false"):
        return False
    number = parse_number(word)
    return word if number is None else Decimal(str(number))


def moves_text(moves: Sequence[Move]) -> str:
    """Return moves as a short text for an address: "1,2~re-b2"."""
    return ",".join(
        f"{move.token}~{move.outcome}" if move.outcome else str(move.token) for move in moves
    )


def read_moves(text: str) -> tuple[Move, ...]:
    """Return the moves of an address; what is no move ends them."""
    found: list[Move] = []
    for piece in text.split(",")[:MOST_MOVES]:
        number, _, outcome = piece.partition("~")
        if not number.isascii() or not number.isdigit() or len(number) > 6:
            break
        found.append(Move(int(number), outcome))
    return tuple(found)


def _policy(rules: Rules) -> Any:
    return rules.policy if rules.policy in ("stop", "restart", "none") else "stop"


def _is_supplement(rules: Rules, flows: Sequence[str]) -> bool:
    marked = {flow.id for flow in rules.compiled.process.flows if flow.supplement}
    return not marked.isdisjoint(flows)


def _after_waiting(rules: Rules, since: datetime) -> datetime:
    found = deadline(
        calendar=rules.calendar,
        received_at=since,
        amount=Decimal(max(1, rules.waiting_days)),
        unit="working_day",
    )
    return found.due_at or since


def _picked(rules: Rules, node: str, flows: Sequence[str]) -> str:
    names = {flow.id: flow.name for flow in ways_out(rules, node)}
    return next((names[flow] for flow in flows if flow in names), "")


def _stood(rules: Rules, before: Play, play: Play, effects: Sequence[Effect], at: datetime) -> Play:
    """Return a play with its tokens: those that stood keep their clock, new ones start theirs."""
    known = {one.token: one for one in before.standings}
    stuck = {one.node: one.message for one in effects if isinstance(one, Incident)}
    opened = {one.token: one.instance for one in effects if isinstance(one, TaskOpened)}
    found = []
    for token in play.state.tokens:
        if token.id in known and token.id not in opened:
            found.append(known[token.id])
        elif token.flow in (STUCK, STUCK_BEFORE):
            message = stuck.get(token.node, "Chưa rõ đi hướng nào.")
            found.append(Standing(token.id, token.node, at, None, stuck=message))
        elif token.flow:
            found.append(Standing(token.id, token.node, at, None, waits=True))
        else:
            due, instance = _due(rules, token.node, at), opened.get(token.id, 0)
            found.append(Standing(token.id, token.node, at, due, instance=instance))
    since = dict(before.scopes)
    scopes = tuple((one.id, since.get(one.id, at)) for one in play.state.scopes)
    return replace(play, standings=tuple(found), scopes=scopes)


def _due(rules: Rules, name: str, at: datetime) -> datetime | None:
    node = rules.node(name)
    limits = times_of(row_of(node)) if node is not None else ()
    return _added(rules, at, limits) if limits else None


def _added(rules: Rules, since: datetime, limits: Sequence[Limit]) -> datetime:
    """Return the moment after limits one behind the other, on the agency's calendar."""
    due = since
    for limit in limits:
        found = deadline(
            calendar=rules.calendar, received_at=due, amount=limit.amount, unit=limit.unit
        )
        due = found.due_at or due
    return due
