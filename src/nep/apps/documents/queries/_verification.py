"""One version as the public verifies it: by the key of its QR code, nothing beyond its level."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.documents import rules
from nep.apps.documents.models import LifeEntry, Revision
from nep.apps.documents.queries._signing import SignatureLine, signatures
from nep.apps.organization import queries as organization
from nep.foundation.files import queries as files

SHORTEST_KEY = 12


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """The state of a version; names, dates and people only where `is_open`.

    `hash` is the SHA-256 of the issued PDF, `earlier` those before later signatures.
    """

    state: str
    is_open: bool
    agency: str
    code: str
    title: str
    kind: str
    number: str
    effective_from: date | None
    retired_on: date | None
    approver: str
    position: str
    approved_at: datetime | None
    successor: str
    successor_from: date | None
    hash: str
    earlier: tuple[str, ...]
    signatures: tuple[SignatureLine, ...]
    document_id: int


def public_version(key: str) -> PublicVersion | None:
    """Return the version of a QR code, or None for an unknown key and what was never approved."""
    if len(key) < SHORTEST_KEY:
        return None
    row = Revision.objects.filter(public_key=key).select_related("document").first()
    if row is None or row.published_file_id is None:
        return None
    later = Revision.objects.filter(
        document_id=row.document_id, state__in=[rules.IN_FORCE, rules.RETIRED],
        effective_from__gte=row.effective_from, pk__gt=row.pk,
    )  # fmt: skip
    next_one = later.order_by("-effective_from", "-pk").first()
    state = rules.public_state(
        row.state, is_withdrawn=row.document.status == "withdrawn", is_last=next_one is None
    )
    if not state:
        return None
    lines = signatures(revision_id=row.pk, agency_id=row.agency_id)
    issued = files.facts(row.published_file_id).sha256
    is_open = rules.tells_title(row.document.level)
    return _told(row, next_one, state, issued, lines) if is_open else _bare(state, issued, lines)


def _told(
    row: Revision,
    next_one: Revision | None,
    state: str,
    issued: str,
    lines: tuple[SignatureLine, ...],
) -> PublicVersion:
    approved = (
        LifeEntry.objects.filter(revision_id=row.pk, act=rules.APPROVED_ACT).order_by("-at").first()
    )
    replaced = next_one if state == rules.REPLACED else None
    return PublicVersion(
        state=state,
        is_open=True,
        agency=organization.agency(row.agency_id).name,
        code=row.document.code,
        title=row.document.title,
        kind=rules.KIND_NAMES.get(row.document.kind, row.document.kind),
        number=rules.revision_text(row.issue, row.amendment),
        effective_from=row.effective_from,
        retired_on=row.retired_on,
        approver=approved.person_name if approved else "",
        position=approved.position_name if approved else "",
        approved_at=row.approved_at,
        successor=rules.revision_text(replaced.issue, replaced.amendment) if replaced else "",
        successor_from=replaced.effective_from if replaced else None,
        hash=issued,
        earlier=tuple(line.before_hash for line in lines),
        signatures=lines,
        document_id=row.document_id,
    )


def _bare(state: str, issued: str, lines: tuple[SignatureLine, ...]) -> PublicVersion:
    """Return the state alone; the hashes only serve to compare a copy that somebody brings."""
    return PublicVersion(
        state=state, is_open=False, agency="", code="", title="", kind="", number="",
        effective_from=None, retired_on=None, approver="", position="", approved_at=None,
        successor="", successor_from=None, hash=issued,
        earlier=tuple(line.before_hash for line in lines), signatures=(), document_id=0,
    )  # fmt: skip
