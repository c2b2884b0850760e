"""Paper copies: those of a document, those to be recalled, the whole register."""

from dataclasses import dataclass
from datetime import date

from nep.apps.documents import rules
from nep.apps.documents.models import PaperCopy
from nep.apps.documents.queries._access import visible
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One numbered paper copy."""

    id: int
    document_id: int
    code: str
    title: str
    revision: str
    number: int
    holder: str
    given_on: date
    giver: str
    to_recall_since: date | None
    ended_on: date | None
    end_kind: str
    end_note: str
    ender: str

    @property
    def is_out(self) -> bool:
        """Say whether the copy is still with its holder."""
        return self.ended_on is None

    @property
    def state(self) -> str:
        """Return where the copy is, in words."""
        if self.ended_on is not None:
            return rules.COPY_END_NAMES[self.end_kind]
        return "Cần thu hồi" if self.to_recall_since else "Đang sử dụng"


def copies_of(*, document_id: int, agency_id: int) -> tuple[CopyLine, ...]:
    """Return the paper copies of a document, those still out first."""
    rows = PaperCopy.objects.filter(document_id=document_id, agency_id=agency_id)
    return tuple(sorted(_lines(rows), key=lambda one: (not one.is_out, -one.given_on.toordinal())))


def copies_to_recall(*, actor: Actor) -> tuple[CopyLine, ...]:
    """Return the copies of old versions that are still out, the oldest first."""
    rows = PaperCopy.objects.filter(
        visible(actor, at="document__"), ended_on=None, to_recall_since__isnull=False
    )
    return tuple(sorted(_lines(rows), key=lambda one: one.to_recall_since or one.given_on))


def copy_register(*, actor: Actor) -> tuple[CopyLine, ...]:
    """Return every paper copy of documents the actor may see, by the day it was given."""
    return _lines(PaperCopy.objects.filter(visible(actor, at="document__")))


def copies_held_by(*, person_id: int, agency_id: int) -> tuple[CopyLine, ...]:
    """Return the paper copies that a person still holds, for whoever leaves."""
    rows = PaperCopy.objects.filter(person_id=person_id, agency_id=agency_id, ended_on=None)
    return _lines(rows)


def _lines(rows) -> tuple[CopyLine, ...]:
    found = list(rows.select_related("document", "revision").order_by("given_on", "id"))
    names = organization.person_names(
        id_ for row in found for id_ in (row.given_by_id, row.ended_by_id)
    )
    return tuple(
        CopyLine(
            row.id, row.document_id, row.document.code, row.document.title,
            rules.revision_text(row.revision.issue, row.revision.amendment), row.number,
            row.holder, row.given_on, names.get(row.given_by_id, ""), row.to_recall_since,
            row.ended_on, row.end_kind, row.end_note, names.get(row.ended_by_id, ""),
        )
        for row in found
    )  # fmt: skip
