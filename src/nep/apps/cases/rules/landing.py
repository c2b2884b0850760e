"""Judging whether a running case goes on by another version, and with what. Pure.

A case goes along with everything it waits for: opinions given stay given, a sub-procedure stays its
own case, a timer keeps its moment where it counts the same and is reckoned anew where it does not.
The same function judges the dry run and the act.
Source: TCVN ISO 9001:2015 điều 8.5.6 (kiểm soát thay đổi).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from nep.apps.cases.rules.plan import Plan
from nep.apps.cases.rules.waiting import (
    TIMER,
    Moment,
    TimerUnreadable,
    moment_anew,
)
from nep.bpmn import Landed, Node, NotLanded, State, Trigger, land
from nep.kernel.text import fold
from nep.worktime import Calendar, OutsideCalendar, moment_words

Standings = frozenset[frozenset[str]]


class HeldWait(NamedTuple):
    """An open wait of a case as its row says it."""

    id: int
    token: int
    node: str
    due_at: datetime | None
    left: int | None
    opened_at: datetime


class HeldCall(NamedTuple):
    """An open sub-procedure of a case; `is_opened` says that its own case runs already."""

    id: int
    token: int
    node: str
    is_opened: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What a case waits for, and what its moments are reckoned with.

    `stops` are the pauses that stopped its clocks and are over, as (from, until) in order.
    """

    now: datetime
    calendar: Calendar
    data: Mapping[str, Any]
    waits: tuple[HeldWait, ...] = ()
    calls: tuple[HeldCall, ...] = ()
    stops: tuple[tuple[datetime, datetime], ...] = ()


class LandedStep(NamedTuple):
    """One open step: its token and node before, and after."""

    token: int
    node: str
    new_token: int
    new_node: str


class LandedWait(NamedTuple):
    """A wait that goes on (`id` is its row) or begins (0), and when a timer fires."""

    id: int
    token: int
    node: str
    moment: Moment | None


