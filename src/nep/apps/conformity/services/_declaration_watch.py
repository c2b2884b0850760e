"""What the worker looks at daily: a changed scope, a head who can be asked now."""

from datetime import datetime, timedelta

from django.db import transaction

from nep.apps.conformity import queries
from nep.apps.conformity.models import Declaration
from nep.apps.conformity.rules import declaration as law
from nep.apps.conformity.services._declaration_ground import (
    ASKED,
    SOURCE,
    due_from,
    item_renew,
    judged,
    link_of,
    unit_of_role,
)
from nep.apps.work import queries as work_queries
from nep.apps.work import services as work
from nep.foundation.journal import services as journal
from nep.kernel.vietnamese import local

SCOPE_DAYS = 30


def declarations_watch(*, now: datetime) -> int:
    """Ask for a new declaration where the scope has changed, and the head where nothing is missing.

    Returns how many work items were opened. Source: Quyết định 19/2014/QĐ-TTg Điều 4 khoản 4 điểm c.
    """
    states = (*law.STANDING_STATES, law.APPLIED)
    ids = Declaration.objects.filter(state__in=states).order_by("id").values_list("id", flat=True)
    return sum(_watch(id_, now) for id_ in ids)


@transaction.atomic
def _watch(declaration_id: int, now: datetime) -> bool:
    row = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration_id)
    if row.state == law.APPLIED:
        return _ask_head(row, now)
    if row.state not in law.STANDING_STATES:
        return False
    return _ask_again(row, now)


def _ask_again(row: Declaration, now: datetime) -> bool:
    """Open the item for a new declaration once; withdraw it when the scope is as it was."""
    change = queries.change_since(row)
    open_ = Declaration.objects.filter(agency_id=row.agency_id, state__in=law.OPEN_STATES).exists()
    if not change or open_:
        if row.scope_item_id is not None:
            work.item_withdraw(batch=None, item_id=row.scope_item_id, at=now, by_id=None)
            Declaration.objects.filter(pk=row.pk).update(scope_item_id=None)
        return False
    if row.scope_item_id is not None:
        return False
    due_on = local(now).date() + timedelta(days=SCOPE_DAYS)
    role = "iso_secretary"
    item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="declaration",
        title=f"Công bố lại: phạm vi {change.text}", detail="Bắt đầu công bố lại",
        link=link_of(row), source_type=SOURCE, source_id=row.id, source_code=queries.code_of(row),
        opened_at=now, due_at=due_from(row.agency_id, due_on), role=role,
        unit_id=unit_of_role(row.agency_id, role, now), step_label="Bắt đầu công bố lại",
    )  # fmt: skip
    Declaration.objects.filter(pk=row.pk).update(scope_item_id=item_id)
    journal.record(
        actor_id=None, agency_id=row.agency_id, action="declaration.scope_changed",
        object_type="declaration", object_id=row.id, at=now,
        new={"added": len(change.added), "removed": len(change.removed)}, reason=change.text,
    )  # fmt: skip
    return True


def _ask_head(row: Declaration, now: datetime) -> bool:
    """Put an applied declaration before the head once nothing is missing."""
    today = local(now).date()
    facts, standing = judged(row, today)
    if not all(gate.holds for gate in law.gates(law.CONFIRM, facts, standing, today=today)):
        return False
    asked = work_queries.open_items_of(source_type=SOURCE, source_id=row.id)
    if any(one.id == row.item_id and one.role == ASKED[law.APPLIED][0] for one in asked):
        return False
    item_renew(row, None, now)
    row.save(update_fields=["item_id"])
    return True
