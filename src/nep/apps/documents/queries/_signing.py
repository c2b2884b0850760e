"""The signatures of a revision's frozen PDF, who may add one, and rooms kept for those outside."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from nep.apps.documents import rules
from nep.apps.documents.models import Revision, Signature, SigningRoom
from nep.apps.documents.queries._access import may_see
from nep.apps.documents.queries._publication import verification_link
from nep.apps.documents.queries._revisions import RevisionFacts, revision
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.signing.preparing import is_installed
from nep.kernel.decisions import Decision, Refused, require
from nep.kernel.errors import NotFound, Refusal


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature in the words of its day; hashes are SHA-256 of the whole file."""

    id: int
    position: int
    way: str
    person: str
    position_name: str
    unit: str
    signed_at: datetime
    stamped_at: datetime | None
    stamp_authority: str
    without_stamp: str
    signer: str
    subject: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    is_trusted: bool
    before_hash: str
    file_hash: str

    @property
    def way_name(self) -> str:
        """Return how it was made, in words."""
        return rules.WAY_NAMES[self.way]

    @property
    def serial_groups(self) -> str:
        """Return the certificate's number in groups of eight digits, which a phone can break."""
        return " ".join(self.serial[at : at + 8] for at in range(0, len(self.serial), 8))

    @property
    def at(self) -> datetime:
        """Return the stamped moment, else when the system took the signature."""
        return self.stamped_at or self.signed_at


@dataclass(frozen=True, slots=True)
class SigningPage:
    """What the page of signatures says; `hash` is of the bytes to be signed now."""

    revision: RevisionFacts
    agency: str
    person: str
    position: str
    file_id: int | None
    file_name: str
    hash: str
    lines: tuple[SignatureLine, ...]
    refused: str
    is_personal: bool
    is_installed: bool
    has_token: bool
    has_authority: bool
    has_roots: bool
    link: str

    @property
    def may_sign(self) -> bool:
        """Say whether the person may sign now."""
        return not self.refused


@dataclass(frozen=True, slots=True)
class SigningCard:
    """What stands beside a document about the signatures of the revision shown."""

    revision: RevisionFacts
    lines: tuple[SignatureLine, ...]
    may_sign: bool
    link: str


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """A file to be handed out, byte for byte."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Room:
    """A place kept for a signature made outside, for its owner."""

    id: int
    revision_id: int
    before_hash: str
    prepared_id: int
    digest: str
    start: int
    end: int
    field: str
    at_tag: str
    ends_at: datetime


def signatures(*, revision_id: int, agency_id: int) -> tuple[SignatureLine, ...]:
    """Return the signatures of a revision, the first one first; empty for another agency's."""
    rows = Signature.objects.filter(revision_id=revision_id, agency_id=agency_id)
    return tuple(_line(row) for row in rows.order_by("position"))


def is_signed_revision(revision_id: int) -> bool:
    """Say whether a revision's frozen PDF carries a signature made here."""
    return Signature.objects.filter(revision_id=revision_id).exists()


def unsigned_copy_id(revision_id: int) -> int | None:
    """Return the frozen PDF as it was before the first signature; None where nobody signed."""
    first = Signature.objects.filter(revision_id=revision_id).order_by("position").first()
    return first.before_id if first else None


def signing_page(*, actor: Actor, revision_id: int) -> SigningPage:
    """Return the signatures of a revision and whether the actor may add one. Raises NotFound."""
    facts = revision(revision_id=revision_id, agency_id=actor.agency_id)
    if not may_see(actor, document_id=facts.document_id):
        raise NotFound()
    row = Revision.objects.get(pk=revision_id)
    lines = signatures(revision_id=revision_id, agency_id=actor.agency_id)
    known = files.facts(row.published_file_id) if row.published_file_id else None
    frozen = known if known and rules.is_frozen_copy(known.name) else None
    decision = _decision(actor, row, is_frozen=frozen is not None, signatures=len(lines))
    worn = rules.own_hat(actor)
    return SigningPage(
        revision=facts,
        agency=organization.agency(actor.agency_id).name,
        person=actor.name,
        position=worn.position if worn else "",
        file_id=frozen.id if frozen else None,
        file_name=frozen.name if frozen else "",
        hash=frozen.sha256 if frozen else "",
        lines=lines,
        refused=decision.message if isinstance(decision, Refused) else "",
        is_personal=_is_personal(actor, row),
        is_installed=is_installed(),
        has_token=bool(settings.NEP.sign_module),
        has_authority=bool(settings.NEP.sign_authority),
        has_roots=settings.NEP.sign_roots is not None,
        link=verification_link(row.public_key),
    )


