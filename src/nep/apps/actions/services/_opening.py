"""An action is given to somebody."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.actions import rules
from nep.apps.actions.models import Action
from nep.apps.actions.services._ground import item_for_owner, stepped
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import local


@transaction.atomic
def action_open(
    *,
    actor: Actor,
    agency_id: int,
    origin: Reference,
    title: str,
    owner_id: int,
    unit_id: int | None,
    due_on: date,
    now: datetime,
    checker_id: int | None = None,
    clause: str = "",
    decided_on: date | None = None,
) -> int:
    """Give an action to its owner with a work item, and return its id.

    `origin` names what it comes from; `clause` is an edition and a number, "2015:10.2.1". Without
    a unit it belongs to the owner's first one; without a checker the ISO secretary checks. Where it
    was decided on an earlier day (`decided_on`), its day may have passed since. Raises Forbidden; Refusal(see `decide_open`, "owner_unknown", "checker_unknown", "unit_unknown").
    Source: TCVN ISO 9001:2015 điều 10.2.1 c.
    """
    require(may(actor, "action.open"))
    if agency_id != actor.agency_id:
        raise Refusal("agency_other", "Chỉ giao việc trong cơ quan đang làm việc.")
    today = local(now).date()
    members = {one.id: one for one in organization.members(agency_id=agency_id, today=today)}
    owner = members.get(owner_id)
    if owner is None:
        raise Refusal("owner_unknown", "Hãy chọn người làm trong danh sách.", field="owner")
    if checker_id is not None and checker_id not in members:
        raise Refusal(
            "checker_unknown", "Hãy chọn người kiểm tra trong danh sách.", field="checker"
        )
    if unit_id is not None and unit_id not in {u.id for u in organization.units_of(agency_id)}:
        raise Refusal("unit_unknown", "Hãy chọn đơn vị trong danh sách.", field="unit")
    require(
        rules.decide_open(
            actor, title=title, owner_id=owner_id, owner_units=owner.unit_ids, due_on=due_on,
            checker_id=checker_id, today=today, decided_on=decided_on,
        ),
        kind=Refusal,
    )  # fmt: skip
    year = today.year
    row = Action.objects.create(
        agency_id=agency_id, year=year,
        number=take_number(agency_id=agency_id, book="hành động", year=year),
        origin_kind=origin.kind[:20], origin_id=origin.id, origin_title=clean(origin.title)[:400],
        origin_url=origin.url[:200], clause=clean(clause)[:40], title=clean(title)[:400],
        folded=fold(title)[:500], owner_id=owner_id, unit_id=unit_id or _unit_of(owner.unit_ids),
        checker_id=checker_id, opened_by_id=actor.person_id, opened_at=now, first_due_on=due_on,
        due_on=due_on, changed_at=now, version=0,
    )  # fmt: skip
    item_for_owner(row, now)
    stepped(actor, row, "open", row.title, now, old=None)
    return row.id


def _unit_of(unit_ids: frozenset[int]) -> int | None:
    return min(unit_ids, default=None)
