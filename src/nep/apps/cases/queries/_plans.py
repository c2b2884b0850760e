"""The plan of a version, kept per process: a content hash never changes its meaning."""

import threading

from nep.apps.cases.rules.plan import Plan, plan_of
from nep.apps.procedures import queries as procedures

_MOST = 2000
_lock = threading.Lock()
_plans: dict[str, Plan] = {}


def plan(content_hash: str) -> Plan:
    """Return the plan of a version. Raises NotFound."""
    known = _plans.get(content_hash)
    if known is not None:
        return known
    order = [row.node for row in procedures.steps_by_hash(content_hash)]
    made = plan_of(procedures.compiled(content_hash), order)
    with _lock:
        if len(_plans) >= _MOST:
            _plans.clear()
        _plans[content_hash] = made
    return made
