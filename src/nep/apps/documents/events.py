"""What other parts may learn about documents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RevisionInForce:
    """A revision has come into force; `replaced_id` is the revision retired by it."""

    agency_id: int
    document_id: int
    revision_id: int
    kind: str
    content_hash: str
    effective_from: str
    replaced_id: int | None


@dataclass(frozen=True, slots=True)
class ReadingAcknowledged:
    """A person has stated to have read and understood a revision."""

    agency_id: int
    revision_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class RevisionRetired:
    """A revision is in force no more since a day, replaced or withdrawn."""

    agency_id: int
    document_id: int
    revision_id: int
    on: str


@dataclass(frozen=True, slots=True)
class DocumentWithdrawn:
    """A document was withdrawn as a whole on a day."""

    agency_id: int
    document_id: int
    on: str


@dataclass(frozen=True, slots=True)
class FormFilled:
    """A controlled form was filled in and kept."""

    agency_id: int
    document_id: int
    revision_id: int
    filled_id: int


@dataclass(frozen=True, slots=True)
class RevisionSigned:
    """The published PDF of a revision has got one more digital signature."""

    agency_id: int
    document_id: int
    revision_id: int
    signature_id: int
