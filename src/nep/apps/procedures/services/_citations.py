"""Which external documents a procedure names, as a whole or in one of its steps."""

from datetime import datetime

from nep.apps.legal import services as legal
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound

WHOLE, STEP = "document", "step"


def procedure_cite(
    *, actor: Actor, revision_id: int, external_id: int, now: datetime, step: str = ""
) -> int:
    """Write that a procedure, or one of its steps, names an external document.

    Citations belong to the procedure, not to one of its revisions. Returns the citation's id.
    Raises Forbidden; NotFound; Refusal("external_withdrawn").
    """
    require(may(actor, "procedure.draft"))
    page = queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    revision = page.revision
    label, link = f"{revision.code} {revision.title}", f"/quy-trinh/ban/{revision_id}/"
    if step:
        rows = page.draft.table.steps
        found = next((at for at, one in enumerate(rows, start=1) if one.id == step), None)
        if found is None:
            raise NotFound("step_gone", "Bước này không còn trong bảng.")
        label = f"{revision.code}, bước {found}: {rows[found - 1].name}"
        link = f"{link}#{step}"
    return legal.cite(
        actor=actor, external_id=external_id, object_type=STEP if step else WHOLE,
        object_id=revision.document_id, part=step, label=label, link=link, now=now,
    )  # fmt: skip


def procedure_uncite(
    *, actor: Actor, revision_id: int, external_id: int, now: datetime, step: str = ""
) -> None:
    """Take it back. Raises Forbidden; NotFound."""
    require(may(actor, "procedure.draft"))
    page = queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    legal.uncite(
        actor=actor, external_id=external_id, object_type=STEP if step else WHOLE,
        object_id=page.revision.document_id, part=step, now=now,
    )  # fmt: skip
