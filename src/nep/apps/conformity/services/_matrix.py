"""Decisions over the matrix: what does not apply to the agency, how much is asked."""

from datetime import datetime

from django.db import IntegrityError, transaction

from nep.apps.conformity import queries
from nep.apps.conformity.models import AskSetting, LeftOut
from nep.apps.conformity.rules import matrix as rules
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


@transaction.atomic
def clause_left_out(*, actor: Actor, edition: str, clause: str, reason: str, now: datetime) -> None:
    """Write that a clause, or all below a heading, does not apply to the agency, and why.

    Raises Forbidden; Refusal(`decide_left_out`, "left_out_already").
    Source: TCVN ISO 9001:2015 điều 4.3.
    """
    require(may(actor, "matrix.set"))
    why = clean(reason)[:1000]
    rows, backbone = queries.rows_of(edition, clause)
    require(
        rules.decide_left_out(queries.evidence_rules(), rows=rows, backbone=backbone, reason=why),
        kind=Refusal,
    )
    try:
        with transaction.atomic():
            row = LeftOut.objects.create(
                agency_id=actor.agency_id, edition=edition, clause=clause, reason=why,
                decided_by_id=actor.person_id, decided_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Refusal(
            "left_out_already", "Điều khoản này đã được ghi là không áp dụng.", field="clause"
        ) from None
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="matrix.left_out",
        object_type="matrix", object_id=row.id, at=now, new={"clause": f"{edition}:{clause}"},
        reason=why,
    )  # fmt: skip


@transaction.atomic
def clause_taken_back(*, actor: Actor, clause: str, now: datetime) -> None:
    """Write that a row of 2015 that was left out applies again, with all left out along with it.

    Raises Forbidden; NotFound.
    """
    require(may(actor, "matrix.set"))
    rows = [
        one
        for one in LeftOut.objects.select_for_update().filter(
            agency_id=actor.agency_id, ended_at=None
        )
        if clause in queries.rows_of(one.edition, one.clause)[1]
    ]
    if not rows:
        raise NotFound()
    for row in rows:
        row.ended_at, row.ended_by_id = now, actor.person_id
        row.save()
        journal.record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="matrix.taken_back",
            object_type="matrix", object_id=row.id, at=now,
            old={"clause": f"{row.edition}:{row.clause}", "reason": row.reason},
        )  # fmt: skip


@transaction.atomic
def ask_set(
    *, actor: Actor, clause: str, label: str, least: int, months: int, now: datetime
) -> None:
    """Set how much and how new the agency asks of a clause.

    Raises Forbidden; NotFound; Refusal(`decide_ask`).
    """
    require(may(actor, "matrix.set"))
    known = {one.label: one for one in queries.evidence_rules().asks.get(clause, ())}
    if label not in known:
        raise NotFound()
    require(rules.decide_ask(least=least, months=months), kind=Refusal)
    before = queries.decided([actor.agency_id])[actor.agency_id].asks.get(
        (clause, label), (known[label].least, known[label].months)
    )
    AskSetting.objects.update_or_create(
        agency_id=actor.agency_id, clause=clause, label=label,
        defaults={"least": least, "months": months, "changed_by_id": actor.person_id,
                  "changed_at": now},
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="matrix.ask_set",
        object_type="matrix_ask", object_id=clause, at=now,
        old={"least": before[0], "months": before[1]}, new={"least": least, "months": months},
        reason=label,
    )  # fmt: skip
