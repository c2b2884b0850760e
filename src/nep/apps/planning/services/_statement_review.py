"""An edition in force is looked at again once a year: asked for, and found still true."""

from datetime import date, datetime, timedelta

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.planning.models import Statement
from nep.apps.planning.rules import context
from nep.apps.planning.services._objective_ground import SECRETARY, unit_of_role
from nep.apps.planning.services._statements import facts_of, item_end, locked, stepped
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

AHEAD = timedelta(days=14)
AT_ONCE = 500
STEP = "Soát lại"


@transaction.atomic
def statement_confirm(*, actor: Actor, statement_id: int, note: str, now: datetime) -> None:
    """Say after looking again that an edition in force still holds; it is asked for a year later.

    Raises Forbidden; NotFound; Refusal(see `decide_confirm`).
    Source: TCVN ISO 9001:2015 điều 4.1, 4.2 (theo dõi và xem xét thông tin), 5.2.1.
    """
    require(may(actor, "context.draft"))
    row = locked(actor, statement_id)
    require(context.decide_confirm(actor, facts_of(row), note=note), kind=Refusal)
    row.review_on = context.review_day(local(now).date())
    item_end(row, actor, now)
    stepped(actor, row, context.CONFIRM, clean(note), now)


def statements_review_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Ask ISO secretaries to look again at editions whose day comes within two weeks.

    One that is being written anew is not asked for. The worker's round; repeating it changes
    nothing. Returns how many were asked for.
    """
    today = local(now).date()
    due = Statement.objects.filter(
        state=context.IN_FORCE, review_on__lte=today + AHEAD, item_id=None
    ).order_by("review_on", "id")
    asked = 0
    for statement_id in list(due.values_list("id", flat=True)[:limit]):
        with transaction.atomic():
            asked += _ask(statement_id, today, now)
    return asked


def _ask(statement_id: int, today: date, now: datetime) -> bool:
    row = (
        Statement.objects.select_for_update(of=("self",))
        .filter(pk=statement_id, state=context.IN_FORCE, item_id=None)
        .first()
    )
    if row is None or row.review_on is None:
        return False
    rewritten = Statement.objects.filter(
        agency_id=row.agency_id, part=row.part, state__in=context.OPEN
    )
    if rewritten.exists():
        return False
    day = workcal.working_day_from(agency_id=row.agency_id, day=max(today, row.review_on))
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="year", detail=STEP, step_label=STEP,
        title=f"{STEP}: {context.PART_NAMES[row.part].lower()}, lần {row.edition:02d}",
        link=f"/boi-canh/{row.id}/#soat-lai", source_type="statement", source_id=row.id,
        source_code=context.PART_CLAUSES[row.part], opened_at=now, role=SECRETARY,
        due_at=workcal.day_end(agency_id=row.agency_id, day=day),
        unit_id=unit_of_role(row.agency_id, SECRETARY, today),
    )  # fmt: skip
    row.save(update_fields=["item_id"])
    return True
