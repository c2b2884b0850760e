"""One adoption: what changed in its model since, and what it answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from nep.apps.adoption import rules
from nep.apps.adoption.models import Adoption
from nep.apps.adoption.queries._models import (
    ModelFacts,
    edition_draft,
    facts_of,
    model_words,
    openness_of,
)
from nep.apps.documents import queries as documents
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor
from nep.apps.procedures.rules.differences import Difference, differences
from nep.apps.procedures.rules.draft import Draft
from nep.kernel.decisions import ALLOWED, Decision
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of an agency about an edition."""

    number: int
    kind_name: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form of the agency that stands for one of the model.

    `number` is the one in force, "" while it is drafted; `state` a key of `rules.FORM_STATE_NAMES`.
    """

    document_id: int
    code: str
    title: str
    number: str
    state: str

    @property
    def state_name(self) -> str:
        """Return how it stands to the publisher's, in words."""
        return rules.FORM_STATE_NAMES[self.state]

    @property
    def has_newer(self) -> bool:
        """Say whether the publisher's file has changed since it was taken."""
        return self.state == rules.FORM_NEWER


@dataclass(frozen=True, slots=True)
class AdoptionPage:
    """An adoption with the drift of its model: what changed since the edition it follows."""

    id: int
    model: ModelFacts
    procedure_id: int
    revision_id: int
    revision_state: str
    number: int
    declined: int
    state: str
    drift: tuple[Difference, ...]
    notes: tuple[str, ...]
    answers: tuple[AnswerLine, ...]
    forms: tuple[FormLine, ...]
    has_left: bool

    @property
    def state_name(self) -> str:
        """Return how the adoption stands, in words."""
        return rules.STATE_NAMES[self.state]

    @property
    def open_words(self) -> str:
        """Return what may differ from the model, in words."""
        return rules.open_words(self.model.openness)


@dataclass(frozen=True, slots=True)
class Followed:
    """The model a procedure follows, for its page."""

    adoption_id: int
    publisher: str
    code: str
    number: int
    newest: int
    state: str
    open_words: str

    @property
    def has_drift(self) -> bool:
        """Say whether an edition waits for an answer."""
        return self.state == rules.DRIFTED


def adoption_page(*, actor: Actor, adoption_id: int) -> AdoptionPage:
    """Return an adoption of the actor's agency with its drift. Raises NotFound."""
    row = (
        Adoption.objects.filter(pk=adoption_id, agency_id=actor.agency_id)
        .select_related("model__agency", "model__source_agency", "revision")
        .first()
    )
    if row is None:
        raise NotFound()
    model = facts_of(row.model)
    old = _edition(model, row.number)
    new = _edition(model, model.number)
    answers = list(row.answers.order_by("-at", "-id"))
    names = person_names(one.by_id for one in answers)
    notes = row.model.editions.filter(number__gt=row.number).order_by("number")
    return AdoptionPage(
        id=row.pk, model=model, procedure_id=row.procedure_id, revision_id=row.revision_id,
        revision_state=row.revision.state, number=row.number, declined=row.declined,
        state=rules.state_of(
            number=row.number, declined=row.declined, newest=model.number,
            revision_state=row.revision.state,
        ),
        drift=differences(
            rules.for_adopters(old), rules.for_adopters(new),
            roles={**model_words(model, old), **model_words(model, new)},
        ),
        notes=tuple(note for note in notes.values_list("note", flat=True) if note),
        answers=tuple(
            AnswerLine(
                one.number, rules.ANSWER_NAMES[one.kind], one.reason, names.get(one.by_id, ""),
                one.at,
            )
            for one in answers
        ),
        forms=_forms(row, model),
        has_left=row.left_at is not None,
    )  # fmt: skip


def _forms(row: Adoption, model: ModelFacts) -> tuple[FormLine, ...]:
    known = list(row.forms.order_by("id"))
    if not known:
        return ()
    own = documents.named_forms(agency_id=row.agency_id, ids=[one.own_id for one in known])
    given = documents.forms_given(
        agency_id=model.source_agency_id, ids=[one.source_id for one in known]
    )
    lines = []
    for one in known:
        form, source = own[one.own_id], given.get(one.source_id)
        is_local = source is not None and model.openness.is_local(rules.form_words(source))
        state = rules.form_state(
            taken=one.taken_id, newest=source.revision_id if source else None, is_local=is_local
        )
        lines.append(FormLine(form.document_id, form.code, form.title, form.number, state))
    return tuple(lines)


def _edition(model: ModelFacts, number: int) -> Draft:
    return edition_draft(model_id=model.id, source_agency_id=model.source_agency_id, number=number)


def followed_by(*, procedure_id: int, agency_id: int) -> Followed | None:
    """Return the model that a procedure follows, or None; one query."""
    row = _following(procedure_id, agency_id)
    if row is None:
        return None
    return Followed(
        adoption_id=row.pk, publisher=row.model.agency.name, code=row.model.code,
        number=row.number, newest=row.model.number,
        state=rules.state_of(
            number=row.number, declined=row.declined, newest=row.model.number,
            revision_state=row.revision.state,
        ),
        open_words=rules.open_words(openness_of(row.model)),
    )  # fmt: skip


def content_guard(agency_id: int, procedure_id: int, draft: Draft) -> Decision:
    """Decide whether a procedure that follows a model may say this: only what the model leaves
    open may differ. A procedure without a model says what it likes; one query then."""
    row = _following(procedure_id, agency_id)
    if row is None:
        return ALLOWED
    model = edition_draft(
        model_id=row.model_id, source_agency_id=row.model.source_agency_id, number=row.number
    )
    return rules.decide_content(
        model, draft, openness_of(row.model), publisher=row.model.agency.name
    )


def adoption_subjects(ids: Collection[int]) -> Mapping[int, str]:
    """Return what letters say of adoptions: the title of the model."""
    rows = Adoption.objects.filter(pk__in=list(ids)).values_list("id", "model__title")
    return {id_: f"Mẫu {title}"[:300] for id_, title in rows}


def _following(procedure_id: int, agency_id: int) -> Adoption | None:
    return (
        Adoption.objects.filter(procedure_id=procedure_id, agency_id=agency_id, left_at=None)
        .select_related("model__agency", "revision")
        .first()
    )
