"""What the one who answers for a nonconformity does: correction, cause, actions, documents."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from nep.apps.actions import services as actions
from nep.apps.documents import queries as documents
from nep.apps.documents import services as changes
from nep.apps.improvement.rules import life
from nep.apps.improvement.services._ground import (
    SOURCE,
    code_of,
    item_renew,
    link_of,
    locked,
    sheet_of,
    stepped,
)
from nep.apps.improvement.services._opening import known_unit
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import date_text, local


@transaction.atomic
def nonconformity_assign(
    *, actor: Actor, nonconformity_id: int, owner_id: int, due_on: date, now: datetime
) -> None:
    """Say who answers for a nonconformity and until when its cause is sought.

    Raises Forbidden; NotFound; Refusal("nonconformity_state", "owner_unknown", "due_past").
    """
    require(may(actor, "improvement.manage"))
    row, today = locked(actor, nonconformity_id), local(now).date()
    require(life.decide_assign(actor, sheet_of(row)), kind=Refusal)
    require(life.decide_due(due_on, today=today), kind=Refusal)
    unit_id = known_unit(actor.agency_id, owner_id, None, today)
    old = {"owner": row.owner_id, "due_on": row.due_on}
    row.owner_id, row.due_on, row.unit_id = owner_id, due_on, unit_id or row.unit_id
    item_renew(row, actor, now)
    stepped(actor, row, life.ASSIGN, "", now, old)


@transaction.atomic
def nonconformity_correct(
    *, actor: Actor, nonconformity_id: int, correction: str, on: date, now: datetime
) -> None:
    """Write what was done at once about the fault itself, apart from its cause.

    Raises NotFound; Refusal("not_the_owner", "nonconformity_state", "words_missing", "day_later",
    "day_early").
    Source: TCVN ISO 9001:2015 điều 10.2.1 a.
    """
    require(may(actor, "improvement.see"))
    row = locked(actor, nonconformity_id)
    require(
        life.decide_write(actor, sheet_of(row), life.CORRECT, text=correction, field="correction"),
        kind=Refusal,
    )
    if on > local(now).date():
        raise Refusal("day_later", "Ngày khắc phục không thể sau hôm nay.", field="on")
    if on < row.found_on:
        raise Refusal(
            "day_early", f"Ngày khắc phục phải từ ngày phát hiện {date_text(row.found_on)}.",
            field="on",
        )  # fmt: skip
    old = {"correction": row.correction}
    row.correction, row.correction_on = clean_lines(correction), on
    stepped(actor, row, life.CORRECT, row.correction, now, old)


@transaction.atomic
def nonconformity_analyse(
    *,
    actor: Actor,
    nonconformity_id: int,
    cause: str,
    now: datetime,
    whys: Sequence[str] = (),
) -> None:
    """Write the cause, with up to five whys that led to it.

    Raises NotFound; Refusal(see `decide_analysis`). Source: TCVN ISO 9001:2015 điều 10.2.1 b.
    """
    require(may(actor, "improvement.see"))
    row = locked(actor, nonconformity_id)
    asked = [text for text in map(clean, whys) if text]
    require(life.decide_analysis(actor, sheet_of(row), cause=cause, whys=asked), kind=Refusal)
    old = {"cause": row.cause, "state": row.state}
    row.cause, row.whys, row.state = clean_lines(cause), asked, life.ANALYSED
    row.analysed_by_id, row.analysed_at = actor.person_id, now
    if row.owner_id is None:
        row.owner_id = actor.person_id
    item_renew(row, actor, now)
    stepped(actor, row, life.ANALYSE, row.cause, now, old)


@transaction.atomic
def nonconformity_act(
    *,
    actor: Actor,
    nonconformity_id: int,
    title: str,
    owner_id: int,
    due_on: date,
    now: datetime,
    checker_id: int | None = None,
) -> int:
    """Lay down a corrective action in the register of actions; return its id.

    Raises NotFound; Refusal("not_the_owner", "nonconformity_state"); what `action_open` raises.
    Source: TCVN ISO 9001:2015 điều 10.2.1 c.
    """
    require(may(actor, "improvement.see"))
    row = locked(actor, nonconformity_id)
    require(life.decide_act(actor, sheet_of(row)), kind=Refusal)
    origin = Reference(SOURCE, row.id, f"{code_of(row)}: {row.title}", link_of(row))
    action_id = actions.action_open(
        actor=actor, agency_id=row.agency_id, origin=origin, title=title, owner_id=owner_id,
        unit_id=None, due_on=due_on, checker_id=checker_id, clause=row.clause, now=now,
    )  # fmt: skip
    row.state = life.ACTING
    item_renew(row, actor, now)
    stepped(actor, row, life.ACT, clean(title), now)
    return action_id


@transaction.atomic
def nonconformity_change_ask(
    *, actor: Actor, nonconformity_id: int, document_code: str, wanted: str, now: datetime
) -> int:
    """Ask for a change of a document because of a nonconformity; return the request's id.

    Raises NotFound; Refusal("not_the_owner", "nonconformity_state", "words_missing",
    "document_unknown"); what `request_ask` raises. Source: TCVN ISO 9001:2015 điều 10.2.1 f.
    """
    row = locked(actor, nonconformity_id)
    require(
        life.decide_write(actor, sheet_of(row), life.DOCUMENT, text=wanted, field="wanted"),
        kind=Refusal,
    )
    document_id = documents.document_id_by_code(actor=actor, code=document_code)
    if document_id is None:
        raise Refusal(
            "document_unknown", "Không có tài liệu mang mã hiệu này. Hãy ghi đúng mã hiệu.",
            field="document_code",
        )  # fmt: skip
    request_id = changes.request_ask(
        actor=actor, wish="change", document_id=document_id, now=now, content=wanted,
        reason=f"Do {code_of(row)}: {row.title}", origin_type=SOURCE, origin_id=row.id,
    )  # fmt: skip
    stepped(actor, row, life.DOCUMENT, f"{document_code}: {clean(wanted)}", now)
    return request_id


@transaction.atomic
def nonconformity_no_change(
    *, actor: Actor, nonconformity_id: int, reason: str, now: datetime
) -> None:
    """Write why no document has to change.

    Raises NotFound; Refusal("not_the_owner", "nonconformity_state", "words_missing").
    """
    require(may(actor, "improvement.see"))
    row = locked(actor, nonconformity_id)
    require(
        life.decide_write(actor, sheet_of(row), life.DOCUMENT, text=reason, field="reason"),
        kind=Refusal,
    )
    row.no_update_reason = clean(reason)[:600]
    stepped(actor, row, life.DOCUMENT, f"Không cần sửa tài liệu: {row.no_update_reason}", now)
