"""What bounded loops add to the longest way: the most that a case can take, each way back within its bound.

Ways back are taken within parts whose nodes all lead to each other. What such a part adds is charged
where a way enters it: the longest walk from there to an end, less the longest way without turning
back. It is counted exactly while the bounds of a part give few combinations, else from above.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod

MOST_COUNTED = 4_096
"""So many combinations of rounds are counted one by one."""

Hours = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Back:
    """A bounded way back: where it leaves, where it leads (with the events met there), how often."""

    source: str
    targets: tuple[str, ...]
    bound: int


def closure(names: Iterable[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    """Return what is reached from some nodes, themselves included."""
    seen: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(onward(name))
    return seen


def parts_of(outs: Mapping[str, Sequence[str]], backs: Sequence[Back]) -> dict[str, int]:
    """Return the part of each node that lies on a loop; one flow may belong to no loop at all."""
    onward: dict[str, list[str]] = {name: list(targets) for name, targets in outs.items()}
    for back in backs:
        onward.setdefault(back.source, []).extend(back.targets)
    inward: dict[str, list[str]] = {}
    for name, targets in onward.items():
        for target in targets:
            inward.setdefault(target, []).append(name)
    found: dict[str, int] = {}
    for number, back in enumerate(backs):
        if back.source in found:
            continue
        ahead = closure(back.targets, lambda name: onward.get(name, ()))
        if back.source in ahead:
            behind = closure([back.source], lambda name: inward.get(name, ()))
            found |= dict.fromkeys(ahead & behind, number)
    return found


def entering(
    *,
    order: Sequence[str],
    outs: Mapping[str, Sequence[str]],
    own: Hours,
    begins: Iterable[str],
    ends: set[str],
    backs: Sequence[Back],
    parts: Mapping[str, int],
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return what the loops of a part do to a way that enters it at a node: the hours they add, and
    the hours until an end where none is reached without turning back.

    `order` has every way leading onward, `own` the hours of the nodes that can be passed.
    """
    extra: dict[str, Decimal] = {}
    turning: dict[str, Decimal] = {}
    value: dict[str, Decimal] = {}  # the longest way from a node to an end, loops of later parts in
    entered = set(begins).union(
        target
        for name, targets in outs.items()
        for target in targets
        if name not in parts or parts[name] != parts.get(target)
    )
    open_: dict[int, list[str]] = {}
    for name in order:
        if name in parts:
            open_.setdefault(parts[name], []).append(name)

    def beyond(name: str, target: str) -> Decimal | None:
        crosses = name not in parts or parts[name] != parts.get(target)
        if target not in value:
            return turning.get(target) if crosses else None
        return value[target] + (extra.get(target, Decimal(0)) if crosses else 0)

    done: set[int] = set()
    left = [*reversed(order)]
    for name in _by_parts(left, outs, parts):
        part = parts.get(name)
        if part is None:
            _set_value(name, value, outs, own, ends, beyond)
        elif part not in done:
            done.add(part)
            body = open_[part]
            for one in reversed(body):
                _set_value(one, value, outs, own, ends, beyond)
            mine = [back for back in backs if parts.get(back.source) == part]
            longest = _walks(body, outs, own, ends, mine, value, beyond)
            for one in entered & longest.keys():
                if one in value:
                    extra[one] = longest[one] - value[one]
                else:
                    turning[one] = longest[one]
    return {name: hours for name, hours in extra.items() if hours}, turning


def _by_parts(
    names: Sequence[str], outs: Mapping[str, Sequence[str]], parts: Mapping[str, int]
) -> list[str]:
    """Return nodes so that whatever lies beyond a part comes before all of it."""
    found: list[str] = []
    seen: set[object] = set()
    members: dict[int, list[str]] = {}
    for name in names:
        if name in parts:
            members.setdefault(parts[name], []).append(name)

    def key(name: str) -> object:
        return ("part", parts[name]) if name in parts else name

    for first in names:
        todo = [(first, False)]
        while todo:
            name, is_ready = todo.pop()
            group = members[parts[name]] if name in parts else [name]
            if is_ready:
                found += group
                continue
            if key(name) in seen:
                continue
            seen.add(key(name))
            todo.append((name, True))
            todo += [
                (target, False) for one in group for target in outs.get(one, ())
                if key(target) not in seen
            ]  # fmt: skip
    return found


