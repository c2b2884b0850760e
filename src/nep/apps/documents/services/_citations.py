"""Which external documents a document names."""

from datetime import datetime

from nep.apps.documents import queries
from nep.apps.legal import services as legal
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import require

OBJECT = "document"


def document_cite(*, actor: Actor, document_id: int, external_id: int, now: datetime) -> int:
    """Write that a document names an external one; return the citation's id.

    Raises Forbidden; NotFound; Refusal("external_withdrawn").
    Source: ISO 9001:2015 điều 7.5.3.2.
    """
    require(may(actor, "document.draft") or may(actor, "document.manage"))
    page = queries.document_page(actor=actor, document_id=document_id)
    return legal.cite(
        actor=actor, external_id=external_id, object_type=OBJECT, object_id=document_id,
        label=f"{page.code} {page.title}", link=f"/tai-lieu/{document_id}/", now=now,
    )  # fmt: skip


def document_uncite(*, actor: Actor, document_id: int, external_id: int, now: datetime) -> None:
    """Take it back. Raises Forbidden; NotFound."""
    require(may(actor, "document.draft") or may(actor, "document.manage"))
    queries.document_page(actor=actor, document_id=document_id)
    legal.uncite(
        actor=actor, external_id=external_id, object_type=OBJECT, object_id=document_id, now=now
    )
