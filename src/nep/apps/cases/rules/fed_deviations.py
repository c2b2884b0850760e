"""Where a case of another system left the declared order of its procedure. Pure.

The steps done are laid on the process: what may come next is kept beside what has been done. A step
that could not come yet tells of steps skipped, one that comes again without a declared way back of a
repetition, and a person without the step's role of a wrong role.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nep.apps.cases.rules.plan import Plan, PlanStep
from nep.bpmn.tables import Step

SKIPPED, REPEATED, OUT_OF_ORDER, WRONG_ROLE = "skipped", "repeated", "order", "role"
KIND_NAMES: dict[str, str] = {
    SKIPPED: "Bỏ qua bước",
    REPEATED: "Làm lại bước",
    OUT_OF_ORDER: "Sai thứ tự",
    WRONG_ROLE: "Sai vai trò",
}


@dataclass(frozen=True, slots=True)
class DoneStep:
    """A step as it was done: by whom, and whether that person has the step's role (None when it
    is not known)."""

    node: str
    at: datetime
    actor: str = ""
    has_role: bool | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """One leaving of the declared order; `by` is the place of the step done that showed it."""

    kind: str
    node: str
    number: int
    at: datetime
    by: int
    actor: str = ""


@dataclass(slots=True)
class _Front:
    """What may come next: by step, the splits of which it is one way among others."""

    open: dict[str, int] = field(default_factory=dict)
    together: set[int] = field(default_factory=set)
    splits: int = 0

    def enter(self, targets: Sequence[str], *, is_together: bool) -> None:
        self.splits += 1
        if is_together:
            self.together.add(self.splits)
        for target in targets:
            self.open[target] = self.splits

    def leave(self, node: str) -> None:
        split = self.open.pop(node)
        if split not in self.together:
            self.open = {one: own for one, own in self.open.items() if own != split}


def deviations(done: Sequence[DoneStep], *, plan: Plan, is_finished: bool) -> tuple[Deviation, ...]:
    """Return the deviations of the steps done, in their order.

    `is_finished` says that a result was given, so that what is left undone was skipped.
    """
    found: list[Deviation] = []
    front, seen = _Front(), set()
    front.enter([step.node for step in plan.order[:1]], is_together=False)
    for place, one in enumerate(done):
        step = plan.steps[one.node]
        if one.node not in front.open:
            found += _leap(front, step, one, place, plan, one.node in seen)
        else:
            front.leave(one.node)
        seen.add(one.node)
        front.enter(step.following, is_together=_splits(step, plan))
        if one.has_role is False:
            found.append(Deviation(WRONG_ROLE, one.node, step.number, one.at, place, one.actor))
    if is_finished and done:
        last = done[-1]
        for node in _to_the_end(front, plan, last.node):
            if not plan.steps[node].is_return:
                number = plan.steps[node].number
                found.append(Deviation(SKIPPED, node, number, last.at, len(done) - 1))
    return tuple(found)


def _leap(
    front: _Front, step: PlanStep, one: DoneStep, place: int, plan: Plan, was_done: bool
) -> list[Deviation]:
    """Return what a step tells that could not come yet, and move on as if it could."""
    path = _path(front.open, step.node, plan)
    if path is None:
        kind = REPEATED if was_done else OUT_OF_ORDER
        return [Deviation(kind, step.node, step.number, one.at, place, one.actor)]
    front.leave(path[0])
    return [
        Deviation(SKIPPED, node, plan.steps[node].number, one.at, place, one.actor) for node in path
    ]


def _path(starts: dict[str, int], goal: str, plan: Plan) -> list[str] | None:
    """Return the fewest steps that lie between what may come next and a step, ways back apart."""
    paths = [[node] for node in sorted(starts, key=lambda node: plan.steps[node].number)]
    seen = set(starts)
    while paths:
        path = paths.pop(0)
        for node in _forward(path[-1], plan):
            if node == goal:
                return path
            if node not in seen:
                seen.add(node)
                paths.append([*path, node])
    return None


def _to_the_end(front: _Front, plan: Plan, last: str) -> list[str]:
    """Return the steps that a finished case left out: what was to run side by side, and the
    shortest way to an end where the last step is none."""
    left = [node for node, split in front.open.items() if split in front.together]
    if _may_end(last, plan):
        return [node for node in left if node not in plan.steps[last].following]
    paths = [[node] for node in sorted(front.open, key=lambda node: plan.steps[node].number)]
    seen = set(front.open)
    while paths:
        path = paths.pop(0)
        if _may_end(path[-1], plan):
            return list(dict.fromkeys([*left, *path]))
        for node in _forward(path[-1], plan):
            if node not in seen:
                seen.add(node)
                paths.append([*path, node])
    return left


def _may_end(node: str, plan: Plan) -> bool:
    """Say whether the process may end after a step."""
    return any(place.kind == "end" for place in _beyond(node, plan))


def _forward(node: str, plan: Plan) -> list[str]:
    step = plan.steps[node]
    return [one for one in step.following if plan.steps[one].number > step.number]


def _splits(step: PlanStep, plan: Plan) -> bool:
    """Say whether what follows a step runs side by side."""
    places = (plan.compiled.steps[step.node], *_beyond(step.node, plan))
    return any(place.forks and len(place.exits) > 1 for place in places)


def _beyond(node: str, plan: Plan) -> list[Step]:
    """Return the gateways and ends that a step leads to before any other step."""
    steps = plan.compiled.steps
    found: dict[str, Step] = {}
    places = [way.target for way in steps[node].exits]
    while places:
        place = steps[places.pop()]
        if place.id not in found and place.kind != "task":
            found[place.id] = place
            places += [way.target for way in place.exits]
    return list(found.values())
