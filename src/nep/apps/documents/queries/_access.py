"""The rows a person may see: `rules.may_see_document` as one condition for the database."""

from django.db.models import Exists, OuterRef, Q

from nep.apps.documents import rules
from nep.apps.documents.models import (
    Document,
    Recipient,
    Revision,
    RevisionAuthor,
    RoutePerson,
)
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may


def visible(actor: Actor, *, at: str = "") -> Q:
    """Return the condition of the documents an actor may see.

    `at` is the way from the table asked to the document, such as "document__".
    """
    return Q(**{f"{at}agency_id": actor.agency_id}) & visible_among(actor, at=at)


def visible_among(actor: Actor, *, at: str = "") -> Q:
    """Return the condition for rows already known to be of the actor's agency, found by key.

    Naming the agency again would lead SQLite from the few keys to all rows of the agency.
    """
    if not may(actor, "document.see"):
        return Q(pk__in=[])
    if may(actor, "document.manage"):
        return Q()
    own = Q(**{f"{at}owner_unit_id__in": list(actor.unit_ids)})
    named = _named_in(actor, OuterRef(f"{at}pk"))
    return ~Q(**{f"{at}level": rules.RESTRICTED}) | own | named


def _named_in(actor: Actor, document: OuterRef) -> Q:
    people = list(rules.acts_as(actor))
    parts = Q(drafted_by_id__in=people) | Q(checked_by_id__in=people) | Q(approved_by_id__in=people)
    revisions = Revision.objects.filter(parts, document_id=document)
    authors = RevisionAuthor.objects.filter(person_id__in=people, revision__document_id=document)
    asked = RoutePerson.objects.filter(person_id__in=people, step__revision__document_id=document)
    return (
        Q(Exists(revisions)) | Q(Exists(authors)) | Q(Exists(asked))
        | Q(Exists(Recipient.objects.filter(_reached(actor), document_id=document)))
    )  # fmt: skip


def _reached(actor: Actor) -> Q:
    """Return the lines of distribution lists that reach the actor, units with those above."""
    above = {unit.id: unit.parent_id for unit in organization.units_of(actor.agency_id)}
    units: set[int] = set()
    for unit_id in actor.unit_ids:
        one: int | None = unit_id
        while one is not None and one not in units:
            units.add(one)
            one = above.get(one)
    posts = {hat.position for hat in actor.hats if hat.position}
    return (
        Q(target=rules.EVERYONE)
        | Q(unit_id__in=list(units))
        | Q(position__name__in=list(posts))
        | Q(person_id__in=list(rules.acts_as(actor)))
    )


def people_named(*, document_id: int, agency_id: int) -> frozenset[int]:
    """Return the authors, checkers, approvers and people of the routes of a document."""
    rows = Revision.objects.filter(document_id=document_id, agency_id=agency_id)
    found: set[int | None] = set()
    for three in rows.values_list("drafted_by_id", "checked_by_id", "approved_by_id"):
        found.update(three)
    authors = RevisionAuthor.objects.filter(revision__in=rows)
    asked = RoutePerson.objects.filter(step__revision__in=rows)
    found.update(authors.values_list("person_id", flat=True))
    found.update(asked.values_list("person_id", flat=True))
    return frozenset(one for one in found if one is not None)


def may_see(actor: Actor, *, document_id: int) -> bool:
    """Say whether the actor may see a document."""
    return Document.objects.filter(visible(actor), pk=document_id).exists()


def sees(actor: Actor, document: Document) -> bool:
    """Say whether the actor may see a document that was read; asks the database only about one
    that shows itself to the named."""
    may_anyway = rules.may_see_document(
        actor, agency_id=document.agency_id, level=document.level,
        owner_unit_id=document.owner_unit_id, people_ids=frozenset(),
    )  # fmt: skip
    return bool(may_anyway) or (
        document.agency_id == actor.agency_id
        and document.level == rules.RESTRICTED
        and may_see(actor, document_id=document.pk)
    )
