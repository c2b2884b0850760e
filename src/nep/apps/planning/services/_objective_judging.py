"""A year's objectives are concluded on in one act, each as it was shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.planning.models import Objective
from nep.apps.planning.queries import objective_lines, seen_value
from nep.apps.planning.services._objective_values import Act, objective_judge, value_explain
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.vietnamese import local


class Judged(NamedTuple):
    """One objective as it was shown: its value; cause and action where periods missed the target."""

    objective_id: int
    shown: str
    cause: str = ""
    act: Act | None = None


@transaction.atomic
def objectives_judge(*, actor: Actor, year: int, told: Sequence[Judged], now: datetime) -> int:
    """Conclude on the objectives of a year that were shown; return how many.

    The cause that is told holds for every period that missed its target without one; the action is
    opened once. Raises Forbidden; NotFound; Conflict("figures_changed") where the data has changed
    since the page was read; Refusal("nothing_chosen", see `decide_judge`, `missing`).
    Source: TCVN ISO 9001:2015 điều 6.2.2 e, 9.1.3 c.
    """
    require(may(actor, "objective.own"))
    if not told:
        raise Refusal("nothing_chosen", "Không có mục tiêu nào kết luận được lúc này.")
    rows = {
        row.pk: row
        for row in Objective.objects.select_for_update(of=("self",)).filter(
            agency_id=actor.agency_id, year=year, pk__in=[one.objective_id for one in told]
        )
    }
    for one in told:
        row = rows.get(one.objective_id)
        if row is None:
            raise NotFound()
        if seen_value(row.value) != one.shown:
            raise Conflict(
                "figures_changed", f"Số liệu của mục tiêu “{row.title}” vừa đổi. Hãy xem lại."
            )
        _explain(actor, row, one, local(now).date(), now)
        objective_judge(actor=actor, objective_id=row.pk, note="", now=now)
    return len(told)


def _explain(actor: Actor, row: Objective, told: Judged, today: date, now: datetime) -> None:
    if not told.cause:
        return
    (line,) = objective_lines([row], agency_id=row.agency_id, today=today)
    act = told.act
    for period in line.periods:
        if period.met is False and not period.is_explained:
            value_explain(
                actor=actor, objective_id=row.pk, starts_on=period.starts_on, cause=told.cause,
                act=act, now=now,
            )  # fmt: skip
            act = None
