"""A risk is treated, accepted, verified, comes true, is watched no more."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.actions import services as actions
from nep.apps.organization.rules import Actor, may
from nep.apps.planning import queries
from nep.apps.planning.models import Risk
from nep.apps.planning.rules import risks, scales
from nep.apps.planning.services._risk_ground import (
    code_of,
    done_of,
    facts_of,
    item_renew,
    locked,
    stepped,
)
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import date_text, local


@transaction.atomic
def risk_act(
    *,
    actor: Actor,
    risk_id: int,
    title: str,
    owner_id: int,
    due_on: date,
    now: datetime,
    checker_id: int | None = None,
) -> int:
    """Lay down an action of the register that treats a risk; return the action's id.

    Raises Forbidden; NotFound; Refusal(see `decide_act`, `action_open`).
    Source: TCVN ISO 9001:2015 điều 6.1.2.
    """
    require(may(actor, "risk.work"))
    row = locked(actor, risk_id)
    require(risks.decide_act(actor, facts_of(row)), kind=Refusal)
    origin = Reference(row.kind, row.id, f"{code_of(row)}, {row.title}"[:400], f"/rui-ro/{row.id}/")
    action_id = actions.action_open(
        actor=actor, agency_id=row.agency_id, origin=origin, title=title, owner_id=owner_id,
        unit_id=None, due_on=due_on, now=now, checker_id=checker_id, clause=row.clause,
    )  # fmt: skip
    row.state = risks.TREATING
    item_renew(row, actor, now)
    stepped(actor, row, risks.ACT, f"{clean(title)}, hạn {date_text(due_on)}", now)
    return action_id


@transaction.atomic
def risk_accept(*, actor: Actor, risk_id: int, reason: str, review_on: date, now: datetime) -> None:
    """Leave a rated risk as it is, with a reason and a day to look again.

    Raises Forbidden; NotFound; Refusal(see `decide_accept`).
    """
    require(may(actor, "risk.accept"))
    row = locked(actor, risk_id)
    today = local(now).date()
    require(
        risks.decide_accept(
            actor, facts_of(row), reason=reason, review_on=review_on, today=today
        ),
        kind=Refusal,
    )  # fmt: skip
    _judged(actor, row, risks.ACCEPTED, reason, review_on, now)
    item_renew(row, actor, now)
    stepped(actor, row, risks.ACCEPT, row.judged_note, now)


@transaction.atomic
def risk_verify(
    *,
    actor: Actor,
    risk_id: int,
    likelihood: int,
    impact: int,
    note: str,
    review_on: date,
    now: datetime,
) -> None:
    """Find the treatment done and effective, and rate what is left; by somebody else.

    Raises Forbidden; NotFound; Refusal(see `decide_verify`, "step_unknown").
    Source: TCVN ISO 9001:2015 điều 6.1.2 b 2 (đánh giá hiệu lực của các hành động).
    """
    require(may(actor, "risk.manage"))
    row, today = locked(actor, risk_id), local(now).date()
    require(
        risks.decide_verify(
            actor, facts_of(row), done_of(row, today), note=note, review_on=review_on, today=today
        ),
        kind=Refusal,
    )
    scale = queries.scale_of(agency_id=row.agency_id, method=row.method)
    require(scales.decide_steps(scale, likelihood=likelihood, impact=impact), kind=Refusal)
    row.left_likelihood, row.left_impact = likelihood, impact
    row.left_product = likelihood * impact
    row.left_level = scales.level_of(scale, row.left_product)
    _judged(actor, row, risks.VERIFIED, note, review_on, now)
    item_renew(row, actor, now)
    said = scales.rating_text(scale, likelihood=likelihood, impact=impact)
    stepped(actor, row, risks.VERIFY, f"Còn lại {said}. {row.judged_note}", now)


def _judged(actor: Actor, row: Risk, state: str, note: str, review_on: date, now: datetime) -> None:
    row.state, row.judged_by_id, row.judged_at = state, actor.person_id, now
    row.judged_note, row.review_on = clean_lines(note)[:2000], review_on


@transaction.atomic
def risk_return(*, actor: Actor, risk_id: int, reason: str, now: datetime) -> None:
    """Ask for more before a treatment is found effective. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "risk.manage"))
    row = locked(actor, risk_id)
    require(risks.decide_return(actor, facts_of(row), reason=reason), kind=Refusal)
    item_renew(row, actor, now, note=clean_lines(reason), returned=True)
    stepped(actor, row, risks.RETURN, clean_lines(reason), now)


@transaction.atomic
def risk_happen(*, actor: Actor, risk_id: int, text: str, on: date, now: datetime) -> None:
    """Write down that a risk came true, how and when. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "risk.work"))
    row, today = locked(actor, risk_id), local(now).date()
    require(risks.decide_happen(actor, facts_of(row), text=text, on=on, today=today), kind=Refusal)
    row.happened, row.happened_on = row.happened + 1, on
    stepped(actor, row, risks.HAPPEN, f"Ngày {date_text(on)}: {clean_lines(text)}", now)


@transaction.atomic
def risk_close(*, actor: Actor, risk_id: int, reason: str, now: datetime) -> None:
    """Watch a risk no more, with a reason. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "risk.manage"))
    row = locked(actor, risk_id)
    require(risks.decide_close(actor, facts_of(row), reason=reason), kind=Refusal)
    row.state, row.ended_by_id, row.ended_at = risks.CLOSED, actor.person_id, now
    row.end_note = clean(reason)[:1000]
    item_renew(row, actor, now)
    stepped(actor, row, risks.CLOSE, row.end_note, now)
