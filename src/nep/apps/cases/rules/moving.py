"""Which places of two versions of a procedure mean the same, and what was done there. Pure.

A case moves only by a mapping of the places it stands at, each to one of equal kind
(`rules.landing` judges it).
Source: TCVN ISO 9001:2015 điều 8.5.6 (kiểm soát thay đổi).
"""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from nep.apps.cases.rules.plan import NOT_YET, SIGNS, Plan, PlanStep
from nep.bpmn import Node, mapped_nodes
from nep.kernel.text import fold

MOVED = "moved"
"""The outcome of a run that goes on in another version, and the event that tells of it."""

ALIKE = 0.6
"""Names at least this alike (0 to 1) are proposed as one step under the same id."""


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


def pairs_beyond(old: Plan, new: Plan, steps: Mapping[str, str]) -> dict[str, str]:
    """Return by place of the old version that is no step the one of the new version that is meant.

    Waits, calls and groups by equal id and name, then by a name that stands once, then by equal id;
    what may interrupt one only among the events of what that is mapped to, where only one of its
    kind is left that one.
    """
    before, after = _others(old), _others(new)
    found: dict[str, str] = {}
    for events in (False, True):
        for test in (_same, _only_name, _same_id, _only_kind):
            for one in before:
                if (one.kind == "boundary") is not events or one.id in found:
                    continue
                free = [other for other in after if other.id not in found.values()]
                fit = [other for other in free if _fits(one, other, {**steps, **found})]
                target = test(one, fit, before)
                if target:
                    found[one.id] = target
    return found


def _others(plan: Plan) -> list[Node]:
    return [node for node in mapped_nodes(plan.compiled.process) if node.id not in plan.steps]


def _fits(one: Node, other: Node, hosts: Mapping[str, str]) -> bool:
    """Say whether a place may be mapped to another: equal kind, and of an event equal host and effect."""
    if one.kind != other.kind or kind_waited(one) != kind_waited(other):
        return False
    if one.kind != "boundary":
        return True
    return one.cancels == other.cancels and hosts.get(one.attached_to) == other.attached_to


def kind_waited(node: Node) -> str:
    """Return what a node waits for: "timer", "message" or nothing."""
    return node.trigger.kind if node.trigger is not None else ""


def _same(one: Node, fit: list[Node], _all: list[Node]) -> str:
    return next((o.id for o in fit if o.id == one.id and fold(o.name) == fold(one.name)), "")


def _only_name(one: Node, fit: list[Node], all_: list[Node]) -> str:
    named = [other.id for other in fit if fold(other.name) == fold(one.name)]
    alike = [o for o in all_ if o.kind == one.kind and fold(o.name) == fold(one.name)]
    return named[0] if one.name and len(named) == 1 and len(alike) == 1 else ""


def _same_id(one: Node, fit: list[Node], _all: list[Node]) -> str:
    return next((other.id for other in fit if other.id == one.id), "")


def _only_kind(one: Node, fit: list[Node], all_: list[Node]) -> str:
    if one.kind != "boundary":
        return ""
    beside = [
        o for o in all_
        if o.attached_to == one.attached_to and kind_waited(o) == kind_waited(one)
    ]  # fmt: skip
    return fit[0].id if len(fit) == 1 and len(beside) == 1 else ""


def numbers_moved(*, old: Plan, new: Plan, pairs: Mapping[str, str]) -> list[tuple[int, int]]:
    """Return the numbers (old, new) of the steps that mean the same."""
    return [
        (one.number, new.steps[pairs[one.node]].number)
        for one in old.order
        if pairs.get(one.node) in new.steps
    ]


def progress_moved(progress: str, *, numbers: Iterable[tuple[int, int]], total: int) -> str:
    """Return the signs of the steps already done, each at its step among the new version's `total`.

    A step that several were mapped to is done once one of them was, late once one of them was late,
    and else has used what the longest of them did.
    """
    found = [NOT_YET] * total
    for old, new in numbers:
        found[new - 1] = max(found[new - 1], progress[old - 1], key=SIGNS.index)
    return "".join(found)
