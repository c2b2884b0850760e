"""External documents in the common index."""

from collections.abc import Collection, Iterator
from datetime import datetime

from nep.apps.legal import rules
from nep.apps.legal.models import ExternalDocument
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.texts import text_of
from nep.foundation.search.services import Found
from nep.foundation.search.sources import Source
from nep.kernel.errors import Refusal

KIND = "external"


def _changed_since(since: datetime | None) -> Iterator[tuple[int, datetime]]:
    rows = ExternalDocument.objects.order_by("changed_at", "pk")
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    return rows.values_list("pk", "changed_at").iterator(chunk_size=500)


def _describe(external_id: int) -> Found | None:
    row = ExternalDocument.objects.filter(pk=external_id).first()
    if row is None:
        return None
    return Found(
        agency_id=row.agency_id,
        kind=KIND,
        object_id=row.pk,
        title=row.title,
        link=f"/van-ban/{row.pk}/",
        code=row.number,
        detail=" · ".join(filter(None, [rules.KIND_NAMES.get(row.kind, row.kind), row.issuer])),
        sort=KIND,
        state="old" if row.withdrawn_on else "current",
        is_open=row.level != "restricted",
        at=row.effective_from or row.issued_on,
        text=_text(row),
        extra=rules.KIND_NAMES.get(row.kind, ""),
    )


def _text(row: ExternalDocument) -> str:
    """Return the text of its file; a file that cannot be read has none."""
    if row.file_id is None:
        return ""
    try:
        name = files.facts(row.file_id).name
        return text_of(files.read(row.file_id), name=name, with_scans=True)
    except (Refusal, NotMade):
        return ""


def _seen_by(actor: Actor, external_ids: Collection[int]) -> Collection[int]:
    """Return the restricted texts an actor may see: all, who keeps or approves; else none."""
    may_see = may(actor, "legal.manage") or may(actor, "document.approve")
    return external_ids if may_see else ()


SEARCH_SOURCE = Source(KIND, _changed_since, _describe, _seen_by)