Beyond = Callable[[str, str], Decimal | None]


def _set_value(
    name: str,
    value: dict[str, Decimal],
    outs: Mapping[str, Sequence[str]],
    own: Hours,
    ends: set[str],
    beyond: Beyond,
) -> None:
    if name not in own:
        return
    known = [beyond(name, target) for target in outs.get(name, ())]
    onward = [hours for hours in known if hours is not None]
    if name in ends:
        onward.append(Decimal(0))
    if onward:
        value[name] = own[name] + max(onward)


def _walks(
    body: Sequence[str],
    outs: Mapping[str, Sequence[str]],
    own: Hours,
    ends: set[str],
    backs: Sequence[Back],
    value: Hours,
    beyond: Beyond,
) -> dict[str, Decimal]:
    """Return the longest walk from each node of a part to an end, within the bounds."""
    inside = set(body)
    leaving: dict[str, Decimal] = {}
    for name in body:
        ways = [beyond(name, target) for target in outs.get(name, ()) if target not in inside]
        hours = [one for one in ways if one is not None] + [Decimal(0)] * (name in ends)
        if hours and name in own:
            leaving[name] = max(hours)
    if prod(back.bound + 1 for back in backs) > MOST_COUNTED:
        return _from_above(body, outs, own, backs, value)
    of_source: dict[str, list[tuple[int, Back]]] = {}
    for place, back in enumerate(backs):
        of_source.setdefault(back.source, []).append((place, back))
    known: dict[tuple[int, ...], dict[str, Decimal]] = {}
    rounds: tuple[int, ...]
    ranges = (range(back.bound + 1) for back in backs)
    for rounds in sorted(product(*ranges), key=lambda one: sum(one)):
        here: dict[str, Decimal] = {}
        known[rounds] = here
        for name in reversed(body):
            if name not in own:
                continue
            best = leaving.get(name)
            for target in outs.get(name, ()):
                if target in here and (best is None or here[target] > best):
                    best = here[target]
            for place, back in of_source.get(name, ()):
                if not rounds[place]:
                    continue
                after = known[(*rounds[:place], rounds[place] - 1, *rounds[place + 1 :])]
                for target in back.targets:
                    if target in after and (best is None or after[target] > best):
                        best = after[target]
            if best is not None:
                here[name] = own[name] + best
    return known[tuple(back.bound for back in backs)]


def _from_above(
    body: Sequence[str],
    outs: Mapping[str, Sequence[str]],
    own: Hours,
    backs: Sequence[Back],
    value: Hours,
) -> dict[str, Decimal]:
    """Return no less than the longest walks: a way to a turn, every round at its longest, a way out."""
    sources = {back.source for back in backs}
    turn: dict[str, Decimal] = {}
    for name in reversed(body):
        if name not in own:
            continue
        ahead = [turn[target] for target in outs.get(name, ()) if target in turn]
        if name in sources or ahead:
            turn[name] = own[name] + max(ahead, default=Decimal(0))
    rounds = sum(
        (back.bound * max((turn.get(one, Decimal(0)) for one in back.targets), default=Decimal(0))
         for back in backs), Decimal(0),
    )  # fmt: skip
    out = max((value[one] for back in backs for one in back.targets if one in value), default=None)
    found = {}
    for name in body:
        ways = [value[name]] if name in value else []
        if out is not None and name in turn:
            ways.append(turn[name] + rounds + out)
        if ways:
            found[name] = max(ways)
    return found
