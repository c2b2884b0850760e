"""Controlled forms as other documents name them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from nep.apps.documents import rules
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.queries._access import visible
from nep.apps.organization.rules import Actor
from nep.kernel.text import fold

MOST = 1000


@dataclass(frozen=True, slots=True)
class NamedForm:
    """A form, its number in force ("" without one), and its revision on the way, if any.

    `draft_id` is a draft with a file that is free to go along with another document.
    """

    document_id: int
    code: str
    title: str
    number: str
    open_number: str
    open_state_name: str
    draft_id: int | None
    is_gone: bool

    @property
    def is_usable(self) -> bool:
        """Say whether the form is in force or may come into force with what names it."""
        return not self.is_gone and bool(self.number or self.draft_id)


@dataclass(frozen=True, slots=True)
class GivenForm:
    """A form in force that another agency may take over: its revision and the file to write on."""

    document_id: int
    code: str
    title: str
    revision_id: int
    number: str
    file_id: int


def forms_given(*, agency_id: int, ids: Collection[int]) -> dict[int, GivenForm]:
    """Return those forms of an agency that others may have, by document: in force, with a file, not
    restricted. One query."""
    rows = Revision.objects.filter(
        document_id__in=list(ids), agency_id=agency_id, state=rules.IN_FORCE,
        document__kind=rules.FORM_KIND, original_file__isnull=False,
    ).exclude(document__level=rules.RESTRICTED)  # fmt: skip
    return {
        row.document_id: GivenForm(
            row.document_id, row.document.code, row.document.title, row.pk,
            rules.revision_text(row.issue, row.amendment), int(row.original_file_id or 0),
        )
        for row in rows.select_related("document")
    }  # fmt: skip


def form_choices(*, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return (id, "code title") of the forms that the actor may name, by code."""
    rows = Document.objects.filter(
        visible(actor), kind=rules.FORM_KIND, status__in=["in_force", "new"]
    )
    found = rows.order_by("code").values_list("id", "code", "title")[:MOST]
    return tuple((id_, f"{code} {title}") for id_, code, title in found)


def form_name(*, actor: Actor, document_id: int) -> tuple[str, str] | None:
    """Return (code, title) of a form that the actor may name, or None."""
    return (
        Document.objects.filter(
            visible(actor), pk=document_id, kind=rules.FORM_KIND, status__in=["in_force", "new"]
        )
        .values_list("code", "title")
        .first()
    )


def form_titled(*, actor: Actor, title: str) -> int | None:
    """Return the form of this title, whatever its accents, that the actor may name, or None."""
    rows = Document.objects.filter(
        visible(actor), kind=rules.FORM_KIND, status__in=["in_force", "new"],
        agency_id=actor.agency_id, folded__contains=fold(title)[:600],
    ).order_by("code")  # fmt: skip
    wanted = fold(title)
    return next((row.pk for row in rows if fold(row.title) == wanted), None)


def named_forms(
    *, agency_id: int, ids: Collection[int], parent_id: int | None = None
) -> dict[int, NamedForm]:
    """Return forms of the agency by document id, those below a document too; two queries."""
    wanted = Q(pk__in=list(ids))
    if parent_id is not None:
        wanted |= Q(parent_id=parent_id, kind=rules.FORM_KIND)
    documents = {
        row.pk: row for row in Document.objects.filter(wanted, agency_id=agency_id).order_by("code")
    }
    if not documents:
        return {}
    current: dict[int, Revision] = {}
    opened: dict[int, Revision] = {}
    states = [rules.IN_FORCE, *rules.OPEN]
    for one in Revision.objects.filter(document_id__in=list(documents), state__in=states):
        (current if one.state == rules.IN_FORCE else opened)[one.document_id] = one
    return {pk: _named(row, current.get(pk), opened.get(pk)) for pk, row in documents.items()}


def _named(row: Document, current: Revision | None, opened: Revision | None) -> NamedForm:
    is_free = (
        opened is not None
        and opened.state == rules.DRAFT
        and opened.leader_id is None
        and opened.original_file_id is not None
    )
    return NamedForm(
        document_id=row.pk,
        code=row.code,
        title=row.title,
        number=rules.revision_text(current.issue, current.amendment) if current else "",
        open_number=rules.revision_text(opened.issue, opened.amendment) if opened else "",
        open_state_name=rules.STATE_NAMES[opened.state] if opened else "",
        draft_id=opened.pk if opened is not None and is_free else None,
        is_gone=row.status not in {"in_force", "new"},
    )
