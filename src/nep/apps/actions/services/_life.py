"""An action is done, checked, returned, moved, dropped."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from nep.apps.actions import rules
from nep.apps.actions.services._ground import (
    end_of,
    facts_of,
    item_for_checker,
    item_for_owner,
    locked,
    stepped,
)
from nep.apps.actions.services._proofs import Link, Upload, proofs_add
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import local


@transaction.atomic
def action_done(
    *,
    actor: Actor,
    action_id: int,
    evidence: str,
    now: datetime,
    uploads: Sequence[Upload] = (),
    links: Sequence[Link] = (),
) -> None:
    """Report an action as done with its evidence: words, files, links. It goes to the checker.

    Raises Forbidden; NotFound; Refusal(see `decide_done`, `proofs_add`).
    Source: TCVN ISO 9001:2015 điều 10.2.2 (thông tin dạng văn bản làm bằng chứng).
    """
    require(may(actor, "action.see"))
    row = locked(actor, action_id)
    has_proof = bool(uploads or links)
    require(
        rules.decide_done(actor, facts_of(row), evidence=evidence, has_proof=has_proof),
        kind=Refusal,
    )
    old = {"state": row.state}
    proofs_add(row, by_id=actor.person_id, uploads=uploads, links=links, now=now)
    row.state, row.evidence = rules.DONE, clean_lines(evidence)[:2000]
    row.done_by_id, row.done_at = actor.person_id, now
    _close_item(row.item_id, actor, now)
    item_for_checker(row, now)
    stepped(actor, row, rules.FINISH, row.evidence, now, old)


@transaction.atomic
def action_check(*, actor: Actor, action_id: int, accepted: bool, note: str, now: datetime) -> None:
    """Accept a done action, or return it to its owner with a reason; never who did it.

    Raises Forbidden; NotFound; Refusal(see `decide_check`).
    Source: TCVN ISO 9001:2015 điều 10.2.1 d.
    """
    require(may(actor, "action.see"))
    row = locked(actor, action_id)
    require(
        rules.decide_check(
            actor, facts_of(row), done_by_id=row.done_by_id, accepted=accepted, note=note
        ),
        kind=Refusal,
    )
    old, said = {"state": row.state}, clean_lines(note)[:1000]
    _close_item(row.item_id, actor, now)
    if accepted:
        row.state, row.checked_by_id, row.item_id = rules.CHECKED, actor.person_id, None
        row.ended_at, row.end_note = now, said
    else:
        row.state = rules.RETURNED
        item_for_owner(row, now, note=f"Trả lại: {said}")
    stepped(actor, row, rules.ACCEPT if accepted else rules.RETURN, said, now, old)


@transaction.atomic
def action_cancel(*, actor: Actor, action_id: int, reason: str, now: datetime) -> None:
    """Drop an action with a reason. Raises Forbidden; NotFound; Refusal(see `decide_cancel`)."""
    require(may(actor, "action.see"))
    row = locked(actor, action_id)
    require(rules.decide_cancel(actor, facts_of(row), reason=reason), kind=Refusal)
    old = {"state": row.state}
    row.state, row.ended_at, row.end_note = rules.CANCELLED, now, clean(reason)[:1000]
    if row.item_id is not None:
        work.item_withdraw(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    row.item_id = None
    stepped(actor, row, rules.CANCEL, row.end_note, now, old)


@transaction.atomic
def action_move(*, actor: Actor, action_id: int, due_on: date, reason: str, now: datetime) -> None:
    """Give an action another day, with a reason; the first day stays known.

    Raises Forbidden; NotFound; Refusal(see `decide_move`).
    """
    require(may(actor, "action.see"))
    row = locked(actor, action_id)
    require(
        rules.decide_move(
            actor, facts_of(row), due_on=due_on, reason=reason, today=local(now).date()
        ),
        kind=Refusal,
    )
    old = {"due_on": row.due_on}
    row.due_on = due_on
    if row.item_id is not None:
        work.item_due_change(batch=None, item_id=row.item_id, due_at=end_of(row, due_on))
    stepped(actor, row, rules.MOVE, clean(reason)[:1000], now, old)


def _close_item(item_id: int | None, actor: Actor, now: datetime) -> None:
    if item_id is not None:
        work.item_close(batch=None, item_id=item_id, at=now, by_id=actor.person_id)
