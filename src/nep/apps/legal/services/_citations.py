"""What names an external document: written by the service that owns the naming object."""

from datetime import datetime

from django.db import transaction

from nep.apps.legal import rules
from nep.apps.legal.models import Citation, ExternalDocument
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


@transaction.atomic
def cite(
    *,
    actor: Actor,
    external_id: int,
    object_type: str,
    object_id: int,
    label: str,
    link: str,
    now: datetime,
    part: str = "",
) -> int:
    """Write that an object of the agency names an external document; return the citation's id.

    The caller has made sure that the object exists and may be changed. `part` names a place in it
    (a step's node). Repeating it changes only the label.
    Raises Forbidden; NotFound; Refusal("external_withdrawn").
    """
    _require_citer(actor)
    row = ExternalDocument.objects.filter(pk=external_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    if row.withdrawn_on is not None:
        raise Refusal(
            "external_withdrawn",
            "Văn bản này đã bỏ khỏi danh mục nên không viện dẫn được.",
            field="external",
        )
    citation, made = Citation.objects.update_or_create(
        external_id=external_id, object_type=object_type, object_id=object_id, part=part[:80],
        defaults={"label": clean(label)[:300], "link": link[:200]},
        create_defaults={
            "agency_id": actor.agency_id, "label": clean(label)[:300], "link": link[:200],
            "cited_by_id": actor.person_id, "cited_at": now,
        },
    )  # fmt: skip
    if made:
        journal.record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="legal.cited",
            object_type=object_type, object_id=object_id, at=now,
            new={"external_id": external_id, "number": row.number, "part": part},
        )  # fmt: skip
    return citation.id


@transaction.atomic
def uncite(
    *,
    actor: Actor,
    external_id: int,
    object_type: str,
    object_id: int,
    now: datetime,
    part: str = "",
) -> None:
    """Take a citation back; once more changes nothing.

    Raises Forbidden; NotFound for another agency's citation.
    """
    _require_citer(actor)
    rows = Citation.objects.filter(
        external_id=external_id, object_type=object_type, object_id=object_id, part=part
    )
    if rows.exclude(agency_id=actor.agency_id).exists():
        raise NotFound()
    if rows.delete()[0]:
        journal.record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="legal.uncited",
            object_type=object_type, object_id=object_id, at=now,
            old={"external_id": external_id, "part": part},
        )  # fmt: skip


def _require_citer(actor: Actor) -> None:
    if not any(may(actor, permission) for permission in rules.CITERS):
        require(may(actor, rules.CITERS[0]))
