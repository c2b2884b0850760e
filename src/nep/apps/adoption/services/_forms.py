"""The forms of a model: an adopter has its own, which begin with the file of the publisher."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from nep.apps.adoption import queries, rules
from nep.apps.adoption.models import AdoptedForm, Adoption
from nep.apps.documents import queries as documents
from nep.apps.documents import rules as document_rules
from nep.apps.documents import services as library
from nep.apps.documents.queries import GivenForm
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.apps.procedures import services as drafts
from nep.apps.procedures.rules.carried import FormRef
from nep.apps.procedures.rules.draft import Draft
from nep.foundation.files import queries as files
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal

LIVING = ("new", "in_force")


def forms_bring(
    *, actor: Actor, row: Adoption, model: Draft, before: Draft | None, now: datetime
) -> None:
    """Give the adopter's draft its own forms in place of the model's, in the caller's transaction.

    A form the agency has made from this one before, or has under the same title, is used; else one
    is drafted with the publisher's file, below the procedure. One that changed since it was taken
    is drafted anew, unless the model leaves it to each agency. What is not in force, or restricted,
    stays a name. `before` is the edition followed so far.
    """
    named = rules.named_forms(model)
    if not named:
        return
    given = documents.forms_given(agency_id=row.model.source_agency_id, ids=named)
    known = {one.source_id: one for one in row.forms.all()}
    draft = procedures.version_draft(revision_id=row.revision_id, agency_id=actor.agency_id)
    past = {
        step: frozenset(one.document_id for one in carried.forms if one.document_id in known)
        for step, carried in (before.carried.items() if before else ())
    }
    local = queries.openness_of(row.model)
    for source_id, form in given.items():
        mine = known.get(source_id)
        if mine is None:
            known[source_id] = _taken(actor, row, form, now)
        elif not local.is_local(rules.form_words(form)):
            _renewed(actor, mine, form, now)
    own = _references(actor, known)
    text = "thay biểu mẫu của mẫu bằng biểu mẫu của cơ quan"
    drafts.definition_replace(
        actor=actor, revision_id=row.revision_id, text=text, now=now,
        draft=rules.with_forms(draft, model, own, kept=past),
    )  # fmt: skip


def forms_renew(*, actor: Actor, adoption_id: int, now: datetime) -> int:
    """Draft anew every form of an adoption whose file the publisher has changed; return how many.

    Raises Forbidden; NotFound; Refusal("nothing_to_renew").
    """
    require(may(actor, "model.adopt"))
    with transaction.atomic():
        row = (
            Adoption.objects.select_for_update()
            .filter(pk=adoption_id, agency_id=actor.agency_id, left_at=None)
            .first()
        )
        if row is None:
            raise NotFound()
        known = {one.source_id: one for one in row.forms.all()}
        given = documents.forms_given(agency_id=row.model.source_agency_id, ids=known)
        local = queries.openness_of(row.model)
        renewed = sum(
            _renewed(actor, known[source_id], form, now)
            for source_id, form in given.items()
            if not local.is_local(rules.form_words(form))
        )
    if not renewed:
        raise Refusal(
            "nothing_to_renew",
            "Không có biểu mẫu nào lấy được tệp mới: mẫu không đổi, hoặc biểu mẫu của cơ quan đang có "
            "bản thảo chưa xong.",
        )
    return renewed


def _references(actor: Actor, known: Mapping[int, AdoptedForm]) -> dict[int, FormRef]:
    """Return the adopter's forms by those of the model; withdrawn ones are left out."""
    ids = [one.own_id for one in known.values()]
    named = documents.named_forms(agency_id=actor.agency_id, ids=ids)
    return {
        source_id: FormRef(one.own_id, named[one.own_id].code, named[one.own_id].title)
        for source_id, one in known.items()
        if one.own_id in named and not named[one.own_id].is_gone
    }


def _taken(actor: Actor, row: Adoption, form: GivenForm, now: datetime) -> AdoptedForm:
    """Return the agency's own form for one of the model, drafted where it has none."""
    earlier = AdoptedForm.objects.filter(
        adoption__agency_id=actor.agency_id, source_id=form.document_id,
        own__status__in=LIVING,
    ).first()  # fmt: skip
    if earlier is not None:
        own_id, taken_id = earlier.own_id, earlier.taken_id
    elif (alike := documents.form_titled(actor=actor, title=form.title)) is not None:
        own_id, taken_id = alike, None
    else:
        own_id, taken_id = _drafted(actor, row, form, now), form.revision_id
    return AdoptedForm.objects.create(
        adoption=row, source_id=form.document_id, own_id=own_id, taken_id=taken_id
    )


def _drafted(actor: Actor, row: Adoption, form: GivenForm, now: datetime) -> int:
    facts = document_rules.DocumentFacts(
        kind=document_rules.FORM_KIND, title=form.title, parent_id=row.revision.document_id
    )
    own_id, _ = library.document_add(actor=actor, facts=facts, file=_file(form), now=now)
    return own_id


def _renewed(actor: Actor, mine: AdoptedForm, form: GivenForm, now: datetime) -> bool:
    """Draft the own form anew with the publisher's newer file; one that is on its way stays."""
    if mine.taken_id in {None, form.revision_id}:
        return False
    named = documents.named_forms(agency_id=actor.agency_id, ids=[mine.own_id])[mine.own_id]
    if named.is_gone or named.open_number:
        return False
    revision_id = library.revision_draft(
        actor=actor, document_id=mine.own_id, is_new_issue=False, now=now,
        change_note=f"Theo biểu mẫu {form.code}, {form.number} của mẫu.",
    )  # fmt: skip
    library.revision_file_replace(
        actor=actor, revision_id=revision_id, file=_file(form), version=1, now=now
    )
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="model.form_renewed",
        object_type="document", object_id=mine.own_id, at=now,
        old=mine.taken_id, new=form.revision_id,
    )  # fmt: skip
    mine.taken_id = form.revision_id
    mine.save(update_fields=["taken"])
    return True


def _file(form: GivenForm) -> tuple[str, bytes]:
    return files.facts(form.file_id).name, files.read(form.file_id)
