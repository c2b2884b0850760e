"""Two versions of one procedure laid beside each other."""

from dataclasses import dataclass

from nep.apps.documents import queries as documents
from nep.apps.documents import rules as life
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries._mapping import role_texts
from nep.apps.procedures.queries._procedures import draft_of_row
from nep.apps.procedures.rules.differences import Difference, differences
from nep.apps.procedures.rules.draft import Draft
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ComparedVersions:
    """A version beside an earlier one; `old` is None while there is nothing to compare with.

    `others` are the versions it may be compared with, newest first; `roles` the words of role
    keys.
    """

    procedure_id: int
    new: documents.RevisionFacts
    new_draft: Draft
    old: documents.RevisionFacts | None
    old_draft: Draft | None
    found: tuple[Difference, ...]
    others: tuple[documents.RevisionFacts, ...]
    roles: dict[str, str]


def compared_versions(
    *, agency_id: int, revision_id: int, with_id: int | None = None
) -> ComparedVersions:
    """Return a version beside another of its procedure, by default the one it follows.

    Raises NotFound for a version of another agency or of another procedure.
    """
    row = (
        Definition.objects.filter(revision_id=revision_id, agency_id=agency_id)
        .select_related("procedure")
        .first()
    )
    if row is None:
        raise NotFound()
    known = {
        one.id: one
        for one in documents.revisions_of(
            document_id=row.procedure.document_id, agency_id=agency_id
        )
        if one.state != life.DROPPED
    }
    if revision_id not in known:
        raise NotFound("revision_dropped", "Bản thảo này đã bỏ.")
    others = tuple(one for id_, one in sorted(known.items(), reverse=True) if id_ != revision_id)
    if with_id is None:
        with_id = _before(known[revision_id], others)
    elif with_id not in known or with_id == revision_id:
        raise NotFound()
    old_row = None
    if with_id is not None:
        old_row = Definition.objects.filter(
            revision_id=with_id, procedure_id=row.procedure_id
        ).first()
    new_draft = draft_of_row(row)
    old_draft = draft_of_row(old_row) if old_row else None
    keys = [
        step.role
        for draft in (old_draft, new_draft)
        if draft is not None
        for step in draft.table.steps
    ]
    roles = role_texts(agency_id=agency_id, keys=keys)
    return ComparedVersions(
        procedure_id=row.procedure_id,
        new=known[revision_id],
        new_draft=new_draft,
        old=known.get(with_id) if with_id is not None and old_row else None,
        old_draft=old_draft,
        found=differences(old_draft, new_draft, roles=roles) if old_draft else (),
        others=others,
        roles=roles,
    )


def _before(
    revision: documents.RevisionFacts, others: tuple[documents.RevisionFacts, ...]
) -> int | None:
    """Return the version that a version follows: the one in force, else the last one before it."""
    if revision.is_open:
        current = next((one for one in others if one.state == life.IN_FORCE), None)
        if current is not None:
            return current.id
    earlier = [one.id for one in others if one.id < revision.id and not one.is_open]
    return max(earlier, default=None)
