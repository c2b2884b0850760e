"""What every service of objectives needs: the row, its step, the work that comes next."""

from datetime import date, datetime, timedelta
from typing import Any

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.planning.models import Objective, ObjectiveList, ObjectiveMove
from nep.apps.planning.queries import PeriodLine, objective_lines
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.services._risk_ground import due_in
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.kernel.errors import NotFound
from nep.kernel.text import shorten
from nep.kernel.vietnamese import local

SOURCE, LIST_SOURCE = "objective", "objective_list"
SECRETARY, LEADER = "iso_secretary", "leader"
TELL_DAYS, GATHER_DAYS, APPROVE_DAYS = 10, 10, 5
RECORD_STEP, EXPLAIN_STEP, JUDGE_STEP = "Ghi kết quả", "Ghi nguyên nhân, biện pháp", "Đánh giá"


def locked(actor: Actor, objective_id: int) -> Objective:
    """Return an objective of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Objective.objects.select_for_update(of=("self",))
        .filter(pk=objective_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def locked_list(actor: Actor, list_id: int) -> ObjectiveList:
    """Return a year's list of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        ObjectiveList.objects.select_for_update(of=("self",))
        .filter(pk=list_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def stepped(
    actor: Actor | None, row: Objective, move: str, text: str, now: datetime, old: Any = None,
    **more: Any,
) -> None:  # fmt: skip
    """Write a changed objective with its step and its journal entry; `more` is journaled beside."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    by_id = actor.person_id if actor else None
    ObjectiveMove.objects.create(
        objective=row, move=move, state=row.state, text=text[:1000], by_id=by_id, at=now
    )
    journal.record(
        actor_id=by_id, agency_id=row.agency_id, action=f"objective.{move}",
        object_type="objective", object_id=row.id, at=now, old=old,
        new={"state": row.state, **more}, reason=shorten(text, 1000),
    )  # fmt: skip


def item_renew(row: Objective, actor: Actor | None, now: datetime) -> None:
    """Put an objective before who has to do what comes next; leave an item that still says so."""
    asked = _asked(row, local(now).date())
    step = asked[0] if asked else ""
    if step == row.item_step and (row.item_id is not None) == bool(asked):
        return
    if row.item_id is not None:
        by_id = actor.person_id if actor else None
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=by_id)
    row.item_id, row.item_step = None, step
    if asked is None:
        return
    _, due_on, person_id = asked
    role, unit_id, link = "", row.unit_id, f"/muc-tieu/{row.id}/"
    if person_id is None:
        link = f"/muc-tieu/danh-gia/?nam={row.year}"
        role = _judge_role(row, local(now).date())
        unit_id = unit_of_role(row.agency_id, role, local(now).date())
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind=SOURCE, title=shorten(row.title, 300),
        detail=step, link=link, source_type=SOURCE, source_id=row.id,
        source_code=f"MT {row.number:02d}/{row.year}", opened_at=now,
        due_at=workcal.day_end(agency_id=row.agency_id, day=due_on), person_id=person_id, role=role,
        unit_id=unit_id, step_label=step[:60],
    )  # fmt: skip


def _asked(row: Objective, today: date) -> tuple[str, date, int | None] | None:
    """Return (what comes next, until when, by which person), None when it only runs."""
    if row.state != rules.APPROVED:
        return None
    (line,) = objective_lines([row], agency_id=row.agency_id, today=today)
    periods, agency_id = line.periods, row.agency_id
    if not row.measure:
        unmeasured = _first(one for one in periods if one.has_ended and one.value is None)
        if unmeasured is not None:
            return (
                f"{RECORD_STEP} {unmeasured.name.lower()}",
                _after(agency_id, unmeasured, today),
                row.owner_id,
            )
    missed = _first(one for one in periods if one.needs_cause)
    if missed is not None:
        return (
            f"{EXPLAIN_STEP}: {missed.name.lower()}",
            _after(agency_id, missed, today),
            row.owner_id,
        )
    if all(one.has_ended and (row.measure or one.value is not None) for one in periods):
        return JUDGE_STEP, _after(agency_id, periods[-1], today), None
    return None


def _judge_role(row: Objective, today: date) -> str:
    """Return whose work concluding is: the head's where the only secretary answers for it."""
    directory = organization.directory(agency_id=row.agency_id, today=today)
    keepers = {
        one.id for (_code, held), people in directory.holders.items() if held == SECRETARY
        for one in people
    }  # fmt: skip
    return LEADER if keepers <= {row.owner_id} else SECRETARY


def _first(periods: Any) -> PeriodLine | None:
    return next(iter(periods), None)


def _after(agency_id: int, period: PeriodLine, today: date) -> date:
    day = max(today, period.ends_on + timedelta(days=TELL_DAYS))
    return workcal.working_day_from(agency_id=agency_id, day=day)


def item_withdraw(row: Objective, actor: Actor, now: datetime) -> None:
    """Take the open work item of an objective back."""
    if row.item_id is not None:
        work.item_withdraw(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    row.item_id, row.item_step = None, ""


def list_item_open(row: ObjectiveList, now: datetime, *, role: str, step: str, link: str, days: int) -> None:  # fmt: skip
    """Put a year's list before a role: to be put together, or to be approved."""
    today = local(now).date()
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind=SOURCE, link=link, step_label=step, detail=step,
        title=f"Mục tiêu chất lượng năm {row.year}", source_type=LIST_SOURCE, source_id=row.id,
        source_code=f"MT {row.year}/{row.edition:02d}", opened_at=now,
        due_at=due_in(row.agency_id, today, days), role=role,
        unit_id=unit_of_role(row.agency_id, role, today),
    )  # fmt: skip


def list_item_close(row: ObjectiveList, actor: Actor, now: datetime) -> None:
    """Close the open work item of a year's list."""
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    row.item_id = None


def unit_of_role(agency_id: int, role: str, today: date) -> int | None:
    """Return the unit whose people hold a role today, the first by code; None for none."""
    directory = organization.directory(agency_id=agency_id, today=today)
    codes = sorted(code for code, held in directory.holders if held == role)
    unit = directory.unit(codes[0]) if codes else None
    return unit.id if unit else None


def list_asked(agency_id: int, year: int, now: datetime) -> ObjectiveList:
    """Return the open list of a year, begun with a work item for the secretary when there is none."""
    row = (
        ObjectiveList.objects.select_for_update(of=("self",))
        .filter(agency_id=agency_id, year=year, state__in=[rules.SET_DRAFT, rules.SET_SENT])
        .first()
    )
    if row is None:
        made = ObjectiveList.objects.filter(agency_id=agency_id, year=year).count()
        row = ObjectiveList(agency_id=agency_id, year=year, edition=made + 1)
        list_item_open(
            row, now, role=SECRETARY, step="Tổng hợp mục tiêu", link=f"/muc-tieu/?nam={year}",
            days=GATHER_DAYS,
        )  # fmt: skip
        row.save()
    return row
