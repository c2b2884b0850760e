"""What every service of risks needs: the row, what stands behind it, its step, its work item."""

from datetime import date, datetime
from typing import Any

from nep.apps.actions import queries as actions
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.planning.models import Risk, RiskMove
from nep.apps.planning.rules import risks
from nep.apps.planning.rules.scales import RISK
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import shorten
from nep.kernel.vietnamese import local

JUDGES = ("qmr", "leader", "iso_secretary")
RATE_DAYS, TREAT_DAYS, JUDGE_DAYS = 7, 10, 5


def locked(actor: Actor, risk_id: int) -> Risk:
    """Return a risk of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Risk.objects.select_for_update(of=("self",))
        .filter(pk=risk_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def facts_of(row: Risk) -> risks.Facts:
    """Return a risk as rules see it."""
    doers = frozenset(id_ for id_ in (row.owner_id, row.rated_by_id) if id_)
    return risks.Facts(row.kind, row.state, row.level, row.owner_id, doers)


def done_of(row: Risk, today: date) -> risks.Done:
    """Return the actions of a risk's present round."""
    lines = [
        one
        for one in actions.of_origin(
            agency_id=row.agency_id, kind=row.kind, ids=[row.id], today=today
        )
        if one.opened_at >= row.round_since
    ]
    return risks.Done(
        running=sum(not one.is_ended for one in lines),
        checked=sum(one.is_done for one in lines),
        last_done_at=max((one.done_at for one in lines if one.done_at), default=None),
    )


def stepped(
    actor: Actor | None, row: Risk, move: str, text: str, now: datetime, old: Any = None
) -> None:
    """Write a changed risk with its step and its journal entry."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    by_id = actor.person_id if actor else None
    RiskMove.objects.create(
        risk=row, move=move, state=row.state, round=row.round, text=text, by_id=by_id, at=now
    )
    journal.record(
        actor_id=by_id, agency_id=row.agency_id, action=f"risk.{move}", object_type="risk",
        object_id=row.id, at=now, old=old,
        new={"state": row.state, "product": row.product, "level": row.level, "round": row.round},
        reason=shorten(text, 1000),
    )  # fmt: skip


def code_of(row: Risk) -> str:
    """Return the number of a risk as it is said: "RR 03/2026"; "CH" for an opportunity."""
    return f"{'RR' if row.kind == RISK else 'CH'} {row.number:02d}/{row.year}"


def item_renew(
    row: Risk, actor: Actor | None, now: datetime, note: str = "", *, returned: bool = False
) -> None:
    """Close the risk's work item and put it before who has to do what comes next; `returned` when
    what was done has just been found too little."""
    by_id = actor.person_id if actor else None
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=by_id)
    row.item_id = None
    asked = _asked(row, now, returned)
    if asked is None:
        return
    step, days, person_id = asked
    role, unit_id = ("", row.unit_id) if person_id else judge_role(row, now)
    today = local(now).date()
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="risk", title=shorten(row.title, 300),
        detail=step, link=f"/rui-ro/{row.id}/", source_type="risk", source_id=row.id,
        source_code=code_of(row), opened_at=now,
        due_at=due_in(row.agency_id, today, days), person_id=person_id, role=role, unit_id=unit_id,
        step_label=step, note=note[:500],
    )  # fmt: skip


def _asked(row: Risk, now: datetime, returned: bool) -> tuple[str, int, int | None] | None:
    """Return (what comes next, in how many working days, by which person), None when nothing is asked."""
    name = risks.KIND_NAMES[row.kind].lower()
    if row.state == risks.DRAFT:
        return f"Đánh giá mức {name}", RATE_DAYS, row.owner_id
    if row.state == risks.RATED:
        return f"Chọn cách ứng phó {name}", TREAT_DAYS, row.owner_id
    if row.state == risks.TREATING:
        done = done_of(row, local(now).date())
        if done.running:
            return None
        if returned:
            return f"Làm tiếp việc ứng phó {name}", TREAT_DAYS, row.owner_id
        if not done.checked:  # every action was given up
            return f"Lập hành động ứng phó {name}", TREAT_DAYS, row.owner_id
        return "Kiểm tra cách ứng phó, đánh giá mức còn lại", JUDGE_DAYS, None
    today = local(now).date()
    if row.state in risks.ROUND_ENDED and row.review_on and row.review_on <= today:
        return f"Xem lại {name}", JUDGE_DAYS, row.owner_id
    return None


def judge_role(row: Risk, now: datetime) -> tuple[str, int | None]:
    """Return (role, unit) that somebody holds who neither owns nor rated it."""
    directory = organization.directory(agency_id=row.agency_id, today=local(now).date())
    doers = {row.owner_id, row.rated_by_id}
    for role in JUDGES:
        for (code, held), people in sorted(directory.holders.items()):
            if held == role and any(person.id not in doers for person in people):
                unit = directory.unit(code)
                return role, unit.id if unit else None
    return "leader", None


def known_owner(agency_id: int, owner_id: int | None, unit_id: int | None, today: date) -> int | None:  # fmt: skip
    """Return the unit of a risk: the one chosen, else the owner's first.

    Raises Refusal("owner_unknown", "unit_unknown") for who and what is not of the agency.
    """
    members = {one.id: one for one in organization.members(agency_id=agency_id, today=today)}
    if owner_id is not None and owner_id not in members:
        raise Refusal("owner_unknown", "Hãy chọn người phụ trách trong danh sách.", field="owner")
    if unit_id is not None:
        if unit_id not in {unit.id for unit in organization.units_of(agency_id)}:
            raise Refusal("unit_unknown", "Hãy chọn đơn vị trong danh sách.", field="unit")
        return unit_id
    return min(members[owner_id].unit_ids, default=None) if owner_id is not None else None


def due_in(agency_id: int, today: date, days: int) -> datetime:
    """Return when work is due that takes so many working days of the agency."""
    day = workcal.working_day_after(agency_id=agency_id, day=today, count=days)
    return workcal.day_end(agency_id=agency_id, day=day)
