"""What procedures do when they hear of something."""

from datetime import datetime

from nep.apps.catalogue.events import CatalogueChanged
from nep.apps.documents.ports import register_readers
from nep.apps.procedures.queries import readers_of_changes
from nep.apps.procedures.services import tthc_bind_all
from nep.foundation.outbox.registry import subscribe

register_readers("procedure", readers_of_changes)


@subscribe(CatalogueChanged)
def bind_tthc(event: CatalogueChanged, now: datetime) -> None:
    """Bind the TTHC whose codes the catalogue now has."""
    tthc_bind_all(now=now)
