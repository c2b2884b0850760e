"""Objectives are proposed, taken from starters or from last year, changed, confirmed, left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.apps.planning.models import Objective
from nep.apps.planning.queries import facts_of, measure_of, starters
from nep.apps.planning.rules import measuring
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.services._objective_ground import (
    item_withdraw,
    list_asked,
    locked,
    stepped,
)
from nep.apps.work.ports import HolderChange
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

BOOK = "mục tiêu chất lượng"


@dataclass(frozen=True, slots=True)
class ObjectiveValues:
    """An objective as it is told. Without `measure` it is measured by hand in `unit_word`."""

    title: str
    target: Decimal
    method: str
    owner_id: int
    unit_id: int | None = None
    measure: str = ""
    better: str = measuring.UP
    unit_word: str = "%"
    frequency: str = measuring.QUARTER
    whole: str = measuring.MEAN


@transaction.atomic
def objective_propose(*, actor: Actor, year: int, values: ObjectiveValues, now: datetime) -> int:
    """Propose an objective of a year and return its id; the secretary is asked to put together.

    Raises Forbidden; Refusal(see `decide_propose`, `decide_values`, "owner_unknown",
    "unit_unknown", "measure_unknown"). Source: TCVN ISO 9001:2015 điều 6.2.1, 6.2.2.
    """
    require(may(actor, "objective.propose"))
    require(rules.decide_propose(actor, unit_id=values.unit_id), kind=Refusal)
    row = _new(actor, year, values, now)
    list_asked(actor.agency_id, year, now)
    stepped(actor, row, "open", row.title, now, target=row.target)
    return row.id


def _new(actor: Actor, year: int, values: ObjectiveValues, now: datetime, **more: Any) -> Objective:
    kept = _checked(actor, year, values, local(now).date())
    number = take_number(agency_id=actor.agency_id, book=BOOK, year=year)
    return Objective.objects.create(
        agency_id=actor.agency_id, year=year, number=number, proposed_by_id=actor.person_id,
        proposed_at=now, changed_at=now, version=0, **kept, **more,
    )  # fmt: skip


def _checked(actor: Actor, year: int, values: ObjectiveValues, today: date) -> dict[str, Any]:
    """Return the columns of told values. Raises Refusal."""
    measure = measure_of(values.measure)
    require(
        rules.decide_values(
            title=values.title, year=year, target=values.target, better=values.better,
            frequency=values.frequency, way=values.whole, method=values.method,
            unit_word=measure.unit if measure else values.unit_word,
        ),
        kind=Refusal,
    )  # fmt: skip
    members = organization.members(agency_id=actor.agency_id, today=today)
    if values.owner_id not in {one.id for one in members}:
        raise Refusal("owner_unknown", "Hãy chọn người phụ trách trong danh sách.", field="owner")
    units = {unit.id for unit in organization.units_of(actor.agency_id)}
    if values.unit_id is not None and values.unit_id not in units:
        raise Refusal("unit_unknown", "Hãy chọn đơn vị trong danh sách.", field="unit")
    if values.measure and measure is None:
        raise Refusal("measure_unknown", "Hãy chọn cách đo trong danh sách.", field="measure")
    return {
        "title": clean(values.title)[:400], "target": values.target,
        "method": clean(values.method)[:600], "owner_id": values.owner_id,
        "unit_id": values.unit_id, "measure": values.measure,
        "better": measure.better if measure else values.better,
        "unit_word": measure.unit if measure else clean(values.unit_word)[:30],
        "frequency": values.frequency, "whole": values.whole,
    }  # fmt: skip


@transaction.atomic
def objective_change(
    *, actor: Actor, objective_id: int, values: ObjectiveValues, now: datetime
) -> None:
    """Change a proposal; a copy of last year counts as looked at.

    Raises Forbidden; NotFound; Refusal(see `decide_change`, `objective_propose`).
    """
    require(may(actor, "objective.propose"))
    row = locked(actor, objective_id)
    require(rules.decide_change(actor, facts_of(row)), kind=Refusal)
    require(rules.decide_propose(actor, unit_id=values.unit_id), kind=Refusal)
    kept = _checked(actor, row.year, values, local(now).date())
    old = {name: getattr(row, name) for name, value in kept.items() if getattr(row, name) != value}
    for name, value in kept.items():
        setattr(row, name, value)
    row.to_confirm = False
    stepped(actor, row, rules.CHANGE, row.title, now, old=old, target=row.target)


@transaction.atomic
def objective_confirm(*, actor: Actor, objective_id: int, now: datetime) -> None:
    """State that a copy of last year holds as it is. Raises as `objective_change`."""
    require(may(actor, "objective.propose"))
    row = locked(actor, objective_id)
    require(rules.decide_change(actor, facts_of(row), rules.CONFIRM), kind=Refusal)
    row.to_confirm = False
    stepped(actor, row, rules.CONFIRM, "Giữ nguyên như năm trước", now)


@transaction.atomic
def objective_drop(*, actor: Actor, objective_id: int, reason: str, now: datetime) -> None:
    """Leave an objective out, with a reason; an approved one by the head alone.

    Raises Forbidden; NotFound; Refusal(see `decide_change`, "reason_missing").
    """
    require(may(actor, "objective.own"))
    row = locked(actor, objective_id)
    require(rules.decide_change(actor, facts_of(row), rules.DROP), kind=Refusal)
    if len(clean(reason)) < rules.LEAST_WORDS:
        raise Refusal("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    old = {"state": row.state}
    row.state, row.end_note, row.to_confirm = rules.DROPPED, clean(reason)[:600], False
    item_withdraw(row, actor, now)
    stepped(actor, row, rules.DROP, row.end_note, now, old=old)


@transaction.atomic
def objectives_start(
    *, actor: Actor, year: int, keys: Iterable[str], now: datetime, owner_id: int | None = None
) -> tuple[int, ...]:
    """Propose some of the starter objectives of the agency's kind; return their ids.

    `owner_id` answers for them, by default who takes them over. One that the year has by the same
    title is left. Raises Forbidden; Refusal("nothing_chosen", "owner_unknown").
    """
    require(may(actor, "objective.manage"))
    kind, wanted = organization.agency(actor.agency_id).kind, set(keys)
    chosen = [one for one in starters(kind) if one.key in wanted]
    if not chosen:
        raise Refusal("nothing_chosen", "Hãy chọn ít nhất một mục tiêu mẫu.", field="chosen")
    known = set(
        Objective.objects.filter(agency_id=actor.agency_id, year=year)
        .exclude(state=rules.DROPPED).values_list("title", flat=True)
    )  # fmt: skip
    made = []
    for one in chosen:
        if one.title in known:
            continue
        values = ObjectiveValues(
            one.title, one.target, one.method, owner_id=owner_id or actor.person_id,
            measure=one.measure,
            better=one.better, unit_word=one.unit_word, frequency=one.frequency, whole=one.whole,
        )  # fmt: skip
        row = _new(actor, year, values, now)
        stepped(actor, row, "open", row.title, now, target=row.target)
        made.append(row.id)
    if made:
        list_asked(actor.agency_id, year, now)
    return tuple(made)


@transaction.atomic
def objectives_copy(*, actor: Actor, year: int, now: datetime) -> int:
    """Copy the objectives in force of a year into the next as proposals to be confirmed.

    Return how many; one copied before is left. An owner who has gone is replaced by who copies.
    Raises Forbidden; Refusal("nothing_to_copy").
    """
    require(may(actor, "objective.manage"))
    rows = list(
        Objective.objects.filter(
            agency_id=actor.agency_id, year=year, state__in=rules.IN_FORCE
        ).order_by("number")
    )
    copied = set(
        Objective.objects.filter(copied_from__in=rows, year=year + 1).values_list(
            "copied_from_id", flat=True
        )
    )
    rows = [row for row in rows if row.id not in copied]
    if not rows:
        raise Refusal("nothing_to_copy", f"Không còn mục tiêu nào của năm {year} để chép.")
    members = organization.members(agency_id=actor.agency_id, today=local(now).date())
    people, units = (
        {one.id for one in members},
        {u.id for u in organization.units_of(actor.agency_id)},
    )
    for old in rows:
        values = ObjectiveValues(
            old.title, old.target, old.method, measure=old.measure if measure_of(old.measure) else "",
            owner_id=old.owner_id if old.owner_id in people else actor.person_id,
            unit_id=old.unit_id if old.unit_id in units else None, better=old.better,
            unit_word=old.unit_word, frequency=old.frequency, whole=old.whole,
        )  # fmt: skip
        row = _new(actor, year + 1, values, now, copied_from_id=old.id, to_confirm=True)
        stepped(actor, row, "copy", f"Chép từ năm {year}: {old.title}", now, target=row.target)
    list_asked(actor.agency_id, year + 1, now)
    return len(rows)


def objective_follow(change: HolderChange) -> None:
    """Make who received the work of an objective its owner; a claim without a reason changes nothing.

    Part of the hand-over, which asked for permission and journals it.
    """
    receiver = change.new_person_id
    if receiver is None or not change.reason:
        return
    row = (
        Objective.objects.select_for_update(of=("self",))
        .filter(pk=change.source_id, agency_id=change.agency_id, item_id=change.item_id)
        .first()
    )
    if row is None or row.item_step.startswith("Đánh giá"):
        return
    row.owner_id = receiver
    name = person_names([receiver]).get(receiver, "")
    stepped(None, row, "hand", f"{name}: {change.reason}", change.at, owner=receiver)
