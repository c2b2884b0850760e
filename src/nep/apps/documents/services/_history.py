"""The history of a revision: written with every step, in words that outlive people and units."""

from datetime import datetime

from nep.apps.documents import queries, rules
from nep.apps.documents.models import LifeEntry, Revision
from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor, Hat


def history_note(
    row: Revision,
    act: str,
    *,
    actor: Actor | None,
    now: datetime,
    hat: Hat | None = None,
    note: str = "",
    content_hash: str | None = None,
) -> None:
    """Add one line to a revision's history; without an actor the system acted on its own.

    A lent `hat` gives the line its prefix (KT., TM., TL., TUQ.) and the name of who lent it; post
    and unit are the signer's own. Call it in the transaction of the step.
    """
    giver_id = hat.acting_for if hat else None
    worn = rules.own_hat(actor) if actor else None
    shown = worn or hat
    units = {unit.id: unit.name for unit in units_of(row.agency_id)} if shown else {}
    LifeEntry.objects.create(
        agency_id=row.agency_id,
        revision_id=row.id,
        act=act,
        at=now,
        person_id=actor.person_id if actor else None,
        person_name=actor.name[:120] if actor else "",
        position_name=shown.position[:160] if shown else "",
        unit_name=units.get(shown.unit_id or 0, "")[:160] if shown else "",
        prefix=hat.prefix if hat else "",
        acting_for_name=person_names([giver_id]).get(giver_id or 0, "")[:120],
        content_hash=row.content_hash if content_hash is None else content_hash,
        note=note[:1000],
        round=queries.round_of(row.id),
    )
