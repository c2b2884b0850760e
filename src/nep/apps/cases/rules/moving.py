"""Moving a running case to another version of its procedure. Pure.

A case moves only by a mapping of the steps it stands at, each to a step of equal kind, to a place
where the other version can stand as well. The same function judges the dry run and the act.
Source: TCVN ISO 9001:2015 điều 8.5.6 (kiểm soát thay đổi).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from nep.apps.cases.rules.plan import NOT_YET, Plan, PlanStep
from nep.bpmn import State, Token
from nep.bpmn.state import STUCK
from nep.kernel.text import fold

MOVED = "moved"
"""The outcome of a run that goes on in another version, and the event that tells of it."""

ALIKE = 0.6
"""Names at least this alike (0 to 1) are proposed as one step under the same id."""

Standings = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a case stands after a move: its marking, with tokens of their own, and its open steps."""

    state: State
    steps: tuple["LandedStep", ...]


class LandedStep(NamedTuple):
    """One open step: its token and node before, and after."""

    token: int
    node: str
    new_token: int
    new_node: str


@dataclass(frozen=True, slots=True)
class Refusing:
    """Why a case cannot move."""

    code: str
    message: str


def pairs_proposed(old: Plan, new: Plan) -> dict[str, str]:
    """Return by step of the old version the step of the new one that is meant, where one is.

    First equal id and name, then equal name and responsibility, then equal id and a similar name.
    """
    found: dict[str, str] = {}

    def take(one: PlanStep, other: PlanStep) -> None:
        if one.node not in found and other.node not in found.values():
            found[one.node] = other.node

    for one in old.order:
        other = new.steps.get(one.node)
        if other is not None and fold(other.name) == fold(one.name):
            take(one, other)
    for one in old.order:
        same = [other for other in new.order if _says(other) == _says(one)]
        if len(same) == 1 and sum(_says(other) == _says(one) for other in old.order) == 1:
            take(one, same[0])
    for one in old.order:
        other = new.steps.get(one.node)
        if other is not None and _likeness(one, other) >= ALIKE:
            take(one, other)
    return found


def _says(step: PlanStep) -> tuple[str, str]:
    return fold(step.name), step.key or step.outside


def _likeness(one: PlanStep, other: PlanStep) -> float:
    return SequenceMatcher(None, fold(one.name), fold(other.name)).ratio()


def judge_move(
    *, old: Plan, new: Plan, standings: Standings, pairs: Mapping[str, str], state: State
) -> Landing | Refusing:
    """Return where a case lands in the new version, or why it cannot move there.

    `standings` are those of the new version (`nep.bpmn.standings`); `pairs` maps steps.
    """
    if state.status != "running":
        return Refusing("not_running", "Hồ sơ đang vướng hoặc đã kết thúc nên giữ nguyên bản cũ.")
    if state.scopes or any(_waits(token, old) for token in state.tokens):
        return Refusing(
            "waits",
            "Hồ sơ đang chờ một sự kiện, ý kiến hoặc thủ tục con nên giữ bản cũ cho tới khi xong.",
        )
    tokens: list[Token] = []
    steps: list[LandedStep] = []
    for number, token in enumerate(state.tokens, start=state.next_token):
        landed = _landed(token, old, new, pairs)
        if isinstance(landed, Refusing):
            return landed
        tokens.append(Token(number, landed.node, landed.flow))
        if not token.flow:
            steps.append(LandedStep(token.id, token.node, number, landed.node))
    places = [token.flow or token.node for token in tokens]
    if len(set(places)) < len(places):
        return Refusing("two_on_one", "Hai việc đang mở cùng chuyển về một bước của bản mới.")
    if frozenset(places) not in standings:
        names = ", ".join(f"“{new.steps[one.new_node].name}”" for one in steps)
        return Refusing(
            "cannot_stand",
            f"Ở bản mới không có lúc nào hồ sơ chỉ đứng ở {names}, nên chuyển sang sẽ có thể kẹt.",
        )
    return Landing(State(tuple(tokens), state.next_token + len(tokens)), tuple(steps))


def _waits(token: Token, plan: Plan) -> bool:
    """Say whether a token waits for something else than a person, or its step may be interrupted."""
    step = plan.compiled.steps.get(token.node)
    if token.flow or step is None:
        return False
    return step.kind != "task" or any(
        node.attached_to == token.node for node in plan.compiled.process.nodes
    )


def _landed(token: Token, old: Plan, new: Plan, pairs: Mapping[str, str]) -> Token | Refusing:
    if token.flow == STUCK:
        return Refusing("not_running", "Hồ sơ đang vướng nên giữ nguyên bản cũ.")
    if token.flow:
        return _landed_waiting(token, old, new, pairs)
    target = pairs.get(token.node, "")
    name = old.steps[token.node].name if token.node in old.steps else token.node
    if not target:
        return Refusing(
            "step_unmapped", f"Bước đang làm “{name}” chưa có bước tương ứng ở bản mới."
        )
    before, after = old.compiled.steps.get(token.node), new.compiled.steps.get(target)
    if before is None or after is None or before.kind != after.kind:
        return Refusing("kind_differs", f"Bước “{name}” và bước được chọn không cùng loại.")
    inner = next(node for node in new.compiled.process.nodes if node.id == target)
    if inner.parent or inner.instances is not None:
        return Refusing(
            "kind_differs",
            f"Bước “{name}” ở bản mới hỏi nhiều nơi hoặc nằm trong quy trình con nên chưa chuyển được.",
        )
    if _waits(Token(token.id, target), new):
        return Refusing(
            "kind_differs", f"Bước “{name}” ở bản mới có hẹn giờ hoặc sự kiện nên chưa chuyển được."
        )
    return Token(token.id, target)


def _landed_waiting(
    token: Token, old: Plan, new: Plan, pairs: Mapping[str, str]
) -> Token | Refusing:
    """Land a branch that waits at a join: on the flow out of its mapped last step, or the same flow."""
    kind = old.compiled.steps[token.node].kind
    inner = {node.id for node in new.compiled.process.nodes if node.parent}
    source = next(flow.source for flow in old.compiled.process.flows if flow.id == token.flow)
    target = pairs.get(source)
    ways = [
        flow
        for flow in new.compiled.process.flows
        if (flow.source == target if target else flow.id == token.flow)
        and (join := new.compiled.steps.get(flow.target)) is not None
        and join.kind == kind
        and join.id not in inner
        and len(join.entries) > 1
    ]
    if len(ways) != 1:
        return Refusing(
            "join_unmapped",
            "Một nhánh song song đã xong đang chờ ở chỗ hợp nhánh mà bản mới không có.",
        )
    return Token(token.id, ways[0].target, ways[0].id)


def numbers_moved(*, old: Plan, new: Plan, pairs: Mapping[str, str]) -> list[tuple[int, int]]:
    """Return the numbers (old, new) of the steps that mean the same."""
    return [
        (one.number, new.steps[pairs[one.node]].number)
        for one in old.order
        if pairs.get(one.node) in new.steps
    ]


def progress_moved(progress: str, *, numbers: Iterable[tuple[int, int]], total: int) -> str:
    """Return the signs of the steps already done, each at its step among the new version's `total`."""
    found = [NOT_YET] * total
    for old, new in numbers:
        found[new - 1] = progress[old - 1]
    return "".join(found)
