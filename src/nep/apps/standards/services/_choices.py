"""An agency chooses by which edition it goes."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.standards import queries, rules
from nep.apps.standards.models import EditionChoice
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


@transaction.atomic
def edition_choose(
    *, actor: Actor, edition: str, target: str, since: date | None, decision: str, now: datetime
) -> int:
    """Write by which edition the agency goes from a day on, and for which it makes ready.

    Raises Forbidden; Refusal("edition_unknown", "edition_locked", `decide_choice`).
    Source: Quyết định 19/2014/QĐ-TTg Điều 4.
    """
    require(may(actor, "standard.set"))
    before = queries.edition_of(actor.agency_id)
    if target and queries.edition_facts(target) is None:
        raise Refusal("edition_unknown", f"Không có bản {target}.", field="target")
    require(queries.declaration_lock(agency_id=actor.agency_id, edition=edition), kind=Refusal)
    number = clean(decision)[:80]
    require(
        rules.decide_choice(
            edition=edition, target=target, before=before.in_force, since=since, decision=number,
            today=local(now).date(),
        ),
        kind=Refusal,
    )  # fmt: skip
    if edition == before.in_force and not number:
        number, since = before.decision, before.since
    row = EditionChoice.objects.create(
        agency_id=actor.agency_id, edition=edition, target=target, since=since, decision=number,
        chosen_by_id=actor.person_id, chosen_at=now,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="standard.chosen",
        object_type="edition_choice", object_id=row.id, at=now,
        old={"edition": before.in_force, "target": before.target},
        new={"edition": edition, "target": target, "since": since, "decision": number},
    )  # fmt: skip
    return row.id
