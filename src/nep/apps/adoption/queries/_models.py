"""One model: its editions, its content, and what each of its roles may mean in an agency."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.adoption import rules
from nep.apps.adoption.models import Adoption, ModelEdition, ModelProcedure
from nep.apps.adoption.queries._library import model_seen
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.rules.draft import Draft
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model and where its content comes from."""

    id: int
    agency_id: int
    publisher: str
    source_agency_id: int
    source_agency: str
    procedure_id: int
    code: str
    title: str
    tthc_code: str
    audience: str
    openness: rules.Openness
    number: int
    revision_id: int
    is_withdrawn: bool
    withdraw_reason: str

    @property
    def audience_name(self) -> str:
        """Return whom it is meant for, in words."""
        return rules.AUDIENCE_NAMES[self.audience]


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition of a model."""

    number: int
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ModelPage:
    """A model with its newest content and the agency's own adoption of it, None where it has none."""

    facts: ModelFacts
    draft: Draft
    roles: Mapping[str, str]
    editions: tuple[EditionLine, ...]
    adoption_id: int | None


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role of the model and which own role is proposed for it, "" where none is alike."""

    key: str
    words: str
    proposed: str
    steps: str


def model_facts(*, actor: Actor, model_id: int) -> ModelFacts:
    """Return a model that the actor's agency sees or follows. Raises NotFound."""
    rows = ModelProcedure.objects.select_related("agency", "source_agency")
    row = rows.filter(model_seen(actor), pk=model_id).first()
    if row is None:
        followed = Adoption.objects.filter(model_id=model_id, agency_id=actor.agency_id)
        row = rows.filter(pk=model_id).first() if followed.exists() else None
    if row is None:
        raise NotFound()
    return facts_of(row)


def facts_of(row: ModelProcedure) -> ModelFacts:
    """Return a stored model as a value; one query for its newest edition."""
    newest = (
        ModelEdition.objects.filter(model_id=row.pk, number=row.number)
        .values_list("revision_id", flat=True)
        .first()
    )
    return ModelFacts(
        id=row.pk, agency_id=row.agency_id, publisher=row.agency.name,
        source_agency_id=row.source_agency_id, source_agency=row.source_agency.name,
        procedure_id=row.procedure_id, code=row.code, title=row.title, tthc_code=row.tthc_code,
        audience=row.audience, openness=openness_of(row), number=row.number,
        revision_id=newest or 0, is_withdrawn=row.withdrawn_at is not None,
        withdraw_reason=row.withdraw_reason,
    )  # fmt: skip


def openness_of(row: ModelProcedure) -> rules.Openness:
    """Return what a model leaves to its adopters."""
    return rules.Openness(limits=row.open_limits, local_forms=tuple(json.loads(row.local_forms)))


def edition_draft(*, model_id: int, source_agency_id: int, number: int) -> Draft:
    """Return the content of an edition. Raises NotFound."""
    found = ModelEdition.objects.filter(model_id=model_id, number=number)
    revision_id = found.values_list("revision_id", flat=True).first()
    if revision_id is None:
        raise NotFound()
    return procedures.version_draft(revision_id=revision_id, agency_id=source_agency_id)


def model_words(facts: ModelFacts, draft: Draft) -> dict[str, str]:
    """Return the words of a model's role keys, as its source says them."""
    return procedures.role_texts(
        agency_id=facts.source_agency_id, keys=list(rules.role_keys(draft))
    )


def model_page(*, actor: Actor, model_id: int) -> ModelPage:
    """Return a model with its newest content. Raises NotFound."""
    facts = model_facts(actor=actor, model_id=model_id)
    draft = procedures.version_draft(
        revision_id=facts.revision_id, agency_id=facts.source_agency_id
    )
    editions = list(ModelEdition.objects.filter(model_id=model_id).order_by("-number"))
    names = person_names(row.published_by_id for row in editions)
    own = Adoption.objects.filter(model_id=model_id, agency_id=actor.agency_id, left_at=None)
    return ModelPage(
        facts=facts,
        draft=rules.for_adopters(draft),
        roles=model_words(facts, draft),
        editions=tuple(
            EditionLine(r.number, r.note, names.get(r.published_by_id, ""), r.published_at)
            for r in editions
        ),
        adoption_id=own.values_list("id", flat=True).first(),
    )


def role_lines(
    *, actor: Actor, draft: Draft, words: Mapping[str, str], today: date
) -> tuple[RoleLine, ...]:
    """Return each role of a model with the own role that is proposed for it."""
    keys = {key: words.get(key, key) for key in rules.role_keys(draft)}
    proposed = rules.propose_roles(
        keys,
        procedures.role_options(agency_id=actor.agency_id, today=today),
        procedures.mappings_of(actor.agency_id),
    )
    table = draft.table
    return tuple(
        RoleLine(
            key, said, proposed[key],
            ", ".join(str(table.number(step.id)) for step in table.steps if step.role == key),
        )
        for key, said in keys.items()
    )  # fmt: skip