class LandedCall(NamedTuple):
    """A sub-procedure that goes on; `version` is what it is pinned to where it is not yet opened."""

    id: int
    token: int
    node: str
    version: str | None


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a case stands after a move and what goes along.

    `dropped` are the rows of waits that are no longer waited for; `told` says in words what is not
    as it was.
    """

    state: State
    steps: tuple[LandedStep, ...] = ()
    waits: tuple[LandedWait, ...] = ()
    dropped: tuple[int, ...] = ()
    calls: tuple[LandedCall, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusing:
    """Why a case cannot move."""

    code: str
    message: str


def judge_move(
    *,
    old: Plan,
    new: Plan,
    standings: Standings,
    pairs: Mapping[str, str],
    state: State,
    held: Held,
) -> Landing | Refusing:
    """Return where a case lands in the new version and with what, or why it cannot move there.

    `standings` are those of the new version (`nep.bpmn.standings`); `pairs` maps its nodes.
    """
    if not standings:
        return Refusing(
            "unproven", "Bản mới có quá nhiều trạng thái nên không biết chắc chỗ nào đứng được."
        )
    landed = land(old=old.compiled, new=new.compiled, state=state, pairs=pairs, standings=standings)
    if isinstance(landed, NotLanded):
        return Refusing(
            landed.code, _MESSAGES[landed.code](_Words(old, new, pairs, state), landed.node)
        )
    try:
        return _Going(old, new, landed, held).landing(state)
    except (TimerUnreadable, OutsideCalendar) as error:
        return Refusing("timer_value", f"Ở bản mới, hẹn giờ không tính được: {error}")


class _Going:
    """What goes along with one case."""

    def __init__(self, old: Plan, new: Plan, landed: Landed, held: Held) -> None:
        self.old, self.new, self.landed, self.held = old, new, landed, held
        self.told: list[str] = []

    def landing(self, state: State) -> Landing:
        """Return the landing. Raises TimerUnreadable, OutsideCalendar."""
        after = {token.id: token.node for token in self.landed.state.tokens}
        numbers = self.landed.numbers
        steps = tuple(
            LandedStep(token.id, token.node, numbers[token.id], after[numbers[token.id]])
            for token in state.tokens
            if not token.flow and self.old.compiled.steps[token.node].kind == "task"
        )
        rows = {(wait.token, wait.node): wait for wait in self.held.waits}
        waits = [self._kept(rows[was], *place) for was, place in self.landed.waits if was in rows]
        dropped = [rows[was] for was in self.landed.dropped if was in rows]
        self.told += [f"thôi chờ {_named(self.old, one.node)}" for one in dropped]
        waits += [self._begun(*place) for place in self.landed.begun]
        calls = tuple(self._call(one, after) for one in self.held.calls)
        return Landing(
            self.landed.state, steps, tuple(waits), tuple(one.id for one in dropped), calls,
            tuple(self.told),
        )  # fmt: skip

    def _kept(self, row: HeldWait, token: int, node: str) -> LandedWait:
        """Return a wait that goes on: of a timer the same moment, or another where it counts so."""
        before, after = _trigger(self.old, row.node), _trigger(self.new, node)
        name = _named(self.new, node)
        if before.name != after.name and after.kind != TIMER:
            self.told.append(f"{name} chờ thông điệp “{after.name}” thay cho “{before.name}”")
        if row.due_at is None:
            return LandedWait(row.id, token, node, None)
        if before == after:
            return LandedWait(row.id, token, node, Moment(row.due_at, row.left))
        moment = self._anew(after, row.opened_at)
        self.told.append(
            f"{name} tính lại giờ: {moment_words(row.due_at)} thành {moment_words(moment.due_at)}"
        )
        return LandedWait(row.id, token, node, moment)

    def _anew(self, trigger: Trigger, opened_at: datetime) -> Moment:
        """Return the moment of a timer as if it had been this one all along; a cycle begins now."""
        held = self.held
        since = held.now if trigger.form == "cycle" else opened_at
        return moment_anew(
            trigger, since=since, calendar=held.calendar, data=held.data, stops=held.stops
        )

    def _begun(self, token: int, node: str) -> LandedWait:
        """Return a wait that only the new version has: it begins now."""
        trigger, moment = _trigger(self.new, node), None
        words = f"thông điệp “{trigger.name}”"
        if trigger.kind == TIMER:
            moment = self._anew(trigger, self.held.now)
            words = f"đến {moment_words(moment.due_at)}"
        self.told.append(f"chờ thêm {_named(self.new, node)}: {words}")
        return LandedWait(0, token, node, moment)

    def _call(self, row: HeldCall, after: Mapping[int, str]) -> LandedCall:
        number = self.landed.numbers[row.token]
        node = after[number]
        called = self.new.beyond.calls[node].called
        version = None if row.is_opened or called is None else called.version
        return LandedCall(row.id, number, node, version)


class _Words(NamedTuple):
    """What the sentence of a refusal names things by."""

    old: Plan
    new: Plan
    pairs: Mapping[str, str]
    state: State

    def at(self, node: str) -> str:
        """Return how a place of the old version is named: a step, or what is waited for."""
        step = self.old.steps.get(node)
        if step is not None:
            return f"Bước “{step.name}”"
        return (
            f"{'Chỗ gọi' if node in self.old.beyond.calls else 'Chỗ chờ'} {_named(self.old, node)}"
        )


def _unmapped(words: _Words, node: str) -> str:
    step = words.old.steps.get(node)
    if step is not None:
        return f"Bước đang làm “{step.name}” chưa có bước tương ứng ở bản mới."
    return f"{words.at(node)} chưa có chỗ tương ứng ở bản mới."


def _waits_else(words: _Words, node: str) -> str:
    is_timer = _trigger(words.old, node).kind == TIMER
    one, other = ("đến giờ", "thông điệp") if is_timer else ("thông điệp", "đến giờ")
    return f"{words.at(node)} chờ {one}, còn chỗ được chọn ở bản mới chờ {other}."


def _asks_else(words: _Words, node: str) -> str:
    asks, will = node in words.old.beyond.opinions, words.pairs[node] in words.new.beyond.opinions
    if asks and not will:
        return f"{words.at(node)} đang hỏi ý kiến, còn bước được chọn ở bản mới không hỏi ai."
    if will and not asks:
        return (
            f"{words.at(node)} có một người làm, còn bước được chọn ở bản mới hỏi ý kiến nhiều nơi."
        )
    return (
        f"{words.at(node)} đang hỏi ý kiến; bước được chọn ở bản mới hỏi theo danh sách khác hoặc "
        "theo cách khác (cùng lúc, lần lượt)."
    )


def _cannot_stand(words: _Words, _node: str) -> str:
    nodes = dict.fromkeys(words.pairs[token.node] for token in words.state.tokens if not token.flow)
    names = ", ".join(_named(words.new, node) for node in nodes)
    return f"Ở bản mới không có lúc nào hồ sơ chỉ đứng ở {names}, nên chuyển sang sẽ có thể kẹt."


_MESSAGES: Mapping[str, Callable[[_Words, str], str]] = {
    "not_running": lambda _words, _node: "Hồ sơ đang vướng hoặc đã kết thúc nên giữ nguyên bản cũ.",
    "unmapped": _unmapped,
    "kind_differs": lambda words, node: (
        f"{words.at(node)} và chỗ được chọn ở bản mới không cùng loại."
    ),
    "wait_differs": _waits_else,
    "asked_differs": _asks_else,
    "call_differs": lambda words, node: (
        f"{words.at(node)} đang chờ thủ tục con; chỗ được chọn ở bản mới gọi một thủ tục khác."
    ),
    "join_unmapped": lambda _words, _node: (
        "Một nhánh song song đã xong đang chờ ở chỗ hợp nhánh mà bản mới không có."
    ),
    "two_on_one": lambda _words, _node: "Hai việc đang mở cùng chuyển về một chỗ của bản mới.",
    "cannot_stand": _cannot_stand,
}


def _node(plan: Plan, name: str) -> Node:
    return next(node for node in plan.compiled.process.nodes if node.id == name)


def _named(plan: Plan, name: str) -> str:
    node = _node(plan, name)
    return f"“{node.name or node.id}”"


def _trigger(plan: Plan, name: str) -> Trigger:
    return plan.beyond.waits[name].trigger or Trigger("")


def places_at(plan: Plan, state: State) -> tuple[str, ...]:
    """Return where a case stands, each place once: "3. Thẩm định hồ sơ", "Chờ “Niêm yết”"."""
    at = [_place(plan, token.node) for token in state.tokens if not token.flow]
    return tuple(dict.fromkeys(at))


def _place(plan: Plan, name: str) -> str:
    step = plan.steps.get(name)
    if step is not None:
        return f"{step.number}. {step.name}"
    if name in plan.beyond.calls:
        return f"Thủ tục con {_named(plan, name)}"
    says_so = fold(_node(plan, name).name).startswith("cho ")
    return _node(plan, name).name if says_so else f"Chờ {_named(plan, name)}"
