"""Asking several units or people for their opinion in one step: whom, until when, their work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nep.apps.cases.queries._waiting import opinion_receivers
from nep.apps.cases.rules.timing import step_due
from nep.apps.cases.services._opening import Ground, Opened, holder_of, open_run
from nep.apps.workcal import queries as workcal
from nep.bpmn import TaskOpened
from nep.foundation.db import Batch, new_id
from nep.kernel.days import decide_day
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local

OPINION_TABLE = "cases_caseopinion"
MOST_ASKED = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked ("person:unit:role" as `opinion_receivers` lists it), until which day, what."""

    who: str
    due_on: date | None = None
    question: str = ""


def asked_kept(*, agency_id: int, now: datetime, asked: Sequence[Asked]) -> list[dict[str, str]]:
    """Return who is asked as the data of a case keep it.

    Raises Refusal("asked_missing", "asked_unfit", "asked_twice", "asked_too_many", "asked_past").
    """
    if not asked:
        raise Refusal(
            "asked_missing", "Hãy chọn ít nhất một đơn vị hoặc một người để xin ý kiến.",
            field="asked",
        )  # fmt: skip
    if len(asked) > MOST_ASKED:
        raise Refusal("asked_too_many", f"Chỉ hỏi được tối đa {MOST_ASKED} nơi.", field="asked")
    today = local(now).date()
    known = dict(opinion_receivers(agency_id, today))
    kept: list[dict[str, str]] = []
    for one in asked:
        if one.who not in known:
            raise Refusal(
                "asked_unfit", "Hãy chọn nơi xin ý kiến trong danh sách của cơ quan.", field="asked"
            )
        if any(other["who"] == one.who for other in kept):
            raise Refusal("asked_twice", f"“{known[one.who]}” được chọn hai lần.", field="asked")
        if one.due_on is not None and one.due_on < today:
            raise Refusal("asked_past", "Hạn cho ý kiến không được ở trước hôm nay.", field="asked")
        if one.due_on is not None:
            require(decide_day(one.due_on, today=today, field="asked", ahead=2), kind=Refusal)
        entry = {"who": one.who}
        if one.due_on is not None:
            entry["due"] = one.due_on.isoformat()
        if one.question.strip():
            entry["ask"] = clean_lines(one.question)[:2000]
        kept.append(entry)
    return kept


def open_opinion(batch: Batch, on: Ground, effect: TaskOpened, data: Mapping[str, Any]) -> Opened:
    """Add the run, the work and the opinion of one who is asked to the batch.

    The due day chosen for them ends as the office closes; without one the step's own limit counts.
    """
    step = on.plan.steps[effect.node]
    entry = asked_at(data, on.plan.beyond.lists.get(effect.node, ""), effect.instance)
    chosen = entry.get("due")
    due_at = (
        workcal.day_end(agency_id=on.actor.agency_id, day=date.fromisoformat(chosen))
        if chosen
        else step_due(
            calendar=on.calendar, opened_at=on.start, amount=step.amount, unit=step.unit, left=None
        )
    )
    question = entry.get("ask", "")
    made = open_run(
        batch, on, step, token=effect.token, due_at=due_at, note=question,
        holder=_receiver(entry["who"]) if entry else holder_of(on, step),
    )  # fmt: skip
    batch.insert(
        OPINION_TABLE, id=new_id(), case_id=on.case_id, run_id=made.run_id, node=effect.node,
        place=effect.instance, question=question, answer="", file_id=None, reason="",
    )  # fmt: skip
    return made


def asked_at(data: Mapping[str, Any], name: str, place: int) -> dict[str, str]:
    """Return whom the data of a case name at a place from 1; nothing where only a number is kept."""
    listed = data.get(name) if name else None
    if not isinstance(listed, list) or not 0 < place <= len(listed):
        return {}
    entry = listed[place - 1]
    return entry if isinstance(entry, dict) and "who" in entry else {}


def _receiver(who: str) -> tuple[int | None, int | None, str]:
    person, unit, role = who.split(":")
    return int(person) if person else None, int(unit) if unit else None, role
