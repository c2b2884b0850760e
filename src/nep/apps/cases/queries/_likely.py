"""The likely date of a running case's result, for the holder of its receipt."""

from datetime import date, datetime

from django.db.models import Sum

from nep.apps.cases.models import Case, StepMonth, StepRun
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.likely import MONTHS, StepPast, likely_minutes
from nep.apps.cases.rules.statuses import MOVING
from nep.apps.workcal import queries as workcal
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local
from nep.worktime import OutsideCalendar


def likely_day(case: Case, *, now: datetime) -> date | None:
    """Return the day on which the result is likely to be there; None where nothing tells.

    None for a case that rests or has ended, and while its steps have too little history.
    """
    if case.status not in MOVING or case.internal:
        return None
    runs = list(StepRun.objects.filter(case=case, closed_at=None))
    try:
        plan = plan_for(case.content_hash)
    except NotFound:
        return None
    past = _past(case, now)
    calendar = workcal.calendar_for(case.agency_id)
    rests = []
    try:
        for run in runs:
            used = run.carried_minutes + run.used_minutes
            if run.running_since is not None:
                used += max(0, calendar.measure(run.running_since, now))
            rests.append(likely_minutes(plan, node=run.node, used=used, past=past))
        if not rests or None in rests:
            return None
        longest = max(rest for rest in rests if rest is not None)
        return local(calendar.add_minutes(now, longest)).date()
    except OutsideCalendar:
        return None


def _past(case: Case, now: datetime) -> dict[str, StepPast]:
    """Return what the steps of the case's version took in the last year, from the roll-ups."""
    here = local(now)
    since = (here.year * 12 + here.month - 1 - MONTHS) // 12 * 100
    since += (here.year * 12 + here.month - 1 - MONTHS) % 12 + 1
    rows = StepMonth.objects.filter(
        agency_id=case.agency_id, tthc_id=case.tthc_id, content_hash=case.content_hash,
        month__gte=since,
    )  # fmt: skip
    sums = rows.values("node").annotate(n=Sum("steps"), m=Sum("used_minutes")).order_by()
    return {one["node"]: StepPast(one["n"], one["m"]) for one in sums}
