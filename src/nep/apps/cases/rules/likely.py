"""When the result of a running case is likely to be there, from what its steps used before. Pure.

The mean of the working time that each step still ahead took in finished cases of the same version;
of ways that go apart the longest. No date where one of these steps has too little history.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nep.apps.cases.rules.plan import Plan

THIN = 20  # a step done less often than this tells nothing
MONTHS = 12


@dataclass(frozen=True, slots=True)
class StepPast:
    """How often a step was closed, and how many working minutes that took together."""

    count: int
    minutes: int


def likely_minutes(plan: Plan, *, node: str, used: int, past: Mapping[str, StepPast]) -> int | None:
    """Return the working minutes until the result, None where the history is thin.

    `used` minutes of the open step are gone; a step that already took longer than usual is given
    a quarter of its usual time more. Handing the result over is not counted.
    """
    means: dict[str, int] = {}

    def whole(at: str, seen: frozenset[str]) -> int | None:
        step = plan.steps.get(at)
        if step is None or step.is_return or at in seen:
            return 0
        known = past.get(at)
        if known is None or known.count < THIN:
            return None
        means[at] = round(known.minutes / known.count)
        ahead = [
            whole(one, seen | {at})
            for one in step.following
            if one in plan.steps and plan.steps[one].number > step.number
        ]
        if any(one is None for one in ahead):
            return None
        return means[at] + max((one for one in ahead if one is not None), default=0)

    found = whole(node, frozenset())
    if found is None or node not in means:
        return None
    own = means[node]
    return found - own + max(own - used, own // 4)