def signing_card(*, actor: Actor, facts: RevisionFacts) -> SigningCard | None:
    """Return the card of a revision that was read already; None without a frozen PDF."""
    row = Revision.objects.filter(pk=facts.id).select_related("published_file").first()
    kept = row.published_file if row else None
    if row is None or kept is None or not rules.is_frozen_copy(kept.name):
        return None
    lines = signatures(revision_id=row.id, agency_id=row.agency_id)
    decision = _decision(actor, row, is_frozen=True, signatures=len(lines))
    return SigningCard(facts, lines, bool(decision), verification_link(row.public_key))


def signing_decision(*, actor: Actor, revision_id: int) -> Decision:
    """Decide whether the actor may sign a revision of their agency. Raises NotFound."""
    row = Revision.objects.filter(pk=revision_id, agency_id=actor.agency_id).first()
    if row is None or not may_see(actor, document_id=row.document_id):
        raise NotFound()
    known = files.facts(row.published_file_id) if row.published_file_id else None
    count = Signature.objects.filter(revision_id=revision_id).count()
    return _decision(
        actor, row, is_frozen=bool(known and rules.is_frozen_copy(known.name)), signatures=count
    )


def signing_room(*, actor: Actor, key: str, now: datetime) -> Room:
    """Return the room that a one-time key opens.

    Raises NotFound for an unknown key and somebody else's; Refusal("room_used", "room_over").
    """
    row = SigningRoom.objects.filter(key_hash=room_hash(key), agency_id=actor.agency_id).first()
    if row is None or row.person_id != actor.person_id:
        raise NotFound("room_unknown", "Không thấy phiên ký này của bạn.")
    decision = rules.decide_room(used_at=row.used_at, ends_at=row.ends_at, is_own=True, now=now)
    require(decision, kind=Refusal)
    if row.prepared_id is None:
        raise NotFound("room_unknown", "Không thấy phiên ký này của bạn.")
    return Room(
        row.id, row.revision_id, row.before_hash, row.prepared_id, row.digest, row.start, row.end,
        row.field, row.at_tag, row.ends_at,
    )  # fmt: skip


def room_hash(key: str) -> str:
    """Return under what a one-time key is kept; the key itself cannot be read back."""
    return hashlib.sha256(key.encode()).hexdigest()


def _decision(actor: Actor, row: Revision, *, is_frozen: bool, signatures: int) -> Decision:
    return rules.decide_sign(
        rules.Signable(
            state=row.state,
            is_frozen=is_frozen,
            signatures=signatures,
            is_approver=row.approved_by_id == actor.person_id,
            may_approve=bool(may(actor, "document.approve")),
            may_manage=bool(may(actor, "document.manage")),
        )
    )


def _is_personal(actor: Actor, row: Revision) -> bool:
    return row.approved_by_id == actor.person_id or bool(may(actor, "document.approve"))


def _line(row: Signature) -> SignatureLine:
    return SignatureLine(
        id=row.id,
        position=row.position,
        way=row.way,
        person=row.person_name,
        position_name=row.position_name,
        unit=row.unit_name,
        signed_at=row.signed_at,
        stamped_at=row.stamped_at,
        stamp_authority=row.stamp_authority,
        without_stamp=row.without_stamp,
        signer=row.signer,
        subject=row.subject,
        issuer=row.issuer,
        serial=row.serial,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_trusted=row.is_trusted,
        before_hash=row.before_hash,
        file_hash=row.file_hash,
    )


def signed_copy(*, actor: Actor, revision_id: int, number: int) -> SignedCopy:
    """Return the PDF as a signature left it, byte for byte; number 0 is before the first.

    The name warns when the revision does not hold. Raises NotFound.
    """
    facts = revision(revision_id=revision_id, agency_id=actor.agency_id)
    rows = Signature.objects.filter(revision_id=revision_id)
    row = rows.filter(position=max(number, 1)).first()
    if row is None or not may_see(actor, document_id=facts.document_id):
        raise NotFound()
    mark = rules.copy_mark(facts.state)
    said = f"chữ ký {number}" if number else "chưa ký"
    name = f"{mark + ' - ' if mark else ''}{facts.code} {facts.number}, {said}.pdf"
    return SignedCopy(name, "application/pdf", files.read(row.file_id if number else row.before_id))
