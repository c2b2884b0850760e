"""What may be held out as a model: procedures in force of the agency, or of the province's."""

from collections.abc import Iterable
from dataclasses import dataclass

from nep.apps.adoption.models import ModelEdition, ModelProcedure
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may, may_see_agency
from nep.apps.procedures import queries as procedures
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A version in force that may become a model; `model_id` is the one made from its procedure."""

    revision_id: int
    procedure_id: int
    code: str
    title: str
    number: str
    tthc_code: str
    model_id: int | None
    is_published: bool


def source_agencies(*, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return (id, name) of the agencies whose procedures the actor may hold out, the own first."""
    own = (actor.agency_id, organization.agency(actor.agency_id).name)
    if not may(actor, "province.manage") or actor.province_id is None:
        return (own,)
    lines = organization.agency_lines(province_id=actor.province_id)
    others = [(one.id, one.name) for one in lines if one.id != own[0] and one.valid_to is None]
    return (own, *others)


def sources(*, actor: Actor, agency_id: int) -> tuple[SourceLine, ...]:
    """Return the versions in force of an agency that may become models. Raises NotFound."""
    province_id = organization.province_id_of(agency_id)
    if not may_see_agency(actor, agency_id=agency_id, province_id=province_id):
        raise NotFound()
    versions = procedures.procedures_in_force(agency_id)
    known = _known(actor.agency_id, [one.procedure_id for one in versions])
    return tuple(
        SourceLine(
            one.revision_id, one.procedure_id, one.code, one.title, one.number, one.tthc_code,
            known.get(one.procedure_id, (None, 0))[0],
            known.get(one.procedure_id, (None, 0))[1] == one.revision_id,
        )
        for one in versions
    )  # fmt: skip


def _known(agency_id: int, procedure_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return (model, revision of its newest edition) by source procedure."""
    rows = ModelProcedure.objects.filter(
        agency_id=agency_id, procedure_id__in=list(procedure_ids), withdrawn_at=None
    ).values_list("id", "procedure_id", "number")
    found = list(rows)
    newest = {
        (model_id, number): revision_id
        for model_id, number, revision_id in ModelEdition.objects.filter(
            model_id__in=[row[0] for row in found]
        ).values_list("model_id", "number", "revision_id")
    }
    return {
        procedure_id: (id_, newest.get((id_, number), 0)) for id_, procedure_id, number in found
    }


def followed_newer(*, model_id: int, procedure_id: int, source_agency_id: int) -> int | None:
    """Return the version in force of a model's source when it is newer than its newest edition."""
    known = ModelEdition.objects.filter(model_id=model_id).order_by("-number")
    published = known.values_list("revision_id", flat=True).first()
    current = procedures.revision_in_force(procedure_id=procedure_id, agency_id=source_agency_id)
    return current if current is not None and current != published else None
