"""Where cases of a process can rest: every set of places that is open at the same time."""

from nep.bpmn.model import Process
from nep.bpmn.soundness import search_markings
from nep.bpmn.tables import Step

RESTS = frozenset({"task", "receive", "catch", "call", "event_gateway"})


def standings(process: Process, *, cap: int = 100_000) -> frozenset[frozenset[str]]:
    """Return every set of places where a case of a sound process can rest at one moment.

    A place is the id of an open step, of the flow on which a token waits at a join, or of an event
    that came beside a step that goes on and is not waited for again. Empty where the process is not
    sound or has more than `cap` markings: then nothing is known to be safe.
    """
    found = search_markings(process, cap=cap)
    if found is None:
        return frozenset()
    steps, targets, markings = found
    return frozenset(
        places
        for marking in markings
        if marking and (places := _places(marking, steps, targets)) is not None
    )


def _places(
    marking: int, steps: dict[str, Step], targets: dict[int, tuple[str, str]]
) -> frozenset[str] | None:
    """Return the places of a marking, None when something in it moves on by itself."""
    places: set[str] = set()
    waiting: dict[str, set[str]] = {}
    rest = marking
    while rest:
        bit = rest & -rest
        rest ^= bit
        flow, target = targets[bit]
        step = steps[target]
        if step.kind in RESTS or flow == target:
            places.add(target)
        elif len(step.entries) > 1 and (step.kind == "parallel" or step.upstream is not None):
            waiting.setdefault(target, set()).add(flow)
            places.add(flow)
        else:
            return None
    for join, filled in waiting.items():
        if len(filled) == len(steps[join].entries) or _opens(steps[join], filled, marking, targets):
            return None
    return frozenset(places)


def _opens(join: Step, filled: set[str], marking: int, targets: dict[int, tuple[str, str]]) -> bool:
    """Say whether an inclusive join opens by itself: no token elsewhere still comes to it."""
    if join.upstream is None:
        return False
    others = [
        flow
        for bit, (flow, target) in targets.items()
        if marking & bit and target != join.id and flow != target
    ]
    for flow in others:
        if any(flow in join.upstream[entry] for entry in filled):
            continue
        if any(flow in join.upstream[entry] for entry in join.entries if entry not in filled):
            return False
    return True
