"""What others than who answers for it do: check, judge the effect, close, or reject."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.improvement.models import Nonconformity
from nep.apps.improvement.rules import life
from nep.apps.improvement.services._ground import done_of, item_renew, locked, sheet_of, stepped
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import date_text, local


@transaction.atomic
def nonconformity_check(
    *, actor: Actor, nonconformity_id: int, effect_on: date, note: str, now: datetime
) -> None:
    """Accept what was done, and say from which day its effect is judged.

    Raises Forbidden; NotFound; Refusal(see `decide_check`).
    """
    require(may(actor, "improvement.manage"))
    row, today = locked(actor, nonconformity_id), local(now).date()
    require(
        life.decide_check(
            actor, sheet_of(row), done_of(row, today), effect_on=effect_on, today=today
        ),
        kind=Refusal,
    )
    row.state, row.checked_by_id, row.checked_at = life.CHECKED, actor.person_id, now
    row.effect_on = effect_on
    item_renew(row, actor, now)
    said = clean_lines(note) or f"Xét hiệu lực từ {date_text(effect_on)}."
    stepped(actor, row, life.CHECK, said, now)


@transaction.atomic
def nonconformity_return(
    *, actor: Actor, nonconformity_id: int, reason: str, now: datetime
) -> None:
    """Return what was done to who answers for it. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "improvement.manage"))
    row = locked(actor, nonconformity_id)
    require(life.decide_return(actor, sheet_of(row), reason=reason), kind=Refusal)
    item_renew(row, actor, now, note=clean_lines(reason), returned=True)
    stepped(actor, row, life.RETURN, clean_lines(reason), now)


@transaction.atomic
def nonconformity_effect(
    *, actor: Actor, nonconformity_id: int, worked: bool, note: str, now: datetime
) -> None:
    """Judge whether the actions worked; when they did not, the cause is sought again.

    Raises Forbidden; NotFound; Refusal(see `decide_effect`).
    Source: TCVN ISO 9001:2015 điều 10.2.1 d.
    """
    require(may(actor, "improvement.manage"))
    row, today = locked(actor, nonconformity_id), local(now).date()
    require(
        life.decide_effect(actor, sheet_of(row), worked=worked, note=note, today=today),
        kind=Refusal,
    )
    said = clean_lines(note)
    if worked:
        row.state, row.effect_note = life.EFFECTIVE, said
        row.effect_by_id, row.effect_at = actor.person_id, now
    else:
        _again(row, now)
    item_renew(row, actor, now, note="" if worked else f"Chưa hiệu lực: {said}")
    stepped(actor, row, life.WORKED if worked else life.FAILED, said, now)


def _again(row: Nonconformity, now: datetime) -> None:
    """Begin another round: what the last one said stays in its steps."""
    row.state, row.round, row.round_since = life.AGAIN, row.round + 1, now
    row.cause, row.whys, row.no_update_reason = "", [], ""
    row.analysed_by_id = row.checked_by_id = row.effect_by_id = None
    row.analysed_at = row.checked_at = row.effect_at = row.effect_on = None
    row.due_on = max(row.due_on, local(now).date())


@transaction.atomic
def nonconformity_close(*, actor: Actor, nonconformity_id: int, note: str, now: datetime) -> None:
    """Close a nonconformity: cause, done actions, effect and documents are all there.

    Raises Forbidden; NotFound; Refusal("close_early", "doer_is_judge").
    Source: TCVN ISO 9001:2015 điều 10.2.
    """
    require(may(actor, "improvement.manage"))
    row, today = locked(actor, nonconformity_id), local(now).date()
    require(life.decide_close(actor, sheet_of(row), done_of(row, today)), kind=Refusal)
    _end(actor, row, life.CLOSED, life.CLOSE, note, now)


@transaction.atomic
def nonconformity_reject(
    *, actor: Actor, nonconformity_id: int, reason: str, now: datetime
) -> None:
    """Find that a report is no nonconformity, with a reason. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "improvement.manage"))
    row = locked(actor, nonconformity_id)
    require(life.decide_reject(actor, sheet_of(row), reason=reason), kind=Refusal)
    _end(actor, row, life.REJECTED, life.REJECT, reason, now)


def _end(actor: Actor, row: Nonconformity, state: str, move: str, text: str, now: datetime) -> None:
    row.state, row.ended_by_id, row.ended_at = state, actor.person_id, now
    row.end_note = clean(text)[:1000]
    item_renew(row, actor, now)
    stepped(actor, row, move, row.end_note, now)
