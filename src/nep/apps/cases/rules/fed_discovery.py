"""A procedure proposed from what a log of an unknown process shows. Pure.

What follows what, and how often, gives the steps in the order in which they usually come, the usual
way on as the default and the other ways as branches; a way back keeps the most repetitions seen as
its bound. Ways seen seldom are left out, and how many cases the proposal can replay is said with it.
It is a proposal: limits, roles and names are for people to settle, and the proof judges it like
every other draft.
Source: van der Aalst, Process Mining (2016), chương 5: đồ thị nối tiếp trực tiếp (directly-follows).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nep.apps.procedures.rules.table import END, NEXT, Branch, Step, Table
from nep.kernel.text import clean

MOST_STEPS = 60
MOST_WAYS = 6
SELDOM = 0.02
MOST_BOUND = 9
_STOP = "\x00"


@dataclass(frozen=True, slots=True)
class FoundStep:
    """One activity of the log: how often, in how many cases, and where it leads how often."""

    id: str
    name: str
    times: int
    cases: int
    ways: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """A proposed procedure; `replayed` of `cases` can be played on it from beginning to end."""

    table: Table
    steps: tuple[FoundStep, ...]
    cases: int
    events: int
    replayed: int
    left_out: tuple[str, ...]

    @property
    def coverage(self) -> int:
        """Return how many of a hundred cases the proposal replays, rounded down."""
        return 100 * self.replayed // self.cases if self.cases else 0


def discover(traces: Sequence[Sequence[str]], *, name: str) -> Discovery:
    """Return the procedure proposed from traces, each the activities of one case in their order.

    Raises ValueError when no trace has an activity.
    """
    variants = Counter(tuple(clean(one) for one in trace) for trace in traces if trace)
    if not variants:
        raise ValueError("no activity")
    order, left_out = _order(variants)
    ways, lost = _ways(variants, order)
    while lost:  # only ever a beginning of its own: nothing leads to it
        order = [one for one in order if one not in lost]
        left_out += lost
        ways, lost = _ways(variants, order)
    ids = {one: f"b{number}" for number, one in enumerate(order, start=1)}
    bounds = _bounds(variants, order)
    steps = tuple(_step(one, order, ways[one], ids, bounds) for one in order)
    table = Table("qt-tu-nhat-ky", name, steps)
    replayed = sum(count for trace, count in variants.items() if replays(table, trace))
    return Discovery(
        table=table,
        steps=tuple(_found(one, variants, ways[one], ids) for one in order),
        cases=sum(variants.values()),
        events=sum(len(trace) * count for trace, count in variants.items()),
        replayed=replayed,
        left_out=tuple(left_out),
    )


def replays(table: Table, trace: Sequence[str]) -> bool:
    """Say whether a case can be played on a table of single steps from beginning to end.

    A way back is taken at most as often as its bound says.
    """
    by_name = {step.name: place for place, step in enumerate(table.steps)}
    places = [by_name.get(clean(one), -1) for one in trace]
    if not places or places[0] != 0 or -1 in places:
        return False
    taken: Counter[tuple[int, str]] = Counter()
    for place, following in pairwise([*places, len(table.steps)]):
        step = table.steps[place]
        target = table.steps[following].id if following < len(table.steps) else END
        if target == _default(table, place):
            continue
        branch = next((one for one in step.branches if one.target == target), None)
        if branch is None:
            return False
        taken[place, target] += 1
        if branch.bound is not None and taken[place, target] > branch.bound:
            return False
    return True


def _default(table: Table, place: int) -> str:
    step = table.steps[place]
    if step.after != NEXT:
        return step.after
    return table.steps[place + 1].id if place + 1 < len(table.steps) else END


def _order(variants: Mapping[tuple[str, ...], int]) -> tuple[list[str], list[str]]:
    """Return the activities in the order in which they usually come, the usual first one first."""
    times: Counter[str] = Counter()
    place: Counter[str] = Counter()
    starts: Counter[str] = Counter()
    for trace, count in variants.items():
        starts[trace[0]] += count
        seen: set[str] = set()
        for at, one in enumerate(trace):
            if one not in seen:
                seen.add(one)
                times[one] += count
                place[one] += count * (1000 * at // len(trace))
    kept = [one for one, _ in times.most_common(MOST_STEPS)]
    left_out = [one for one, _ in times.most_common()[MOST_STEPS:]]
    first = starts.most_common(1)[0][0]
    kept.sort(key=lambda one: (one != first, place[one] / times[one], -times[one], one))
    return kept, left_out


def _follows(variants: Mapping[tuple[str, ...], int], known: set[str]) -> dict[str, Counter[str]]:
    follows: dict[str, Counter[str]] = {}
    for trace, count in variants.items():
        inside = [one for one in trace if one in known]
        for one, following in pairwise([*inside, _STOP]):
            follows.setdefault(one, Counter())[following] += count
    return follows


def _ways(
    variants: Mapping[tuple[str, ...], int], order: list[str]
) -> tuple[dict[str, list[tuple[str, int]]], list[str]]:
    """Return the ways on from every activity, and the activities that none leads to."""
    follows = _follows(variants, set(order))
    ways = {one: _kept(one, follows, order) for one in order}
    while True:
        reached = _reached(order[0], ways)
        for one in (one for one in order if one not in reached):
            leading = [
                (follows[before][one], before) for before in reached if one in follows[before]
            ]
            if leading:
                count, before = max(leading)
                ways[before].append((one, count))
                break
        else:
            return ways, [one for one in order if one not in reached]


def _reached(first: str, ways: Mapping[str, list[tuple[str, int]]]) -> set[str]:
    reached, open_ = {first}, [first]
    while open_:
        for following, _ in ways[open_.pop()]:
            if following != _STOP and following not in reached:
                reached.add(following)
                open_.append(following)
    return reached


def _kept(one: str, follows: Mapping[str, Counter[str]], order: list[str]) -> list[tuple[str, int]]:
    """Return the ways on from an activity, most often first, without those seen seldom.

    The first is the default; it leads on or to the end, so that the process can always go on.
    """
    found = follows[one].most_common()
    total = sum(count for _, count in found)
    place = order.index(one)
    onward = [way for way in found if way[0] == _STOP or order.index(way[0]) > place]
    following = order[place + 1] if place + 1 < len(order) else _STOP
    default = onward[0] if onward else (following, 0)
    others = [way for way in found if way != default and way[1] >= SELDOM * total]
    return [default, *others[: MOST_WAYS - 1]]


def _bounds(
    variants: Mapping[tuple[str, ...], int], order: list[str]
) -> dict[tuple[str, str], int]:
    """Return the most times a way back was taken in one case."""
    place = {one: at for at, one in enumerate(order)}
    most: dict[tuple[str, str], int] = {}
    for trace in variants:
        inside = [one for one in trace if one in place]
        taken = Counter(pairwise(inside))
        for way, count in taken.items():
            if place[way[1]] <= place[way[0]]:
                most[way] = max(most.get(way, 0), count)
    return {way: min(count, MOST_BOUND) for way, count in most.items()}


def _step(
    one: str,
    order: list[str],
    ways: list[tuple[str, int]],
    ids: Mapping[str, str],
    bounds: Mapping[tuple[str, str], int],
) -> Step:
    place, (default, _) = order.index(one), ways[0]
    following = order[place + 1] if place + 1 < len(order) else _STOP
    branches = tuple(
        Branch(
            id=f"{ids[one]}-r{number}",
            target=END if target == _STOP else ids[target],
            name="Kết thúc" if target == _STOP else f"Chuyển {target}"[:120],
            bound=bounds.get((one, target)) if target != _STOP else None,
        )
        for number, (target, _count) in enumerate(ways[1:], start=1)
    )
    after = NEXT if default == following else END if default == _STOP else ids[default]
    name = "Kết thúc" if default == _STOP else f"Chuyển {default}"[:120]
    made = Step(id=ids[one], name=one[:600], after=after, branches=branches)
    return replace(made, default_name=name) if branches else made


def _found(
    one: str,
    variants: Mapping[tuple[str, ...], int],
    ways: list[tuple[str, int]],
    ids: Mapping[str, str],
) -> FoundStep:
    times = sum(trace.count(one) * count for trace, count in variants.items())
    cases = sum(count for trace, count in variants.items() if one in trace)
    shown = tuple(("Kết thúc" if way == _STOP else way, count) for way, count in ways)
    return FoundStep(ids[one], one, times, cases, shown)
