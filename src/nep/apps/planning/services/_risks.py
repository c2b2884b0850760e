"""A risk or an opportunity is written down, changed, given to somebody, rated."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.planning import queries
from nep.apps.planning.models import Risk
from nep.apps.planning.rules import risks, scales
from nep.apps.planning.services._risk_ground import (
    facts_of,
    item_renew,
    known_owner,
    locked,
    stepped,
)
from nep.apps.standards import queries as standards
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean, clean_lines, fold
from nep.kernel.vietnamese import local

HAND = Reference("hand", 0, "")
BOOKS = {"risk": "rủi ro", "opportunity": "cơ hội"}


@dataclass(frozen=True, slots=True)
class RiskValues:
    """What is written down of a risk or an opportunity.

    `step` is the number of a step of the procedure; `clause` an edition and a number,
    "2015:8.5.1". Without an owner the ISO secretary says later who.
    """

    kind: str
    title: str
    cause: str = ""
    effect: str = ""
    controls: str = ""
    clause: str = ""
    procedure_id: int | None = None
    step: int | None = None
    objective_id: int | None = None
    objective_text: str = ""
    unit_id: int | None = None
    owner_id: int | None = None


@transaction.atomic
def risk_open(
    *,
    actor: Actor,
    values: RiskValues,
    now: datetime,
    origin: Reference = HAND,
    source_key: str = "",
    steps: tuple[int, int] | None = None,
) -> int:
    """Write a risk or an opportunity down, rated at once when `steps` are given; return its id.

    Raises Forbidden; Refusal(see `decide_open`, "owner_unknown", "unit_unknown",
    "procedure_unknown", "step_unknown", "clause_unknown",
    "source_taken"). Source: TCVN ISO 9001:2015 điều 6.1.1.
    """
    require(may(actor, "risk.work"))
    require(risks.decide_open(kind=values.kind, title=values.title), kind=Refusal)
    today = local(now).date()
    unit_id = known_owner(actor.agency_id, values.owner_id, values.unit_id, today)
    if source_key and queries.is_taken(agency_id=actor.agency_id, key=source_key):
        raise Refusal("source_taken", "Gợi ý này đã có trong sổ.")
    row = Risk(
        agency_id=actor.agency_id, kind=values.kind, year=today.year,
        number=take_number(agency_id=actor.agency_id, book=BOOKS[values.kind], year=today.year),
        origin_kind=origin.kind[:20], origin_id=origin.id, origin_title=clean(origin.title)[:400],
        origin_url=origin.url[:200], source_key=source_key[:160], unit_id=unit_id,
        owner_id=values.owner_id, opened_by_id=actor.person_id, opened_at=now, round_since=now,
        changed_at=now, version=0,
    )  # fmt: skip
    _write(row, values)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # somebody took the same proposal over in the same instant
        raise Conflict("source_taken", "Gợi ý này vừa được đưa vào sổ.") from error
    if steps is None:
        item_renew(row, actor, now)
    stepped(actor, row, "open", row.title, now)
    if steps is not None:
        _rate(actor, row, *steps, now=now)
    return row.id


def _write(row: Risk, values: RiskValues) -> None:
    row.title, row.folded = clean(values.title)[:400], fold(values.title)[:500]
    row.cause = clean_lines(values.cause)[:2000]
    row.effect = clean_lines(values.effect)[:2000]
    row.controls = clean_lines(values.controls)[:2000]
    require(standards.decide_clause(values.clause), kind=Refusal)
    row.clause = clean(values.clause)[:40]
    row.objective_id, row.objective_text = values.objective_id, values.objective_text[:400]
    place = queries.place_of(
        agency_id=row.agency_id, procedure_id=values.procedure_id, step=values.step
    )
    row.procedure_id, row.procedure_text = place.procedure_id, place.procedure_text[:400]
    row.node, row.step_text = place.node, place.step_text[:300]


@transaction.atomic
def risk_change(
    *, actor: Actor, risk_id: int, values: RiskValues, version: int, now: datetime
) -> None:
    """Change what is written down, before it is treated. Raises Forbidden; NotFound; Refusal;
    Conflict when somebody changed it after the page was opened."""
    require(may(actor, "risk.work"))
    row = locked(actor, risk_id)
    require(risks.decide_change(actor, facts_of(row), title=values.title), kind=Refusal)
    if row.version != version:
        raise Conflict("risk_changed", "Có người vừa sửa mục này. Hãy tải lại trang rồi sửa tiếp.")
    old = {"title": row.title, "cause": row.cause, "effect": row.effect, "clause": row.clause}
    _write(row, values)
    stepped(actor, row, risks.CHANGE, row.title, now, old)


@transaction.atomic
def risk_assign(*, actor: Actor, risk_id: int, owner_id: int, now: datetime) -> None:
    """Say who answers for a risk. Raises Forbidden; NotFound; Refusal("owner_unknown")."""
    require(may(actor, "risk.manage"))
    row = locked(actor, risk_id)
    require(risks.decide_assign(actor, facts_of(row)), kind=Refusal)
    old = {"owner_id": row.owner_id}
    row.unit_id = known_owner(row.agency_id, owner_id, None, local(now).date())
    row.owner_id = owner_id
    item_renew(row, actor, now)
    name = organization.person_names([owner_id]).get(owner_id, "")
    stepped(actor, row, risks.ASSIGN, name, now, old)


@transaction.atomic
def risk_rate(*, actor: Actor, risk_id: int, likelihood: int, impact: int, now: datetime) -> None:
    """Rate a risk on the agency's scale: the product is computed. Again begins a new round.

    Raises Forbidden; NotFound; Refusal("step_unknown", "risk_state").
    """
    require(may(actor, "risk.work"))
    row = locked(actor, risk_id)
    require(risks.decide_rate(actor, facts_of(row)), kind=Refusal)
    _rate(actor, row, likelihood, impact, now=now)


def _rate(actor: Actor, row: Risk, likelihood: int, impact: int, *, now: datetime) -> None:
    scale = queries.scale_of(agency_id=row.agency_id)
    require(scales.decide_steps(scale, likelihood=likelihood, impact=impact), kind=Refusal)
    old = {"product": row.product, "level": row.level, "state": row.state}
    if row.state in risks.ROUND_ENDED:
        row.round, row.round_since = row.round + 1, now
        row.judged_by_id, row.judged_at, row.judged_note, row.review_on = None, None, "", None
        row.left_likelihood = row.left_impact = row.left_product = None
        row.left_level = ""
    row.method, row.likelihood, row.impact = scale.method, likelihood, impact
    row.product = likelihood * impact
    row.level = scales.level_of(scale, row.product)
    row.rated_by_id, row.rated_at, row.state = actor.person_id, now, risks.RATED
    item_renew(row, actor, now)
    said = scales.rating_text(scale, likelihood=likelihood, impact=impact)
    stepped(actor, row, risks.RATE, said[0].upper() + said[1:], now, old)
